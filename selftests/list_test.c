// SPDX-License-Identifier: GPL-2.0-only
/* The list of everybody below a process, and who is whose. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>

#include "common.h"
#include "harness.h"
#include "owned.h"
#include "race.h"
#include "tree.h"

#define MANY	2000

FIXTURE(list) {
	struct fkill_process *all;
};

FIXTURE_SETUP(list)
{
	ASSERT_EQ(0, tree_begin());
	self->all = calloc(MANY + 64, sizeof(*self->all));
	ASSERT_NE(NULL, self->all);
}

FIXTURE_TEARDOWN(list)
{
	free(self->all);
	tree_end();
}

/* Its place in the list, or -1. */
static int find(const struct fkill_process *all, int count, pid_t pid)
{
	int i;

	for (i = 0; i < count; i++)
		if (all[i].pid == pid)
			return i;
	return -1;
}

/* The parent of each is the top or comes before it, and nobody comes twice. */
static bool is_tree(const struct fkill_process *all, int count, pid_t top)
{
	int i;

	for (i = 0; i < count; i++)
		if ((all[i].parent != top &&
		     find(all, i, all[i].parent) < 0) ||
		    find(all, i, all[i].pid) >= 0)
			return false;
	return true;
}

/* All below a process follow it without a gap. */
static bool is_depth_first(const struct fkill_process *all, int count,
			   pid_t top)
{
	int i, j;

	for (i = 1; i < count; i++) {
		j = i - 1;
		while (j >= 0 && all[j].pid != all[i].parent)
			j = find(all, j, all[j].parent);
		if (j < 0 && all[i].parent != top)
			return false;
	}
	return true;
}

TEST_F(list, nobody)
{
	EXPECT_EQ(0, fkill_list(FKILL_SELF, NULL, 0, 0));
	EXPECT_EQ(0, fkill_list(FKILL_SELF, self->all, MANY, 0));
}

TEST_F(list, tells_of_each)
{
	pid_t sleeper = tree_sleeper();
	pid_t user = spawn_sleeper_as(1000);
	pid_t zombie = spawn_zombie();
	int i;

	ASSERT_TRUE(wait_until(state_of(sleeper) == 'S'));
	ASSERT_TRUE(wait_until(state_of(user) == 'S'));
	ASSERT_EQ(3, fkill_list(FKILL_SELF, self->all, MANY, 0));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(getpid(), self->all[i].parent);
		EXPECT_EQ(0, self->all[i].owner);
	}
	i = find(self->all, 3, sleeper);
	ASSERT_LE(0, i);
	EXPECT_EQ(0, self->all[i].uid);
	EXPECT_EQ('S', self->all[i].state);
	i = find(self->all, 3, user);
	ASSERT_LE(0, i);
	EXPECT_EQ(1000, self->all[i].uid);
	i = find(self->all, 3, zombie);
	ASSERT_LE(0, i);
	EXPECT_EQ('Z', self->all[i].state);
}

TEST_F(list, state_of_the_stopped)
{
	pid_t pid = tree_sleeper();

	ASSERT_EQ(0, kill(pid, SIGSTOP));
	ASSERT_TRUE(wait_until(state_of(pid) == 'T'));
	ASSERT_EQ(1, fkill_list(FKILL_SELF, self->all, MANY, 0));
	EXPECT_EQ('T', self->all[0].state);
}

/* A tree with three children of each, of the given depth. */
static int branch(void *depth)
{
	int i;

	for (i = 0; i < 3 && (long)depth > 1; i++)
		tree_spawn(branch, (void *)((long)depth - 1));
	return sleep_on(NULL);
}

TEST_F(list, depth_first)
{
	const int count = 1 + 3 + 9 + 27;
	pid_t top = tree_spawn(branch, (void *)4);
	int fd;

	ASSERT_TRUE(tree_is_ready(count));
	ASSERT_EQ(count, fkill_list(FKILL_SELF, self->all, MANY, 0));
	EXPECT_EQ(top, self->all[0].pid);
	EXPECT_TRUE(is_tree(self->all, count, getpid()));
	EXPECT_TRUE(is_depth_first(self->all, count, getpid()));

	fd = fkill_open(top);
	EXPECT_EQ(count - 1, fkill_list(fd, self->all, MANY, 0));
	EXPECT_TRUE(is_depth_first(self->all, count - 1, top));
	close(fd);
}

TEST_F(list, includes_the_top)
{
	pid_t top = tree_spawn(branch, (void *)2);
	int fd = fkill_open(top);

	ASSERT_TRUE(tree_is_ready(4));
	ASSERT_EQ(4, fkill_list(fd, self->all, MANY, FKILL_INCLUDE_TOP));
	EXPECT_EQ(top, self->all[0].pid);
	EXPECT_EQ(getpid(), self->all[0].parent);
	EXPECT_TRUE(is_tree(self->all, 4, getpid()));
	close(fd);
}

TEST_F(list, includes_the_caller)
{
	pid_t pid = tree_sleeper();

	ASSERT_EQ(2, fkill_list(FKILL_SELF, self->all, MANY,
				FKILL_INCLUDE_TOP));
	EXPECT_EQ(getpid(), self->all[0].pid);
	EXPECT_EQ(getppid(), self->all[0].parent);
	EXPECT_EQ(pid, self->all[1].pid);
}

