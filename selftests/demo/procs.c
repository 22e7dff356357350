// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "procs.h"

#define MAX_PROCS	32768	/* pid_max unless told */
#define THREADS_FIELD	20	/* of /proc/<pid>/stat, the name being 2 */

static int by_pid(const void *a, const void *b)
{
	return ((const struct proc *)a)->pid - ((const struct proc *)b)->pid;
}

/* A zombie with threads is a process whose first thread has left. */
static bool parse_stat(struct proc *p, const char *stat)
{
	const char *name = strchr(stat, '('), *end = strrchr(stat, ')');
	int threads, i;
	char state;

	if (!name || !end || sscanf(end, ") %c %d", &state, &p->parent) != 2)
		return false;
	snprintf(p->name, sizeof(p->name), "%.*s", (int)(end - name - 1),
		 name + 1);
	for (i = 2; end && i < THREADS_FIELD; i++)
		end = strchr(end + 1, ' ');
	threads = end ? atoi(end) : 0;
	return state != 'Z' || threads > 1;
}

static bool read_proc(struct proc *p)
{
	char path[32], buf[512];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", p->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (n <= 0)
		return false;
	buf[n] = '\0';
	p->marked = false;
	return parse_stat(p, buf);
}

static int list_pids(struct proc *procs)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int n = 0;

	while (dir && n < MAX_PROCS && (entry = readdir(dir))) {
		procs[n].pid = atoi(entry->d_name);
		if (procs[n].pid > 0)
			n++;
	}
	if (dir)
		closedir(dir);
	return n;
}

/* All pids first, and then one by one, as the tools of procps and psmisc do. */
int procs_read(struct proc **procs)
{
	static struct proc all[MAX_PROCS];
	int listed = list_pids(all), n = 0, i;

	for (i = 0; i < listed; i++) {
		all[n].pid = all[i].pid;
		if (read_proc(&all[n]))
			n++;
	}
	qsort(all, n, sizeof(*all), by_pid);
	*procs = all;
	return n;
}

static bool is_marked(const struct proc *procs, int n, pid_t pid)
{
	struct proc key = { .pid = pid };
	const struct proc *p = bsearch(&key, procs, n, sizeof(*p), by_pid);

	return p && p->marked;
}

void procs_mark_below(struct proc *procs, int n, pid_t top)
{
	bool more = true;
	struct proc *p;

	while (more) {
		more = false;
		for (p = procs; p < procs + n; p++) {
			if (p->marked || (p->parent != top &&
					  !is_marked(procs, n, p->parent)))
				continue;
			p->marked = true;
			more = true;
		}
	}
}

void procs_mark_name(struct proc *procs, int n, const char *name)
{
	struct proc *p;

	for (p = procs; p < procs + n; p++)
		p->marked = !strcmp(p->name, name);
}

void procs_mark_uid(struct proc *procs, int n, uid_t uid)
{
	struct proc *p;
	struct stat st;
	char path[32];

	for (p = procs; p < procs + n; p++) {
		snprintf(path, sizeof(path), "/proc/%d", p->pid);
		p->marked = !stat(path, &st) && st.st_uid == uid;
	}
}
