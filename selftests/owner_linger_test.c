// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of an owner: how long it waits for those below, what may hold it up,
 * and that it ends as it would have ended without.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/resource.h>

#include "common.h"
#include "harness.h"
#include "modctl.h"
#include "owned.h"
#include "tree.h"

#define USER		1000
#define OTHER		2000
#define SHORT_LINGER	1000

/*
 * Somebody below who may not be killed: of another uid, when cross_uid lets no
 * signal through.
 */
FIXTURE(refused) {
	char cross_uid[32];
	char linger_max[16];
};

FIXTURE_SETUP(refused)
{
	ASSERT_EQ(0, tree_begin());
	ASSERT_EQ(0, read_file(CROSS_UID, self->cross_uid,
			       sizeof(self->cross_uid)));
	ASSERT_EQ(0, read_file(LINGER_MAX, self->linger_max,
			       sizeof(self->linger_max)));
	ASSERT_EQ(0, write_file(CROSS_UID, "none"));
}

FIXTURE_TEARDOWN(refused)
{
	write_file(CROSS_UID, self->cross_uid);
	write_file(LINGER_MAX, self->linger_max);
	tree_end();
	EXPECT_TRUE(wait_until(module_is_idle()));
}

static int sleep_as_other(void *arg)
{
	return drop_to(OTHER) ?: sleep_on(arg);
}

/* Beside one that dies. Registers again, as the user that it is then. */
static bool grow_refused(int linger)
{
	int ready = tree->ready;

	tree->pid[1] = tree_spawn(sleep_as_other, NULL);
	return tree_is_ready(ready + 1) && !drop_to(USER) &&
	       !fkill_own(FKILL_OWN_EXIT_KILL, linger) && grow_sleeper();
}

static bool grow_refused_long(void)
{
	return grow_refused(LONG_LINGER);
}

static bool grow_refused_short(void)
{
	return grow_refused(SHORT_LINGER);
}

static bool grow_refused_unwaited(void)
{
	return grow_refused(0);
}

/* How long its end took, in ms. */
static long time_of_end(pid_t owner, int sig, int *status)
{
	long started = now_ms();

	kill(owner, sig);
	*status = reap(owner);
	return now_ms() - started;
}

TEST_F(refused, is_waited_for)
{
	const struct estate estate = {
		.grow = grow_refused_short,
		.end = end_by_others,
	};
	pid_t owner = spawn_owner(&estate);
	int status;

	ASSERT_LT(0, owner);
	EXPECT_LE(SHORT_LINGER, time_of_end(owner, SIGKILL, &status));
	EXPECT_EQ(SIGKILL, status);
	EXPECT_EQ(SIGKILL, reap(tree->pid[0]));
	EXPECT_TRUE(is_left_alone(tree->pid[1]));
}

/* That the wait is over early is seen by the time that it could have taken. */
TEST_F(refused, is_not_waited_for_without_a_linger)
{
	const struct estate estate = {
		.grow = grow_refused_unwaited,
		.end = end_by_others,
	};
	pid_t owner = spawn_owner(&estate);
	int status;

	ASSERT_LT(0, owner);
	EXPECT_GT(LONG_LINGER / 2, time_of_end(owner, SIGKILL, &status));
	EXPECT_EQ(SIGKILL, status);
	EXPECT_TRUE(died_of(tree->pid[0], SIGKILL));
	EXPECT_TRUE(is_left_alone(tree->pid[1]));
}

TEST_F(refused, linger_max_bounds_the_wait)
{
	const struct estate estate = {
		.grow = grow_refused_long,
		.end = end_by_others,
	};
	pid_t owner = spawn_owner(&estate);
	int status;

	ASSERT_LT(0, owner);
	ASSERT_EQ(0, write_file(LINGER_MAX, "100"));
	EXPECT_GT(LONG_LINGER / 2, time_of_end(owner, SIGTERM, &status));
	EXPECT_EQ(SIGTERM, status);
}

/* The owner has begun its end when the first below has come to its own. */
static bool lingers(pid_t owner)
{
	return wait_until(!is_running(tree->pid[0])) && is_running(owner);
}

/* The last one below dies: the wait is over, long before its time is up. */
static bool ends_with_the_last(pid_t owner, int expected)
{
	long started = now_ms();

	return !kill(tree->pid[1], SIGKILL) && reap(owner) == expected &&
	       now_ms() - started < LONG_LINGER / 2;
}

static const struct estate waiting = {
	.grow = grow_refused_long,
};

TEST_F(refused, exit_status_stays)
{
	pid_t owner = spawn_owner(&waiting);

	ASSERT_TRUE(lingers(owner));
	EXPECT_TRUE(ends_with_the_last(owner, OWNER_LEAVES << 8));
}

/* It has them as long as it waits. Who asks must not hold the module. */
static int is_owner_of_refused(void *owner)
{
	return fkill_owner(fkill_open(tree->pid[1])) == *(pid_t *)owner;
}

