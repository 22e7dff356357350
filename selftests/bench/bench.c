// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the calls cost, as ratios to the nearest thing the kernel has. Nothing
 * is asserted here: a figure is for people to look at.
 */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pair.h"
#include "sections.h"

struct section {
	void (*run)(int rounds);
	int rounds;		/* of wall time */
	int virtual_rounds;	/* which repeats, but for where things lie */
};

static const struct section sections[] = {
	{ bench_load, 5, 3 },
	{ bench_calls, 31, 5 },
	{ bench_trees, 7, 7 },
	{ bench_owner, 31, 5 },
	{ bench_list, 5, 3 },
	{ bench_memory, 1, 1 },
	{ bench_manager, 1, 1 },
};

/*
 * Each in a process of its own: they differ in what they open and reap, and
 * whoever has /dev/fkill open cannot unload the module.
 */
static int run(const struct section *s, int rounds)
{
	int status = 1;

	fflush(stdout);
	if (fork() == 0) {
		s->run(rounds);
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
	return status;
}

static void print_title(int virtual_time)
{
	struct utsname u;

	uname(&u);
	printf("Linux %s, %ld processor(s), %s\n\n", u.release,
	       sysconf(_SC_NPROCESSORS_ONLN), virtual_time ?
	       "virtual time: 1 ns an instruction, caches not counted" :
	       "wall time");
	pair_print_head();
}

int main(int argc, char *argv[])
{
	int virtual_time = argc > 1 && !strcmp(argv[1], "--virtual-time");
	size_t i;

	if (argc > 1 && !strcmp(argv[1], "--exit"))
		return 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	print_title(virtual_time);
	for (i = 0; i < ARRAY_SIZE(sections); i++)
		if (run(&sections[i], virtual_time ?
			sections[i].virtual_rounds : sections[i].rounds))
			return 2;
	return 0;
}
