// SPDX-License-Identifier: GPL-2.0-only
/* fkillbelow() of a process that is not the caller. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sched.h>

#include "common.h"
#include "harness.h"
#include "tree.h"

#define CALLER		1000
#define OTHER		2000

FIXTURE(top) {
};

FIXTURE_SETUP(top)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(top)
{
	tree_end();
}

/* A top with two children; all of them sleep. */
static int have_two(void *arg)
{
	tree->pid[1] = tree_spawn(sleep_on, arg);
	tree->pid[2] = tree_spawn(sleep_on, arg);
	return sleep_on(arg);
}

static int open_top(void)
{
	tree->pid[0] = tree_spawn(have_two, NULL);
	return tree_is_ready(3) ? fkill_open(tree->pid[0]) : -1;
}

TEST_F(top, is_left_alone)
{
	struct fkill_report report;
	int fd = open_top();

	ASSERT_LE(0, fd);
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(0, fkillbelow(fd, SIGKILL, INT_MAX, 0, &report));
	EXPECT_EQ(2, report.signalled);
	EXPECT_EQ(0, report.running);
	EXPECT_TRUE(is_running(tree->pid[0]));
	EXPECT_FALSE(is_running(tree->pid[1]));
	EXPECT_FALSE(is_running(tree->pid[2]));
	/* Neither is the other child of the caller touched. */
	EXPECT_EQ(-1, reap_all());
}

TEST_F(top, included)
{
	struct fkill_report report;
	int fd = open_top();
	pid_t other;

	ASSERT_LE(0, fd);
	other = tree_sleeper();
	EXPECT_EQ(0, fkillbelow(fd, SIGKILL, INT_MAX, FKILL_INCLUDE_TOP,
				&report));
	EXPECT_EQ(3, report.signalled);
	EXPECT_FALSE(is_running(tree->pid[0]));
	EXPECT_TRUE(is_running(other));
}

TEST_F(top, included_without_children)
{
	struct fkill_report report;
	pid_t pid = tree_sleeper();
	int fd = fkill_open(pid);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, fkillbelow(fd, SIGKILL, 0, 0, &report));
	EXPECT_EQ(0, report.signalled);
	ASSERT_EQ(1, fkillbelow(fd, 0, 0, FKILL_INCLUDE_TOP, &report));
	EXPECT_EQ(1, report.running);
	EXPECT_EQ(pid, report.first);
	EXPECT_EQ(0, fkillbelow(fd, SIGKILL, INT_MAX, FKILL_INCLUDE_TOP,
				&report));
	EXPECT_EQ(1, report.signalled);
	EXPECT_TRUE(died_of(pid, SIGKILL));
}

TEST_F(top, included_must_not_be_the_caller)
{
	int fd = fkill_open(getpid());

	ASSERT_LE(0, fd);
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(-1, fkillbelow(FKILL_SELF, SIGKILL, 0, FKILL_INCLUDE_TOP,
				 NULL));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, fkillbelow(fd, SIGKILL, 0, FKILL_INCLUDE_TOP, NULL));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(1, killbelow(0, 50));
}

TEST_F(top, caller_by_descriptor)
{
	struct fkill_report report;
	int fd = fkill_open(getpid());

	ASSERT_LE(0, fd);
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(0, fkillbelow(fd, SIGKILL, INT_MAX, 0, &report));
	EXPECT_EQ(1, report.signalled);
	EXPECT_EQ(1, reap_all());
}

TEST_F(top, zombie)
{
	struct fkill_report report;
	pid_t pid = spawn_zombie();
	int fd = fkill_open(pid);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, fkillbelow(fd, SIGKILL, INT_MAX, FKILL_INCLUDE_TOP,
				&report));
	EXPECT_EQ(0, report.signalled);
	EXPECT_EQ(0, report.running);
}

TEST_F(top, reaped)
{
	pid_t pid = spawn_zombie();
	int fd = fkill_open(pid);

	ASSERT_LE(0, fd);
	reap(pid);
	EXPECT_EQ(-1, fkillbelow(fd, SIGKILL, INT_MAX, 0, NULL));
	EXPECT_EQ(ESRCH, errno);
	EXPECT_EQ(-1, fkillbelow(fd, 0, 0, FKILL_INCLUDE_TOP, NULL));
	EXPECT_EQ(ESRCH, errno);
}

TEST_F(top, not_a_process)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(-1, fkillbelow(fd, SIGKILL, 0, 0, NULL));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(-1, fkillbelow(-1, SIGKILL, 0, 0, NULL));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(1, killbelow(0, 50));
}

/* What cannot be named cannot be killed from below. */
static int kill_outside(void *arg)
{
	int fd = *(int *)arg;

	if (fkillbelow(fd, SIGKILL, 0, FKILL_INCLUDE_TOP, NULL) != -1)
		return 1;
	return errno != EINVAL;
}

static int unshare_and_kill(void *arg)
{
	if (unshare(CLONE_NEWPID))
		return 255;
	return run_child(kill_outside, arg);
}

TEST_F(top, outside_the_pid_namespace)
{
	int fd = open_top();

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, run_child(unshare_and_kill, &fd));
	EXPECT_TRUE(is_running(tree->pid[0]));
	EXPECT_TRUE(is_running(tree->pid[1]));
}

/*
 * Above the caller
 */