TEST_F(refused, belongs_to_the_owner_that_waits)
{
	pid_t owner = spawn_owner(&waiting);

	ASSERT_TRUE(lingers(owner));
	EXPECT_EQ(1, run_child(is_owner_of_refused, &owner));
	EXPECT_TRUE(ends_with_the_last(owner, OWNER_LEAVES << 8));
}

/* No signal changes the status, nor ends the wait. */
static bool lingers_on(pid_t owner)
{
	int i;

	for (i = 0; i < 50; i++)
		nap();
	return is_running(owner);
}

TEST_F(refused, signals_change_nothing)
{
	static const int signals[] = {
		SIGTERM, SIGUSR1, SIGSTOP, SIGCONT, SIGSEGV, SIGKILL, SIGKILL,
	};
	pid_t owner = spawn_owner(&waiting);
	size_t i;

	ASSERT_TRUE(lingers(owner));
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		kill(owner, signals[i]);
	EXPECT_TRUE(lingers_on(owner));
	EXPECT_TRUE(ends_with_the_last(owner, OWNER_LEAVES << 8));
}

static const struct estate waiting_killed = {
	.grow = grow_refused_long,
	.end = end_by_others,
};

TEST_F(refused, second_signal_does_not_hide_the_first)
{
	pid_t owner = spawn_owner(&waiting_killed);

	ASSERT_EQ(0, kill(owner, SIGTERM));
	ASSERT_TRUE(lingers(owner));
	kill(owner, SIGKILL);
	EXPECT_TRUE(lingers_on(owner));
	EXPECT_TRUE(ends_with_the_last(owner, SIGTERM));
}

/* The wait is a sleep, whatever comes meanwhile: its user and system time. */
static long cpu_ms(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000 +
	       (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1000;
}

TEST_F(refused, wait_is_not_busy)
{
	pid_t owner = spawn_owner(&waiting);
	long end = now_ms() + 3000;
	struct rusage usage;
	int status;

	ASSERT_TRUE(lingers(owner));
	while (now_ms() < end) {
		kill(owner, SIGTERM);
		nap();
	}
	kill(tree->pid[1], SIGKILL);
	ASSERT_EQ(owner, wait4(owner, &status, 0, &usage));
	EXPECT_EQ(OWNER_LEAVES << 8, status);
	EXPECT_GT(1000, cpu_ms(&usage));
}

/*
 * Tracers.
 */
FIXTURE(traced) {
};

FIXTURE_SETUP(traced)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(traced)
{
	tree_end();
	EXPECT_TRUE(wait_until(module_is_idle()));
}

static const struct estate ordinary = {
	.linger = LONG_LINGER,
	.grow = grow_sleeper,
	.end = end_by_others,
};

/* The stop comes first; those below live until then. */
TEST_F(traced, owner_at_its_exit)
{
	pid_t owner = spawn_owner(&ordinary);

	ASSERT_LT(0, owner);
	ASSERT_TRUE(seize(owner));
	ASSERT_EQ(0, kill(owner, SIGKILL));
	ASSERT_TRUE(stops_at_exit(owner));
	EXPECT_TRUE(is_left_alone(tree->pid[0]));
	ASSERT_TRUE(let_go(owner));
	EXPECT_EQ(SIGKILL, reap(owner));
	EXPECT_EQ(1, reap_all());
}

/* One below that stops at its exit still runs. */
TEST_F(traced, one_below_at_its_exit)
{
	const struct estate estate = {
		.linger = SHORT_LINGER,
		.grow = grow_sleeper,
		.end = end_by_others,
	};
	pid_t owner = spawn_owner(&estate);
	int status;

	ASSERT_LT(0, owner);
	ASSERT_TRUE(seize(tree->pid[0]));
	EXPECT_LE(SHORT_LINGER, time_of_end(owner, SIGKILL, &status));
	EXPECT_EQ(SIGKILL, status);
	EXPECT_TRUE(stops_at_exit(tree->pid[0]));
	EXPECT_TRUE(let_go(tree->pid[0]));
	EXPECT_EQ(SIGKILL, reap(tree->pid[0]));
}

/*
 * All threads of one below are zombies, and one of them is kept by an idle
 * tracer: the process does not run, though nobody is told that it has ended.
 */

static void *sleep_in_thread(void *arg)
{
	tree->turn = gettid();
	tree_ready();
	return (void *)(long)sleep_for_ever(arg);
}

static int have_a_thread(void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, sleep_in_thread, arg))
		return 255;
	return sleep_for_ever(arg);
}

static bool grow_thread(void)
{
	tree->pid[0] = tree_spawn(have_a_thread, NULL);
	return tree_is_ready(1);
}

TEST_F(traced, thread_of_one_below)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_thread,
		.end = end_by_others,
	};
	pid_t owner = spawn_owner(&estate);
	int status;

	ASSERT_LT(0, owner);
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, tree->turn, NULL, NULL));
	EXPECT_GT(LONG_LINGER / 2, time_of_end(owner, SIGKILL, &status));
	EXPECT_EQ(SIGKILL, status);
	EXPECT_FALSE(is_running(tree->pid[0]));
}

TEST_HARNESS_MAIN
