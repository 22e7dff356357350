// SPDX-License-Identifier: GPL-2.0-only
/* Exit-kill and threads: not before the last one leaves, and then for sure. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/syscall.h>

#include "common.h"
#include "harness.h"
#include "owned.h"
#include "tree.h"

#define THREADS	8

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

static void *have_a_child(void *end)
{
	tree_sleeper();
	tree->turn++;
	((void (*)(void))end)();
	return NULL;
}

/* Each thread has a child of its own, and then comes to @end. */
static bool start_threads(int count, void (*end)(void))
{
	int turn = tree->turn;
	pthread_t thread;
	int i;

	for (i = 0; i < count; i++)
		if (pthread_create(&thread, NULL, have_a_child, end))
			return false;
	return wait_until(tree->turn == turn + count);
}

static bool grow_threads(void)
{
	return start_threads(THREADS, end_by_others);
}

static void check_threads(struct __test_metadata *_metadata,
			  const struct estate *estate, int sig, int status)
{
	pid_t owner = spawn_owner(estate);

	ASSERT_LT(0, owner);
	if (sig)
		ASSERT_EQ(0, kill(owner, sig));
	EXPECT_EQ(status, reap(owner));
	EXPECT_EQ(THREADS, reap_all());
}

TEST_F(threads, killed)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_threads,
		.end = end_by_others,
	};

	check_threads(_metadata, &estate, SIGKILL, SIGKILL);
}

TEST_F(threads, leader_returns)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_threads,
	};

	check_threads(_metadata, &estate, 0, OWNER_LEAVES << 8);
}

/* Another thread than the leader ends the process. */

static void exit_in_turn(void)
{
	while (!tree->go)
		nap();
	exit(9);
}

static bool grow_exiting_threads(void)
{
	return start_threads(THREADS, exit_in_turn);
}

static void end_by_threads(void)
{
	tree->go = true;
	end_by_others();
}

TEST_F(threads, all_exit_at_once)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_exiting_threads,
		.end = end_by_threads,
	};

	check_threads(_metadata, &estate, 0, 9 << 8);
}

/* Only the threads end, one after the other. */

static void leave_in_own_turn(void)
{
	int turn = tree->born++;

	while (tree->left < turn)
		nap();
	tree->left++;
}

static bool grow_leaving_threads(void)
{
	return start_threads(THREADS, leave_in_own_turn);
}

static void end_as_a_thread(void)
{
	pthread_exit(NULL);
}

TEST_F(threads, leave_one_by_one)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_leaving_threads,
		.end = end_as_a_thread,
	};

	check_threads(_metadata, &estate, 0, 0);
}

/* The leader is a zombie and another thread runs on: the owner lives. */

static void stay(void)
{
	while (!tree->go)
		nap();
}

static bool grow_staying_thread(void)
{
	return start_threads(1, stay);
}

static const struct estate headless = {
	.linger = LONG_LINGER,
	.grow = grow_staying_thread,
	.end = end_as_a_thread,
};

/* The only child: of the thread that lives on, or given to it. */
static pid_t child_of(pid_t owner)
{
	struct fkill_process child;
	int fd = fkill_open(owner);
	int count = fkill_list(fd, &child, 1, 0);

	close(fd);
	return count == 1 ? child.pid : -1;
}

TEST_F(threads, leader_leaves_first)
{
	pid_t owner = spawn_owner(&headless);
	pid_t child;

	ASSERT_LT(0, owner);
	ASSERT_TRUE(wait_until(state_of(owner) == 'Z'));
	child = child_of(owner);
	ASSERT_LT(0, child);
	EXPECT_TRUE(is_left_alone(child));
	tree->go = true;
	EXPECT_EQ(0, reap(owner));
	EXPECT_EQ(1, reap_all());
}

TEST_F(threads, leader_leaves_first_and_the_rest_is_killed)
{
	pid_t owner = spawn_owner(&headless);

	ASSERT_LT(0, owner);
	ASSERT_TRUE(wait_until(state_of(owner) == 'Z'));
	ASSERT_EQ(0, kill(owner, SIGKILL));
	EXPECT_EQ(SIGKILL, reap(owner));
	EXPECT_EQ(1, reap_all());
}

/* Found under its pid, also by those below. */
TEST_F(threads, owner_without_a_leader_is_found)
{
	pid_t owner = spawn_owner(&headless);
	int fd;

	ASSERT_LT(0, owner);
	ASSERT_TRUE(wait_until(state_of(owner) == 'Z'));
	fd = fkill_open(child_of(owner));
	ASSERT_LE(0, fd);
	EXPECT_EQ(owner, fkill_owner(fd));
	tree->go = true;
	EXPECT_EQ(0, reap(owner));
	EXPECT_EQ(ESRCH, errno_of(fkill_owner(fd)) ?: ESRCH);
	close(fd);
}

/*
 * A thread that is not the leader calls exec: all others end, the process does
 * not, and nobody below is killed.
 */

static void exec_sleep(void)
{
	while (!tree->go)
		nap();
	execl("/bin/sleep", "sleep", "1000", NULL);
}

static bool grow_exec(void)
{
	return start_threads(THREADS - 1, end_by_others) &&
	       start_threads(1, exec_sleep);
}

static bool all_are_left_alone(pid_t owner)
{
	struct fkill_process below[THREADS];
	int fd = fkill_open(owner);
	int count = fkill_list(fd, below, THREADS, 0);
	int i;

	close(fd);
	for (i = 0; i < count && i < THREADS; i++)
		if (below[i].owner != owner || !is_left_alone(below[i].pid))
			return false;
	return count == THREADS;
}

static void check_exec(struct __test_metadata *_metadata,
		       const struct estate *estate)
{
	pid_t owner = spawn_owner(estate);

	ASSERT_LT(0, owner);
	tree->go = true;
	ASSERT_TRUE(wait_until(runs_program(owner, "sleep")));
	EXPECT_TRUE(all_are_left_alone(owner));
	ASSERT_EQ(0, kill(owner, SIGTERM));
	EXPECT_EQ(SIGTERM, reap(owner));
	EXPECT_EQ(THREADS, reap_all());
}

TEST_F(threads, exec_by_another_than_the_leader)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_exec,
		.end = end_by_others,
	};

	check_exec(_metadata, &estate);
}

TEST_F(threads, exec_after_the_leader_has_left)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_exec,
		.end = end_as_a_thread,
	};

	check_exec(_metadata, &estate);
}

/* A thread registers the process, not itself. */

static void *register_process(void *arg)
{
	*(int *)arg = fkill_own(FKILL_OWN_EXIT_KILL, LONG_LINGER);
	return NULL;
}

static bool grow_from_thread(void)
{
	pthread_t thread;
	int ret = -1;

	if (fkill_disown() ||
	    pthread_create(&thread, NULL, register_process, &ret) ||
	    pthread_join(thread, NULL))
		return false;
	return !ret && grow_sleeper();
}

TEST_F(threads, registered_by_a_thread_that_is_gone)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_from_thread,
		.end = end_by_others,
	};
	pid_t owner = spawn_owner(&estate);

	ASSERT_LT(0, owner);
	EXPECT_TRUE(is_left_alone(tree->pid[0]));
	kill(owner, SIGKILL);
	EXPECT_EQ(SIGKILL, reap(owner));
	EXPECT_EQ(1, reap_all());
}

TEST_HARNESS_MAIN
