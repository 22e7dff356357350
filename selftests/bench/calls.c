// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pair.h"
#include "sections.h"

/* The target ignores it, so that hardly more than the call is measured. */
#define SIG	SIGURG

static int dir, path, kill_file, pidfd;
static pid_t target;
static char number[8];

static int pidfd_send_signal_(int fd)
{
	return syscall(SYS_pidfd_send_signal, fd, SIG, NULL, 0);
}

static int peer_dir(void)
{
	return pidfd_send_signal_(dir);
}

static int peer_pidfd(void)
{
	return pidfd_send_signal_(pidfd);
}

static int peer_kill(void)
{
	return kill(target, SIG);
}

static int fkill_dir(void)
{
	return fkill(dir, SIG);
}

static int fkill_path(void)
{
	return fkill(path, SIG);
}

static int fkill_kill_file(void)
{
	return fkill(kill_file, SIG);
}

static int fkill_pidfd(void)
{
	return fkill(pidfd, SIG);
}

static int write_kill_file(void)
{
	return write(kill_file, number, strlen(number));
}

static const struct pair pairs[] = {
	{ { "fkill(directory)", per_call, fkill_dir },
	  { "pidfd_send_signal(same)", per_call, peer_dir }, 1.2 },
	{ { "fkill(O_PATH directory)", per_call, fkill_path },
	  { "pidfd_send_signal(dir.)", per_call, peer_dir }, 1.2 },
	{ { "fkill(kill file)", per_call, fkill_kill_file },
	  { "pidfd_send_signal(dir.)", per_call, peer_dir }, 1.2 },
	{ { "fkill(pidfd)", per_call, fkill_pidfd },
	  { "pidfd_send_signal(same)", per_call, peer_pidfd }, 1.2 },
	{ { "write(kill file)", per_call, write_kill_file },
	  { "pidfd_send_signal(dir.)", per_call, peer_dir }, 0 },
	{ { "fkill(directory)", per_call, fkill_dir },
	  { "kill(pid)", per_call, peer_kill }, 0 },
};

static int open_below(const char *file, int flags)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/proc/%d%s", target, file);
	fd = open(name, flags | O_CLOEXEC);
	if (fd < 0)
		die(name);
	return fd;
}

static void start_target(void)
{
	target = fork();
	if (target == 0)
		for (;;)
			pause();
	if (target < 0)
		die("fork");
}

void bench_calls(int rounds)
{
	start_target();
	dir = open_below("", O_RDONLY | O_DIRECTORY);
	path = open_below("", O_PATH | O_DIRECTORY);
	kill_file = open_below("/kill", O_WRONLY);
	pidfd = syscall(SYS_pidfd_open, target, 0);
	snprintf(number, sizeof(number), "%d", SIG);

	printf("\nOne signal to one process, per call\n");
	pairs_run(pairs, ARRAY_SIZE(pairs), rounds);
	kill(target, SIGKILL);
}
