// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "parked.h"

/**
 * struct wait - one of them
 * @node: in waits
 * @number: which
 * @thread: whose; a reference
 * @kill: the wait itself
 */
struct wait {
	struct list_head node;
	u32 number;
	struct pid *thread;
	struct subtree_kill kill;
};

static void free_waits(struct list_head *waits)
{
	struct wait *wait, *next;

	list_for_each_entry_safe(wait, next, waits, node) {
		subtree_kill_free(&wait->kill);
		put_pid(wait->thread);
		kfree(wait);
	}
}

void parked_init(struct parked *parked)
{
	spin_lock_init(&parked->lock);
	INIT_LIST_HEAD(&parked->waits);
}

/**
 * parked_destroy() - drop all that is parked
 * @parked: nobody uses it any more
 */
void parked_destroy(struct parked *parked)
{
	free_waits(&parked->waits);
}

/* The calling thread does something else now, or the thread is gone. */
static bool is_left_behind(const struct wait *wait)
{
	bool gone;

	rcu_read_lock();
	gone = !pid_task(wait->thread, PIDTYPE_PID);
	rcu_read_unlock();
	return gone || wait->thread == task_pid(current);
}

/**
 * parked_tidy() - drop what was left behind
 * @parked: where
 *
 * Called when the calling thread begins something new.
 */
void parked_tidy(struct parked *parked)
{
	struct wait *wait, *next;
	LIST_HEAD(left);

	spin_lock(&parked->lock);
	list_for_each_entry_safe(wait, next, &parked->waits, node) {
		if (is_left_behind(wait))
			list_move(&wait->node, &left);
	}
	spin_unlock(&parked->lock);
	free_waits(&left);
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
 * @number: set to the number to take it back with
 *
 * Return: 0; -ENOMEM, and the wait stays the caller's.
 */
int parked_put(struct parked *parked, const struct subtree_kill *kill,
	       u32 *number)
{
	struct wait *wait = kmalloc(sizeof(*wait), GFP_KERNEL_ACCOUNT);

	if (!wait)
		return -ENOMEM;
	wait->thread = get_pid(task_pid(current));
	wait->kill = *kill;

	spin_lock(&parked->lock);
	wait->number = next_number(parked);
	*number = wait->number;
	list_add(&wait->node, &parked->waits);
	spin_unlock(&parked->lock);
	return 0;
}

static struct wait *find(struct parked *parked, u32 number)
{
	struct wait *wait;

	lockdep_assert_held(&parked->lock);
	list_for_each_entry(wait, &parked->waits, node) {
		if (wait->number == number)
			return wait;
	}
	return NULL;
}

/**
 * parked_take() - go on with an interrupted wait
 * @parked: where it is
 * @number: which one, as a caller says
 * @kill: filled with the wait
 *
 * Return: 0; -EINVAL if there never was such a number, or it is another
 * thread's; -EINTR if the wait was dropped or taken meanwhile.
 */
int parked_take(struct parked *parked, u32 number, struct subtree_kill *kill)
{
	struct wait *wait;
	int err = 0;

	spin_lock(&parked->lock);
	wait = find(parked, number);
	if (!wait)
		err = number > parked->last ? -EINVAL : -EINTR;
	else if (wait->thread != task_pid(current))
		err = -EINVAL;
	else
		list_del(&wait->node);
	spin_unlock(&parked->lock);
	if (err)
		return err;

	*kill = wait->kill;
	put_pid(wait->thread);
	kfree(wait);
	return 0;
}
