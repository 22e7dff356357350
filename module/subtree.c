// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signal many processes in one walk, and wait for them.
 */
#include <linux/errno.h>
#include <linux/idr.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "compat.h"
#include "deliver.h"
#include "subtree.h"
#include "target.h"

/* What the visitors need beside the walk. */
struct kill_walk {
	struct walk walk;
	struct subtree_kill *kill;
};

static struct kill_walk *to_kill_walk(struct walk *walk)
{
	return container_of(walk, struct kill_walk, walk);
}

static unsigned int count_running(struct subtree_kill *kill)
{
	struct walk walk = { .scope = &kill->scope };

	walk_scope(&walk);
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
 * Make room for all that run there, and for those that are born until they are
 * signalled. Memory may take its time, and a fork bomb grow meanwhile: then
 * again. Once it is found nothing sleeps before the signal.
 */
static void reserve_members(struct subtree_kill *kill)
{
	int tries, before;
	unsigned int nr, born;

	for (tries = 0; tries < 10; tries++) {
		before = births();
		nr = count_running(kill);
		if (!pidset_reserve(&kill->members, nr + nr / 2 + PIDSET_FEW))
			return;
		born = births() - before;	/* huge when pids wrap: again */
		if (born <= nr / 4 + PIDSET_FEW / 2)
			return;
	}
}

static void signal_one(struct subtree_kill *kill, struct task_struct *leader,
		       bool own)
{
	if (!kill->sig)
		return;
	if (deliver_in_walk(leader, kill->sig, own))
		kill->refused++;
	else
		kill->signalled++;
}

/* Of those that are met the first that the caller may be told of. */
static void note_first(struct subtree_kill *kill, struct task_struct *leader,
		       const struct walk *walk)
{
	if (!kill->first && walk_may_see(walk, leader))
		kill->first = task_tgid_vnr(leader);
}

/*
 * Orphans come to a caller that is a subreaper, or the init: who was not
 * remembered is found by a later walk. Of another pid namespace that is not
 * sure: who was sent there by setns() is left to an init that may be anywhere.
 */
static bool stays_below(const struct scope *scope, struct task_struct *leader)
{
	return scope->top == task_tgid(current) &&
	       (current->signal->is_child_subreaper ||
		is_child_reaper(scope->top)) &&
	       task_active_pid_ns(leader) == task_active_pid_ns(current);
}

static void signal_member(struct task_struct *leader, struct walk *walk)
{
	struct subtree_kill *kill = to_kill_walk(walk)->kill;

	signal_one(kill, leader, walk->own);
	if (kill->no_wait)
		note_first(kill, leader, walk);
	else if (!pidset_add(&kill->members, task_tgid(leader)) &&
		 !stays_below(&kill->scope, leader))
		kill->incomplete = true;
}

/**
 * subtree_kill() - signal every process of a scope, in one walk
 * @kill: scope, sig, and deadline or no_wait are set, the rest is zero
 *
 * Return: 0; -EINVAL if the top is to be included and is the caller; -ESRCH if
 * the top has been reaped.
 */
int subtree_kill(struct subtree_kill *kill)
{
	struct kill_walk kw = {
		.walk = { .scope = &kill->scope, .visit = signal_member },
		.kill = kill,
	};

	if (kill->scope.include_top && kill->scope.top == task_tgid(current))
		return -EINVAL;
	if (!kill->no_wait)
		reserve_members(kill);
	if (!walk_scope(&kw.walk))
		return -ESRCH;
	kill->running = kw.walk.found;
	kill->own = kw.walk.own;
	return 0;
}

static void add_member(struct task_struct *leader, struct walk *walk)
{
	pidset_add(&to_kill_walk(walk)->kill->members, task_tgid(leader));
}

/*
 * Everybody known is gone: who runs there now? There is always room for some
 * of them, and the rest is found the next time.
 */
static bool find_more_members(struct subtree_kill *kill)
{
	struct kill_walk kw = {
		.walk = { .scope = &kill->scope, .visit = add_member },
		.kill = kill,
	};

	walk_scope(&kw.walk);
	return kw.walk.found;
}

static int wait_for_all(struct subtree_kill *kill, unsigned int state)
{
	int err;

	do {
		err = pidset_wait(&kill->members, kill->deadline, state);
	} while (!err && find_more_members(kill));
	return err;
}

static void count_stranger(struct task_struct *leader, struct walk *walk)
{
	struct subtree_kill *kill = to_kill_walk(walk)->kill;

	note_first(kill, leader, walk);
	if (!pidset_has(&kill->members, task_tgid(leader)))
		kill->running++;
}

static pid_t first_member(struct subtree_kill *kill)
{
	const struct walk as = { .own = kill->own };
	pid_t first = 0;
	unsigned int i;

	for (i = 0; i < kill->members.nr && !first; i++) {
		struct pid *pid = pidset_get(&kill->members, i);
		struct task_struct *leader = get_pid_task(pid, PIDTYPE_TGID);

		if (!leader)
			continue;
		if (walk_may_see(&as, leader))
			first = pid_vnr(pid);
		put_task_struct(leader);
	}
	return first;
}

/*
 * Who is left: those of the members that run, wherever they are now, and who
 * runs in the scope without being one.
 */
static void report_running(struct subtree_kill *kill)
{
	struct kill_walk kw = {
		.walk = { .scope = &kill->scope, .visit = count_stranger },
		.kill = kill,
	};

	pidset_prune(&kill->members);
	pidset_sort(&kill->members);
	kill->running = kill->members.nr;
	walk_scope(&kw.walk);
	if (!kill->first)
		kill->first = first_member(kill);
	if (kill->incomplete && !kill->running)
		kill->running = 1;
}

/**
 * subtree_wait() - wait until nobody of a scope is running
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

	if (kill->no_wait)
		return kill->running != 0;

	siginitset(&chld, sigmask(SIGCHLD));
	sigprocmask(SIG_BLOCK, &chld, &saved);
	err = wait_for_all(kill, TASK_INTERRUPTIBLE);
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
 * subtree_linger() - wait likewise, in the exit of the caller
 * @kill: after subtree_kill(), with a deadline and without no_wait
 *
 * No signal ends this wait: a dying process has got its last one. Nor does it
 * show in the load or upset the hung task detector, and the freezer passes by.
 */
void subtree_linger(struct subtree_kill *kill)
{
	compat_freezer_do_not_count();
	wait_for_all(kill, COMPAT_TASK_IDLE_FREEZABLE);
	compat_freezer_count();
}

/**
 * subtree_kill_free() - let go of all that a kill below holds
 * @kill: whatever its state
 */
void subtree_kill_free(struct subtree_kill *kill)
{
	pidset_free(&kill->members);
	put_pid(kill->scope.top);
}
