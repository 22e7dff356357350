// SPDX-License-Identifier: GPL-2.0-only
/* killbelow(): stopped, traced or frozen during its wait. */
#define _GNU_SOURCE
#include <limits.h>
#include <sys/ptrace.h>
#include <sys/stat.h>

#include "caller.h"
#include "common.h"
#include "harness.h"
#include "tree.h"

#define CGROUP		"/sys/fs/cgroup/fkill-wait"
#define NO_FREEZER	"no freezer of cgroup v2 at /sys/fs/cgroup"

/*
 * What holds the caller up, and lets it go on.
 */
FIXTURE(held_up) {
	bool possible;
};

FIXTURE_VARIANT(held_up) {
	bool (*begin)(pid_t caller);
	bool (*end)(pid_t caller);
};

static bool is_traced(pid_t caller)
{
	int status;

	return waitpid(caller, &status, __WALL) == caller && WIFSTOPPED(status);
}

static bool interrupt(pid_t caller)
{
	return !ptrace(PTRACE_SEIZE, caller, NULL, NULL) &&
	       !ptrace(PTRACE_INTERRUPT, caller, NULL, NULL) &&
	       is_traced(caller);
}

static bool attach(pid_t caller)
{
	return !ptrace(PTRACE_ATTACH, caller, NULL, NULL) && is_traced(caller);
}

static bool detach(pid_t caller)
{
	return !ptrace(PTRACE_DETACH, caller, NULL, NULL);
}

static bool is_frozen(void)
{
	char events[128];

	return !read_file(CGROUP "/cgroup.events", events, sizeof(events)) &&
	       strstr(events, "frozen 1");
}

static bool enter_freezer(pid_t caller)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", caller);
	return !write_file(CGROUP "/cgroup.procs", pid) &&
	       !write_file(CGROUP "/cgroup.freeze", "1") &&
	       wait_until(is_frozen());
}

static bool leave_freezer(pid_t caller)
{
	(void)caller;
	return !write_file(CGROUP "/cgroup.freeze", "0") &&
	       wait_until(!is_frozen());
}

FIXTURE_VARIANT_ADD(held_up, stopped) {
	.begin = stop,
	.end = go_on,
};

FIXTURE_VARIANT_ADD(held_up, interrupted_by_tracer) {
	.begin = interrupt,
	.end = detach,
};

FIXTURE_VARIANT_ADD(held_up, attached_by_tracer) {
	.begin = attach,
	.end = detach,
};

FIXTURE_VARIANT_ADD(held_up, frozen) {
	.begin = enter_freezer,
	.end = leave_freezer,
};

FIXTURE_SETUP(held_up)
{
	ASSERT_EQ(0, tree_begin());
	self->possible = variant->begin != enter_freezer ||
		(!mkdir(CGROUP, 0755) && !access(CGROUP "/cgroup.freeze", W_OK));
}

FIXTURE_TEARDOWN(held_up)
{
	write_file(CGROUP "/cgroup.freeze", "0");
	tree_end();
	rmdir(CGROUP);
}

TEST_F(held_up, goes_on_waiting)
{
	struct plan plan = { .timeout = INT_MAX };
	pid_t caller;
	int i;

	if (!self->possible)
		SKIP(return, NO_FREEZER);
	caller = tree_spawn(call_by_plan, &plan);
	for (i = 0; i < 3; i++) {
		ASSERT_TRUE(waits(caller));
		ASSERT_TRUE(variant->begin(caller));
		ASSERT_TRUE(variant->end(caller));
		EXPECT_TRUE(still_waits());
	}
	EXPECT_TRUE(ends_with_the_last(caller));
}

/* Held up until the deadline is over, it ends as soon as it may go on. */
TEST_F(held_up, clock_is_not_restarted)
{
	struct plan plan = { .timeout = 2500 };
	pid_t caller;
	long went_on;

	if (!self->possible)
		SKIP(return, NO_FREEZER);
	caller = tree_spawn(call_by_plan, &plan);
	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(variant->begin(caller));
	ASSERT_TRUE(wait_until(now_ms() > tree->started + plan.timeout));
	went_on = now_ms();
	ASSERT_TRUE(variant->end(caller));
	ASSERT_TRUE(answered(1));
	EXPECT_GT(went_on + plan.timeout, tree->ended);
	EXPECT_EQ(1, tree->handled);
}

TEST_F(held_up, does_not_forget_an_orphan)
{
	struct plan plan = { .timeout = INT_MAX, .orphan = true };
	pid_t caller;

	if (!self->possible)
		SKIP(return, NO_FREEZER);
	caller = tree_spawn(call_by_plan, &plan);
	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(orphan_has_moved());
	ASSERT_TRUE(variant->begin(caller));
	ASSERT_TRUE(variant->end(caller));
	EXPECT_TRUE(still_waits());
	EXPECT_TRUE(ends_with_the_last(caller));
}

TEST_F(held_up, orphan_that_stays_is_1)
{
	struct plan plan = { .timeout = 1500, .orphan = true };
	pid_t caller;

	if (!self->possible)
		SKIP(return, NO_FREEZER);
	caller = tree_spawn(call_by_plan, &plan);
	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(orphan_has_moved());
	ASSERT_TRUE(variant->begin(caller));
	ASSERT_TRUE(variant->end(caller));
	EXPECT_TRUE(answered(1));
	EXPECT_EQ(1, tree->report.running);
	EXPECT_EQ(1, tree->handled);
}

/*
 * SIGCHLD cannot be held back from a process that goes through the kernel's
 * signal code for another reason. Its handler does not end the wait either.
 */
TEST_F(held_up, children_die_around_it)
{
	struct plan plan = {
		.timeout = INT_MAX,
		.children = 3,
		.catches = SIGCHLD,
	};
	pid_t caller;

	if (!self->possible)
		SKIP(return, NO_FREEZER);
	caller = tree_spawn(call_by_plan, &plan);
	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(turn_has_left(1));
	ASSERT_TRUE(variant->begin(caller));
	ASSERT_TRUE(turn_has_left(2));
	ASSERT_TRUE(variant->end(caller));
	ASSERT_TRUE(turn_has_left(3));
	EXPECT_TRUE(still_waits());
	EXPECT_TRUE(ends_with_the_last(caller));
	EXPECT_LE(1, tree->caught);
}

/* A handler that had to wait until the caller could run ends the wait. */
TEST_F(held_up, handler_runs_after_it)
{
	struct plan plan = { .timeout = INT_MAX, .catches = SIGUSR2 };
	pid_t caller;

	if (!self->possible)
		SKIP(return, NO_FREEZER);
	caller = tree_spawn(call_by_plan, &plan);
	ASSERT_TRUE(waits(caller));
	ASSERT_TRUE(variant->begin(caller));
	ASSERT_EQ(0, kill(caller, SIGUSR2));
	ASSERT_TRUE(variant->end(caller));
	EXPECT_TRUE(answered(-1));
	EXPECT_EQ(EINTR, tree->err);
	EXPECT_EQ(1, tree->caught);
	EXPECT_EQ(1, tree->handled);
}

TEST_HARNESS_MAIN
