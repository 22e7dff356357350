// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exit-kill against those who fork, exit and exec at the same moment. Each
 * round starts from nobody and must end so: when wait() has told of the owner,
 * nobody runs.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "common.h"
#include "harness.h"
#include "modctl.h"
#include "owned.h"
#include "race.h"
#include "tree.h"

#define THREADS	8

FIXTURE(race) {
};

FIXTURE_SETUP(race)
{
	ASSERT_EQ(0, tree_begin());
}

/* Each owner that has died has let go of the module. */
FIXTURE_TEARDOWN(race)
{
	tree_end();
	EXPECT_TRUE(wait_until(module_is_idle()));
}

static bool dies(const struct estate *estate, int sig, int status, int round)
{
	pid_t owner = spawn_owner(estate);

	if (owner < 0)
		return false;
	reach_moment(round);
	if (sig)
		kill(owner, sig);
	return reap(owner) == status && reap_all() >= 0;
}

static void play(struct __test_metadata *_metadata, int rounds,
		 const struct estate *estate, int sig, int status)
{
	int i;

	for (i = 0; play_on(i, rounds); i++) {
		ASSERT_TRUE(dies(estate, sig, status, i))
			TH_LOG("in round %d", i);
	}
	TH_LOG("%d rounds, %d births", i, tree->born);
}

/*
 * Those below fork.
 */

static bool grow_comets(void)
{
	int goal = tree->born + 20;
	int i;

	for (i = 0; i < 8; i++)
		if (tree_spawn(comet, NULL) < 0)
			return false;
	return wait_until(tree->born >= goal);
}

TEST_F(race, comets_below_one_that_is_killed)
{
	const struct estate estate = {
		.subreaper = true,
		.linger = LONG_LINGER,
		.grow = grow_comets,
		.end = end_by_others,
	};

	play(_metadata, 60, &estate, SIGKILL, SIGKILL);
}

TEST_F(race, comets_below_one_that_leaves)
{
	const struct estate estate = {
		.subreaper = true,
		.linger = LONG_LINGER,
		.grow = grow_comets,
	};

	play(_metadata, 60, &estate, 0, OWNER_LEAVES << 8);
}

/*
 * The owner forks: in all of its threads, until it dies.
 */

static void *keep_forking(void *arg)
{
	int limit = tree->born + 400;

	while (tree_grows() && tree->born < limit) {
		tree->born++;
		tree_spawn(sleep_for_ever, NULL);
	}
	return arg;
}

static bool start_threads(void *(*fn)(void *arg), int count)
{
	pthread_t thread;
	int i;

	for (i = 0; i < count; i++)
		if (pthread_create(&thread, NULL, fn, NULL))
			return false;
	return true;
}

static bool grow_forking_threads(void)
{
	int goal = tree->born + 4;

	return start_threads(keep_forking, 4) &&
	       wait_until(tree->born >= goal);
}

TEST_F(race, fork_in_threads_of_one_that_is_killed)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_forking_threads,
		.end = end_by_others,
	};

	play(_metadata, 60, &estate, SIGKILL, SIGKILL);
}

TEST_F(race, fork_in_threads_of_one_that_leaves)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_forking_threads,
	};

	play(_metadata, 60, &estate, 0, OWNER_LEAVES << 8);
}

/*
 * All threads have children, and leave at the same moment.
 */

static atomic_int at_start;

static void start_together(int count)
{
	at_start++;
	while (at_start < count)
		;
}

/* The parent of a child is the thread that has forked. */
static void *fork_and_leave(void *arg)
{
	tree_spawn(sleep_for_ever, NULL);
	start_together(THREADS);
	return arg;
}

static void fork_and_leave_too(void)
{
	tree_spawn(sleep_for_ever, NULL);
	start_together(THREADS);
	pthread_exit(NULL);
}

static bool grow_leaving_threads(void)
{
	return start_threads(fork_and_leave, THREADS - 1);
}

TEST_F(race, all_threads_leave_at_once)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_leaving_threads,
		.end = fork_and_leave_too,
	};

	play(_metadata, 60, &estate, 0, 0);
}

static void *fork_and_leave_in_pair(void *arg)
{
	tree_spawn(sleep_for_ever, NULL);
	start_together(2);
	syscall(SYS_exit, 0);
	return arg;
}

static void leave_in_pair(void)
{
	tree_spawn(sleep_for_ever, NULL);
	start_together(2);
	syscall(SYS_exit, 0);
}

static bool grow_pair(void)
{
	return start_threads(fork_and_leave_in_pair, 1);
}

TEST_F(race, two_threads_leave_at_once)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_pair,
		.end = leave_in_pair,
	};

	play(_metadata, 100, &estate, 0, 0);
}

