// SPDX-License-Identifier: GPL-2.0-only
/* Whose is a process? The nearest ancestor that is registered. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>

#include "common.h"
#include "harness.h"
#include "owned.h"
#include "tree.h"

#define DEPTH	100

FIXTURE(whose) {
};

FIXTURE_SETUP(whose)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(whose)
{
	fkill_disown();
	tree_end();
}

static pid_t owner_of(pid_t pid)
{
	int fd = fkill_open(pid);
	pid_t owner = fkill_owner(fd);

	close(fd);
	return owner;
}

TEST_F(whose, nobodys)
{
	pid_t pid = tree_sleeper();

	EXPECT_EQ(0, fkill_owner(FKILL_SELF));
	EXPECT_EQ(0, owner_of(pid));
	EXPECT_EQ(0, owner_of(getpid()));
	EXPECT_EQ(0, owner_of(1));
}

TEST_F(whose, the_test_s_until_it_gives_up)
{
	pid_t pid = tree_sleeper();

	ASSERT_EQ(0, fkill_own(0, 0));
	EXPECT_EQ(getpid(), owner_of(pid));
	/* Nobody is below itself. */
	EXPECT_EQ(0, fkill_owner(FKILL_SELF));
	EXPECT_EQ(0, owner_of(getpid()));
	ASSERT_EQ(0, fkill_disown());
	EXPECT_EQ(0, owner_of(pid));
}

static int ask_in_child(void *owner)
{
	return fkill_owner(FKILL_SELF) != *(pid_t *)owner;
}

TEST_F(whose, asked_by_those_below)
{
	pid_t owner = getpid();

	ASSERT_EQ(0, fkill_own(0, 0));
	EXPECT_EQ(0, run_child(ask_in_child, &owner));
	EXPECT_EQ(0, run_as(NOBODY, ask_in_child, &owner));
}

TEST_F(whose, by_descriptors_of_every_kind)
{
	pid_t pid = tree_sleeper();
	const int fds[] = {
		fkill_open(pid),
		open_proc(pid, "", O_PATH),
		open_proc(pid, "kill", O_WRONLY),
		open_proc(pid, "kill", O_PATH),
		syscall(SYS_pidfd_open, pid, 0),
	};
	size_t i;

	ASSERT_EQ(0, fkill_own(0, 0));
	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		EXPECT_EQ(getpid(), fkill_owner(fds[i]));
	}
	kill_and_reap(pid);
	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		EXPECT_EQ(ESRCH, errno_of(fkill_owner(fds[i])));
		close(fds[i]);
	}
	EXPECT_EQ(EBADF, errno_of(fkill_owner(-1)));
	EXPECT_EQ(EBADF, errno_of(fkill_owner(0)));
}

/*
 * A line of processes, in which some are owners.
 */

struct line {
	int owners;		/* bit n: the n-th is one */
	int depth;
};

static int continue_line(void *arg)
{
	struct line *line = arg;

	if (line->owners & 1 && fkill_own(0, 0))
		return 255;
	if (tree->ready < 4)
		tree->pid[tree->ready] = getpid();
	tree_ready();
	line->owners >>= 1;
	if (--line->depth)
		tree_spawn(continue_line, line);
	else
		tree->turn = getpid();
	return sleep_for_ever(NULL);
}

/* The last of a line; the first four are in tree->pid. */
static pid_t start_line(int owners, int depth)
{
	struct line line = { owners, depth };

	tree_spawn(continue_line, &line);
	wait_until(tree->turn);
	return tree->turn;
}

TEST_F(whose, nearest)
{
	pid_t last = start_line(0x5, 4);

	EXPECT_EQ(tree->pid[2], owner_of(last));
	EXPECT_EQ(tree->pid[0], owner_of(tree->pid[2]));
	EXPECT_EQ(tree->pid[0], owner_of(tree->pid[1]));
	EXPECT_EQ(0, owner_of(tree->pid[0]));
}

TEST_F(whose, far_above)
{
	pid_t last = start_line(0x1, DEPTH);

	ASSERT_LT(0, last);
	EXPECT_EQ(tree->pid[0], owner_of(last));
}