static int kill_below_parent(void *arg)
{
	int fd = fkill_open(getppid());

	(void)arg;
	tree_sleeper();
	tree->ret = fkillbelow(fd, SIGKILL, INT_MAX, 0, &tree->report);
	return tree->ret;
}

static int have_child_that_kills(void *arg)
{
	if (tree_sleeper() < 0)
		return 1;
	return run_child(kill_below_parent, arg);
}

/* Siblings and children go, the caller stays. */
TEST_F(top, parent_of_the_caller)
{
	EXPECT_EQ(0, run_child(have_child_that_kills, NULL));
	EXPECT_EQ(2, tree->report.signalled);
}

static int kill_parent_too(void *arg)
{
	int fd = fkill_open(getppid());

	(void)arg;
	tree->ret = fkillbelow(fd, SIGKILL, INT_MAX, FKILL_INCLUDE_TOP,
			       &tree->report);
	tree->called = true;
	return 0;
}

static int be_killed_by_child(void *arg)
{
	tree_sleeper();
	tree_spawn(kill_parent_too, arg);
	return sleep_on(arg);
}

TEST_F(top, parent_included)
{
	pid_t pid = tree_spawn(be_killed_by_child, NULL);

	EXPECT_TRUE(answered(0));
	EXPECT_EQ(2, tree->report.signalled);
	EXPECT_TRUE(died_of(pid, SIGKILL));
}

TEST_F(top, init)
{
	struct fkill_report report;
	int fd = fkill_open(1);

	ASSERT_LE(0, fd);
	/* Everybody but this process is below; SIGCONT hurts nobody. */
	EXPECT_EQ(1, fkillbelow(fd, SIGCONT, 0, 0, &report));
	EXPECT_LE(1, report.signalled);
	EXPECT_EQ(0, report.refused);
	EXPECT_EQ(report.signalled, report.running);
}

/* How many threads of the kernel there are: those below kthreadd. */
static int kernel_threads(void)
{
	int count = 0;
	pid_t pid;

	for (pid = 3; pid < 300; pid++)
		count += status_number(pid, "PPid", 10) == 2;
	return count;
}

TEST_F(top, kernel_threads_are_nobody)
{
	struct fkill_report report;
	int fd = fkill_open(2);

	if (status_number(2, "PPid", 10) != 0)
		SKIP(return, "pid 2 is not kthreadd here");
	ASSERT_LE(0, fd);
	ASSERT_LT(0, kernel_threads());
	EXPECT_EQ(0, fkillbelow(fd, SIGKILL, INT_MAX, FKILL_INCLUDE_TOP,
				&report));
	EXPECT_EQ(0, report.signalled);
	EXPECT_EQ(0, report.refused);
	EXPECT_EQ(0, report.running);
	EXPECT_LT(0, kernel_threads());
	EXPECT_EQ('S', state_of(2));
}

/*
 * Rights over another's tree
 */

static int sleep_as(void *uid)
{
	if (drop_to((long)uid))
		return 1;
	return sleep_on(NULL);
}

static int have_mixed(void *arg)
{
	tree_spawn(sleep_as, (void *)CALLER);
	tree_spawn(sleep_as, (void *)OTHER);
	tree_spawn(sleep_as, (void *)0);
	return sleep_on(arg);
}

static int kill_strangers(void *arg)
{
	int fd = *(int *)arg;

	tree->ret = fkillbelow(fd, SIGKILL, 500, FKILL_INCLUDE_TOP,
			       &tree->report);
	return 0;
}

static void kill_mixed(struct __test_metadata *_metadata, uid_t uid)
{
	pid_t pid = tree_spawn(have_mixed, NULL);
	int fd;

	ASSERT_TRUE(tree_is_ready(4));
	fd = fkill_open(pid);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, run_as(uid, kill_strangers, &fd));
}

TEST_F(top, anothers_tree_as_root)
{
	kill_mixed(_metadata, 0);
	EXPECT_EQ(0, tree->ret);
	EXPECT_EQ(4, tree->report.signalled);
	EXPECT_EQ(0, tree->report.refused);
}

/* Each is judged as by kill(2), whatever cross_uid says. */
TEST_F(top, anothers_tree_unprivileged)
{
	kill_mixed(_metadata, CALLER);
	EXPECT_EQ(1, tree->ret);
	EXPECT_EQ(1, tree->report.signalled);
	EXPECT_EQ(3, tree->report.refused);
	EXPECT_EQ(3, tree->report.running);
	/* Whom /proc with hidepid would hide is not named here either. */
	EXPECT_EQ(0, tree->report.first);
}

static int kill_descendant(void *arg)
{
	int fd;

	(void)arg;
	tree->pid[0] = tree_spawn(have_mixed, NULL);
	if (!tree_is_ready(4))
		return 1;
	fd = fkill_open(tree->pid[0]);
	if (fd < 0 || drop_to(CALLER))
		return 2;
	return kill_strangers(&fd);
}

/* Below the caller, uids are no barrier, whichever process is the top. */
TEST_F(top, descendant_of_an_unprivileged_caller)
{
	ASSERT_EQ(0, run_child(kill_descendant, NULL));
	EXPECT_EQ(0, tree->ret);
	EXPECT_EQ(4, tree->report.signalled);
	EXPECT_EQ(0, tree->report.refused);
}

TEST_HARNESS_MAIN
