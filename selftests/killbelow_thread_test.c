// SPDX-License-Identifier: GPL-2.0-only
/* killbelow(): threads, of the caller and of those below. */
#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <sys/ptrace.h>

#include "common.h"
#include "harness.h"
#include "tree.h"

FIXTURE(threads) {
};

FIXTURE_SETUP(threads)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(threads)
{
	tree_end();
}

/* A thread that nobody joins. */
static void start_thread(void *(*fn)(void *arg), void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, fn, arg))
		_exit(255);
	pthread_detach(thread);
}

static void *pause_thread(void *arg)
{
	sleep_on(arg);
	return NULL;
}

static void *spawn_thread(void *arg)
{
	tree_spawn(sleep_on, arg);
	return pause_thread(arg);
}

static int have_threads(void *arg)
{
	on_signal(SIGUSR1, count_signal, 0);
	start_thread(pause_thread, NULL);
	start_thread(pause_thread, NULL);
	return sleep_on(arg);
}

TEST_F(threads, process_of_many_threads_is_signalled_once)
{
	struct fkill_report report;

	ASSERT_LT(0, tree_spawn(have_threads, NULL));
	ASSERT_TRUE(tree_is_ready(3));
	EXPECT_EQ(1, fkillbelow(FKILL_SELF, SIGUSR1, 200, 0, &report));
	EXPECT_EQ(1, report.signalled);
	EXPECT_EQ(1, report.running);
	EXPECT_TRUE(wait_until(tree->handled));
	EXPECT_EQ(1, tree->handled);
	EXPECT_TRUE(kills_all(1));
	EXPECT_EQ(1, reap_all_dead_of(SIGKILL));
}

static int fork_in_threads(void *arg)
{
	start_thread(spawn_thread, NULL);
	start_thread(spawn_thread, NULL);
	return sleep_on(arg);
}

TEST_F(threads, children_of_every_thread_are_below)
{
	ASSERT_LT(0, tree_spawn(fork_in_threads, NULL));
	ASSERT_TRUE(tree_is_ready(5));
	EXPECT_TRUE(kills_all(3));
	EXPECT_EQ(3, reap_all_dead_of(SIGKILL));
}

TEST_F(threads, children_of_the_callers_other_threads_are_below)
{
	start_thread(spawn_thread, NULL);
	start_thread(spawn_thread, NULL);
	ASSERT_LT(0, tree_spawn(sleep_on, NULL));
	ASSERT_TRUE(tree_is_ready(5));
	EXPECT_TRUE(kills_all(3));
	EXPECT_EQ(3, reap_all());
}

static void *call_in_thread(void *arg)
{
	call_below(SIGKILL, INT_MAX);
	return arg;
}

TEST_F(threads, call_from_another_thread)
{
	ASSERT_LT(0, tree_sleeper());
	start_thread(spawn_thread, NULL);
	ASSERT_TRUE(tree_is_ready(3));
	start_thread(call_in_thread, NULL);
	ASSERT_TRUE(wait_until(tree->called));
	EXPECT_EQ(0, tree->ret);
	EXPECT_EQ(2, tree->report.signalled);
	EXPECT_EQ(2, reap_all());
}

static void *call_without_leader(void *arg)
{
	/* The leader is a zombie as long as this thread runs. */
	wait_until(state_of(getpid()) == 'Z');
	call_below(SIGKILL, INT_MAX);
	_exit(reap_all() == 2 ? 0 : 1);
	return arg;
}

static int leader_calls_not(void *arg)
{
	tree_sleeper();
	start_thread(spawn_thread, arg);
	if (!tree_is_ready(3))
		return 1;
	start_thread(call_without_leader, arg);
	pthread_exit(NULL);
}

TEST_F(threads, caller_whose_leader_is_gone)
{
	/* The child of the thread that is not the leader stays the caller's. */
	ASSERT_EQ(0, run_child(leader_calls_not, NULL));
	EXPECT_TRUE(answered(0));
	EXPECT_EQ(2, tree->report.signalled);
}

static int leave_by_thread(void *arg)
{
	start_thread(pause_thread, NULL);
	pthread_exit(arg);
}

/* It looks like a zombie, and runs. */
TEST_F(threads, process_whose_leader_is_gone_is_below)
{
	struct fkill_report report;
	pid_t pid = tree_spawn(leave_by_thread, NULL);

	ASSERT_TRUE(tree_is_ready(1));
	ASSERT_TRUE(wait_until(state_of(pid) == 'Z'));
	EXPECT_EQ(1, fkillbelow(FKILL_SELF, 0, 50, 0, &report));
	EXPECT_EQ(1, report.running);
	EXPECT_EQ(pid, report.first);
	EXPECT_TRUE(kills_all(1));
	EXPECT_EQ(1, reap_all_dead_of(SIGKILL));
}

static int call_with_thread_traced(void *arg)
{
	(void)arg;
	tree->pid[0] = tree_spawn(have_threads, NULL);
	if (!tree_is_ready(3) || !wait_until(tree->go))
		return 1;
	call_below(SIGKILL, INT_MAX);
	return 0;
}

/* The thread of @pid that is not its leader, or -1. */
static pid_t other_thread(pid_t pid)
{
	pid_t tid;

	for (tid = pid + 1; tid < pid + 20; tid++)
		if (status_number(tid, "Tgid", 10) == pid)
			return tid;
	return -1;
}

/* A zombie of a thread that its tracer does not reap: nothing wakes. */
TEST_F(threads, thread_of_an_idle_tracer_stays_a_zombie)
{
	pid_t caller = tree_spawn(call_with_thread_traced, NULL);
	pid_t pid, tid;

	ASSERT_TRUE(tree_is_ready(3));
	ASSERT_TRUE(wait_until(tree->pid[0]));
	pid = tree->pid[0];
	tid = other_thread(pid);
	ASSERT_LT(0, tid);
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, tid, NULL, NULL));
	tree->go = true;
	ASSERT_TRUE(wait_until(state_of(caller) == 'Z'));
	EXPECT_EQ(0, tree->ret);
	EXPECT_EQ('Z', state_of(pid));
	EXPECT_EQ('Z', state_of(tid));
	waitpid(tid, NULL, __WALL);
	EXPECT_EQ(0, reap(caller));
}

TEST_HARNESS_MAIN
