/* SPDX-License-Identifier: GPL-2.0-only */
/* Trees of sleeping processes. */
#ifndef FOREST_H
#define FOREST_H

#include <stdbool.h>
#include <sys/types.h>

#define TREE_LIMIT	10000

/*
 * @deep: each the only child of the one before, else all are children of the
 *        top. A deep one shares its memory: the copy of a copy of a copy takes
 *        ever longer to make and to take down, and nothing else would show.
 * @uid: of all of them
 * @namespace: of pids, of which the top is the init
 * @cgroup: to put them in, or -1
 */
struct shape {
	int size;
	bool deep;
	uid_t uid;
	bool namespace;
	int cgroup;
};

/*
 * Starts one, as a process group of its own; returns its top once all of them
 * sleep.
 */
pid_t tree_grow(const struct shape *shape);

/* The pid of its nth process, as that process sees it. */
pid_t tree_pid(int n);

/* Reaps children until there are none; a subreaper gets the whole tree. */
void tree_reap(void);

/* A small machine allows for fewer processes unless told. */
void allow_crowd(void);

#endif /* FOREST_H */
