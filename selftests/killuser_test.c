// SPDX-License-Identifier: GPL-2.0-only
/* killuser(): everybody of a uid, and nobody else. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <sys/syscall.h>

#include "common.h"
#include "harness.h"
#include "race.h"
#include "tree.h"

#define USER	4711
#define OTHER	4712

FIXTURE(user) {
	struct fkill_report report;
};

FIXTURE_SETUP(user)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(user)
{
	tree_end();
}

static bool report_is(const struct fkill_report *report,
		      unsigned int signalled, unsigned int refused,
		      unsigned int running, pid_t first)
{
	return report->signalled == signalled && report->refused == refused &&
	       report->running == running && report->first == first;
}

TEST_F(user, nobody)
{
	ASSERT_EQ(0, killuser(USER, SIGKILL, 0, &self->report));
	EXPECT_TRUE(report_is(&self->report, 0, 0, 0, 0));
	EXPECT_EQ(0, killuser(USER, SIGKILL, -1, NULL));
}

TEST_F(user, bad_arguments)
{
	EXPECT_EQ(EINVAL, errno_of(killuser(-1, 0, 0, NULL)));
	EXPECT_EQ(EINVAL, errno_of(killuser(USER, 65, 0, NULL)));
	EXPECT_EQ(EINVAL, errno_of(killuser(USER, -1, 0, NULL)));
	EXPECT_EQ(EINVAL, errno_of(killuser(USER, 0, -2, NULL)));
}

/* One of three is the user's. */
static int sleep_with_uids(void *arg)
{
	const uid_t *uids = arg;

	if (setresuid(uids[0], uids[1], uids[2]))
		return 255;
	return sleep_on(NULL);
}

TEST_F(user, any_of_three_uids)
{
	const uid_t uids[][3] = {
		{ USER, 0, 0 }, { 0, USER, 0 }, { 0, 0, USER },
		{ OTHER, 0, 0 }, { 0, OTHER, OTHER },
	};
	pid_t pids[ARRAY_SIZE(uids)];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(uids); i++)
		pids[i] = tree_spawn(sleep_with_uids, (void *)uids[i]);
	ASSERT_TRUE(tree_is_ready(ARRAY_SIZE(uids)));
	ASSERT_EQ(0, killuser(USER, SIGTERM, INT_MAX, &self->report));
	EXPECT_TRUE(report_is(&self->report, 3, 0, 0, 0));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(SIGTERM, reap(pids[i]));
	}
	EXPECT_TRUE(is_left_alone(pids[3]));
	EXPECT_TRUE(is_left_alone(pids[4]));
}

/* Wherever they are: here they are not below the caller. */
static int kill_user(void *uid)
{
	return killuser((long)uid, SIGKILL, INT_MAX, &tree->report);
}

TEST_F(user, beside_the_caller)
{
	pid_t pid = spawn_sleeper_as(USER);

	EXPECT_EQ(0, run_child(kill_user, (void *)USER));
	EXPECT_EQ(1, tree->report.signalled);
	EXPECT_EQ(SIGKILL, reap(pid));
}

/* A user may kill all that it has, and lives. */
TEST_F(user, spares_the_caller)
{
	pid_t pid = spawn_sleeper_as(USER);

	EXPECT_EQ(0, run_as(USER, kill_user, (void *)USER));
	EXPECT_EQ(1, tree->report.signalled);
	EXPECT_EQ(SIGKILL, reap(pid));
}

TEST_F(user, waits)
{
	long started = now_ms();
	pid_t pid = spawn_sleeper_as(USER);

	ASSERT_EQ(1, killuser(USER, 0, 200, &self->report));
	EXPECT_LE(started + 200, now_ms());
	EXPECT_TRUE(report_is(&self->report, 0, 0, 1, pid));
	ASSERT_EQ(1, killuser(USER, 0, 0, &self->report));
	EXPECT_TRUE(is_left_alone(pid));
	ASSERT_EQ(0, killuser(USER, SIGKILL, -1, &self->report));
	EXPECT_EQ(SIGKILL, reap(pid));
}

