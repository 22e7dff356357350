// SPDX-License-Identifier: GPL-2.0-only
/* killbelow(): signals that the caller gets during its wait. */
#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <sys/time.h>

#include "caller.h"
#include "common.h"
#include "harness.h"
#include "tree.h"

FIXTURE(waiting) {
};

FIXTURE_SETUP(waiting)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(waiting)
{
	tree_end();
}

static void handler_interrupts(struct __test_metadata *_metadata, int flags)
{
	struct plan plan = {
		.timeout = INT_MAX,
		.catches = SIGUSR2,
		.flags = flags,
	};
	pid_t caller = tree_spawn(call_by_plan, &plan);

	ASSERT_TRUE(waits(caller));
	ASSERT_EQ(0, kill(caller, SIGUSR2));
	EXPECT_TRUE(answered(-1));
	EXPECT_EQ(EINTR, tree->err);
	EXPECT_EQ(1, tree->caught);
	EXPECT_EQ(1, tree->handled);
	EXPECT_EQ(1, tree->report.signalled);
	EXPECT_EQ(1, tree->report.running);
	EXPECT_EQ(tree->pid[0], tree->report.first);
}

TEST_F(waiting, handler_interrupts)
{
	handler_interrupts(_metadata, 0);
}

TEST_F(waiting, handler_with_sa_restart_interrupts)
{
	handler_interrupts(_metadata, SA_RESTART);
}

TEST_F(waiting, sigcont_handler_interrupts)
{
	struct plan plan = { .timeout = INT_MAX, .catches = SIGCONT };
	pid_t caller = tree_spawn(call_by_plan, &plan);

	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(stop(caller));
	ASSERT_TRUE(go_on(caller));
	EXPECT_TRUE(answered(-1));
	EXPECT_EQ(EINTR, tree->err);
	EXPECT_EQ(1, tree->handled);
}

TEST_F(waiting, sigchld_handler_runs_afterwards)
{
	struct plan plan = {
		.timeout = INT_MAX,
		.children = 2,
		.catches = SIGCHLD,
	};
	pid_t caller = tree_spawn(call_by_plan, &plan);

	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(turn_has_left(1));
	ASSERT_TRUE(turn_has_left(2));
	ASSERT_EQ(0, kill(caller, SIGCHLD));
	EXPECT_TRUE(still_waits());
	EXPECT_EQ(0, tree->caught);
	EXPECT_TRUE(ends_with_the_last(caller));
	EXPECT_LE(1, tree->caught);
}

static void count_both(int sig, siginfo_t *info, void *context)
{
	tree->pid[sig == SIGCHLD ? 2 : 3]++;
	count_caught(sig, info, context);
}

static int call_with_two_handlers(void *arg)
{
	(void)arg;
	on_signal(SIGCHLD, count_both, 0);
	on_signal(SIGUSR2, count_both, 0);
	tree_catcher(SIGUSR1);
	tree->pid[1] = tree_spawn(leave_in_turn, (void *)1L);
	if (!tree_is_ready(2))
		return 1;
	call_below(SIGUSR1, INT_MAX);
	return 0;
}

TEST_F(waiting, sigchld_is_not_lost_by_an_interruption)
{
	pid_t caller = tree_spawn(call_with_two_handlers, NULL);

	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(turn_has_left(1));
	EXPECT_TRUE(still_waits());
	ASSERT_EQ(0, kill(caller, SIGUSR2));
	ASSERT_TRUE(answered(-1));
	EXPECT_EQ(EINTR, tree->err);
	EXPECT_EQ(1, tree->pid[2]);
	EXPECT_EQ(1, tree->pid[3]);
}

