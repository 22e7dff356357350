// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"
#include "tree.h"

/* No process outlives its test by more, whatever happens. */
#define LIFETIME_S	110

struct tree *tree;

int tree_begin(void)
{
	tree = mmap(NULL, sizeof(*tree), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tree == MAP_FAILED)
		return errno;
	tree->end = now_ms() + LIFETIME_S * 1000;
	return errno_of(prctl(PR_SET_CHILD_SUBREAPER, 1));
}

static void kill_children(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return;
	while ((entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);

		if (pid && status_number(pid, "PPid", 10) == getpid())
			kill(pid, SIGKILL);
	}
	closedir(proc);
}

/* Not by means of what is tested: so they are killed one by one. */
void tree_end(void)
{
	tree->stop = true;
	tree->go = true;
	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG | __WALL);

		if (pid < 0)
			break;
		if (!pid) {
			kill_children();
			nap();
		}
	}
	munmap(tree, sizeof(*tree));
}

pid_t tree_spawn(int (*fn)(void *arg), void *arg)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	alarm(LIFETIME_S);
	_exit(fn(arg));
}

pid_t tree_spawn_thin(int (*fn)(void *arg), void *arg)
{
	const size_t size = 16384;
	char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (stack == MAP_FAILED)
		return -1;
	return clone(fn, stack + size, CLONE_VM | SIGCHLD, arg);
}

void tree_ready(void)
{
	tree->ready++;
}

bool tree_is_ready(int count)
{
	return wait_until(tree->ready >= count);
}

void count_signal(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	tree->info = *info;
	tree->handled++;
}

void on_signal(int sig, void (*fn)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {
		.sa_sigaction = fn,
		.sa_flags = SA_SIGINFO | flags,
	};

	sigaction(sig, &action, NULL);
}

int sleep_on(void *arg)
{
	(void)arg;
	tree_ready();
	for (;;)
		pause();
	return 0;
}

int catch_on(void *sig)
{
	on_signal(*(int *)sig, count_signal, 0);
	tree_ready();
	while (!tree->go)
		nap();
	tree->left++;
	return 0;
}

/* Not before the new process has set itself up. */
static pid_t spawn_ready(int (*fn)(void *arg), void *arg)
{
	int ready = tree->ready;
	pid_t pid = tree_spawn(fn, arg);

	return tree_is_ready(ready + 1) ? pid : -1;
}

pid_t tree_sleeper(void)
{
	return spawn_ready(sleep_on, NULL);
}

pid_t tree_catcher(int sig)
{
	return spawn_ready(catch_on, &sig);
}

bool tree_grows(void)
{
	return !tree->stop && now_ms() < tree->end;
}

void call_below(int sig, int timeout)
{
	tree->called = false;
	tree->started = now_ms();
	tree->ret = fkillbelow(FKILL_SELF, sig, timeout, 0, &tree->report);
	tree->err = errno_of(tree->ret);
	tree->ended = now_ms();
	tree->called = true;
}

bool answered(int ret)
{
	return wait_until(tree->called) && tree->ret == ret;
}

bool kills_all(int count)
{
	struct fkill_report report;

	if (fkillbelow(FKILL_SELF, SIGKILL, INT_MAX, 0, &report))
		return false;
	return report.signalled == (unsigned int)count && !report.running;
}

int reap_all(void)
{
	int count = 0;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG | __WALL)) > 0)
		count++;
	return pid == 0 ? -1 : count;
}

int reap_all_dead_of(int sig)
{
	int count = 0;
	int status;

	while (waitpid(-1, &status, __WALL) > 0) {
		if (!WIFSIGNALED(status) || WTERMSIG(status) != sig)
			return -1;
		count++;
	}
	return count;
}

int comet(void *arg)
{
	(void)arg;
	while (tree_grows()) {
		tree->born++;
		if (fork())
			_exit(0);
	}
	return 0;
}
