// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything below a process: walk it, signal it, wait for it.
 *
 * Locking: a walk runs under read_lock(&tasklist_lock), which
 * walk_process_tree() takes, inside rcu_read_lock(). The former holds the tree
 * still. The latter keeps alive the task that the walk starts from, and its
 * group leader, between the moment they are found and the lock. A visitor
 * neither sleeps nor allocates.
 */
#include <linux/errno.h>
#include <linux/idr.h>
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "deliver.h"
#include "ksyms.h"
#include "subtree.h"
#include "target.h"

/* What a visitor of walk_process_tree() answers. */
enum { WALK_STOP = -1, WALK_SKIP = 0, WALK_DESCEND = 1 };

/**
 * struct walk - one walk below a process
 * @kill: what it is for
 * @visit: called for each running process below
 * @outside: the process that the walk starts from, if that is not the top
 * @met: the top has been met
 * @found: how many running processes there are below
 * @first: a pid in the caller's namespace, or 0; for the visitor
 */
struct walk {
	struct subtree_kill *kill;
	void (*visit)(struct task_struct *leader, struct walk *walk);
	struct task_struct *outside;
	bool met;
	unsigned int found;
	pid_t first;
};

/* The caller, kernel threads and the dead are nobody's business. */
static bool counts(struct task_struct *leader)
{
	return !(leader->flags & PF_KTHREAD) &&
	       !same_thread_group(leader, current) &&
	       target_is_running(leader);
}

static void walk_visit(struct task_struct *leader, struct walk *walk)
{
	if (!counts(leader))
		return;
	walk->found++;
	if (walk->visit)
		walk->visit(leader, walk);
}

static struct task_struct *parent_of(struct task_struct *task)
{
	return rcu_dereference(task->real_parent);
}

static bool below_caller(struct task_struct *task)
{
	while (task != &init_task) {
		task = parent_of(task);
		if (same_thread_group(task, current))
			return true;
	}
	return false;
}

static int walk_meet(struct task_struct *leader, struct walk *walk)
{
	if (task_tgid(leader) != walk->kill->top)
		return WALK_SKIP;
	walk->met = true;
	walk->kill->own = below_caller(leader);
	if (walk->kill->include_top)
		walk_visit(leader, walk);
	return WALK_DESCEND;
}

static int walk_step(struct task_struct *leader, void *data)
{
	struct walk *walk = data;

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "walk without RCU");
	if (!walk->met)
		return walk_meet(leader, walk);
	if (walk->outside && same_thread_group(parent_of(leader), walk->outside))
		return WALK_STOP;	/* a sibling of the top: all done */
	walk_visit(leader, walk);
	return WALK_DESCEND;
}

/*
 * Walk below the top. Whether the top is there, whether it is below the
 * caller, and the signal to the top itself are matters of the same moment as
 * all the rest; so the walk starts from the top's parent and meets it on the
 * way. If it does not, the top has moved to another parent: again.
 *
 * False if the top has been reaped.
 */
static bool walk_below(struct walk *walk)
{
	struct task_struct *start;

	for (;;) {
		rcu_read_lock();
		start = pid_task(walk->kill->top, PIDTYPE_TGID);
		if (!start) {
			rcu_read_unlock();
			return false;
		}
		if (same_thread_group(start, current)) {
			walk->met = true;
			walk->kill->own = true;
		} else {
			start = parent_of(start);
			walk->outside = start;
		}
		KSYM(walk_process_tree)(start, walk_step, walk);
		rcu_read_unlock();
		if (walk->met)
			return true;
		cond_resched();
	}
}

static unsigned int count_below(struct subtree_kill *kill)
{
	struct walk walk = { .kill = kill };

	walk_below(&walk);
	return walk.found;
}

/*
 * Rises with every birth in the caller's pid namespace and below it: pids are
 * given out in turn.
 */
static int births(void)
{
	return idr_get_cursor(&task_active_pid_ns(current)->idr);
}

/*
 * Make room for all that run below, and for those that are born until they are
 * signalled. Memory may take its time, and a fork bomb grow meanwhile: then
 * again. Once it is found nothing sleeps before the signal.
 */
static void reserve_members(struct subtree_kill *kill)
{
	int tries, before;
	unsigned int nr, born;

	for (tries = 0; tries < 10; tries++) {
		before = births();
		nr = count_below(kill);
		if (!pidset_reserve(&kill->members, nr + nr / 2 + PIDSET_FEW))
			return;
		born = births() - before;	/* huge when pids wrap: again */
		if (born <= nr / 4 + PIDSET_FEW / 2)
			return;
	}
}

