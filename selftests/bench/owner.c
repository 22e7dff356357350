// SPDX-License-Identifier: GPL-2.0-only
/*
 * To find the owner of a process at depth 100 should take at most three
 * getppid() plus the walk. No call does that walk and nothing else. The
 * nearest is fkillbelow() with signal 0: it goes over the same processes once,
 * from the top down, and sends nothing, but looks harder at each. So there is
 * a second and stricter comparison: at depth 1 next to nothing is walked, and
 * the rest is what should not take longer than three getppid().
 */
#include <fkill.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "contest.h"
#include "forest.h"
#include "sections.h"

#define DEPTH		100
#define GETPPIDS	3
#define LIMIT_MS	60000

static pid_t me;
static int deepest, topmost;	/* descriptors */

static int owner_deep(void)
{
	return fkill_owner(deepest) == me ? 0 : -1;
}

static int owner_near(void)
{
	return fkill_owner(topmost) == me ? 0 : -1;
}

static int getppids(void)
{
	int i;

	for (i = 0; i < GETPPIDS; i++)
		syscall(SYS_getppid);
	return 0;
}

static int getppids_and_walk(void)
{
	getppids();
	return fkillbelow(FKILL_SELF, 0, 0, 0, NULL);
}

static const struct way deep_ways[] = {
	{ "3 getppid and a walk", per_call, getppids_and_walk },
	{ "fkill_owner", per_call, owner_deep, .goal = { 1.0 } },
};

static const struct way near_ways[] = {
	{ "3 getppid", per_call, getppids },
	{ "fkill_owner", per_call, owner_near, .goal = { 1.0 } },
};

static void contest_of(const struct way *ways, const char *work)
{
	contest_run(&(struct contest) {
		.section = "owner",
		.work = work,
		.figures = { "a call" },
		.ways = ways,
		.count = 2,
		.rounds = 5,
	});
}

void bench_owner(void)
{
	const struct shape chain = {
		.size = DEPTH, .deep = true, .cgroup = -1
	};

	tree_grow(&chain);
	me = getpid();
	topmost = fkill_open(tree_pid(0));
	deepest = fkill_open(tree_pid(DEPTH - 1));
	if (topmost < 0 || deepest < 0 || fkill_own(0, 0))
		die("owner");
	contest_of(deep_ways, "the owner, 100 above");
	contest_of(near_ways, "the owner, 1 above");
	if (killbelow(SIGKILL, LIMIT_MS))
		die("kill the chain");
}
