/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the fallback reads in /proc. It is all by number, and so only a hint of
 * whom to look at; no allocation, no stdio.
 */
#ifndef LIBFKILL_PROCFS_H
#define LIBFKILL_PROCFS_H

#include <stdbool.h>
#include <sys/types.h>

struct proc_stat {
	pid_t parent;
	char state;
	bool kernel_thread;
};

/* Of a process, or of thread @tid of it unless that is 0. */
bool proc_stat(pid_t pid, pid_t tid, struct proc_stat *stat);

/* Is any of its threads in none of @states, or gone from under the look? */
bool proc_has_thread_but(pid_t pid, const char *states);

/* Real, effective and saved. */
bool proc_uids(pid_t pid, uid_t uids[3]);

/* The number after "@name:" in file @path of directory @dir, or -1. */
long proc_number(int dir, const char *path, const char *name);

/* Does /proc show the caller's own pid namespace, by its numbers? */
bool proc_is_ours(void);

/* Are there lists of children? The kernel may be built without. */
bool proc_has_children(void);

/* Call @fn for each process; thread of a process; child of a thread. */
void proc_each(void (*fn)(pid_t pid, void *arg), void *arg);
void proc_each_thread(pid_t pid, void (*fn)(pid_t tid, void *arg), void *arg);
void proc_each_child(pid_t pid, pid_t tid, void (*fn)(pid_t pid, void *arg),
		     void *arg);

#endif /* LIBFKILL_PROCFS_H */
