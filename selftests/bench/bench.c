// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench virtual | wall | compare MODULE
 *
 * What the calls cost, as ratios to what one would use instead. Nothing is
 * asserted here: a figure is for people to look at.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contest.h"
#include "report.h"
#include "sections.h"

static void (*const in_virtual_time[])(void) = {
	bench_load, bench_calls, bench_trees, bench_hold, bench_owner,
	bench_list, bench_memory, bench_manager,
};

/*
 * In a process of its own: they differ in what they open and reap, and whoever
 * has /dev/fkill open cannot unload the module.
 */
static void run(void (*section)(void))
{
	int status = 1;

	fflush(stdout);
	if (fork() == 0) {
		section();
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
	if (status)
		_exit(2);
}

static int run_virtual(void)
{
	size_t i;

	report_boot("virtual");
	for (i = 0; i < ARRAY_SIZE(in_virtual_time); i++)
		run(in_virtual_time[i]);
	return 0;
}

static int run_wall(void)
{
	report_boot("wall");
	run(bench_fork_delay);
	return 0;
}

static int run_compare(const char *module)
{
	report_boot("virtual");
	bench_compare(module);
	return 0;
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "exit"))
		return 0;
	if (!strcmp(what, "virtual"))
		return run_virtual();
	if (!strcmp(what, "wall"))
		return run_wall();
	if (!strcmp(what, "compare") && argc == 3)
		return run_compare(argv[2]);
	fputs("usage: bench virtual | wall | compare MODULE\n", stderr);
	return 2;
}
