/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_PARKED_H
#define FKILL_PARKED_H

#include <linux/list.h>
#include <linux/spinlock.h>

#include "subtree.h"

/**
 * struct parked - interrupted waits, until their system calls are restarted
 * @lock: for all below; no other is taken under it
 * @last: the number given out last; numbers start from 1
 * @waits: at most one of each thread
 *
 * One for each open file of /dev/fkill. Nobody tells when a handler ran, and
 * so an interrupted call was not restarted: what a thread left behind goes
 * with its next call, with its end, or with the file.
 */
struct parked {
	spinlock_t lock;	/* all below */
	u32 last;
	struct list_head waits;
};

void parked_init(struct parked *parked);
void parked_destroy(struct parked *parked);
void parked_tidy(struct parked *parked);
int parked_put(struct parked *parked, const struct subtree_kill *kill,
	       u32 *number);
int parked_take(struct parked *parked, u32 number, struct subtree_kill *kill);

#endif /* FKILL_PARKED_H */
