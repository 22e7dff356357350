// SPDX-License-Identifier: GPL-2.0-only
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bereave.h"
#include "cgroup.h"
#include "clock.h"
#include "table.h"

#define LINGER_MS	10000

/* What an owner does lest anybody survive it. */
struct guard {
	struct label label;
	void (*child)(void);	/* called by each child of the owner */
	int (*owner)(void);	/* called by the owner; returns 0 or -1 */
};

static int exit_kill(void)
{
	return fkill_own(FKILL_OWN_EXIT_KILL, LINGER_MS);
}

static void die_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static const struct guard guards[] = {
	{
		.label.name = "subreaper",
		.label.needs = "-",
		.label.how = "the owner is a child subreaper, and nothing else",
	}, {
		.label.name = "PDEATHSIG",
		.label.needs = "every child",
		.label.how = "the same, and each child has called prctl(PR_SET_PDEATHSIG, SIGKILL)",
		.child = die_with_parent,
	}, {
		.label.name = "exit-kill",
		.label.needs = "subreaper",
		.label.how =
			"the module fkill: the owner has called fkill_own(FKILL_OWN_EXIT_KILL)",
		.owner = exit_kill,
	},
};

static const int guards_size = sizeof(guards) / sizeof(guards[0]);

/* A change of uid would void the registration, so that comes first. */
static void owner(const struct act *act, struct stage *stage)
{
	const struct guard *guard = act->means;
	int i;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (i = 0; i < stage->exhibit->starts; i++)
		stage_open_exhibit(stage, guard->child);
	become(CALLER_UID);
	if (guard->owner && guard->owner()) {
		perror("demo: fkill_own");
		_exit(1);
	}
	stage->caller_ready = true;
	for (;;)
		pause();
}

/*
 * The clock starts when a parent that waits for the owner learns of its end.
 * A time is when a look began: that may last longer than anybody lives.
 */
static void judge(struct cell *cell, struct stage *stage, pid_t owner)
{
	long long begin;
	bool left;

	kill(owner, SIGKILL);
	waitpid(owner, NULL, 0);
	begin = now_us();
	for (;;) {
		cell->us = now_us() - begin;
		left = cgroup_populated(stage->cgroup);
		if (!left || cell->us > SETTLE_US)
			break;
		usleep(PACE_US);
	}
	cell->left = left ? stage_count(stage) : 0;
}

static const struct label *label(int column)
{
	return &guards[column].label;
}

static int measure(struct cell *cell, const struct exhibit *e, int column)
{
	const struct act act = { owner, judge, &guards[column] };

	return stage_act(cell, e, &act);
}

static struct table table = {
	.rows_are = "Below an owner that gets SIGKILL, without privilege",
	.columns_are = "What the owner has done to take them along",
	.cells_are = "How many survive, and how long after waitpid() of the owner has returned",
	.rows = families,
	.label = label,
	.measure = measure,
};

static void conclude(int col)
{
	printf("\n%s, without root, left nobody in %d of %d, ",
	       guards[col].label.name, table_cleared(&table, col),
	       families_size);
	printf("the slowest %s after waitpid(); the others: ",
	       table_slowest(&table, col));
	table_print_others(&table, col);
	printf(".\n");
}

int bereave(void)
{
	int last = guards_size - 1;

	table.nr_rows = families_size;
	table.nr_columns = guards_size;
	if (table_run(&table))
		return 2;
	conclude(last);
	return table_cleared(&table, last) < families_size;
}
