/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_WALK_H
#define FKILL_WALK_H

#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/uidgid.h>

/**
 * struct scope - which processes are meant
 * @by_uid: all those of @uid; else those below @top
 * @uid: real, effective or saved
 * @top: a process
 * @include_top: and the top itself
 */
struct scope {
	bool by_uid;
	kuid_t uid;
	struct pid *top;
	bool include_top;
};

/**
 * struct walk - one walk over a scope
 * @scope: where
 * @visit: called for each process that is met, or NULL
 * @everybody: also those that run no longer, and the caller
 * @own: the top is the caller or below it at the moment of the walk
 * @found: how many have been met
 * @start: private
 * @inside: private
 *
 * The visitor runs under tasklist_lock and RCU: it neither sleeps nor
 * allocates. It never meets a kernel thread.
 */
struct walk {
	const struct scope *scope;
	void (*visit)(struct task_struct *leader, struct walk *walk);
	bool everybody;
	bool own;
	unsigned int found;

	struct task_struct *start;
	bool inside;
};

bool walk_scope(struct walk *walk);
bool walk_may_see(const struct walk *walk, struct task_struct *leader);
struct task_struct *walk_parent(struct task_struct *task);

#endif /* FKILL_WALK_H */