/* The caller's own mask is as before, and what it blocks stays pending. */
TEST_F(waiting, signal_mask_is_left_alone)
{
	sigset_t before, after, pending;
	int i, sig;

	sigemptyset(&before);
	sigaddset(&before, SIGUSR1);
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, sigprocmask(SIG_SETMASK, &before, NULL));
		ASSERT_LT(0, tree_sleeper());
		EXPECT_EQ(0, killbelow(SIGKILL, INT_MAX));
		sigprocmask(SIG_SETMASK, NULL, &after);
		for (sig = 1; sig <= SIGRTMAX; sig++) {
			EXPECT_EQ(sigismember(&before, sig),
				  sigismember(&after, sig));
		}
		sigpending(&pending);
		EXPECT_EQ(i, sigismember(&pending, SIGCHLD));
		EXPECT_EQ(1, reap_all());
		sigaddset(&before, SIGCHLD);
	}
}

static int call_deaf(void *arg)
{
	sigset_t blocked;

	signal(SIGUSR2, SIG_IGN);
	on_signal(SIGTERM, count_caught, 0);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	return call_by_plan(arg);
}

TEST_F(waiting, ignored_and_blocked_signals_do_not_interrupt)
{
	struct plan plan = { .timeout = INT_MAX };
	pid_t caller = tree_spawn(call_deaf, &plan);

	ASSERT_TRUE(waits(caller));
	ASSERT_EQ(0, kill(caller, SIGUSR2));
	ASSERT_EQ(0, kill(caller, SIGWINCH));
	ASSERT_EQ(0, kill(caller, SIGTERM));
	EXPECT_TRUE(still_waits());
	EXPECT_TRUE(ends_with_the_last(caller));
	EXPECT_EQ(0, tree->caught);
}

TEST_F(waiting, caller_can_be_killed)
{
	struct plan plan = { .timeout = INT_MAX };
	pid_t caller = tree_spawn(call_by_plan, &plan);

	ASSERT_TRUE(waits(caller));
	ASSERT_EQ(0, kill(caller, SIGKILL));
	EXPECT_TRUE(died_of(caller, SIGKILL));
}

/*
 * A call within a handler that interrupted a call.
 */

static void wait_below(int sig, siginfo_t *info, void *context)
{
	count_caught(sig, info, context);
	tree->inner = killbelow(0, INT_MAX);
}

static void kill_below(int sig, siginfo_t *info, void *context)
{
	count_caught(sig, info, context);
	tree->inner = killbelow(SIGKILL, INT_MAX);
}

static int call_nested(void *handler)
{
	struct plan plan = { .timeout = INT_MAX };

	tree->inner = -2;
	on_signal(SIGUSR2, handler, 0);
	return call_by_plan(&plan);
}

TEST_F(waiting, handler_kills_below)
{
	pid_t caller = tree_spawn(call_nested, kill_below);

	ASSERT_TRUE(waits(caller));
	ASSERT_EQ(0, kill(caller, SIGUSR2));
	ASSERT_TRUE(answered(-1));
	EXPECT_EQ(EINTR, tree->err);
	EXPECT_EQ(0, tree->inner);
	EXPECT_FALSE(is_running(tree->pid[0]));
	EXPECT_EQ(0, reap(caller));
}

TEST_F(waiting, handler_waits_and_is_stopped)
{
	pid_t caller = tree_spawn(call_nested, wait_below);

	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(stop(caller));
	ASSERT_TRUE(go_on(caller));
	ASSERT_TRUE(waits(caller));
	ASSERT_EQ(0, kill(caller, SIGUSR2));
	ASSERT_TRUE(wait_until(tree->caught == 1));
	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(stop(caller));
	ASSERT_TRUE(go_on(caller));
	EXPECT_TRUE(still_waits());
	tree->go = true;
	ASSERT_TRUE(answered(-1));
	EXPECT_EQ(EINTR, tree->err);
	EXPECT_EQ(0, tree->inner);
	EXPECT_EQ(1, tree->handled);
}

/*
 * Several waits by one descriptor of the device.
 */
#define WAITS	30

static void tick(bool on)
{
	const struct timeval ms = { .tv_usec = on ? 1000 : 0 };
	const struct itimerval timer = { ms, ms };

	setitimer(ITIMER_REAL, &timer, NULL);
}