static void signal_member(struct task_struct *leader, struct walk *walk)
{
	struct subtree_kill *kill = walk->kill;

	if (kill->sig) {
		if (deliver_in_walk(leader, kill->sig, kill->own))
			kill->refused++;
		else
			kill->signalled++;
	}
	if (!pidset_add(&kill->members, task_tgid(leader)))
		kill->incomplete = true;
}

/**
 * subtree_kill() - signal everything below a process, in one walk
 * @kill: top, sig, include_top and deadline are set, the rest is zero
 *
 * Return: 0; -EINVAL if the top is to be included and is the caller; -ESRCH if
 * the top has been reaped.
 */
int subtree_kill(struct subtree_kill *kill)
{
	struct walk walk = { .kill = kill, .visit = signal_member };

	if (kill->include_top && kill->top == task_tgid(current))
		return -EINVAL;
	reserve_members(kill);
	return walk_below(&walk) ? 0 : -ESRCH;
}

static void add_member(struct task_struct *leader, struct walk *walk)
{
	pidset_add(&walk->kill->members, task_tgid(leader));
}

/*
 * Everybody known is gone: who runs below now? There is always room for some
 * of them, and the rest is found the next time.
 */
static bool find_more_members(struct subtree_kill *kill)
{
	struct walk walk = { .kill = kill, .visit = add_member };

	walk_below(&walk);
	return walk.found;
}

static int wait_for_all(struct subtree_kill *kill)
{
	int err;

	do {
		err = pidset_wait(&kill->members, kill->deadline);
	} while (!err && find_more_members(kill));
	return err;
}

/* What of another's tree is seen where /proc is mounted with hidepid. */
static bool may_see(struct subtree_kill *kill, struct task_struct *leader)
{
	return kill->own ||
	       KSYM(ptrace_may_access)(leader, PTRACE_MODE_READ_FSCREDS |
					       PTRACE_MODE_NOAUDIT);
}

static void count_stranger(struct task_struct *leader, struct walk *walk)
{
	struct subtree_kill *kill = walk->kill;

	if (!walk->first && may_see(kill, leader))
		walk->first = task_tgid_vnr(leader);
	if (!pidset_has(&kill->members, task_tgid(leader)))
		kill->running++;
}

static pid_t first_member(struct subtree_kill *kill)
{
	pid_t first = 0;
	unsigned int i;

	for (i = 0; i < kill->members.nr && !first; i++) {
		struct pid *pid = pidset_get(&kill->members, i);
		struct task_struct *leader = get_pid_task(pid, PIDTYPE_TGID);

		if (!leader)
			continue;
		if (may_see(kill, leader))
			first = pid_vnr(pid);
		put_task_struct(leader);
	}
	return first;
}

/*
 * Who is left: those of the members that run, wherever they are now, and who
 * runs below without being one.
 */
static void report_running(struct subtree_kill *kill)
{
	struct walk walk = { .kill = kill, .visit = count_stranger };

	pidset_prune(&kill->members);
	pidset_sort(&kill->members);
	kill->running = kill->members.nr;
	walk_below(&walk);
	kill->first = walk.first ?: first_member(kill);
	if (kill->incomplete && !kill->running)
		kill->running = 1;
}

/**
 * subtree_wait() - wait until nobody of a subtree is running
 * @kill: after subtree_kill(); or after an earlier subtree_wait() that was
 *        interrupted
 *
 * SIGCHLD is held back meanwhile: each death below may send one. It stays held
 * back when the wait is interrupted, until the kernel knows whether a handler
 * runs; else a pending SIGCHLD would be taken for the interruption.
 *
 * Return: 0 if nobody is left, 1 if somebody is or may be; -ERESTARTNOHAND on
 * a signal: the system call must end with it, and be restarted with @kill if
 * no handler ran.
 */
int subtree_wait(struct subtree_kill *kill)
{
	sigset_t chld, saved;
	int err;

	siginitset(&chld, sigmask(SIGCHLD));
	sigprocmask(SIG_BLOCK, &chld, &saved);
	err = wait_for_all(kill);
	if (err != -ERESTARTSYS)
		sigprocmask(SIG_SETMASK, &saved, NULL);

	kill->running = 0;
	kill->first = 0;
	if (err || kill->incomplete)
		report_running(kill);
	if (err != -ERESTARTSYS)
		return kill->running != 0;

	current->saved_sigmask = saved;
	set_restore_sigmask();
	return -ERESTARTNOHAND;
}

/**
 * subtree_kill_free() - let go of all that a kill below holds
 * @kill: whatever its state
 */
void subtree_kill_free(struct subtree_kill *kill)
{
	pidset_free(&kill->members);
	put_pid(kill->top);
}
