// SPDX-License-Identifier: GPL-2.0-only
/*
 * killbelow() against those who fork, exit and exec at the same moment. Each
 * test plays many rounds; a round starts from nobody and must end so.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <sys/resource.h>

#include "common.h"
#include "harness.h"
#include "race.h"
#include "tree.h"

FIXTURE(race) {
};

FIXTURE_SETUP(race)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(race)
{
	tree_end();
}

#define CROWD		8
#define SHORT_MS	10000

/*
 * Start @count forkers, and let them get under way. They come after others
 * that only sleep: whoever signals one after the other comes too late.
 */
static bool start(int (*fn)(void *arg), int count)
{
	int goal = tree->born + 2 * count;
	int i;

	for (i = 0; i < CROWD + count; i++)
		if (tree_spawn(i < CROWD ? sleep_on : fn, NULL) < 0)
			return false;
	return wait_until(tree->born >= goal);
}

static int outrun;

/*
 * Without the module those who fork on and on may be too fast for who looks for
 * them. Then the answer is that somebody is left, and they are told to stop.
 */
static bool was_outrun(void)
{
	bool gone;

	if (!backend_is_fallback() || tree->ret != 1)
		return false;
	outrun++;
	tree->stop = true;
	gone = all_gone_soon();
	tree->stop = false;
	return gone;
}

static bool all_end_at_once(int sig, int count)
{
	call_below(sig, backend_is_fallback() ? SHORT_MS : LONG_MS);
	return was_outrun() || (tree->ret == 0 && reap_all() >= count);
}

/* One round: nobody gets away from @sig. */
static bool all_end_by(int sig, int (*fn)(void *arg), int count, int round)
{
	if (!start(fn, count))
		return false;
	reach_moment(round);
	return all_end_at_once(sig, count);
}

static void play(struct __test_metadata *_metadata, int rounds, int sig,
		 int (*fn)(void *arg), int count)
{
	int i;

	outrun = 0;
	for (i = 0; play_on(i, rounds); i++) {
		ASSERT_TRUE(all_end_by(sig, fn, count, i))
			log_round(i);
	}
	EXPECT_GT(i, outrun);
	TH_LOG("%d rounds, %d births, outrun in %d", i, tree->born, outrun);
}

/*
 * Comets: they are never where they were.
 */

static int fly_in_groups(void *arg)
{
	(void)arg;
	while (tree_grows()) {
		tree->born++;
		if (fork())
			_exit(0);
		setpgid(0, 0);
	}
	return 0;
}

TEST_F(race, comet)
{
	play(_metadata, 200, SIGKILL, comet, 1);
}

TEST_F(race, comet_in_groups_of_its_own)
{
	play(_metadata, 200, SIGKILL, fly_in_groups, 1);
}

TEST_F(race, many_comets)
{
	play(_metadata, 80, SIGKILL, comet, 8);
}

/* Two of each, up to a limit that is seldom reached; they stay. */
static int multiply(void *arg)
{
	int limit = tree->turn + 400;

	setpriority(PRIO_PROCESS, 0, 0);
	while (tree_grows() && tree->born < limit) {
		tree->born++;
		fork();
	}
	return sleep_on(arg);
}

static bool bomb_is_caught(int round)
{
	tree->turn = tree->born;
	tree_spawn(multiply, NULL);
	if (!wait_until(tree->born > tree->turn + 5 * round))
		return false;
	call_below(SIGKILL, LONG_MS);
	return tree->ret == 0 && reap_all() > 0;
}

/* It grows on whenever the caller gives up the processor. */
TEST_F(race, fork_bomb)
{
	const int rounds = 40;
	int i;

	ASSERT_EQ(0, setpriority(PRIO_PROCESS, 0, 10));
	for (i = 0; play_on(i, rounds); i++) {
		ASSERT_TRUE(bomb_is_caught(i))
			log_round(i);
	}
	TH_LOG("%d rounds, %d births", i, tree->born);
}

/*
 * Other ways to fork.
 */

static int fly_by_thread(void *arg);

