// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bsearch.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "pidset.h"
#include "target.h"

/*
 * The last thread of a process wakes those that wait for its pid; but not when
 * a tracer holds on to another thread that is a zombie already. So look again
 * at this pace.
 */
#define SECOND_LOOK ms_to_ktime(250)

static struct pid **pids(struct pidset *set)
{
	return set->many ?: set->few;
}

/**
 * pidset_room() - for how many is there room in all?
 * @set: the set
 */
unsigned int pidset_room(const struct pidset *set)
{
	return set->many ? set->max : PIDSET_FEW;
}

/**
 * pidset_reserve() - make room in an empty set
 * @set: the set
 * @nr: for how many
 *
 * By whole pages: kmalloc() would round up to a power of two.
 *
 * Return: false if there is no memory; the set has room for a few even then.
 */
bool pidset_reserve(struct pidset *set, unsigned int nr)
{
	size_t size = array_size(nr, sizeof(*set->many));
	gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_NOWARN;

	WARN_ON_ONCE(set->nr);
	if (nr <= pidset_room(set))
		return true;
	kvfree(set->many);
	set->many = size > PAGE_SIZE ? __vmalloc(size, gfp) : kmalloc(size, gfp);
	set->max = nr;
	return set->many;
}

/**
 * pidset_free() - empty a set, and give back its memory
 * @set: the set; ready for use again
 */
void pidset_free(struct pidset *set)
{
	while (set->nr) {
		put_pid(pids(set)[--set->nr]);
		cond_resched();
	}
	kvfree(set->many);
	set->many = NULL;
}

/**
 * pidset_add() - remember a process
 * @set: the set
 * @pid: the process; the set takes a reference
 *
 * Context: any; does not sleep or allocate.
 * Return: false if the set is full.
 */
bool pidset_add(struct pidset *set, struct pid *pid)
{
	if (set->nr == pidset_room(set))
		return false;
	pids(set)[set->nr++] = get_pid(pid);
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct pid *x = *(struct pid *const *)a;
	const struct pid *y = *(struct pid *const *)b;

	return x < y ? -1 : x > y;
}

/**
 * pidset_sort() - bring a set in order for pidset_has()
 * @set: the set; pidset_prune() keeps the order
 */
void pidset_sort(struct pidset *set)
{
	sort(pids(set), set->nr, sizeof(struct pid *), by_address, NULL);
}

/**
 * pidset_has() - is a process in a sorted set?
 * @set: the set
 * @pid: the process
 *
 * Context: any; does not sleep.
 */
bool pidset_has(struct pidset *set, struct pid *pid)
{
	return bsearch(&pid, pids(set), set->nr, sizeof(pid), by_address);
}

/**
 * pidset_get() - one of a set, by number
 * @set: the set
 * @i: less than @set->nr
 *
 * Return: the pid, for which the set holds the reference.
 */
struct pid *pidset_get(struct pidset *set, unsigned int i)
{
	return pids(set)[i];
}

/**
 * pidset_prune() - forget those that run no longer, and let go of their pids
 * @set: the set
 */
void pidset_prune(struct pidset *set)
{
	struct pid **pid = pids(set);
	unsigned int i, kept = 0;

	for (i = 0; i < set->nr; i++) {
		if (target_pid_is_running(pid[i]))
			pid[kept++] = pid[i];
		else
			put_pid(pid[i]);
		cond_resched();
	}
	set->nr = kept;
}

static int wait_for(struct pid *pid, ktime_t deadline, unsigned int state)
{
	ktime_t left;

	if (!target_pid_is_running(pid))
		return 0;
	left = ktime_sub(deadline, ktime_get());
	if (left <= 0)
		return -ETIME;
	return __wait_event_hrtimeout(pid->wait_pidfd,
				      !target_pid_is_running(pid),
				      min(left, SECOND_LOOK), state);
}

/**
 * pidset_wait() - wait until none of a set is running
 * @set: the set; who is gone leaves it
 * @deadline: CLOCK_MONOTONIC; KTIME_MAX for none
 * @state: how to sleep
 *
 * From the end: who was signalled last is likely to go last, so that one sleep
 * is often enough.
 *
 * Return: 0 when the set is empty, -ETIME, or -ERESTARTSYS on a signal that
 * @state lets in.
 */
int pidset_wait(struct pidset *set, ktime_t deadline, unsigned int state)
{
	while (set->nr) {
		struct pid *pid = pids(set)[set->nr - 1];
		int err = wait_for(pid, deadline, state);

		if (!err) {
			put_pid(pid);
			set->nr--;
			cond_resched();
			continue;
		}
		if (err != -ETIME || ktime_get() >= deadline)
			return err;
		pidset_prune(set);
	}
	return 0;
}
