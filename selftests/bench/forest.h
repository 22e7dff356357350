/* SPDX-License-Identifier: GPL-2.0-only */
/* Trees of sleeping processes. */
#ifndef FOREST_H
#define FOREST_H

#include <sys/types.h>

#define TREE_SIZE	1000

/*
 * Starts a tree of TREE_SIZE processes in cgroup @cgroup and in a process
 * group of its own; returns its top once all of them sleep.
 */
pid_t tree_grow(int cgroup);

/* Reaps children until there are none; a subreaper gets the whole tree. */
void tree_reap(void);

#endif /* FOREST_H */