TEST_F(waiting, many_interrupted_waits)
{
	int i;

	ASSERT_LT(0, tree_sleeper());
	on_signal(SIGALRM, count_caught, 0);
	tick(true);
	for (i = 0; i < 500; i++) {
		EXPECT_EQ(-1, killbelow(0, INT_MAX));
		EXPECT_EQ(EINTR, errno);
	}
	tick(false);
	EXPECT_LE(500, tree->caught);
	EXPECT_EQ(1, killbelow(0, 10));
	EXPECT_EQ(0, killbelow(SIGKILL, INT_MAX));
	EXPECT_EQ(1, reap_all());
}

static void *wait_in_thread(void *answer)
{
	tree_ready();
	*(int *)answer = killbelow(0, INT_MAX);
	return NULL;
}

static int threads_wait(void *arg)
{
	pthread_t threads[WAITS];
	int answers[WAITS];
	int i, wrong = 0;

	(void)arg;
	tree_catcher(SIGUSR1);
	for (i = 0; i < WAITS; i++)
		pthread_create(&threads[i], NULL, wait_in_thread, &answers[i]);
	for (i = 0; i < WAITS; i++) {
		pthread_join(threads[i], NULL);
		wrong += answers[i] != 0 || !tree->left;
	}
	return wrong;
}

TEST_F(waiting, many_threads_wait_and_are_stopped)
{
	pid_t caller = tree_spawn(threads_wait, NULL);
	int i;

	ASSERT_TRUE(tree_is_ready(1 + WAITS));
	for (i = 0; i < 10; i++) {
		ASSERT_TRUE(stop(caller));
		ASSERT_TRUE(go_on(caller));
		nap();
	}
	tree->go = true;
	EXPECT_EQ(0, reap(caller));
}

/* Children of one process wait by the descriptor that they have inherited. */
static int wait_as_child(void *arg)
{
	tree_spawn(sleep_on, arg);
	tree->caught += killbelow(0, INT_MAX) != 0;
	return 0;
}

static bool is_asleep(pid_t pid)
{
	return wait_until(state_of(pid) == 'S');
}

static bool for_each(const pid_t *pids, bool (*fn)(pid_t pid))
{
	int i;

	for (i = 0; i < WAITS; i++)
		if (!fn(pids[i]))
			return false;
	return true;
}

TEST_F(waiting, many_processes_share_the_device)
{
	pid_t callers[WAITS];
	int i;

	ASSERT_EQ(0, killbelow(0, 0));
	for (i = 0; i < WAITS; i++)
		callers[i] = tree_spawn(wait_as_child, NULL);
	ASSERT_TRUE(tree_is_ready(WAITS));
	EXPECT_TRUE(for_each(callers, is_asleep));
	EXPECT_TRUE(for_each(callers, stop));
	EXPECT_TRUE(for_each(callers, go_on));
	EXPECT_TRUE(still_waits());
	EXPECT_EQ(0, tree->caught);
}

static void *fork_when_told(void *arg)
{
	wait_until(tree->turn == 1);
	tree->pid[1] = tree_catcher(SIGUSR1);
	tree->turn = 2;
	pause();
	return arg;
}

static int call_while_forking(void *plan)
{
	pthread_t thread;

	pthread_create(&thread, NULL, fork_when_told, NULL);
	return call_by_plan(plan);
}

/* Who comes to be below during the wait is waited for, not signalled. */
TEST_F(waiting, newcomers_are_waited_for)
{
	struct plan plan = { .timeout = INT_MAX };
	pid_t caller = tree_spawn(call_while_forking, &plan);
	int status;

	ASSERT_TRUE(waits(caller));
	tree->turn = 1;
	ASSERT_TRUE(wait_until(tree->turn == 2));
	ASSERT_EQ(0, kill(tree->pid[0], SIGKILL));
	ASSERT_TRUE(wait_until(!is_running(tree->pid[0])));
	EXPECT_TRUE(still_waits());
	tree->go = true;
	status = reap(caller);
	EXPECT_TRUE(answered(0));
	EXPECT_EQ(1, WEXITSTATUS(status));
	EXPECT_EQ(1, tree->handled);
}

TEST_HARNESS_MAIN
