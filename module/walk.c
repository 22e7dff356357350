// SPDX-License-Identifier: GPL-2.0-only
/*
 * Meet every process of a scope, in one walk.
 *
 * Locking: a walk runs under read_lock(&tasklist_lock), which
 * walk_process_tree() takes, inside rcu_read_lock(). The former holds the tree
 * still. The latter keeps alive the task that the walk starts from, and its
 * group leader, between the moment they are found and the lock.
 */
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "ksyms.h"
#include "target.h"
#include "walk.h"

/* What a visitor of walk_process_tree() answers. */
enum { WALK_STOP = -1, WALK_SKIP = 0, WALK_DESCEND = 1 };

/**
 * walk_parent() - the parent of a process
 * @task: its leader; under RCU
 */
struct task_struct *walk_parent(struct task_struct *task)
{
	return rcu_dereference(task->real_parent);
}

/* The caller, and the dead, are nobody's business. */
static bool is_wanted(const struct walk *walk, struct task_struct *leader)
{
	/* others of the flags may change; this one never does */
	if (data_race(leader->flags) & PF_KTHREAD)
		return false;
	return walk->everybody || (!same_thread_group(leader, current) &&
				   target_is_running(leader));
}

static void meet(struct walk *walk, struct task_struct *leader)
{
	if (!is_wanted(walk, leader))
		return;
	walk->found++;
	if (walk->visit)
		walk->visit(leader, walk);
}

/* Is it the caller, or below it? */
static bool is_own(struct task_struct *task)
{
	while (task != &init_task) {
		if (same_thread_group(task, current))
			return true;
		task = walk_parent(task);
	}
	return false;
}

static int meet_top(struct walk *walk, struct task_struct *leader)
{
	if (task_tgid(leader) != walk->scope->top)
		return WALK_SKIP;
	walk->inside = true;
	walk->own = is_own(leader);
	if (walk->scope->include_top)
		meet(walk, leader);
	return WALK_DESCEND;
}

/* Checked by kernels that prove RCU; says nothing on others. */
static void assert_tree_is_still(void)
{
	RCU_LOCKDEP_WARN(!lockdep_tasklist_lock_is_held(),
			 "walk without tasklist_lock");
}

static int step_below(struct task_struct *leader, void *data)
{
	struct walk *walk = data;

	assert_tree_is_still();
	if (!walk->inside)
		return meet_top(walk, leader);
	if (walk->start && same_thread_group(walk_parent(leader), walk->start))
		return WALK_STOP;	/* a sibling of the top: all done */
	meet(walk, leader);
	return WALK_DESCEND;
}

/*
 * Whether the top is there, whether it is below the caller, and the visit to
 * the top itself are matters of the same moment as all the rest; so the walk
 * starts from the top's parent and meets it on the way. Only the caller itself
 * is sure to stay, and needs no parent unless it is to be met. False if the top
 * is not there at all.
 */
static bool find_start(struct walk *walk)
{
	struct task_struct *top = pid_task(walk->scope->top, PIDTYPE_TGID);

	if (!top)
		return false;
	walk->inside = same_thread_group(top, current) &&
		       !walk->scope->include_top;
	walk->own = walk->inside;
	walk->start = walk->inside ? NULL : walk_parent(top);
	return true;
}

/* If the top is not met, it has moved to another parent: again. */
static bool walk_below(struct walk *walk)
{
	bool found;

	for (;;) {
		rcu_read_lock();
		found = find_start(walk);
		if (found)
			KSYM(walk_process_tree)(walk->start ?: current,
						step_below, walk);
		rcu_read_unlock();
		if (!found || walk->inside)
			return found;
		cond_resched();
	}
}

static bool is_of_uid(struct task_struct *leader, kuid_t uid)
{
	const struct cred *cred = __task_cred(leader);

	return uid_eq(cred->uid, uid) || uid_eq(cred->euid, uid) ||
	       uid_eq(cred->suid, uid);
}

/*
 * A process that entered the caller's namespace has its parent outside: so the
 * walk is over all there are, and the number in the namespace decides. 0 is
 * none, and 1 is init.
 */
static int step_uid(struct task_struct *leader, void *data)
{
	struct walk *walk = data;

	assert_tree_is_still();
	if (task_tgid_vnr(leader) > 1 && is_of_uid(leader, walk->scope->uid))
		meet(walk, leader);
	return WALK_DESCEND;
}

/**
 * walk_scope() - meet every process of a scope
 * @walk: scope and visitor are set
 *
 * Return: false if there is no top any more. A scope by uid is always there.
 */
bool walk_scope(struct walk *walk)
{
	if (!walk->scope->by_uid)
		return walk_below(walk);
	rcu_read_lock();
	KSYM(walk_process_tree)(&init_task, step_uid, walk);
	rcu_read_unlock();
	return true;
}

/**
 * walk_may_see() - may the caller be told of a process that was met?
 * @walk: of which @own is looked at
 * @leader: the process
 *
 * Of another's tree, what a /proc mounted with hidepid would show.
 */
bool walk_may_see(const struct walk *walk, struct task_struct *leader)
{
	return walk->own ||
	       KSYM(ptrace_may_access)(leader, PTRACE_MODE_READ_FSCREDS |
					       PTRACE_MODE_NOAUDIT);
}
