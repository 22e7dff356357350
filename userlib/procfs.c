// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pidfd.h"
#include "procfs.h"

#define PF_KTHREAD	0x00200000	/* in a line of stat since ever */

/* The beginning of a file, as text. */
static bool read_text(int dir, const char *path, char *buf, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n == 0)
		errno = ESRCH;
	if (n <= 0)
		return false;
	buf[n] = '\0';
	return true;
}

/* "pid (name) state parent group session tty group flags ...", any name. */
bool proc_stat(pid_t pid, pid_t tid, struct proc_stat *stat)
{
	char path[64], buf[512];
	const char *rest;
	unsigned int flags;

	if (tid)
		snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	else
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (!read_text(AT_FDCWD, path, buf, sizeof(buf)))
		return false;
	rest = strrchr(buf, ')');
	if (!rest || sscanf(rest, ") %c %d %*d %*d %*d %*d %u", &stat->state,
			    &stat->parent, &flags) != 3)
		return false;
	stat->kernel_thread = flags & PF_KTHREAD;
	return true;
}

/* The text after "@name:" in @buf, at the beginning of a line. */
static const char *find_line(const char *buf, const char *name)
{
	size_t len = strlen(name);

	while (buf && (strncmp(buf, name, len) || buf[len] != ':')) {
		buf = strchr(buf, '\n');
		buf += !!buf;
	}
	return buf ? buf + len + 1 : NULL;
}

bool proc_uids(pid_t pid, uid_t uids[3])
{
	char path[64], buf[2048];
	const char *line;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (!read_text(AT_FDCWD, path, buf, sizeof(buf)))
		return false;
	line = find_line(buf, "Uid");
	return line && sscanf(line, "%u %u %u", &uids[0], &uids[1],
			      &uids[2]) == 3;
}

long proc_number(int dir, const char *path, const char *name)
{
	const char *line;
	char buf[2048];

	if (!read_text(dir, path, buf, sizeof(buf)))
		return -1;
	line = find_line(buf, name);
	return line ? atol(line) : -1;
}

/*
 * "NSpid:" has a number for each namespace from that of /proc downwards. The
 * file of a pidfd has it too, and is short however many groups there are.
 */
bool proc_is_ours(void)
{
	char path[64], buf[1024];
	int fd = pidfd_of(getpid());
	const char *line;
	bool read;
	int n[2];

	snprintf(path, sizeof(path), "/proc/thread-self/fdinfo/%d", fd);
	read = fd >= 0 && read_text(AT_FDCWD, path, buf, sizeof(buf));
	close(fd);
	line = read ? find_line(buf, "NSpid") : NULL;
	return line && sscanf(line, "%d%*[\t]%d", &n[0], &n[1]) == 1;
}

bool proc_has_children(void)
{
	return !access("/proc/thread-self/children", F_OK);
}

static void each_number(const char *path, void (*fn)(pid_t pid, void *arg),
			void *arg)
{
	char buf[8192] __attribute__((aligned(8)));
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent64 *entry;
	long n, pos;

	if (fd < 0)
		return;
	while ((n = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0) {
		for (pos = 0; pos < n; pos += entry->d_reclen) {
			entry = (struct dirent64 *)(buf + pos);
			if (atoi(entry->d_name) > 0)
				fn(atoi(entry->d_name), arg);
		}
	}
	close(fd);
}

void proc_each(void (*fn)(pid_t pid, void *arg), void *arg)
{
	each_number("/proc", fn, arg);
}

void proc_each_thread(pid_t pid, void (*fn)(pid_t tid, void *arg), void *arg)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	each_number(path, fn, arg);
}

/* A number may lie across the end of the buffer. */
void proc_each_child(pid_t pid, pid_t tid, void (*fn)(pid_t pid, void *arg),
		     void *arg)
{
	char path[64], buf[4096];
	pid_t child = 0;
	ssize_t n, i;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++) {
			if (buf[i] != ' ') {
				child = child * 10 + buf[i] - '0';
				continue;
			}
			fn(child, arg);
			child = 0;
		}
	}
	close(fd);
}

struct search {
	pid_t pid;
	const char *states;
	bool found;
};

/* Who execs takes over the number of the first thread, and its own is gone. */
static void check_thread(pid_t tid, void *arg)
{
	struct search *search = arg;
	struct proc_stat stat;

	if (!proc_stat(search->pid, tid, &stat) ||
	    !strchr(search->states, stat.state))
		search->found = true;
}

bool proc_has_thread_but(pid_t pid, const char *states)
{
	struct search search = { .pid = pid, .states = states };

	proc_each_thread(pid, check_thread, &search);
	return search.found;
}
