// SPDX-License-Identifier: GPL-2.0-only
/* Exit-kill: who is not below, or not meant, lives on. */
#define _GNU_SOURCE
#include "common.h"
#include "harness.h"
#include "owned.h"
#include "tree.h"

#define EXITED(code)	((code) << 8)

FIXTURE(spared) {
};

FIXTURE_SETUP(spared)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(spared)
{
	tree_end();
}

/* An owner that is no subreaper loses the daemon before it dies. */
static int start_daemon(void *arg)
{
	(void)arg;
	setsid();
	grow_sleeper();
	return 0;
}

static bool grow_lost_daemon(void)
{
	pid_t pid = tree_spawn(start_daemon, NULL);

	return reap(pid) == 0 && tree->pid[0] > 0;
}

TEST_F(spared, daemon_without_a_subreaper)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_lost_daemon,
	};
	pid_t owner = spawn_owner(&estate);

	ASSERT_LT(0, owner);
	EXPECT_EQ(EXITED(OWNER_LEAVES), reap(owner));
	EXPECT_TRUE(is_left_alone(tree->pid[0]));
}

TEST_F(spared, owner_that_is_only_found)
{
	const struct estate estate = {
		.found_only = true,
		.grow = grow_sleeper,
	};
	pid_t owner = spawn_owner(&estate);

	ASSERT_LT(0, owner);
	EXPECT_EQ(EXITED(OWNER_LEAVES), reap(owner));
	EXPECT_TRUE(is_left_alone(tree->pid[0]));
}

static void end_after_disown(void)
{
	if (fkill_disown())
		_exit(1);
}

TEST_F(spared, owner_that_gave_up)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_sleeper,
		.end = end_after_disown,
	};
	pid_t owner = spawn_owner(&estate);

	ASSERT_LT(0, owner);
	EXPECT_EQ(EXITED(OWNER_LEAVES), reap(owner));
	EXPECT_TRUE(is_left_alone(tree->pid[0]));
}

static void end_as_another_user(void)
{
	if (drop_to(NOBODY))
		_exit(1);
}

TEST_F(spared, owner_with_other_credentials)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_sleeper,
		.end = end_as_another_user,
	};
	pid_t owner = spawn_owner(&estate);

	ASSERT_LT(0, owner);
	EXPECT_EQ(EXITED(OWNER_LEAVES), reap(owner));
	EXPECT_TRUE(is_left_alone(tree->pid[0]));
}

/* Of the same parent, but not below. */
TEST_F(spared, siblings)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_sleeper,
	};
	pid_t sibling = tree_sleeper();

	EXPECT_EQ(EXITED(OWNER_LEAVES), reap(spawn_owner(&estate)));
	EXPECT_EQ(SIGKILL, reap(tree->pid[0]));
	EXPECT_TRUE(is_left_alone(sibling));
}

static int fork_and_leave(void *arg)
{
	(void)arg;
	tree->pid[1] = tree_sleeper();
	return 0;
}

/* Registration is not inherited: the end of a child kills nobody. */
static bool grow_heir(void)
{
	return reap(tree_spawn(fork_and_leave, NULL)) == 0 &&
	       is_left_alone(tree->pid[1]);
}

TEST_F(spared, by_the_end_of_a_child)
{
	const struct estate estate = {
		.subreaper = true,
		.linger = LONG_LINGER,
		.grow = grow_heir,
	};

	pid_t owner = spawn_owner(&estate);
	int left;

	ASSERT_LT(0, owner);
	EXPECT_EQ(EXITED(OWNER_LEAVES), reap_owner(owner, &left));
	EXPECT_EQ(1, left);
}

/* The owner goes on in another program: nobody dies of that. */
static void end_in_sleep(void)
{
	execl("/bin/sleep", "sleep", "1000", NULL);
}

TEST_F(spared, by_exec)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_sleeper,
		.end = end_in_sleep,
	};
	pid_t owner = spawn_owner(&estate);
	int left;

	ASSERT_TRUE(wait_until(runs_program(owner, "sleep")));
	EXPECT_TRUE(is_left_alone(tree->pid[0]));
	kill(owner, SIGTERM);
	EXPECT_EQ(SIGTERM, reap_owner(owner, &left));
	EXPECT_EQ(1, left);
}

/*
 * Owners below owners.
 */

static const struct estate inner = {
	.linger = LONG_LINGER,
	.grow = grow_sleeper,
	.end = end_by_others,
};

static bool grow_owner(void)
{
	tree->pid[2] = tree_sleeper();
	tree->pid[1] = spawn_owner(&inner);
	return tree->pid[1] > 0;
}

static const struct estate outer = {
	.subreaper = true,
	.linger = LONG_LINGER,
	.grow = grow_owner,
	.end = end_by_others,
};

TEST_F(spared, by_an_owner_below)
{
	pid_t owner = spawn_owner(&outer);
	int left;

	ASSERT_LT(0, owner);
	ASSERT_EQ(0, kill(tree->pid[1], SIGKILL));
	EXPECT_TRUE(wait_until(!is_running(tree->pid[1])));
	EXPECT_FALSE(is_running(tree->pid[0]));
	EXPECT_TRUE(is_left_alone(tree->pid[2]));
	EXPECT_TRUE(is_left_alone(owner));
	kill(owner, SIGKILL);
	EXPECT_EQ(SIGKILL, reap_owner(owner, &left));
	EXPECT_EQ(3, left);
}

TEST_F(spared, not_an_owner_below)
{
	pid_t owner = spawn_owner(&outer);
	int left;

	ASSERT_LT(0, owner);
	ASSERT_EQ(0, kill(owner, SIGKILL));
	EXPECT_EQ(SIGKILL, reap_owner(owner, &left));
	EXPECT_EQ(3, left);
}

TEST_HARNESS_MAIN
