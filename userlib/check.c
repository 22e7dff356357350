// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The checks of fkill(1). Nothing here looks a process up by its number: all
 * is read below the directory that the signal is sent through.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "command.h"

#define CGROUP_MOUNT	"/sys/fs/cgroup"
#define COMM_LEN	15

/* Parse */

static void parse_exe(struct checks *checks, const char *path)
{
	if (stat(path, &checks->exe_file))
		err(trouble, "%s", path);
	checks->exe = path;
}

static void parse_cgroup(struct checks *checks, const char *path)
{
	size_t len = strlen(CGROUP_MOUNT);

	if (*path != '/')
		errx(trouble, "no cgroup: '%s' (a path from / on)", path);
	if (!strncmp(path, CGROUP_MOUNT, len) && strchr("/", path[len]))
		path += len;
	checks->cgroup = path;
}

static void parse_regex(struct checks *checks, const char *text)
{
	int error = regcomp(&checks->regex, text, REG_EXTENDED | REG_NOSUB);
	char why[256];

	if (error) {
		regerror(error, &checks->regex, why, sizeof(why));
		errx(trouble, "no regular expression: '%s': %s", text, why);
	}
	checks->cmdline = text;
}

bool parse_check(struct checks *checks, int letter, const char *text)
{
	switch (letter) {
	case CHECK_EXE:
		parse_exe(checks, text);
		return true;
	case CHECK_COMM:
		checks->comm = text;
		return true;
	case CHECK_USER:
		checks->uid = parse_user(text);
		checks->user = text;
		return true;
	case CHECK_CGROUP:
		parse_cgroup(checks, text);
		return true;
	case CHECK_STARTED_BEFORE:
		checks->moment = parse_moment(text);
		checks->started_before = text;
		return true;
	case CHECK_CMDLINE:
		parse_regex(checks, text);
		return true;
	default:
		return false;
	}
}

/* Read */

static bool cannot_read(pid_t pid, const char *name)
{
	/* In the directory of a process that is gone there is nothing. */
	if (errno == ENOENT)
		errno = ESRCH;
	if (errno == ESRCH)
		warn("%d", pid);
	else
		warn("%d: %s", pid, name);
	return false;
}

/* All of @fd with '\0' after it, to be freed; or NULL. */
static char *read_all(int fd, size_t *len)
{
	size_t room = 4096;
	char *buf = malloc(room);
	ssize_t n = 1;

	for (*len = 0; buf && n > 0; *len += n) {
		if (*len == room - 1)
			buf = reallocarray(buf, room *= 2, 1);
		n = buf ? read(fd, buf + *len, room - 1 - *len) : 0;
	}
	if (!buf)
		err(trouble, "memory");
	if (n < 0) {
		free(buf);
		return NULL;
	}
	buf[*len] = '\0';
	return buf;
}

/* The same of a file of the process; says why not. */
static char *read_at(pid_t pid, int dir, const char *name, size_t *len)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	char *buf = fd < 0 ? NULL : read_all(fd, len);

	if (!buf)
		cannot_read(pid, name);
	if (fd >= 0)
		close(fd);
	return buf;
}

/* Compare: each says what does not hold */

/* The file that runs, whatever path leads to it. */
static bool exe_holds(const struct checks *checks, pid_t pid, int dir)
{
	char path[PATH_MAX];
	struct stat file;
	ssize_t len;

	if (fstatat(dir, "exe", &file, 0)) {
		if (errno != ENOENT || faccessat(dir, "stat", F_OK, 0))
			return cannot_read(pid, "exe");
		warnx("%d: has no exe, not %s", pid, checks->exe);
		return false;
	}
	if (file.st_dev == checks->exe_file.st_dev &&
	    file.st_ino == checks->exe_file.st_ino)
		return true;
	len = readlinkat(dir, "exe", path, sizeof(path) - 1);
	path[len > 0 ? len : 0] = '\0';
	printable(path);
	warnx("%d: exe is %s, not %s", pid, path, checks->exe);
	return false;
}

