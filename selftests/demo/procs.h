/* SPDX-License-Identifier: GPL-2.0-only */
/* What /proc shows at about one time, as ps(1) and killall(1) read it. */
#ifndef PROCS_H
#define PROCS_H

#include <stdbool.h>
#include <sys/types.h>

struct proc {
	pid_t pid;
	pid_t parent;
	bool marked;
	char name[16];
};

/* Reads all processes but zombies, in order of pid; returns how many. */
int procs_read(struct proc **procs);

/* Marks everybody below @top. */
void procs_mark_below(struct proc *procs, int n, pid_t top);

/* Marks everybody called @name. */
void procs_mark_name(struct proc *procs, int n, const char *name);

/* Marks everybody of effective uid @uid. */
void procs_mark_uid(struct proc *procs, int n, uid_t uid);

#endif /* PROCS_H */
