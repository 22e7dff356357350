/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is below a process, or a user's, as /proc shows it. One look may miss
 * those that move, so it is repeated until a pass finds nobody new: then there
 * was nobody at the beginning of that pass who was not known, provided that
 *
 * - who is known stands still or is dead, so that it has no more children;
 * - nobody reaps, so that who dies is still to be seen: who forks and exits
 *   leaves a zombie, which is new.
 *
 * Each is told by a pidfd and never by its number. That comes first, then a
 * look in /proc, then a signal, be it 0: if there is anybody to take it, it is
 * who was looked at.
 */
#ifndef LIBFKILL_WALK_H
#define LIBFKILL_WALK_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "procfs.h"

struct member {
	pid_t pid;
	int parent;		/* its place in the list; -1: not looked at */
	int pidfd;		/* -1: none is held */
	struct proc_stat stat;	/* when it was found */
	bool spared;		/* the caller, or a top that is not included */
	bool halted;		/* has been sent found_sig */

	/* For fallback_list(). */
	int below;
	int place;
	int next;
};

struct walk {
	/* Set by the caller of walk_begin(). */
	bool of_user;		/* everybody of @uid; else who is below */
	uid_t uid;
	bool holds;		/* pidfds are kept, and zombies left out */
	int found_sig;		/* is sent to who is found; may be 0 */

	/* For it to read. */
	struct member *members;	/* parents first */
	int count;
	bool fresh;		/* the last pass has found somebody new */
	int error;		/* why a pass could not be finished, or 0 */

	/* Private. */
	int room;
	unsigned char *seen;	/* a bit for each pid */
	bool scans;
	struct rlimit limit;	/* of descriptors, as it was */
	bool raised;
	int place;		/* of whom the children are looked at */
	pid_t tid;
};

/* Both give 0, or -1 and errno; after each of them comes walk_end(). */
int walk_begin(struct walk *walk);
/* The process that @fd stands for, or FKILL_SELF, as first member. */
int walk_add_top(struct walk *walk, int fd, bool spared);

void walk_pass(struct walk *walk);

/* Forget whom passes have found. */
void walk_forget(struct walk *walk);
void walk_end(struct walk *walk);

#endif /* LIBFKILL_WALK_H */