/* The thread that forks is not the leader, and is all that the child has. */
static void *fly_once(void *arg)
{
	tree->born++;
	if (fork())
		_exit(0);
	fly_by_thread(arg);
	return arg;
}

static int fly_by_thread(void *arg)
{
	pthread_t thread;

	while (tree_grows() && !pthread_create(&thread, NULL, fly_once, arg))
		pthread_join(thread, NULL);
	return 1;
}

TEST_F(race, comet_by_thread)
{
	const int rounds = 60;
	int i;

	for (i = 0; play_on(i, rounds); i++) {
		ASSERT_TRUE(start(fly_by_thread, 8));
		reach_moment(i);
		call_below(SIGKILL, LONG_MS);
		ASSERT_EQ(0, tree->ret)
			log_round(i);
		ASSERT_TRUE(all_gone_soon());
	}
	TH_LOG("%d rounds, %d births", i, tree->born);
}

/* All of a chain but the last stand still in vfork(). */
static int fly_by_vfork(void *arg)
{
	int limit = tree->born + 500;

	while (tree_grows() && tree->born < limit) {
		tree->born++;
		if (vfork())
			_exit(0);
	}
	return sleep_on(arg);
}

TEST_F(race, chain_of_vforks)
{
	play(_metadata, 100, SIGKILL, fly_by_vfork, 2);
}

/*
 * Signals that are not fatal by themselves: a child whose fork is under way
 * must get them as well.
 */

static void leave(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	/* One that is born during the walk does not learn who sent. */
	if (info->si_pid != 0 && info->si_pid != tree->pid[0])
		tree->caught++;
	_exit(0);
}

static int fly_until_told(void *arg)
{
	on_signal(SIGTERM, leave, 0);
	return comet(arg);
}

TEST_F(race, caught_signal_reaches_the_unborn)
{
	tree->pid[0] = getpid();
	play(_metadata, 200, SIGTERM, fly_until_told, 2);
	EXPECT_EQ(0, tree->caught);
}

/* How many of the test's process group run: not counting the test. */
static int running_in_group(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);

		if (pid <= 0 || pid == getpid() ||
		    status_number(pid, "NSpgid", 10) != getpgrp())
			continue;
		count += is_running(pid) && state_of(pid) != 'T';
	}
	closedir(proc);
	return count;
}

/* A comet may outrun whoever looks for it, but not without giving birth. */
static bool all_stand_still(void)
{
	int born = tree->born;

	if (running_in_group())
		return false;
	nap();
	return !running_in_group() && tree->born == born;
}

TEST_F(race, stopped_forkers_stand_still)
{
	const int rounds = 100;
	int i, moving = 0;

	outrun = 0;
	for (i = 0; play_on(i, rounds); i++) {
		ASSERT_TRUE(start(comet, 4));
		reach_moment(i);
		ASSERT_EQ(1, killbelow(SIGSTOP, 0));
		if (!wait_until(all_stand_still())) {
			ASSERT_TRUE(backend_is_fallback())
				TH_LOG("in round %d", i);
			moving++;
		}
		ASSERT_TRUE(all_end_at_once(SIGKILL, 4))
			log_round(i);
	}
	EXPECT_GT(i, outrun);
	EXPECT_GT(i, moving);
	TH_LOG("%d rounds, %d births", i, tree->born);
}

/*
 * Several calls at once have the same people below.
 */

static void *kill_all(void *arg)
{
	*(int *)arg = killbelow(SIGKILL, LONG_MS);
	return NULL;
}

static bool all_calls_answer_0(void)
{
	pthread_t threads[3];
	int answers[3];
	int i, wrong = 0;

	for (i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, kill_all, &answers[i]);
	for (i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		wrong += answers[i] != 0;
	}
	return !wrong;
}

TEST_F(race, three_calls_at_once)
{
	const int rounds = 50;
	int i;

	for (i = 0; play_on(i, rounds); i++) {
		ASSERT_TRUE(start(comet, 3));
		ASSERT_TRUE(all_calls_answer_0())
			log_round(i);
		ASSERT_LE(0, reap_all());
	}
	TH_LOG("%d rounds, %d births", i, tree->born);
}

TEST_HARNESS_MAIN
