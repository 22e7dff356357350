// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "contest.h"
#include "sections.h"

/* The target ignores it, so that hardly more than the call is measured. */
#define SIG	SIGURG

static int dir, path, kill_file, pidfd;
static pid_t target;
static char number[8], dir_name[32], kill_name[32];

static int send_by(int fd)
{
	return syscall(SYS_pidfd_send_signal, fd, SIG, NULL, 0);
}

static int send_dir(void)
{
	return send_by(dir);
}

static int send_pidfd(void)
{
	return send_by(pidfd);
}

static int kill_pid(void)
{
	return kill(target, SIG);
}

static int tgkill_pid(void)
{
	return syscall(SYS_tgkill, target, target, SIG);
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

static int with_open(const char *name, int flags, int (*op)(int fd))
{
	int fd = open(name, flags | O_CLOEXEC);
	int ret = op(fd);

	close(fd);
	return ret;
}

static int write_to(int fd)
{
	return write(fd, number, strlen(number));
}

static int fkill_by(int fd)
{
	return fkill(fd, SIG);
}

static int open_and_send(void)
{
	return with_open(dir_name, O_RDONLY | O_DIRECTORY, send_by);
}

static int open_and_write(void)
{
	return with_open(kill_name, O_WRONLY, write_to);
}

static int open_and_fkill(void)
{
	return with_open(dir_name, O_RDONLY | O_DIRECTORY, fkill_by);
}

static const struct way open_ways[] = {
	{ "pidfd_send_signal(directory)", per_call, send_dir },
	{ "fkill(directory)", per_call, fkill_dir, .goal = { 1.15 } },
	{ "fkill(O_PATH directory)", per_call, fkill_path },
	{ "fkill(kill file)", per_call, fkill_kill_file },
	{ "fkill(pidfd)", per_call, fkill_pidfd },
	{ "write(kill file)", per_call, write_kill_file, .goal = { 1.25 } },
	{ "pidfd_send_signal(pidfd)", per_call, send_pidfd },
	{ "kill", per_call, kill_pid },
	{ "tgkill", per_call, tgkill_pid },
};

static const struct way opening_ways[] = {
	{ "open, pidfd_send_signal, close", per_call, open_and_send },
	{ "open, fkill, close", per_call, open_and_fkill },
	{ "open, write, close", per_call, open_and_write },
};

static int open_or_die(const char *name, int flags)
{
	int fd = open(name, flags | O_CLOEXEC);

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

static void open_target(void)
{
	snprintf(number, sizeof(number), "%d", SIG);
	snprintf(dir_name, sizeof(dir_name), "/proc/%d", target);
	snprintf(kill_name, sizeof(kill_name), "/proc/%d/kill", target);
	dir = open_or_die(dir_name, O_RDONLY | O_DIRECTORY);
	path = open_or_die(dir_name, O_PATH | O_DIRECTORY);
	kill_file = open_or_die(kill_name, O_WRONLY);
	pidfd = syscall(SYS_pidfd_open, target, 0);
}

void bench_calls(void)
{
	struct contest contest = {
		.section = "calls",
		.work = "one signal",
		.figures = { "a call" },
		.ways = open_ways,
		.count = ARRAY_SIZE(open_ways),
		.rounds = 5,
	};

	start_target();
	open_target();
	contest_run(&contest);
	contest.work = "one signal, nothing open";
	contest.ways = opening_ways;
	contest.count = ARRAY_SIZE(opening_ways);
	contest_run(&contest);
	kill(target, SIGKILL);
}
