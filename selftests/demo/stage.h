/* SPDX-License-Identifier: GPL-2.0-only */
/* Where an exhibit is put up, watched and cleared away. */
#ifndef STAGE_H
#define STAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "gallery.h"

#define CALLER_UID	64000
#define PACE_US		500
#define SETTLE_US	500000	/* for signals that are still on their way */
#define STAGE_TRIES	3

/* What became of an exhibit. */
struct cell {
	int left;	/* processes that still ran at the end */
	int error;	/* why the way was refused, or 0 */
	long long us;	/* until nobody ran, or until the end */
};

/* Shared by demo, caller and exhibit. */
struct stage {
	const struct exhibit *exhibit;
	int cgroup;
	atomic_int in_place;
	atomic_bool caller_ready;
	atomic_bool go;
	atomic_llong begin;
	atomic_llong end;
	atomic_int error;
};

struct act {
	/*
	 * The part of the program that starts the exhibit, in a process of its
	 * own. Sets caller_ready, and does not return.
	 */
	void (*caller)(const struct act *act, struct stage *stage);
	/* Once all are in place: ends the caller and fills the cell. */
	void (*judge)(struct cell *cell, struct stage *stage, pid_t caller);
	const void *means;
};

/*
 * The slowest of some tries, or the first that left somebody: who cannot be
 * relied on has lost. Returns 0, or -1 after saying what did not work on the
 * demo's own side.
 */
int stage_act(struct cell *cell, const struct exhibit *e,
	      const struct act *act);

/* Starts the exhibit from a child that calls @prepare, unless that is NULL. */
pid_t stage_open_exhibit(struct stage *stage, void (*prepare)(void));

/* How many processes of the exhibit run. */
int stage_count(const struct stage *stage);

/* Gives up all privilege. */
void become(uid_t uid);

#endif /* STAGE_H */
