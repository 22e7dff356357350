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
#include "contest.h"
#include "forest.h"
#include "report.h"
#include "sections.h"

#define TREE_CGROUP	"fkill-bench"
#define WAITER_CGROUP	"fkill-bench-waiter"
#define TREE_SIZE	1000
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

static void wait_for_tree(int tree, int waiter_cgroup)
{
	const struct shape shape = { .size = TREE_SIZE, .cgroup = tree };
	pid_t top = tree_grow(&shape);
	long before, during;
	int go[2];

	if (pipe2(go, O_CLOEXEC))
		die("pipe");
	if (fork() == 0)
		be_waiter(waiter_cgroup, top, go[0]);
	before = kernel_memory(waiter_cgroup);
	if (write(go[1], "", 1) != 1)
		die("pipe");
	during = kernel_memory(waiter_cgroup);
	if (before < 0 || during < 0)
		die("memory.stat tells nothing of the kernel");
	report_amount(&(struct amount) {
		.section = "memory",
		.work = "a wait for 1000",
		.amount = (double)(during - before) / TREE_SIZE,
		.unit = "bytes a process",
		.goal = 16,
	});
	kill(-top, SIGKILL);
	tree_reap();
}

static void report_module(void)
{
	FILE *f = fopen("/sys/module/fkill/coresize", "r");
	long bytes;

	if (!f || fscanf(f, "%ld", &bytes) != 1)
		die("size of the module");
	fclose(f);
	report_amount(&(struct amount) {
		.section = "memory",
		.work = "the module",
		.amount = bytes / 1024.0,
		.unit = "KiB",
	});
}

void bench_memory(void)
{
	int root = cgroup_make("."), tree, waiter;

	report_module();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	cgroup_write(root, "cgroup.subtree_control", "+memory");
	tree = cgroup_make(TREE_CGROUP);
	waiter = cgroup_make(WAITER_CGROUP);
	if (root < 0 || tree < 0 || waiter < 0)
		die("cgroup");
	wait_for_tree(tree, waiter);
	cgroup_remove(TREE_CGROUP, tree);
	cgroup_remove(WAITER_CGROUP, waiter);
}
