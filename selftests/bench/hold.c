// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long tasklist_lock is held to signal many: the functions that run with it
 * from their first instruction to the last are timed by the kernel's own tracer,
 * which adds the same to each. The signal is one that is ignored: whom a fatal
 * one wakes does not matter here.
 */
#include <errno.h>
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "contest.h"
#include "forest.h"
#include "sections.h"

#define TRACING		"/sys/kernel/tracing"
#define SIG		SIGURG

struct held {
	const char *function;
};

static struct shape shape = { .cgroup = -1 };
static pid_t top;

static void tell(const char *file, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), TRACING "/%s", file);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		die(path);
}

/* A line of the tracer: "0) # 1234.567 us | function();" */
static double duration(const char *line)
{
	const char *unit = strstr(line, " us "), *number = unit;

	while (number > line && !strchr(" #!+*@$", number[-1]))
		number--;
	return unit ? atof(number) * 1000 : 0;
}

static double longest(const char *function)
{
	FILE *f = fopen(TRACING "/trace", "r");
	double ns, max = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f)) {
		ns = strstr(line, function) ? duration(line) : 0;
		if (ns > max)
			max = ns;
	}
	if (f)
		fclose(f);
	return max;
}

static void measure_hold(const struct way *way, double *ns)
{
	const struct held *held = way->data;

	tell("set_ftrace_filter", held->function);
	tell("current_tracer", "function_graph");
	if (way->op() < 0)
		die(way->name);
	*ns = longest(held->function) / shape.size;
	tell("current_tracer", "nop");
	if (!*ns)
		die("no trace");
}

static int signal_below(void)
{
	return killbelow(SIG, 0);
}

static int signal_group(void)
{
	return kill(-top, SIG);
}

static const struct held by_walk = { "walk_process_tree" };
static const struct held by_group = { "__kill_pgrp_info" };

static const struct way ways[] = {
	{ "killbelow", measure_hold, signal_below, &by_walk },
	{ "kill(-pgid)", measure_hold, signal_group, &by_group,
	  .goal = { 1.0 } },
};

void bench_hold(void)
{
	if (mount("tracefs", TRACING, "tracefs", 0, NULL) && errno != EBUSY)
		die(TRACING);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	allow_crowd();
	for (shape.size = 100; shape.size <= TREE_LIMIT; shape.size *= 10) {
		shape.deep = shape.size == TREE_LIMIT;
		top = tree_grow(&shape);
		contest_run(&(struct contest) {
			.section = "hold",
			.work = shape.deep ? "deep" : "wide",
			.size = shape.size,
			.figures = { "lock held" },
			.ways = ways,
			.count = ARRAY_SIZE(ways),
			.rounds = 3,
			.first_is_ours = true,
		});
		kill(-top, SIGKILL);
		tree_reap();
	}
}
