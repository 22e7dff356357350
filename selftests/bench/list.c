// SPDX-License-Identifier: GPL-2.0-only
#include <fkill.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clock.h"
#include "forest.h"
#include "pair.h"
#include "sections.h"

#define CROWD		10000
#define STACK		4096
#define LIMIT_MS	60000
#define THREADS_MAX	"/proc/sys/kernel/threads-max"

static int pause_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused != NULL;
}

/* A small machine allows for fewer processes unless told. */
static void allow_crowd(void)
{
	FILE *f = fopen(THREADS_MAX, "w");

	if (!f || fprintf(f, "%d\n", 2 * CROWD) < 0 || fclose(f))
		die(THREADS_MAX);
}

/* They share memory, for want of it: only their number matters. */
static void start_crowd(void)
{
	char *stacks = mmap(NULL, (size_t)CROWD * STACK, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	if (stacks == MAP_FAILED)
		die("mmap");
	for (i = 1; i <= CROWD; i++)
		if (clone(pause_for_ever, stacks + (size_t)i * STACK,
			  CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD,
			  NULL) < 0)
			die("clone");
}

/* Returns how long the fastest of some calls took; all must tell the same. */
static double list_all(struct fkill_process *all, int rounds, int *count)
{
	long long begin, ns, fastest = 0;

	while (rounds--) {
		begin = now_ns();
		*count = fkill_list(FKILL_SELF, all, CROWD, 0);
		ns = now_ns() - begin;
		if (*count < 0)
			die("list");
		if (!fastest || ns < fastest)
			fastest = ns;
	}
	return fastest;
}

/* Is everybody there, as a child of ours? */
static int count_children(const struct fkill_process *all, int n)
{
	int children = 0;

	while (n-- > 0)
		children += all++->parent == getpid();
	return children;
}

void bench_list(int rounds)
{
	struct fkill_process *all = calloc(CROWD, sizeof(*all));
	double ns;
	int n;

	printf("\nA list of %d processes in one call, per process\n", CROWD);
	if (!all)
		die("calloc");
	allow_crowd();
	start_crowd();
	ns = list_all(all, rounds, &n);
	printf("%-26s %7.2f us  %d told, %d found in it\n", "fkill_list",
	       ns / 1e3 / CROWD, n, count_children(all, n < CROWD ? n : CROWD));
	if (killbelow(SIGKILL, LIMIT_MS))
		die("kill the crowd");
	tree_reap();
}
