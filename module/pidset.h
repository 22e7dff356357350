/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_PIDSET_H
#define FKILL_PIDSET_H

#include <linux/ktime.h>
#include <linux/pid.h>

#define PIDSET_FEW 16

/**
 * struct pidset - processes that somebody waits for
 * @nr: how many there are
 * @max: for how many @many has room
 * @many: the pids, each with a reference, if they are more than a few; else
 *        NULL
 * @few: the pids otherwise, so that a set has room even when memory is short
 *
 * A zeroed one is empty and ready. It may be moved by assignment. One task
 * uses it at a time.
 */
struct pidset {
	unsigned int nr;
	unsigned int max;
	struct pid **many;
	struct pid *few[PIDSET_FEW];
};

unsigned int pidset_room(const struct pidset *set);
bool pidset_reserve(struct pidset *set, unsigned int nr);
void pidset_free(struct pidset *set);

bool pidset_add(struct pidset *set, struct pid *pid);
void pidset_sort(struct pidset *set);
bool pidset_has(struct pidset *set, struct pid *pid);
struct pid *pidset_get(struct pidset *set, unsigned int i);

void pidset_prune(struct pidset *set);
int pidset_wait(struct pidset *set, ktime_t deadline, unsigned int state);

#endif /* FKILL_PIDSET_H */
