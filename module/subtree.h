/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_SUBTREE_H
#define FKILL_SUBTREE_H

#include <linux/ktime.h>
#include <linux/pid.h>
#include <linux/signal.h>

#include "pidset.h"
#include "walk.h"

/**
 * struct subtree_kill - one kill of many, from the walk to the end of the wait
 * @scope: whom; with a reference to the top, if there is one
 * @sig: the signal, or 0 to wait only
 * @no_wait: nobody is waited for, so that nobody is remembered either
 * @deadline: of the wait, CLOCK_MONOTONIC; KTIME_MAX for none
 * @members: whom to wait for
 * @own: the top was the caller or below it at the moment of the walk
 * @incomplete: somebody was signalled for whom there was no room in @members,
 *              and may leave the scope
 * @signalled: how many were sent the signal
 * @refused: how many could not be
 * @running: how many still run; without a wait, how many ran in the walk
 * @first: one of those, in the caller's namespace, that it may see; or 0
 *
 * May be moved by assignment, to survive the restart of a system call.
 */
struct subtree_kill {
	struct scope scope;
	int sig;
	bool no_wait;
	ktime_t deadline;
	struct pidset members;
	bool own;
	bool incomplete;
	unsigned int signalled;
	unsigned int refused;
	unsigned int running;
	pid_t first;
};

int subtree_kill(struct subtree_kill *kill);
int subtree_wait(struct subtree_kill *kill);
void subtree_linger(struct subtree_kill *kill);
void subtree_kill_free(struct subtree_kill *kill);

#endif /* FKILL_SUBTREE_H */