/*
 * Rights are those of kill(2).
 */

static int refused(void *uid)
{
	return errno_of(killuser((long)uid, SIGKILL, INT_MAX, &tree->report));
}

TEST_F(user, eperm_when_all_refuse)
{
	pid_t pid = spawn_sleeper_as(USER);

	EXPECT_EQ(EPERM, run_as(OTHER, refused, (void *)USER));
	EXPECT_TRUE(is_left_alone(pid));
	EXPECT_EQ(0, tree->report.signalled);
	EXPECT_EQ(1, tree->report.refused);
	EXPECT_EQ(1, tree->report.running);
}

/* Even below the caller: cross_uid plays no part. */
static int refused_below(void *uid)
{
	tree->pid[0] = spawn_sleeper_as((long)uid);
	return drop_to(OTHER) ?: refused(uid);
}

TEST_F(user, eperm_below_the_caller)
{
	EXPECT_EQ(EPERM, run_child(refused_below, (void *)USER));
	EXPECT_EQ(1, tree->report.refused);
}

static int kill_all(void *uid)
{
	return killuser((long)uid, SIGKILL, LONG_MS, &tree->report);
}

TEST_F(user, some_refuse)
{
	const uid_t root_too[3] = { 0, 0, USER };
	pid_t root = tree_spawn(sleep_with_uids, (void *)root_too);
	pid_t pid = spawn_sleeper_as(USER);

	ASSERT_TRUE(tree_is_ready(1));
	/* Its saved uid lets the user signal it; root's own does not. */
	EXPECT_EQ(0, run_as(USER, kill_all, (void *)USER));
	EXPECT_EQ(2, tree->report.signalled);
	EXPECT_EQ(SIGKILL, reap(pid));
	EXPECT_EQ(SIGKILL, reap(root));
}

/* One may be signalled and the other not: who refuses is waited for. */
static int kill_some(void *uid)
{
	return killuser((long)uid, SIGKILL, 200, &tree->report);
}

TEST_F(user, some_refuse_and_are_waited_for)
{
	const uid_t effective_only[3] = { OTHER, USER, OTHER };
	pid_t other = tree_spawn(sleep_with_uids, (void *)effective_only);
	pid_t pid = spawn_sleeper_as(USER);

	ASSERT_TRUE(tree_is_ready(1));
	EXPECT_EQ(1, run_as(USER, kill_some, (void *)USER));
	EXPECT_EQ(1, tree->report.signalled);
	EXPECT_EQ(1, tree->report.refused);
	EXPECT_EQ(1, tree->report.running);
	EXPECT_EQ(SIGKILL, reap(pid));
	EXPECT_TRUE(is_left_alone(other));
}

/*
 * Pid namespaces.
 */

/* Its init is the user's as well. */
static int be_init_of_user(void *arg)
{
	pid_t pid;

	if (drop_to(USER))
		return 255;
	pid = spawn_sleeper();
	if (arg && (killuser(USER, SIGKILL, INT_MAX, &tree->report) ||
		    tree->report.signalled != 1))
		return 1;
	if (arg)
		return reap(pid) != SIGKILL;
	return sleep_on(NULL);
}

TEST_F(user, within_a_namespace)
{
	pid_t pid = spawn_sleeper_as(USER);

	EXPECT_EQ(0, reap(spawn_flags(CLONE_NEWPID, be_init_of_user, "kill")));
	EXPECT_TRUE(is_left_alone(pid));
}

/* The init of a namespace below is nobody special. */
TEST_F(user, namespace_below)
{
	pid_t init = spawn_flags(CLONE_NEWPID, be_init_of_user, NULL);

	ASSERT_TRUE(tree_is_ready(1));
	ASSERT_EQ(0, killuser(USER, SIGKILL, INT_MAX, &self->report));
	EXPECT_EQ(2, self->report.signalled);
	EXPECT_EQ(SIGKILL, reap(init));
}