/* The list says the same of everybody. */
TEST_F(whose, in_the_list)
{
	struct fkill_process all[DEPTH];
	int i;

	ASSERT_LT(0, start_line(0x9, 20));
	ASSERT_EQ(0, fkill_own(0, 0));
	ASSERT_EQ(20, fkill_list(FKILL_SELF, all, DEPTH, 0));
	for (i = 0; i < 20; i++) {
		EXPECT_EQ(owner_of(all[i].pid), all[i].owner);
	}
	EXPECT_EQ(getpid(), all[0].owner);
	EXPECT_EQ(tree->pid[0], all[3].owner);
	EXPECT_EQ(tree->pid[3], all[19].owner);
}

/* Whoever has died is passed by; what was below it is reparented. */
TEST_F(whose, after_the_death_of_the_nearest)
{
	pid_t last = start_line(0x5, 4);

	ASSERT_EQ(0, fkill_own(0, 0));
	kill_and_reap(tree->pid[0]);
	EXPECT_EQ(getpid(), owner_of(tree->pid[1]));
	EXPECT_EQ(tree->pid[2], owner_of(last));
	kill_and_reap(tree->pid[1]);
	kill_and_reap(tree->pid[2]);
	EXPECT_EQ(getpid(), owner_of(last));
}

static int void_owner(void *arg)
{
	if (fkill_own(0, 0))
		return 255;
	tree->pid[0] = tree_sleeper();
	tree->ret = owner_of(tree->pid[0]) == getpid();
	if (drop_to(NOBODY))
		return 255;
	return sleep_on(arg);
}

TEST_F(whose, void_owner_is_skipped)
{
	struct fkill_process all[2];

	ASSERT_EQ(0, fkill_own(0, 0));
	ASSERT_LT(0, tree_spawn(void_owner, NULL));
	ASSERT_TRUE(tree_is_ready(2));
	EXPECT_TRUE(tree->ret);
	EXPECT_EQ(getpid(), owner_of(tree->pid[0]));
	ASSERT_EQ(2, fkill_list(FKILL_SELF, all, 2, 0));
	EXPECT_EQ(getpid(), all[1].owner);
}

/* A zombie has a parent, and so an owner. */
TEST_F(whose, zombie)
{
	pid_t pid = spawn_zombie();

	ASSERT_EQ(0, fkill_own(0, 0));
	EXPECT_EQ(getpid(), owner_of(pid));
}

/*
 * Pid namespaces: the answer is a number of the caller's.
 */

static int own_within(void *arg)
{
	(void)arg;
	if (fkill_own(0, 0))
		return 255;
	tree->pid[1] = spawn_sleeper();
	tree->ret = owner_of(tree->pid[1]) == getpid();
	return sleep_on(NULL);
}

/* Its owner is outside, that of its grandchild is inside. */
static int ask_as_init(void *fd)
{
	if (fkill_owner(FKILL_SELF))
		return 1;
	if (errno_of(fkill_owner(*(int *)fd)) != EINVAL)
		return 2;
	tree_spawn(own_within, NULL);
	return sleep_on(NULL);
}

TEST_F(whose, across_a_namespace)
{
	int fd = fkill_open(getpid());
	pid_t init;

	ASSERT_EQ(0, fkill_own(0, 0));
	init = spawn_flags(CLONE_NEWPID, ask_as_init, &fd);
	ASSERT_TRUE(tree_is_ready(2));
	EXPECT_EQ(getpid(), owner_of(init));
	kill_and_reap(init);
	close(fd);
}

/* Seen from outside: an owner within has another number here. */
TEST_F(whose, owner_within_a_namespace)
{
	struct fkill_process all[4];
	int fd = fkill_open(getpid());
	pid_t init = spawn_flags(CLONE_NEWPID, ask_as_init, &fd);

	ASSERT_TRUE(tree_is_ready(2));
	ASSERT_EQ(3, fkill_list(FKILL_SELF, all, 4, 0));
	EXPECT_EQ(init, all[0].pid);
	EXPECT_EQ(all[1].pid, all[2].owner);
	EXPECT_EQ(all[1].pid, owner_of(all[2].pid));
	kill_and_reap(init);
	close(fd);
}

TEST_HARNESS_MAIN