TEST_F(list, short_buffer)
{
	const struct fkill_process untouched = { .pid = -1 };
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(5, fkill_list(FKILL_SELF, NULL, 0, 0));
	self->all[3] = untouched;
	EXPECT_EQ(5, fkill_list(FKILL_SELF, self->all, 3, 0));
	EXPECT_TRUE(is_tree(self->all, 3, getpid()));
	EXPECT_EQ(-1, self->all[3].pid);
	self->all[5] = untouched;
	EXPECT_EQ(5, fkill_list(FKILL_SELF, self->all, 5, 0));
	EXPECT_EQ(-1, self->all[5].pid);
}

TEST_F(list, refusals)
{
	pid_t pid = tree_sleeper();
	int fd = fkill_open(pid);
	int flag;

	EXPECT_EQ(EBADF, errno_of(fkill_list(-1, self->all, 1, 0)));
	EXPECT_EQ(EBADF, errno_of(fkill_list(0, self->all, 1, 0)));
	for (flag = 1; flag < 32; flag++) {
		EXPECT_EQ(EINVAL, errno_of(fkill_list(FKILL_SELF, self->all, 1,
						      1U << flag)));
	}
	EXPECT_EQ(EFAULT, errno_of(fkill_list(FKILL_SELF, (void *)16, 1, 0)));
	EXPECT_EQ(EFAULT, errno_of(fkill_list(FKILL_SELF, NULL, 1, 0)));
	kill_and_reap(pid);
	EXPECT_EQ(ESRCH, errno_of(fkill_list(fd, self->all, 1, 0)));
	close(fd);
	/* Nobody to write of. */
	EXPECT_EQ(0, fkill_list(FKILL_SELF, NULL, 1, 0));
}

TEST_F(list, many)
{
	int i;

	for (i = 0; i < MANY; i++)
		ASSERT_LT(0, tree_spawn_thin(sleep_for_ever, NULL));
	EXPECT_EQ(MANY, fkill_list(FKILL_SELF, NULL, 0, 0));
	EXPECT_EQ(MANY, fkill_list(FKILL_SELF, self->all, MANY, 0));
	EXPECT_TRUE(is_tree(self->all, MANY, getpid()));
	EXPECT_TRUE(kills_all(MANY));
}

/*
 * What a user is told of a tree that is not its own: what hidepid would show.
 */

static int mixed_tree(void *arg)
{
	(void)arg;
	spawn_sleeper();
	tree->pid[1] = spawn_sleeper_as(1000);
	return sleep_on(NULL);
}

static int list_of_stranger(void *fd)
{
	struct fkill_process all[8];
	int count = fkill_list(*(int *)fd, all, 8, FKILL_INCLUDE_TOP);

	if (count == 1 && all[0].pid != tree->pid[1])
		return 254;
	return count < 0 ? 255 : count;
}

TEST_F(list, of_others_what_may_be_seen)
{
	pid_t top = tree_spawn(mixed_tree, NULL);
	int fd = fkill_open(top);

	ASSERT_TRUE(tree_is_ready(1));
	EXPECT_EQ(3, fkill_list(fd, self->all, MANY, FKILL_INCLUDE_TOP));
	EXPECT_EQ(1, run_as(1000, list_of_stranger, &fd));
	EXPECT_EQ(0, run_as(NOBODY, list_of_stranger, &fd));
	close(fd);
}

/* Of its own tree everything. */
static int list_own(void *arg)
{
	struct fkill_process all[8];

	(void)arg;
	spawn_sleeper();
	spawn_sleeper_as(2000);
	if (drop_to(1000))
		return 255;
	return fkill_list(FKILL_SELF, all, 8, 0);
}

TEST_F(list, of_ones_own_everybody)
{
	EXPECT_EQ(2, run_child(list_own, NULL));
}

/* Pids are those of the caller's namespace. */
static int list_in_namespace(void *fd)
{
	struct fkill_process all[8];
	pid_t pid = spawn_sleeper();

	if (fkill_list(FKILL_SELF, all, 8, 0) != 1)
		return 1;
	if (all[0].pid != pid || all[0].parent != 1)
		return 2;
	return errno_of(fkill_list(*(int *)fd, all, 8, 0)) != EINVAL;
}

TEST_F(list, in_a_pid_namespace)
{
	int fd = fkill_open(getpid());

	EXPECT_EQ(0, reap(spawn_flags(CLONE_NEWPID, list_in_namespace, &fd)));
	close(fd);
}

/*
 * One moment, although everybody forks and leaves.
 */

/* Chains that grow from below and die from above. */
static int fly_in_line(void *arg)
{
	(void)arg;
	while (tree_grows()) {
		tree->born++;
		if (fork()) {
			usleep(2000);
			_exit(0);
		}
	}
	return 0;
}

TEST_F(list, is_of_one_moment)
{
	int i, count;

	for (i = 0; i < 4; i++) {
		ASSERT_LT(0, tree_spawn(comet, NULL));
		ASSERT_LT(0, tree_spawn(fly_in_line, NULL));
	}
	for (i = 0; play_on(i, 200); i++) {
		count = fkill_list(FKILL_SELF, self->all, MANY, 0);
		ASSERT_LE(0, count);
		if (count > MANY)
			continue;
		ASSERT_TRUE(is_tree(self->all, count, getpid()))
			TH_LOG("in round %d", i);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	EXPECT_EQ(0, killbelow(SIGKILL, LONG_MS));
	TH_LOG("%d rounds, %d births", i, tree->born);
}

TEST_HARNESS_MAIN