/* Not the init, but another of its namespace calls: init is spared. */
static int call_below_init(void *arg)
{
	(void)arg;
	return killuser(USER, SIGKILL, INT_MAX, &tree->report);
}

static int init_with_a_caller(void *arg)
{
	if (drop_to(USER))
		return 255;
	return run_child(call_below_init, arg);
}

TEST_F(user, spares_the_init)
{
	EXPECT_EQ(0, reap(spawn_flags(CLONE_NEWPID, init_with_a_caller,
				      NULL)));
	EXPECT_EQ(0, tree->report.signalled);
}

/*
 * One that came into the namespace from outside: its parent is no member. The
 * namespace does not end before that parent has reaped it.
 */
static int enter(void *init)
{
	int fd = open_proc((long)init, "ns/pid", O_RDONLY);
	pid_t pid;

	if (setns(fd, CLONE_NEWPID))
		return 255;
	pid = spawn_sleeper_as(OTHER);
	tree_ready();
	return reap(pid) != SIGKILL;
}

static int kill_others_when_told(void *arg)
{
	(void)arg;
	tree_ready();
	while (!tree->go)
		nap();
	return killuser(OTHER, SIGKILL, INT_MAX, &tree->report);
}

TEST_F(user, entered_the_namespace)
{
	pid_t init = spawn_flags(CLONE_NEWPID, kill_others_when_told, NULL);
	pid_t outside = spawn_sleeper_as(OTHER);
	pid_t parent;

	ASSERT_TRUE(tree_is_ready(1));
	parent = tree_spawn(enter, (void *)(long)init);
	ASSERT_TRUE(tree_is_ready(2));
	tree->go = true;
	EXPECT_EQ(0, reap(init));
	EXPECT_EQ(0, reap(parent));
	EXPECT_EQ(1, tree->report.signalled);
	EXPECT_TRUE(is_left_alone(outside));
}

/*
 * Those who move and strike.
 */

static int fly(void *arg)
{
	if (arg && drop_to(USER))
		return 255;
	tree_ready();
	while (tree_grows()) {
		tree->born++;
		if (fork())
			_exit(0);
	}
	return 0;
}

TEST_F(user, comets)
{
	int i, j;

	for (i = 0; play_on(i, 15); i++) {
		int ready = tree->ready, goal = tree->born + 20;

		for (j = 0; j < 4; j++)
			ASSERT_LT(0, tree_spawn(fly, "as user"));
		ASSERT_TRUE(tree_is_ready(ready + 4));
		ASSERT_TRUE(wait_until(tree->born > goal));
		reach_moment(i);
		ASSERT_EQ(0, killuser(USER, SIGKILL, LONG_MS, &self->report))
			TH_LOG("in round %d", i);
		ASSERT_LE(0, reap_all())
			TH_LOG("in round %d", i);
	}
	TH_LOG("%d rounds, %d births", i, tree->born);
}

/*
 * Kills all that it can, all the time, and multiplies: but leaves whoever looks
 * for it in /proc, in the same turns as all of them, a chance to get there.
 */
static int strike(void *arg)
{
	int limit = tree->born + (backend_is_fallback() ? 60 : 200);

	(void)arg;
	if (drop_to(USER))
		return 255;
	while (tree_grows()) {
		if (tree->born < limit) {
			tree->born++;
			fork();
		}
		kill(tree->pid[0], SIGKILL);
		kill(tree->pid[0], SIGSTOP);
	}
	return 0;
}

TEST_F(user, cannot_strike_back)
{
	int i;

	tree->pid[0] = getpid();
	for (i = 0; i < 5; i++) {
		int goal = tree->born + 50;

		ASSERT_LT(0, tree_spawn(strike, NULL));
		ASSERT_TRUE(wait_until(tree->born > goal));
		ASSERT_EQ(0, run_child(kill_all, (void *)USER))
			TH_LOG("in round %d", i);
		ASSERT_LE(0, reap_all());
	}
}

TEST_HARNESS_MAIN
