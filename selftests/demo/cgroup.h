/* SPDX-License-Identifier: GPL-2.0-only */
/* A cgroup to count processes by, and to get rid of them afterwards. */
#ifndef CGROUP_H
#define CGROUP_H

#include <stdbool.h>

/* Makes the cgroup @name below the root; returns its directory, or -1. */
int cgroup_make(const char *name);

/* Moves the caller into it; everybody that it forks is born there. */
int cgroup_enter(int dir);

/* Writes @text to one of its files. */
int cgroup_write(int dir, const char *file, const char *text);

/* Does anybody run in it? Zombies do not count. */
bool cgroup_populated(int dir);

/* How many processes run in it. */
int cgroup_count(int dir);

/* Ends everybody in it, forking or not; false if that took too long. */
bool cgroup_empty(int dir);

/* Removes the cgroup once it is empty, and closes @dir. */
void cgroup_remove(const char *name, int dir);

#endif /* CGROUP_H */
