// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/sched/signal.h>

#include "parked.h"

void parked_init(struct parked *parked)
{
	spin_lock_init(&parked->lock);
}

/**
 * parked_destroy() - drop all that is parked
 * @parked: nobody uses it any more
 */
void parked_destroy(struct parked *parked)
{
	size_t i;

	for (i = 0; i < PARKED_MAX; i++)
		subtree_kill_free(&parked->kill[i]);
}

/* Number 0 means "none" to the caller, and so is left out. */
static u32 next_number(struct parked *parked)
{
	lockdep_assert_held(&parked->lock);
	if (++parked->last == 0)
		++parked->last;
	return parked->last;
}

/**
 * parked_put() - keep an interrupted wait for the restart of its call
 * @parked: where
 * @kill: the wait, which is moved out of the caller's hands
 *
 * Return: the number to take it back with.
 */
u32 parked_put(struct parked *parked, const struct subtree_kill *kill)
{
	struct subtree_kill oldest;
	u32 number;

	spin_lock(&parked->lock);
	number = next_number(parked);
	oldest = parked->kill[number % PARKED_MAX];
	parked->kill[number % PARKED_MAX] = *kill;
	parked->number[number % PARKED_MAX] = number;
	spin_unlock(&parked->lock);

	subtree_kill_free(&oldest);
	return number;
}

/**
 * parked_take() - go on with an interrupted wait
 * @parked: where it is
 * @number: which one, as a caller says
 * @kill: filled with the wait
 *
 * Return: 0; -EINVAL if there never was such a number, or it is another
 * process's; -EINTR if the wait was dropped or taken meanwhile.
 */
int parked_take(struct parked *parked, u32 number, struct subtree_kill *kill)
{
	struct subtree_kill *slot = &parked->kill[number % PARKED_MAX];
	int err = 0;

	spin_lock(&parked->lock);
	if (number > parked->last)
		err = -EINVAL;
	else if (!slot->top || parked->number[number % PARKED_MAX] != number)
		err = -EINTR;
	else if (slot->caller != task_tgid(current))
		err = -EINVAL;
	if (!err) {
		*kill = *slot;
		memset(slot, 0, sizeof(*slot));
	}
	spin_unlock(&parked->lock);
	return err;
}
