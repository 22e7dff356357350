// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <fcntl.h>
#include <fkill.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contest.h"
#include "forest.h"
#include "load.h"
#include "module.h"
#include "procs.h"
#include "sections.h"

#define CROWD		1000
#define LIMIT_MS	600000

/* Loading leaves the caches cold, so the first time does not count. */
static void warm(const struct way *way, double *ns)
{
	per_call(way, ns);
	per_call(way, ns);
}

/* It is loaded before and after. */
static void without_module(const struct way *way, double *ns)
{
	module_unload();
	warm(way, ns);
	module_load(MODULE_THIS);
}

/* Returns once it is one; it holds the module until it is killed. */
static pid_t start_owner(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		die("pipe");
	pid = fork();
	if (pid == 0) {
		if (fkill_own(FKILL_OWN_EXIT_KILL, 0) ||
		    write(ready[1], "", 1) != 1)
			die("own");
		for (;;)
			pause();
	}
	close(ready[1]);
	if (pid < 0 || read(ready[0], &byte, 1) != 1)
		die("owner");
	close(ready[0]);
	return pid;
}

/* Somebody else is registered, whose exit it is not. */
static void with_owner(const struct way *way, double *ns)
{
	pid_t owner = start_owner();

	warm(way, ns);
	kill(owner, SIGKILL);
	waitpid(owner, NULL, 0);
}

int open_entry(void)
{
	return close(open("/proc/self/stat", O_RDONLY));
}

static int stat_entry(void)
{
	struct stat st;

	return stat("/proc/self/stat", &st);
}

static int open_missing(void)
{
	return open("/proc/self/missing", O_RDONLY) < 0 ? 0 : -1;
}

int list_entries(void)
{
	DIR *dir = opendir("/proc/self");

	while (readdir(dir))
		;
	return closedir(dir);
}

static int fork_exec_wait(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		execl("/proc/self/exe", "bench", "exit", NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return status ? -1 : 0;
}

static int fork_exit_wait(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return waitpid(pid, NULL, 0);
}

/* As ps(1) does. */
static int read_all(void)
{
	struct proc *procs;

	return procs_read(&procs);
}

static const struct work {
	const char *name;
	int (*op)(void);
	int calls;
	double goal;
} works[] = {
	{ "open /proc/self/stat", open_entry, 500, 1.03 },
	{ "stat /proc/self/stat", stat_entry, 500, 1.03 },
	{ "open a missing name", open_missing, 500, 1.03 },
	{ "list /proc/self", list_entries, 500, 1.05 },
	{ "fork, exec, wait", fork_exec_wait, 500, 1.01 },
	{ "fork, exit, wait", fork_exit_wait, 500, 1.01 },
	{ "ps over 1000 processes", read_all, 1, 1.01 },
};

static void contest_of(const struct work *w)
{
	const struct way ways[] = {
		{ "without the module", without_module, w->op,
		  .calls = w->calls },
		{ "with the module", warm, w->op,
		  .calls = w->calls, .goal = { w->goal } },
		{ "with an owner besides", with_owner, w->op,
		  .calls = w->calls, .goal = { w->goal } },
	};

	contest_run(&(struct contest) {
		.section = "load",
		.work = w->name,
		.figures = { "a call" },
		.ways = ways,
		.count = ARRAY_SIZE(ways),
		.rounds = 3,
	});
}

/* All the time: that they are there costs the others nothing. */
void bench_load(void)
{
	const struct shape crowd = { .size = CROWD, .cgroup = -1 };
	size_t i;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	tree_grow(&crowd);
	for (i = 0; i < ARRAY_SIZE(works); i++)
		contest_of(&works[i]);
	if (killbelow(SIGKILL, LIMIT_MS))
		die("kill the crowd");
	tree_reap();
}
