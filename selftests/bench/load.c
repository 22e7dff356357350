// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pair.h"
#include "sections.h"

#define MODULE		"/fkill.ko"
#define PAUSE_US	10000

static void load(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) &&
		       errno != EEXIST))
		die(MODULE);
	close(fd);
}

static void unload(void)
{
	while (syscall(SYS_delete_module, "fkill", O_NONBLOCK)) {
		if (errno != EAGAIN)
			die("delete_module");
		usleep(PAUSE_US);
	}
}

/* Loading leaves the caches cold, so the first time does not count. */
static double warm(int (*op)(void))
{
	per_call(op);
	return per_call(op);
}

static double loaded(int (*op)(void))
{
	load();
	return warm(op);
}

static double unloaded(int (*op)(void))
{
	double ns;

	unload();
	ns = warm(op);
	load();
	return ns;
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
static double with_owner(int (*op)(void))
{
	pid_t owner;
	double ns;

	load();
	owner = start_owner();
	ns = warm(op);
	kill(owner, SIGKILL);
	waitpid(owner, NULL, 0);
	return ns;
}

static int open_entry(void)
{
	return close(open("/proc/self/stat", O_RDONLY));
}

static int open_missing(void)
{
	return open("/proc/self/missing", O_RDONLY) < 0 ? 0 : -1;
}

static int list(void)
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
		execl("/proc/self/exe", "bench", "--exit", NULL);
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

static const struct pair pairs[] = {
	{ { "open /proc/self/stat", loaded, open_entry },
	  { "without the module", unloaded, open_entry }, 0 },
	{ { "open a missing name", loaded, open_missing },
	  { "without the module", unloaded, open_missing }, 0 },
	{ { "list /proc/self", loaded, list },
	  { "without the module", unloaded, list }, 0 },
	{ { "fork, exec, wait", loaded, fork_exec_wait },
	  { "without the module", unloaded, fork_exec_wait }, 0 },
	{ { "fork, exit, wait", loaded, fork_exit_wait },
	  { "without the module", unloaded, fork_exit_wait }, 1.01 },
	{ { "same, somebody registered", with_owner, fork_exit_wait },
	  { "without the module", unloaded, fork_exit_wait }, 0 },
};

void bench_load(int rounds)
{
	printf("\nThe rest of the system, module loaded or not, per call\n");
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1) {
		printf("left out: only one emulated processor at a time survives live patching\n");
		return;
	}
	pairs_run(pairs, ARRAY_SIZE(pairs), rounds);
}
