// SPDX-License-Identifier: GPL-2.0-only
/* killbelow(): who is below, in families of every shape. */
#define _GNU_SOURCE
#include <limits.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "common.h"
#include "harness.h"
#include "tree.h"

FIXTURE(family) {
};

FIXTURE_SETUP(family)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(family)
{
	tree_end();
}

/*
 * Orphans
 */

static int fork_sleeper(void *arg)
{
	tree->pid[0] = tree_spawn(sleep_on, arg);
	return 0;
}

static int daemonize(void *arg)
{
	setsid();
	return run_child(fork_sleeper, arg);
}

TEST_F(family, daemon_of_a_subreaper_is_below)
{
	ASSERT_EQ(0, run_child(daemonize, NULL));
	ASSERT_TRUE(tree_is_ready(1));
	EXPECT_TRUE(kills_all(1));
	EXPECT_EQ(1, reap_all());
}

static int orphan_leaves_below(void *arg)
{
	int subreaper = -1;

	if (daemonize(arg) || !tree_is_ready(1))
		return 1;
	call_below(SIGKILL, INT_MAX);
	prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
	return subreaper;
}

/* Nor does the call make anybody a subreaper. */
TEST_F(family, daemon_of_no_subreaper_has_left)
{
	ASSERT_EQ(0, run_child(orphan_leaves_below, NULL));
	EXPECT_TRUE(answered(0));
	EXPECT_EQ(0, tree->report.signalled);
	EXPECT_TRUE(is_running(tree->pid[0]));
}

static int reap_for_others(void *arg)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (daemonize(arg))
		return 1;
	return sleep_on(arg);
}

static int subreaper_between(void *arg)
{
	pid_t reaper = tree_spawn(reap_for_others, arg);

	if (!tree_is_ready(2))
		return 1;
	call_below(SIGKILL, INT_MAX);
	reap(reaper);
	return 0;
}

TEST_F(family, orphan_of_a_subreaper_between_is_below)
{
	ASSERT_EQ(0, run_child(subreaper_between, NULL));
	EXPECT_TRUE(answered(0));
	EXPECT_EQ(2, tree->report.signalled);
	EXPECT_FALSE(is_running(tree->pid[0]));
}

/* Its parent dies of the signal, and it lives on below another. */
static int catcher_below_sleeper(void *arg)
{
	if (tree_catcher(SIGUSR1) < 0)
		return 1;
	return sleep_on(arg);
}

static int call_with_orphan(void *timeout)
{
	tree_spawn(catcher_below_sleeper, NULL);
	if (!tree_is_ready(2))
		return 1;
	call_below(SIGUSR1, *(int *)timeout);
	return tree->left;
}

TEST_F(family, orphan_that_moved_away_is_waited_for)
{
	int timeout = INT_MAX;
	pid_t caller = tree_spawn(call_with_orphan, &timeout);

	/* It is not reaped: it is the caller that was its parent. */
	ASSERT_TRUE(wait_until(tree->handled == 1));
	nap();
	EXPECT_FALSE(tree->called);
	tree->go = true;
	EXPECT_EQ(1, WEXITSTATUS(reap(caller)));
	EXPECT_TRUE(answered(0));
}

TEST_F(family, orphan_that_moved_away_and_stays_is_1)
{
	int timeout = 500;

	EXPECT_EQ(0, run_child(call_with_orphan, &timeout));
	EXPECT_TRUE(answered(1));
	EXPECT_EQ(2, tree->report.signalled);
	EXPECT_LE(1, tree->report.running);
	EXPECT_EQ(1, tree->handled);
}

/*
 * Kinds of fork
 */

static int vfork_sleeper(void *arg)
{
	tree_ready();
	if (!vfork()) {
		/* Its parent stands still in vfork() until it is gone. */
		tree->ready++;
		for (;;)
			pause();
	}
	return sleep_on(arg);
}

TEST_F(family, vfork)
{
	ASSERT_LT(0, tree_spawn(vfork_sleeper, NULL));
	ASSERT_TRUE(tree_is_ready(2));
	EXPECT_TRUE(kills_all(2));
	EXPECT_EQ(2, reap_all());
}

static int clone_sibling(void *arg)
{
	if (!syscall(SYS_clone, CLONE_PARENT, 0, NULL, NULL, 0))
		_exit(sleep_on(arg));
	return sleep_on(arg);
}

static int call_with_sibling(void *arg)
{
	tree_spawn(clone_sibling, arg);
	if (!tree_is_ready(2))
		return 1;
	call_below(SIGKILL, INT_MAX);
	return reap_all() == 2 ? 0 : 1;
}

TEST_F(family, clone_parent)
{
	EXPECT_EQ(0, run_child(call_with_sibling, NULL));
	EXPECT_TRUE(answered(0));
	EXPECT_EQ(2, tree->report.signalled);
}

static int fork_chain(void *length)
{
	long left = (long)length;

	if (left > 1)
		tree_spawn_thin(fork_chain, (void *)(left - 1));
	return sleep_on(NULL);
}

TEST_F(family, deep_chain)
{
	ASSERT_LT(0, tree_spawn_thin(fork_chain, (void *)1000L));
	ASSERT_TRUE(tree_is_ready(1000));
	EXPECT_TRUE(kills_all(1000));
	EXPECT_EQ(1000, reap_all());
}

TEST_F(family, wide)
{
	int i;

	for (i = 0; i < 1000; i++)
		tree_spawn_thin(sleep_on, NULL);
	ASSERT_TRUE(tree_is_ready(1000));
	EXPECT_TRUE(kills_all(1000));
	EXPECT_EQ(1000, reap_all());
}

