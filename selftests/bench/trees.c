// SPDX-License-Identifier: GPL-2.0-only
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "forest.h"
#include "pair.h"
#include "sections.h"

#define CGROUP_NAME	"fkill-bench"
#define LIMIT_MS	60000

static int cgroup;
static pid_t top;

static int kill_below(void)
{
	return killbelow(SIGKILL, LIMIT_MS) ? -1 : 0;
}

/* What is left to do for the others, too: the wait. */
static int kill_below_at_once(void)
{
	return killbelow(SIGKILL, 0);
}

static int kill_cgroup(void)
{
	return cgroup_write(cgroup, "cgroup.kill", "1");
}

static int kill_group(void)
{
	return kill(-top, SIGKILL);
}

/* Until the call has returned, a process. */
static double to_return(int (*op)(void))
{
	long long begin, end;

	top = tree_grow(cgroup);
	begin = now_ns();
	if (op() < 0)
		die("kill the tree");
	end = now_ns();
	tree_reap();
	return (double)(end - begin) / TREE_SIZE;
}

/*
 * Until nobody runs and all are reaped, a process. Reaping is how the callers
 * of the other ways learn that nobody runs.
 */
static double to_reaped(int (*op)(void))
{
	long long begin;

	top = tree_grow(cgroup);
	begin = now_ns();
	if (op() < 0)
		die("kill the tree");
	tree_reap();
	return (double)(now_ns() - begin) / TREE_SIZE;
}

static const struct pair pairs[] = {
	{ { "killbelow, until reaped", to_reaped, kill_below },
	  { "cgroup.kill, until reaped", to_reaped, kill_cgroup }, 1.0 },
	{ { "killbelow, until reaped", to_reaped, kill_below },
	  { "kill(-pgid), until reaped", to_reaped, kill_group }, 0 },
	{ { "killbelow, no wait", to_return, kill_below_at_once },
	  { "cgroup.kill", to_return, kill_cgroup }, 0 },
	{ { "killbelow, no wait", to_return, kill_below_at_once },
	  { "kill(-pgid)", to_return, kill_group }, 0 },
};

void bench_trees(int rounds)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	cgroup = cgroup_make(CGROUP_NAME);
	if (cgroup < 0)
		die("cgroup");
	printf("\nSIGKILL to a tree of %d, per process\n", TREE_SIZE);
	pairs_run(pairs, ARRAY_SIZE(pairs), rounds);
	cgroup_remove(CGROUP_NAME, cgroup);
}