/* The kernel keeps no more of a name. */
static bool comm_holds(const struct checks *checks, pid_t pid, int dir)
{
	size_t len;
	char *comm = read_at(pid, dir, "comm", &len);
	bool holds;

	if (!comm)
		return false;
	comm[strcspn(comm, "\n")] = '\0';
	holds = strlen(comm) <= COMM_LEN &&
		!strncmp(comm, checks->comm, COMM_LEN);
	printable(comm);
	if (!holds)
		warnx("%d: comm is '%s', not '%s'", pid, comm, checks->comm);
	free(comm);
	return holds;
}

/* The effective one, as pkill -u. */
static bool user_holds(const struct checks *checks, pid_t pid, int dir)
{
	unsigned int uid;
	char line[64];

	if (!proc_status_at(dir, "Uid", line, sizeof(line)))
		return cannot_read(pid, "status");
	if (sscanf(line, "%*u %u", &uid) == 1 && uid == checks->uid)
		return true;
	warnx("%d: user is %s, not %s", pid, user_name(uid), checks->user);
	return false;
}

/* The path in the unified hierarchy, or NULL. */
static char *find_cgroup(char *lines)
{
	char *path = strncmp(lines, "0::", 3) ? strstr(lines, "\n0::") : lines;

	if (!path)
		return NULL;
	path = strchr(path, '/');
	if (path)
		path[strcspn(path, "\n")] = '\0';
	return path;
}

static bool is_below(const char *path, const char *cgroup)
{
	size_t len = strlen(cgroup);

	while (len && cgroup[len - 1] == '/')
		len--;
	return !strncmp(path, cgroup, len) && strchr("/", path[len]);
}

static bool cgroup_holds(const struct checks *checks, pid_t pid, int dir)
{
	size_t len;
	char *lines = read_at(pid, dir, "cgroup", &len);
	char *path = lines ? find_cgroup(lines) : NULL;
	bool holds = path && is_below(path, checks->cgroup);

	if (path)
		printable(path);
	if (lines && !holds)
		warnx("%d: cgroup is %s, not %s or below it", pid,
		      path ?: "of version 1", checks->cgroup);
	free(lines);
	return holds;
}

/* The 22nd field; the 2nd one may hold anything, but ends at the last ')'. */
static bool parse_start(const char *stat, unsigned long long *tick)
{
	const char *end = strrchr(stat, ')');
	int field;

	for (field = 3; end && field <= 22; field++)
		end = strchr(end + 1, ' ');
	if (end)
		*tick = strtoull(end, NULL, 10);
	return end;
}

static bool start_holds(const struct checks *checks, pid_t pid, int dir)
{
	unsigned long long tick = 0;
	char started[64];
	size_t len;
	char *stat = read_at(pid, dir, "stat", &len);
	bool holds;

	if (!stat)
		return false;
	holds = parse_start(stat, &tick) &&
		moment_of_tick(tick) < checks->moment;
	free(stat);
	print_moment(moment_of_tick(tick), started, sizeof(started));
	if (!holds)
		warnx("%d: started at %s, not before %s", pid, started,
		      checks->started_before);
	return holds;
}

/* Arguments end in '\0' each, and are matched with a space between. */
static bool cmdline_holds(const struct checks *checks, pid_t pid, int dir)
{
	size_t i, len;
	char *cmdline = read_at(pid, dir, "cmdline", &len);
	bool holds;

	if (!cmdline)
		return false;
	for (i = 0; i + 1 < len; i++) {
		if (!cmdline[i])
			cmdline[i] = ' ';
	}
	holds = !regexec(&checks->regex, cmdline, 0, NULL, 0);
	printable(cmdline);
	if (!holds)
		warnx("%d: cmdline is '%.200s', which '%s' does not match",
		      pid, cmdline, checks->cmdline);
	free(cmdline);
	return holds;
}

bool checks_hold(const struct checks *checks, pid_t pid, int dir)
{
	return (!checks->exe || exe_holds(checks, pid, dir)) &&
	       (!checks->comm || comm_holds(checks, pid, dir)) &&
	       (!checks->user || user_holds(checks, pid, dir)) &&
	       (!checks->cgroup || cgroup_holds(checks, pid, dir)) &&
	       (!checks->started_before || start_holds(checks, pid, dir)) &&
	       (!checks->cmdline || cmdline_holds(checks, pid, dir));
}
