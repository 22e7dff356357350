/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A caller of killbelow() that waits: a child of the test, so that the test
 * can hold it up, send it signals, and decide when the wait may end. It signals
 * a descendant by SIGUSR1 that catches this, runs on, and leaves when told.
 */
#ifndef CALLER_H
#define CALLER_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* What a caller does before it calls and waits. */
struct plan {
	int timeout;
	bool orphan;		/* its descendant moves away at the signal */
	int children;		/* who leave one by one */
	int catches;		/* a signal that it has a handler for */
	int flags;		/* of that handler */
};

/* The body of a caller; the argument is its plan. */
int call_by_plan(void *plan);
/* Handler of the caller's own signals. */
void count_caught(int sig, siginfo_t *info, void *context);
/* One of the caller's children, which leaves when it is its turn. */
int leave_in_turn(void *turn);
bool turn_has_left(int turn);

/* Has it sent its signals, and sleeps? */
bool waits(pid_t caller);
bool orphan_has_moved(void);
/* A call that would end now is given the time to do so. */
bool still_waits(void);
/* Told to leave, the last one leaves, and that ends the wait. */
bool ends_with_the_last(pid_t caller);

bool stop(pid_t caller);
bool go_on(pid_t caller);

#endif /* CALLER_H */
