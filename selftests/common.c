// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common.h"

long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000L + ts.tv_nsec / 1000000;
}

void nap(void)
{
	const struct timespec ts = { .tv_nsec = 2000000 };

	nanosleep(&ts, NULL);
}

int errno_of(long ret)
{
	return ret == -1 ? errno : 0;
}

/* It may be dead by now; and is 0 when it is outside our namespace. */
static void die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() && getppid() != parent)
		_exit(255);
}

pid_t spawn(int (*fn)(void *arg), void *arg)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid)
		return pid;
	die_with(parent);
	_exit(fn(arg));
}

static pid_t spawn_clone(struct clone_args *args, int (*fn)(void *arg),
			 void *arg)
{
	pid_t parent = getpid();
	pid_t pid;

	args->exit_signal = SIGCHLD;
	pid = syscall(SYS_clone3, args, sizeof(*args));
	if (pid)
		return pid;
	die_with(parent);
	_exit(fn(arg));
}

pid_t spawn_flags(unsigned long flags, int (*fn)(void *arg), void *arg)
{
	struct clone_args args = { .flags = flags };

	return spawn_clone(&args, fn, arg);
}

pid_t spawn_at(pid_t pid, int (*fn)(void *arg), void *arg)
{
	struct clone_args args = {
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};

	return spawn_clone(&args, fn, arg);
}

int sleep_for_ever(void *arg)
{
	(void)arg;
	while (pause())
		;
	return 0;
}

pid_t spawn_sleeper(void)
{
	return spawn(sleep_for_ever, NULL);
}

struct dropped {
	uid_t uid;
	int (*fn)(void *arg);
	void *arg;
	pid_t parent;
	const struct gate *done;
};

static int run_dropped(void *arg)
{
	struct dropped *d = arg;

	if (drop_to(d->uid))
		return 255;
	/* The change of ids has cleared what spawn() set. */
	die_with(d->parent);
	if (d->done)
		gate_open(d->done);
	return d->fn(d->arg);
}

pid_t spawn_sleeper_as(uid_t uid)
{
	struct gate done;
	struct dropped d = { uid, sleep_for_ever, NULL, getpid(), &done };
	pid_t pid;

	if (gate_init(&done))
		return -1;
	pid = spawn(run_dropped, &d);
	gate_wait(&done);
	gate_close(&done);
	return pid;
}

static int leave(void *arg)
{
	(void)arg;
	return 0;
}

pid_t spawn_zombie(void)
{
	pid_t pid = spawn(leave, NULL);
	siginfo_t info;

	if (pid > 0)
		waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	return pid;
}

int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			return -1;
	return status;
}

void kill_and_reap(pid_t pid)
{
	kill(pid, SIGKILL);
	reap(pid);
}

bool died_of(pid_t pid, int sig)
{
	int status;

	if (!wait_until(waitpid(pid, &status, WNOHANG) == pid))
		return false;
	return WIFSIGNALED(status) && WTERMSIG(status) == sig;
}

int run_child(int (*fn)(void *arg), void *arg)
{
	int status = reap(spawn(fn, arg));

	return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int run_as(uid_t uid, int (*fn)(void *arg), void *arg)
{
	struct dropped d = { uid, fn, arg, getpid(), NULL };

	return run_child(run_dropped, &d);
}

int drop_to(uid_t uid)
{
	if (setgroups(0, NULL) || setresgid(uid, uid, uid) ||
	    setresuid(uid, uid, uid))
		return errno;
	/* Else /proc/self would go on belonging to root. */
	return errno_of(prctl(PR_SET_DUMPABLE, 1));
}

int status_line(pid_t pid, const char *name, char *buf, size_t size)
{
	size_t len = strlen(name);
	int err = ENOENT;
	char path[64];
	char line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		return errno;
	while (err && fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, len) || line[len] != ':')
			continue;
		for (len++; isspace((unsigned char)line[len]); len++)
			;
		snprintf(buf, size, "%s", line + len);
		err = 0;
	}
	fclose(file);
	return err;
}

long status_number(pid_t pid, const char *name, int base)
{
	char buf[64];

	if (status_line(pid, name, buf, sizeof(buf)))
		return -1;
	return strtoul(buf, NULL, base);
}

char state_of(pid_t pid)
{
	char buf[8];

	return status_line(pid, "State", buf, sizeof(buf)) ? 0 : buf[0];
}

bool is_running(pid_t pid)
{
	char state = state_of(pid);

	return state && state != 'Z' && state != 'X';
}

static bool sleeps_undisturbed(pid_t pid)
{
	/* In this order: what has taken its signal does not sleep again. */
	return !status_number(pid, "SigPnd", 16) &&
	       !status_number(pid, "ShdPnd", 16) && state_of(pid) == 'S';
}

bool is_left_alone(pid_t pid)
{
	return wait_until(sleeps_undisturbed(pid));
}

int open_proc(pid_t pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, flags | O_CLOEXEC);
}

int write_text(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t n = write(fd, text, len);

	if (n < 0)
		return errno;
	return n == (ssize_t)len ? 0 : EIO;
}

int write_at(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno;
	err = write_text(fd, text);
	close(fd);
	return err;
}

int write_file(const char *path, const char *text)
{
	return write_at(AT_FDCWD, path, text);
}

int read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	ssize_t n = -1;
	int err;

	if (fd < 0)
		return errno;
	while (have < size - 1 && (n = read(fd, buf + have,
					    size - 1 - have)) > 0)
		have += n;
	err = errno_of(n);
	buf[have] = '\0';
	close(fd);
	return err;
}

int gate_init(struct gate *gate)
{
	return errno_of(pipe(gate->fd));
}

void gate_open(const struct gate *gate)
{
	if (write(gate->fd[1], "", 1) != 1)
		_exit(255);
}

void gate_wait(const struct gate *gate)
{
	char byte;

	while (read(gate->fd[0], &byte, 1) < 0 && errno == EINTR)
		;
}

void gate_close(const struct gate *gate)
{
	close(gate->fd[0]);
	close(gate->fd[1]);
}

int open_and_write(void *arg)
{
	const struct kill_order *order = arg;
	int fd = open_proc(order->pid, "kill", O_WRONLY);

	return fd < 0 ? 255 : write_text(fd, order->text);
}

int only_write(void *arg)
{
	const struct kill_order *order = arg;

	return write_text(order->fd, order->text);
}

void *tell_tid(void *out_pipe)
{
	int *out = out_pipe;
	int tid = gettid();

	if (write(out[1], &tid, sizeof(tid)) == sizeof(tid))
		pause();
	return NULL;
}
