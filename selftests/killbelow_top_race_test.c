// SPDX-License-Identifier: GPL-2.0-only
/*
 * fkillbelow() with the top included: the top and those below are met at one
 * moment, or the top is gone and must not be said to have been signalled.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>

#include "common.h"
#include "harness.h"
#include "race.h"
#include "tree.h"

FIXTURE(top_race) {
};

FIXTURE_SETUP(top_race)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(top_race)
{
	tree_end();
}

struct tops {
	int rounds;
	int met;	/* the top was alive when it was met */
	int families;	/* so was a child of it */
};

/* Signal @top with all below: nobody is left unless it was not met. */
static bool none_is_lost(int top, struct tops *tops)
{
	struct fkill_report *report = &tree->report;

	tree->ret = fkillbelow(top, SIGKILL, LONG_MS, FKILL_INCLUDE_TOP,
			       report);
	tops->rounds++;
	tops->met += report->signalled > 0;
	tops->families += report->signalled > 1;
	return !tree->ret && (!report->signalled || all_gone_soon());
}

/* The children of a top that was not met are somebody else's. */
static bool clean_up(int top)
{
	close(top);
	if (killbelow(SIGKILL, LONG_MS) || reap_all() < 0)
		return false;
	tree->go = false;
	tree->ready = 0;
	return true;
}

/* A top waits until there is a descriptor of it. */
static int open_top(int (*fn)(void *arg))
{
	int fd;

	tree_spawn(fn, NULL);
	if (!tree_is_ready(1))
		return -1;
	fd = fkill_open(tree->pid[0]);
	tree->go = true;
	return fd;
}

static void wait_to_be_opened(void)
{
	tree->pid[0] = getpid();
	tree_ready();
	while (!tree->go && tree_grows())
		;
}

static struct tops play_tops(struct __test_metadata *_metadata, int rounds,
			     int (*fn)(void *arg))
{
	struct tops tops = { 0 };
	int i, fd;

	for (i = 0; play_on(i, rounds); i++) {
		fd = open_top(fn);
		ASSERT_LE(0, fd);
		reach_moment(i);
		ASSERT_TRUE(none_is_lost(fd, &tops))
			log_round(i);
		ASSERT_TRUE(clean_up(fd));
	}
	TH_LOG("%d rounds: %d tops met, %d with children", tops.rounds,
	       tops.met, tops.families);
	return tops;
}

static int fork_and_exit(void *arg)
{
	wait_to_be_opened();
	tree_spawn(sleep_on, arg);
	return 0;
}

/* What it says about those that it met in time is all that can be told. */
TEST_F(top_race, top_that_forks_and_exits)
{
	play_tops(_metadata, 300, fork_and_exit);
}

static int fork_and_stay(void *arg)
{
	int i;

	wait_to_be_opened();
	for (i = 0; i < 100; i++)
		tree_spawn(sleep_on, arg);
	return sleep_on(arg);
}

TEST_F(top_race, top_that_forks_and_stays)
{
	struct tops tops = play_tops(_metadata, 150, fork_and_stay);

	EXPECT_EQ(tops.rounds, tops.met);
}

#define PARENTS		30

/* Each is the top's parent for a moment: when the one below it is gone. */
static int be_parent(void *number)
{
	long left = (long)number;
	pid_t child;

	if (!left) {
		wait_to_be_opened();
		return sleep_on(NULL);
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	child = tree_spawn(be_parent, (void *)(left - 1));
	if (left > 1)
		reap(child);
	else
		wait_until(tree->go);
	tree->left++;
	return 0;
}

static int have_parents(void *arg)
{
	(void)arg;
	return be_parent((void *)PARENTS);
}

/* By a signal that does nothing. */
static bool is_met(int top)
{
	struct fkill_report report;

	return fkillbelow(top, SIGURG, 0, FKILL_INCLUDE_TOP, &report) == 1 &&
	       report.signalled == 1;
}

/* It is there all the time, and must be met wherever it is. */
TEST_F(top_race, top_that_moves)
{
	int calls = 0;
	int i, fd;

	for (i = 0; play_on(i, 40); i++) {
		tree->left = 0;
		fd = open_top(have_parents);
		ASSERT_LE(0, fd);
		while (tree->left < PARENTS) {
			calls++;
			ASSERT_TRUE(is_met(fd))
				TH_LOG("in round %d, call %d", i, calls);
		}
		ASSERT_TRUE(clean_up(fd));
	}
	TH_LOG("%d rounds, %d moves, %d calls", i, i * PARENTS, calls);
}

TEST_HARNESS_MAIN