static void *fork_and_stay(void *arg)
{
	tree_spawn(sleep_for_ever, NULL);
	at_start++;
	end_by_others();
	return arg;
}

static bool grow_staying_threads(void)
{
	return start_threads(fork_and_stay, THREADS) &&
	       wait_until(at_start == THREADS);
}

TEST_F(race, threads_with_children_are_killed)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_staying_threads,
		.end = end_by_others,
	};

	play(_metadata, 60, &estate, SIGKILL, SIGKILL);
}

/*
 * Exec by a thread: the process lives on, and so do those below.
 */

static void *exec_itself(void *arg)
{
	start_together(2);
	execl("/bin/true", "true", NULL);
	return arg;
}

static void *leave_before_exec(void *arg)
{
	tree_spawn(sleep_for_ever, NULL);
	return arg;
}

static bool grow_exec(void)
{
	return start_threads(fork_and_stay, 2) && wait_until(at_start == 2) &&
	       !(at_start = 0) && start_threads(leave_before_exec, 2) &&
	       start_threads(exec_itself, 1);
}

static void leave_before_the_exec(void)
{
	start_together(2);
	pthread_exit(NULL);
}

TEST_F(race, leader_leaves_and_a_thread_calls_exec)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_exec,
		.end = leave_before_the_exec,
	};

	play(_metadata, 60, &estate, 0, 0);
}

static void race_with_exec(void)
{
	start_together(2);
	end_by_others();
}

/* Killed on the way: either is right, as long as nobody is left. */
TEST_F(race, killed_while_a_thread_calls_exec)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_exec,
		.end = race_with_exec,
	};
	pid_t owner;
	int i, status;

	for (i = 0; play_on(i, 60); i++) {
		owner = spawn_owner(&estate);
		ASSERT_LT(0, owner);
		reach_moment(i);
		kill(owner, SIGKILL);
		status = reap(owner);
		ASSERT_TRUE(status == SIGKILL || status == 0);
		ASSERT_LE(0, reap_all())
			TH_LOG("in round %d", i);
	}
}

/*
 * Registering and giving up in threads, until the end.
 */

static void *register_for_ever(void *arg)
{
	while (tree_grows()) {
		fkill_own(FKILL_OWN_EXIT_KILL, LONG_LINGER);
		fkill_disown();
	}
	return arg;
}

static bool grow_registrars(void)
{
	return start_threads(register_for_ever, 3);
}

/* Registered or not at that moment; the teardown looks at the module. */
TEST_F(race, registering_while_dying)
{
	const struct estate estate = {
		.grow = grow_registrars,
		.end = end_by_others,
	};

	play(_metadata, 60, &estate, SIGKILL, SIGKILL);
}

/*
 * Registering while the only other thread leaves: the exit-kill must not take
 * that for one that stays. It is held up on its way by moves between cgroups.
 */

#define CGROUP	"/sys/fs/cgroup/fkill-race"

static void *move_around(void *stop)
{
	while (!*(atomic_bool *)stop) {
		write_file(CGROUP "/cgroup.procs", "0");
		write_file("/sys/fs/cgroup/cgroup.procs", "0");
	}
	return NULL;
}

static void *leave_at_start(void *arg)
{
	start_together(2);
	syscall(SYS_exit, 0);
	return arg;
}

static int register_and_leave(void *round)
{
	atomic_long delay = (long)round % 16 * 200;

	if (tree_sleeper() < 0 || !start_threads(leave_at_start, 1))
		return 1;
	start_together(2);
	while (delay-- > 0)
		;
	if (fkill_own(FKILL_OWN_EXIT_KILL, LONG_LINGER))
		return 2;
	syscall(SYS_exit, 0);
	return 3;
}

TEST_F(race, registering_while_another_leaves)
{
	atomic_bool stop = false;
	pthread_t mover;
	bool good = true;
	long i;

	ASSERT_EQ(0, mkdir(CGROUP, 0755));
	ASSERT_EQ(0, pthread_create(&mover, NULL, move_around, &stop));
	for (i = 0; good && play_on(i, 200); i++)
		good = reap(tree_spawn(register_and_leave, (void *)i)) == 0 &&
		       reap_all() == 1;
	stop = true;
	pthread_join(mover, NULL);
	rmdir(CGROUP);
	EXPECT_TRUE(good);
	TH_LOG("%ld rounds", i);
}

static const struct estate inner = {
	.linger = LONG_LINGER,
	.grow = grow_sleeper,
	.end = end_by_others,
};

static bool grow_owners(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		tree->pid[i] = spawn_owner(&inner);
		if (tree->pid[i] < 0)
			return false;
	}
	return true;
}

TEST_F(race, owners_below_an_owner)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_owners,
		.end = end_by_others,
	};

	play(_metadata, 30, &estate, SIGKILL, SIGKILL);
}

TEST_HARNESS_MAIN