/*
 * Pid namespaces
 */

static int be_init(void *arg)
{
	tree_spawn(sleep_on, arg);
	return sleep_on(arg);
}

static int found_namespace(void *arg)
{
	if (unshare(CLONE_NEWPID))
		return 1;
	tree_spawn(be_init, arg);
	return sleep_on(arg);
}

TEST_F(family, namespace_with_its_init_is_below)
{
	ASSERT_LT(0, tree_spawn(found_namespace, NULL));
	ASSERT_TRUE(tree_is_ready(3));
	EXPECT_TRUE(kills_all(3));
	/* The namespace's init reaps for itself. */
	EXPECT_EQ(2, reap_all());
}

/* An init without a handler is deaf to all but SIGKILL and SIGSTOP. */
TEST_F(family, init_of_a_namespace_survives_sigterm)
{
	struct fkill_report report;

	ASSERT_LT(0, tree_spawn(found_namespace, NULL));
	ASSERT_TRUE(tree_is_ready(3));
	ASSERT_EQ(1, fkillbelow(FKILL_SELF, SIGTERM, 0, 0, &report));
	EXPECT_EQ(3, report.signalled);
	EXPECT_TRUE(wait_until(fkillbelow(FKILL_SELF, 0, 100, 0, &report) == 1 &&
			       report.running == 1));
	EXPECT_TRUE(kills_all(1));
}

static int call_as_init(void *arg)
{
	(void)arg;
	tree_catcher(SIGUSR1);
	call_below(SIGUSR1, 200);
	return !wait_until(tree->handled) ||
	       killbelow(SIGKILL, INT_MAX) || reap_all() != 1;
}

static int call_from_namespace(void *arg)
{
	if (unshare(CLONE_NEWPID))
		return 1;
	return run_child(call_as_init, arg);
}

TEST_F(family, init_of_a_namespace_calls)
{
	ASSERT_LT(0, tree_sleeper());
	ASSERT_EQ(0, run_child(call_from_namespace, NULL));
	EXPECT_TRUE(answered(1));
	EXPECT_EQ(1, tree->report.signalled);
	EXPECT_EQ(2, tree->report.first);
	EXPECT_EQ(1, tree->info.si_pid);
	EXPECT_EQ(-1, reap_all());
}

/*
 * Deaf, stopped and traced ones
 */

static int ignore_signal(void *arg)
{
	signal(SIGTERM, SIG_IGN);
	return sleep_on(arg);
}

static int block_signal(void *arg)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	return sleep_on(arg);
}

TEST_F(family, deaf_ones_live_on)
{
	struct fkill_report report;

	ASSERT_LT(0, tree_spawn(ignore_signal, NULL));
	ASSERT_LT(0, tree_spawn(block_signal, NULL));
	ASSERT_TRUE(tree_is_ready(2));
	EXPECT_EQ(1, fkillbelow(FKILL_SELF, SIGTERM, 200, 0, &report));
	EXPECT_EQ(2, report.signalled);
	EXPECT_EQ(2, report.running);
	EXPECT_TRUE(kills_all(2));
}

TEST_F(family, stopped_one_is_still_there)
{
	struct fkill_report report;
	pid_t pid = tree_sleeper();

	ASSERT_EQ(1, killbelow(SIGSTOP, 0));
	ASSERT_TRUE(wait_until(state_of(pid) == 'T'));
	EXPECT_EQ(1, fkillbelow(FKILL_SELF, SIGTERM, 200, 0, &report));
	EXPECT_EQ(1, report.running);
	EXPECT_EQ('T', state_of(pid));
	EXPECT_EQ(0, killbelow(SIGCONT, INT_MAX));
	EXPECT_EQ(1, reap_all());
	pid = tree_sleeper();
	ASSERT_EQ(1, killbelow(SIGSTOP, 0));
	ASSERT_TRUE(wait_until(state_of(pid) == 'T'));
	EXPECT_TRUE(kills_all(1));
}

static int call_with_traced(void *arg)
{
	(void)arg;
	tree->pid[0] = tree_sleeper();
	if (!wait_until(tree->go))
		return 1;
	call_below(SIGTERM, 200);
	if (tree->ret != 1 || !is_running(tree->pid[0]))
		return 2;
	call_below(SIGKILL, INT_MAX);
	return 0;
}

/* The tracer is above the caller, and looks at nothing. */
TEST_F(family, traced_one_is_still_there)
{
	pid_t caller = tree_spawn(call_with_traced, NULL);
	pid_t pid;

	ASSERT_TRUE(tree_is_ready(1));
	ASSERT_TRUE(wait_until(tree->pid[0]));
	pid = tree->pid[0];
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, NULL, NULL));
	ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, pid, NULL, NULL));
	ASSERT_TRUE(wait_until(state_of(pid) == 't'));
	tree->go = true;
	ASSERT_TRUE(wait_until(state_of(caller) == 'Z'));
	EXPECT_EQ(0, tree->ret);
	reap(pid);
	EXPECT_EQ(0, reap(caller));
}

/* Children that reap themselves leave no zombie behind to look at. */
TEST_F(family, caller_that_ignores_sigchld)
{
	signal(SIGCHLD, SIG_IGN);
	ASSERT_LT(0, tree_sleeper());
	ASSERT_LT(0, tree_sleeper());
	EXPECT_TRUE(kills_all(2));
	EXPECT_EQ(0, killbelow(0, 0));
}

TEST_HARNESS_MAIN
