// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "contest.h"
#include "forest.h"

#define STACK		4096
#define PACE_US		1000
#define SETTLE_US	50000
#define THREADS_MAX	"/proc/sys/kernel/threads-max"

static struct {
	atomic_int placed;
	pid_t pid[TREE_LIMIT];
} *tree;

static char (*stacks)[STACK];

void allow_crowd(void)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	FILE *f = fopen(THREADS_MAX, "w");

	if (!f || fprintf(f, "%d\n", 3 * TREE_LIMIT) < 0 || fclose(f) ||
	    setrlimit(RLIMIT_NPROC, &none))
		die(THREADS_MAX);
}

static void *get_memory(size_t size, int sharing)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       sharing | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

/* Returns which one of the tree the caller is. */
static int take_place(void)
{
	int n = atomic_fetch_add(&tree->placed, 1);

	tree->pid[n] = getpid();
	return n;
}

static _Noreturn void stay(void)
{
	for (;;)
		pause();
}

static int be_link(void *arg)
{
	const struct shape *shape = arg;
	int next = take_place() + 1;

	if (next < shape->size &&
	    clone(be_link, stacks[next] + STACK,
		  CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, arg) < 0)
		die("clone");
	stay();
}

static _Noreturn void grow_deep(const struct shape *shape)
{
	stacks = get_memory((size_t)shape->size * STACK, MAP_PRIVATE);
	be_link((void *)shape);
	stay();
}

static _Noreturn void grow_wide(const struct shape *shape)
{
	bool is_top = true;
	pid_t pid;
	int i;

	for (i = 1; i < shape->size && is_top; i++) {
		pid = fork();
		if (pid < 0)
			die("fork");
		is_top = pid > 0;
	}
	take_place();
	stay();
}

static _Noreturn void be_top(const struct shape *shape)
{
	setpgid(0, 0);
	if (shape->cgroup >= 0 && cgroup_enter(shape->cgroup))
		die("enter cgroup");
	if (shape->uid && setresuid(shape->uid, shape->uid, shape->uid))
		die("setresuid");
	if (shape->deep)
		grow_deep(shape);
	grow_wide(shape);
}

/* As fork(), which takes no flags. */
static pid_t start_top(const struct shape *shape)
{
	int flags = SIGCHLD | (shape->namespace ? CLONE_NEWPID : 0);
	pid_t top = syscall(SYS_clone, flags, NULL, NULL, NULL, 0);

	if (top < 0)
		die("clone");
	if (top == 0)
		be_top(shape);
	return top;
}

pid_t tree_grow(const struct shape *shape)
{
	pid_t top;

	if (!tree)
		tree = get_memory(sizeof(*tree), MAP_SHARED);
	tree->placed = 0;
	top = start_top(shape);
	while (tree->placed < shape->size)
		usleep(PACE_US);
	usleep(SETTLE_US);
	return top;
}

pid_t tree_pid(int n)
{
	return tree->pid[n];
}

void tree_reap(void)
{
	while (wait(NULL) > 0)
		;
	if (errno != ECHILD)
		die("wait");
}
