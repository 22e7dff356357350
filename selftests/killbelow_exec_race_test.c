// SPDX-License-Identifier: GPL-2.0-only
/*
 * killbelow() against those who exec at the same moment, from other threads
 * than the leader too: it takes the leader's place then.
 */
#define _GNU_SOURCE
#include <pthread.h>

#include "common.h"
#include "harness.h"
#include "race.h"
#include "tree.h"

FIXTURE(exec_race) {
};

FIXTURE_SETUP(exec_race)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(exec_race)
{
	tree_end();
}

/*
 * This very program is what they exec; its name tells what it does then, and
 * its argument until when, in ms.
 */

static bool exec_goes_on(const char *end)
{
	return now_ms() < atol(end);
}

static void *exec_again(void *end)
{
	execl("/proc/self/exe", "exec_by_thread", end, NULL);
	_exit(1);
}

static void exec_by_thread(char *end)
{
	pthread_t thread;

	if (exec_goes_on(end) && !pthread_create(&thread, NULL, exec_again, end))
		pause();
	_exit(1);
}

static void fly_by_exec(const char *end)
{
	if (exec_goes_on(end) && !vfork())
		execl("/proc/self/exe", "fly_by_exec", end, NULL);
	_exit(0);
}

static __attribute__((constructor)) void exec_is_over(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[0], "exec_by_thread"))
		exec_by_thread(argv[1]);
	if (argc == 2 && !strcmp(argv[0], "fly_by_exec"))
		fly_by_exec(argv[1]);
}

static int start_exec(void *name)
{
	char end[24];

	snprintf(end, sizeof(end), "%ld", tree->end);
	tree_ready();
	execl("/proc/self/exe", name, end, NULL);
	return 1;
}

/* Those that only sleep are in the way of who signals one after the other. */
static bool exec_is_caught(const char *name, int round)
{
	int i;

	tree->ready = 0;
	for (i = 0; i < 20; i++)
		tree_spawn(sleep_on, NULL);
	for (i = 0; i < 5; i++)
		tree_spawn(start_exec, (void *)name);
	if (!tree_is_ready(25))
		return false;
	for (i = 0; i <= round % 7; i++)
		reach_moment(round + i);
	call_below(SIGKILL, LONG_MS);
	return tree->ret == 0 && all_gone_soon();
}

TEST_F(exec_race, exec_by_thread)
{
	int i;

	for (i = 0; play_on(i, 80); i++) {
		ASSERT_TRUE(exec_is_caught("exec_by_thread", i))
			log_round(i);
	}
	TH_LOG("%d rounds", i);
}

TEST_F(exec_race, comet_by_exec)
{
	int i;

	for (i = 0; play_on(i, 80); i++) {
		ASSERT_TRUE(exec_is_caught("fly_by_exec", i))
			log_round(i);
	}
	TH_LOG("%d rounds", i);
}

/* The old leader is a zombie for a moment, and the process runs on. */
TEST_F(exec_race, exec_by_thread_is_not_the_end)
{
	int i;

	tree_spawn(start_exec, "exec_by_thread");
	ASSERT_TRUE(tree_is_ready(1));
	for (i = 0; play_on(i, 1000); i++) {
		ASSERT_EQ(1, killbelow(0, i % 2))
			log_round(i);
	}
	TH_LOG("%d rounds", i);
}

TEST_HARNESS_MAIN
