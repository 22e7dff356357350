// SPDX-License-Identifier: GPL-2.0-only
#include <fkill.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "contest.h"
#include "forest.h"
#include "procs.h"
#include "sections.h"

#define LIMIT_MS	600000

static struct fkill_process all[TREE_LIMIT];

/* Both have to tell of each of them. */
static int list_below(void)
{
	return fkill_list(FKILL_SELF, all, TREE_LIMIT, 0) == TREE_LIMIT ? 0 : -1;
}

static int read_proc(void)
{
	struct proc *procs;

	return procs_read(&procs) > TREE_LIMIT ? 0 : -1;
}

static const struct way ways[] = {
	{ "fkill_list", per_call, list_below, .calls = 1 },
	{ "a reading of /proc", per_call, read_proc, .calls = 1 },
};

void bench_list(void)
{
	const struct shape crowd = {
		.size = TREE_LIMIT, .deep = true, .cgroup = -1
	};

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	allow_crowd();
	tree_grow(&crowd);
	contest_run(&(struct contest) {
		.section = "list",
		.work = "everybody below",
		.size = crowd.size,
		.figures = { "a list" },
		.ways = ways,
		.count = ARRAY_SIZE(ways),
		.rounds = 3,
		.first_is_ours = 1,
	});
	if (killbelow(SIGKILL, LIMIT_MS))
		die("kill the crowd");
	tree_reap();
}
