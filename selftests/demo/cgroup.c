// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"

#define CGROUP_ROOT	"/sys/fs/cgroup"
#define PAUSE_US	2000
#define TRIES		2000

int cgroup_make(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), CGROUP_ROOT "/%s", name);
	mkdir(path, 0755);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void cgroup_remove(const char *name, int dir)
{
	char path[PATH_MAX];

	close(dir);
	snprintf(path, sizeof(path), CGROUP_ROOT "/%s", name);
	rmdir(path);
}

int cgroup_write(int dir, const char *file, const char *text)
{
	int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

int cgroup_enter(int dir)
{
	return cgroup_write(dir, "cgroup.procs", "0");
}

static bool event_is(int dir, const char *line)
{
	char buf[128] = "";
	int fd = openat(dir, "cgroup.events", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, buf, sizeof(buf) - 1) < 0)
		return false;
	close(fd);
	return strstr(buf, line);
}

bool cgroup_populated(int dir)
{
	return event_is(dir, "populated 1");
}

/* Sends @sig to each process, 0 to none, and returns how many there are. */
static int signal_all(int dir, int sig)
{
	int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	FILE *f = fdopen(fd, "r");
	int n = 0, pid;

	if (!f)
		return -1;
	for (; fscanf(f, "%d", &pid) == 1; n++)
		if (pid > 0)
			kill(pid, sig);
	fclose(f);
	return n;
}

int cgroup_count(int dir)
{
	return signal_all(dir, 0);
}

/*
 * Frozen processes neither fork nor exit, so that the list of them is whole.
 * cgroup.kill would do as well, but it is one of those that are measured.
 */
bool cgroup_empty(int dir)
{
	int tries = TRIES;

	cgroup_write(dir, "cgroup.freeze", "1");
	while (cgroup_populated(dir) && tries--) {
		if (event_is(dir, "frozen 1"))
			signal_all(dir, SIGKILL);
		usleep(PAUSE_US);
	}
	cgroup_write(dir, "cgroup.freeze", "0");
	return tries >= 0;
}
