/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_PARKED_H
#define FKILL_PARKED_H

#include <linux/spinlock.h>

#include "subtree.h"

#define PARKED_MAX 8

/**
 * struct parked - interrupted waits, until their system calls are restarted
 * @lock: for all below; no other is taken under it
 * @last: the number given out last; numbers start from 1
 * @kill: number n is at n modulo PARKED_MAX; @top is NULL where nothing is
 * @number: which one is there
 *
 * One for each open file of /dev/fkill. Nobody tells when a handler ran and so
 * an interrupted call was not restarted: the oldest make way for new ones, and
 * the rest goes with the file.
 */
struct parked {
	spinlock_t lock;	/* all below */
	u32 last;
	struct subtree_kill kill[PARKED_MAX];
	u32 number[PARKED_MAX];
};

void parked_init(struct parked *parked);
void parked_destroy(struct parked *parked);
u32 parked_put(struct parked *parked, const struct subtree_kill *kill);
int parked_take(struct parked *parked, u32 number, struct subtree_kill *kill);

#endif /* FKILL_PARKED_H */
