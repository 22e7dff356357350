// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "forest.h"
#include "pair.h"

#define BRANCHES	9
#define LEAVES		110	/* 1 + 9 + 9 * 110 = 1000 */
#define PACE_US		1000
#define SETTLE_US	50000

static _Noreturn void sleep_for_ever(atomic_int *placed)
{
	atomic_fetch_add(placed, 1);
	for (;;)
		pause();
}

static void grow(atomic_int *placed, int n, int children_each)
{
	while (n--) {
		if (fork())
			continue;
		grow(placed, children_each, 0);
		sleep_for_ever(placed);
	}
}

static _Noreturn void be_top(int cgroup, atomic_int *placed)
{
	setpgid(0, 0);
	if (cgroup_enter(cgroup))
		die("enter cgroup");
	grow(placed, BRANCHES, LEAVES);
	sleep_for_ever(placed);
}

pid_t tree_grow(int cgroup)
{
	atomic_int *placed = mmap(NULL, sizeof(*placed), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t top = fork();

	if (placed == MAP_FAILED || top < 0)
		die("tree");
	if (top == 0)
		be_top(cgroup, placed);
	while (*placed < TREE_SIZE)
		usleep(PACE_US);
	munmap(placed, sizeof(*placed));
	usleep(SETTLE_US);
	return top;
}

void tree_reap(void)
{
	while (wait(NULL) > 0)
		;
	if (errno != ECHILD)
		die("wait");
}
