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
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pair.h"
#include "sections.h"

#define DEPTH		100
#define GETPPIDS	3
#define PACE_US		1000
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

static const struct pair pairs[] = {
	{ { "fkill_owner, depth 100", per_call, owner_deep },
	  { "3 getppid and a walk", per_call, getppids_and_walk }, 1.0 },
	{ { "fkill_owner, depth 1", per_call, owner_near },
	  { "3 getppid", per_call, getppids }, 1.0 },
};

/* Each the only child of the one before; the last tells who it is. */
static void grow_chain(int depth, atomic_int *last)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0 && depth > 1)
		grow_chain(depth - 1, last);
	if (pid == 0 && depth == 1)
		*last = getpid();
}

static pid_t start_chain(pid_t *first)
{
	atomic_int *last = mmap(NULL, sizeof(*last), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (last == MAP_FAILED)
		die("mmap");
	*first = fork();
	if (*first == 0) {
		grow_chain(DEPTH - 1, last);
		for (;;)
			pause();
	}
	while (!*last)
		usleep(PACE_US);
	return *last;
}

void bench_owner(int rounds)
{
	pid_t first, last = start_chain(&first);

	me = getpid();
	topmost = fkill_open(first);
	deepest = fkill_open(last);
	if (topmost < 0 || deepest < 0 || fkill_own(0, 0))
		die("owner");
	printf("\nThe owner of a process, per call\n");
	pairs_run(pairs, ARRAY_SIZE(pairs), rounds);
	if (killbelow(SIGKILL, LIMIT_MS))
		die("kill the chain");
}
