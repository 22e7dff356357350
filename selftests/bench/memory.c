// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a wait takes up is charged to the waiter's cgroup, as all that a user
 * can make the kernel allocate. So the waiter has one of its own, and the tree
 * that it waits for another.
 */
#include <fcntl.h>
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cgroup.h"
#include "forest.h"
#include "pair.h"
#include "sections.h"

#define TREE_CGROUP	"fkill-bench"
#define WAITER_CGROUP	"fkill-bench-waiter"
#define GOAL		16
/* The kernel brings memory.stat up to date every other second. */
#define SETTLE_US	4500000

static long kernel_memory(int cgroup)
{
	int fd = openat(cgroup, "memory.stat", O_RDONLY | O_CLOEXEC);
	char line[128];
	FILE *f = fdopen(fd, "r");
	long bytes = -1;

	usleep(SETTLE_US);
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "kernel %ld", &bytes) == 1)
			break;
	if (f)
		fclose(f);
	return bytes;
}

/* Once without a wait, so that all that stays is there before it counts. */
static _Noreturn void be_waiter(int cgroup, pid_t top, int go)
{
	int fd = fkill_open(top);
	char byte;

	if (cgroup_enter(cgroup))
		die("enter cgroup");
	if (fkillbelow(fd, 0, 0, FKILL_INCLUDE_TOP, NULL) < 0 ||
	    read(go, &byte, 1) != 1 ||
	    fkillbelow(fd, 0, -1, FKILL_INCLUDE_TOP, NULL) < 0)
		die("wait");
	_exit(0);
}

static void print(long before, long during)
{
	if (before < 0 || during < 0)
		printf("%-26s not told by memory.stat of this kernel\n",
		       "a wait");
	else
		printf("%-26s %7.1f bytes%*s <= %d\n", "a wait",
		       (double)(during - before) / TREE_SIZE, 61, "", GOAL);
}

void bench_memory(int rounds)
{
	int root = cgroup_make("."), tree, waiter, go[2];
	long before, during;
	pid_t top;

	(void)rounds;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	cgroup_write(root, "cgroup.subtree_control", "+memory");
	tree = cgroup_make(TREE_CGROUP);
	waiter = cgroup_make(WAITER_CGROUP);
	if (root < 0 || tree < 0 || waiter < 0 || pipe2(go, O_CLOEXEC))
		die("cgroup");

	printf("\nMemory for waiting for %d processes, per process\n",
	       TREE_SIZE);
	top = tree_grow(tree);
	if (fork() == 0)
		be_waiter(waiter, top, go[0]);
	before = kernel_memory(waiter);
	if (write(go[1], "", 1) != 1)
		die("pipe");
	during = kernel_memory(waiter);
	print(before, during);
	kill(-top, SIGKILL);
	tree_reap();
	cgroup_remove(TREE_CGROUP, tree);
	cgroup_remove(WAITER_CGROUP, waiter);
}
