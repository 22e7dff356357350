// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another build of the module against this one, loaded in turns: has anything
 * become slower? Each measure is taken by a new process, as the library keeps
 * /dev/fkill open.
 */
#include <fcntl.h>
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contest.h"
#include "load.h"
#include "module.h"
#include "sections.h"
#include "trees.h"

static const char *other_module;
static void (*measure)(const struct way *way, double *ns);

static void by_this(const struct way *way, double *ns)
{
	in_child(way, ns, measure);
}

static void by_other(const struct way *way, double *ns)
{
	module_unload();
	module_load(other_module);
	in_child(way, ns, measure);
	module_unload();
	module_load(MODULE_THIS);
}

/* Works */

static int dir = -1, kill_file;

static void open_target(void)
{
	char name[32];
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	dir = fkill_open(pid);
	snprintf(name, sizeof(name), "/proc/%d/kill", pid);
	kill_file = open(name, O_WRONLY | O_CLOEXEC);
	if (dir < 0 || kill_file < 0)
		die("target");
}

static int fkill_dir(void)
{
	return fkill(dir, SIGURG);
}

static int write_kill_file(void)
{
	return write(kill_file, "23", 2);
}

static void measure_call(const struct way *way, double *ns)
{
	open_target();
	per_call(way, ns);
	per_call(way, ns);
	fkill(dir, SIGKILL);
}

static const struct shape wide = { .size = 1000 };
static const struct shape deep = { .size = 1000, .deep = true };

static void measure_wide(const struct way *way, double *ns)
{
	trees_begin(&wide);
	measure_killbelow(way, ns);
	trees_end();
}

static void measure_deep(const struct way *way, double *ns)
{
	trees_begin(&deep);
	measure_killbelow(way, ns);
	trees_end();
}

static const struct work {
	const char *name;
	void (*measure)(const struct way *way, double *ns);
	int (*op)(void);
} works[] = {
	{ "fkill(directory)", measure_call, fkill_dir },
	{ "write(kill file)", measure_call, write_kill_file },
	{ "open /proc/self/stat", measure_call, open_entry },
	{ "list /proc/self", measure_call, list_entries },
	{ "killbelow, 1000 wide", measure_wide, NULL },
	{ "killbelow, 1000 deep", measure_deep, NULL },
};

static void contest_of(const struct work *w)
{
	const struct way ways[] = {
		{ "before", by_other, w->op },
		{ "now", by_this, w->op },
	};
	struct contest contest = {
		.section = "compare",
		.work = w->name,
		.figures = { "a call" },
		.ways = ways,
		.count = ARRAY_SIZE(ways),
		.rounds = 3,
	};

	measure = w->measure;
	if (!w->op)
		memcpy(contest.figures, (const char *[])TREE_FIGURES,
		       sizeof(contest.figures));
	contest_run(&contest);
}

void bench_compare(const char *module)
{
	size_t i;

	other_module = module;
	for (i = 0; i < ARRAY_SIZE(works); i++)
		contest_of(&works[i]);
}
