// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "hunt.h"
#include "ways.h"

#define HUNG_US		20000000

/* The program that started the exhibit, and wants it gone. */
static void caller(const struct act *act, struct stage *stage)
{
	struct target target = { .uid = CALLER_UID, .cgroup = stage->cgroup };
	const struct way *way = act->means;

	if (way->subreaper)
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	target.pgid = stage_open_exhibit(stage, NULL);
	if (stage->exhibit->foreign || !way->root)
		become(CALLER_UID);
	stage->caller_ready = true;
	while (!stage->go)
		usleep(PACE_US);
	stage->begin = now_us();
	stage->error = way_use(way, &target, stage->exhibit->ask_first);
	stage->end = now_us();
	_exit(0);
}

/* What has been signalled is given time to die before it counts as left. */
static void watch(struct cell *cell, struct stage *stage)
{
	long long start = now_us(), gone = 0;

	while (!gone || !stage->end) {
		if (!gone && !cgroup_populated(stage->cgroup))
			gone = now_us();
		if (stage->end && now_us() > stage->end + SETTLE_US)
			break;
		if (now_us() > start + HUNG_US) {
			stage->end = now_us();
			break;
		}
		usleep(PACE_US);
	}
	cell->left = gone ? 0 : stage_count(stage);
	cell->error = stage->error;
	cell->us = (gone ? gone : stage->end) - stage->begin;
}

static void judge(struct cell *cell, struct stage *stage, pid_t caller)
{
	stage->go = true;
	watch(cell, stage);
	kill(caller, SIGKILL);
}

static const struct label *label(int column)
{
	return &ways[column].label;
}

static int measure(struct cell *cell, const struct exhibit *e, int column)
{
	const struct act act = { caller, judge, &ways[column] };

	return stage_act(cell, e, &act);
}

static struct table table = {
	.rows_are = "Processes that do not want to die",
	.columns_are = "Ways to kill them",
	.cells_are = "How many are left, and after what time",
	.rows = gallery,
	.label = label,
	.measure = measure,
};

static bool only_way(int row, int col)
{
	const struct cell *cells = table.cells[row];
	int other;

	for (other = 0; other < ways_size; other++)
		if (other != col && !cells[other].left)
			return false;
	return !cells[col].left;
}

static void print_only(int col)
{
	const char *lead = "No other way ended: ";
	int row;

	for (row = 0; row < gallery_size; row++) {
		if (!only_way(row, col))
			continue;
		printf("%s%s", lead, gallery[row].name);
		lead = ", ";
	}
	if (*lead == ',')
		printf(".\n");
}

static void conclude(int col)
{
	printf("\n%s%s left nobody in %d of %d exhibits; the slowest took %s.\n",
	       ways[col].label.name, ways[col].root ? "" : ", without root,",
	       table_cleared(&table, col), gallery_size,
	       table_slowest(&table, col));
	printf("The other ways left nobody in: ");
	table_print_others(&table, col);
	printf(".\n");
	print_only(col);
}

int hunt(void)
{
	int last = ways_size - 1;

	table.nr_rows = gallery_size;
	table.nr_columns = ways_size;
	if (table_run(&table))
		return 2;
	conclude(last);
	return table_cleared(&table, last) < gallery_size;
}
