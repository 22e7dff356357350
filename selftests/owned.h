/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Owners that die, and what becomes of those below. An owner is a child of the
 * test, which is a child subreaper (see tree.h): so whoever outlives an owner
 * comes to the test, however far below it was.
 */
#ifndef OWNED_H
#define OWNED_H

#include <stdbool.h>
#include <sys/types.h>

#define LINGER_MAX	"/sys/module/fkill/parameters/linger_max"
#define CROSS_UID	"/sys/module/fkill/parameters/cross_uid"

/* As long as an exit may linger unless linger_max is changed. */
#define LONG_LINGER	10000

/* What an owner returns that comes to its end. */
#define OWNER_LEAVES	7

/* What an owner does, in this order; each part may be left out. */
struct estate {
	bool subreaper;
	bool found_only;	/* registered without exit-kill */
	int linger;
	bool (*grow)(void);	/* sets all up that is below, and is_ready */
	void (*end)(void);	/* else it returns */
};

/* An owner with everything below it; -1 if it could not get so far. */
pid_t spawn_owner(const struct estate *estate);

/* For estates: a sleeper that is remembered in tree->pid[0]. */
bool grow_sleeper(void);
/* Sleep until somebody sends a signal. */
void end_by_others(void);

/* As its tracer: follow a process, be told that it is in its exit, let it on. */
bool seize(pid_t pid);
bool stops_at_exit(pid_t pid);
bool let_go(pid_t pid);

/* Has a process called exec, with a program of this name? */
bool runs_program(pid_t pid, const char *name);

/*
 * Wait for the owner: its status. How many there were below goes to @count; it
 * is -1 when one of them still runs, or was left out of the kill.
 */
int reap_owner(pid_t owner, int *count);

#endif /* OWNED_H */
