// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners of subtrees: who is one, whose a process is, and what dies with one.
 *
 * Exit-kill happens in exit_signals(), which every thread calls once on its
 * way out, before PF_EXITING is set: from there on its children would be given
 * away. It is replaced as long as the module is loaded, rather than while
 * somebody is registered: so that nobody can make the kernel patch its text
 * again and again.
 *
 * Locking: owners_lock protects the table and all fields that change; it is
 * innermost. Who only looks does so under RCU. An entry belongs to the table,
 * from registration until its process gives it up or the last thread of it
 * has gone through here; it holds a reference to the module.
 */
#include <linux/cred.h>
#include <linux/fkill.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat.h"
#include "hook.h"
#include "ksyms.h"
#include "owner.h"
#include "subtree.h"

static unsigned int linger_max = 10000;
module_param(linger_max, uint, 0644);
MODULE_PARM_DESC(linger_max, "Longest time, in ms, that the exit of an owner waits for its subtree (default: 10000)");

/**
 * struct owner - a process that has registered itself
 * @node: in owners
 * @process: which; a reference
 * @cred: its credentials at that time; a reference
 * @flags: FKILL_OWN_*
 * @linger_ms: as asked for; linger_max bounds it when it is used
 * @dying: a thread has begun the exit-kill, the others pass
 * @rcu: for its end
 */
struct owner {
	struct hlist_node node;
	struct pid *process;
	const struct cred __rcu *cred;
	u32 flags;
	u32 linger_ms;
	bool dying;
	struct rcu_head rcu;
};

static DEFINE_HASHTABLE(owners, 8);
static DEFINE_SPINLOCK(owners_lock);
static atomic_t nr_owners = ATOMIC_INIT(0);

static struct owner *find(struct pid *process)
{
	struct owner *owner;

	hash_for_each_possible_rcu(owners, owner, node, (unsigned long)process,
				   lockdep_is_held(&owners_lock)) {
		if (owner->process == process)
			return owner;
	}
	return NULL;
}

static bool same_caps(kernel_cap_t a, kernel_cap_t b)
{
	return cap_issubset(a, b) && cap_issubset(b, a);
}

/*
 * A process that has changed its rights has not asked for anything with those
 * it has now: a registration must not outlive the exec of a setuid program.
 */
static bool same_rights(const struct cred *a, const struct cred *b)
{
	return uid_eq(a->uid, b->uid) && uid_eq(a->euid, b->euid) &&
	       uid_eq(a->suid, b->suid) && uid_eq(a->fsuid, b->fsuid) &&
	       gid_eq(a->gid, b->gid) && gid_eq(a->egid, b->egid) &&
	       gid_eq(a->sgid, b->sgid) && gid_eq(a->fsgid, b->fsgid) &&
	       a->user_ns == b->user_ns &&
	       same_caps(a->cap_permitted, b->cap_permitted);
}

static bool is_valid(const struct owner *owner, struct task_struct *task)
{
	return same_rights(rcu_dereference(owner->cred),
			   __task_cred(task->group_leader));
}

/* Registration */

static struct owner *new_owner(u32 flags, u32 linger_ms)
{
	struct owner *owner = kzalloc(sizeof(*owner), GFP_KERNEL_ACCOUNT);

	if (!owner)
		return NULL;
	owner->process = get_pid(task_tgid(current));
	/* it clears a flag that other owners of the cred clear, too */
	RCU_INIT_POINTER(owner->cred, data_race(get_current_cred()));
	owner->flags = flags;
	owner->linger_ms = linger_ms;
	return owner;
}

static void free_owner(struct owner *owner)
{
	put_pid(owner->process);
	put_cred(rcu_dereference_protected(owner->cred, true));
	kfree_rcu(owner, rcu);
}

static void insert(struct owner *owner)
{
	lockdep_assert_held(&owners_lock);
	__module_get(THIS_MODULE);	/* the caller came through a file */
	hash_add_rcu(owners, &owner->node, (unsigned long)owner->process);
	atomic_inc(&nr_owners);
}

static void take_out(struct owner *owner)
{
	lockdep_assert_held(&owners_lock);
	hash_del_rcu(&owner->node);
	atomic_dec(&nr_owners);
}

/* The last step for an entry that has been taken out. */
static void give_up(struct owner *owner)
{
	free_owner(owner);
	module_put(THIS_MODULE);
}

static void change(struct owner *owner, struct owner *from)
{
	const struct cred *cred;

	lockdep_assert_held(&owners_lock);
	owner->flags = from->flags;
	owner->linger_ms = from->linger_ms;
	cred = rcu_dereference_protected(from->cred, true);
	cred = rcu_replace_pointer(owner->cred, cred,
				   lockdep_is_held(&owners_lock));
	RCU_INIT_POINTER(from->cred, cred);
}

/**
 * owner_register() - make the calling process the owner of its subtree
 * @flags: FKILL_OWN_*
 * @linger_ms: how long its exit may wait
 *
 * Whoever is one already changes its registration, and renews it with the
 * credentials of now.
 *
 * Return: 0; -EPERM for the init of a pid namespace; -ENOMEM.
 */
int owner_register(u32 flags, u32 linger_ms)
{
	struct owner *owner, *old;

	if (is_child_reaper(task_tgid(current)))
		return -EPERM;
	owner = new_owner(flags, linger_ms);
	if (!owner)
		return -ENOMEM;

	spin_lock(&owners_lock);
	old = find(owner->process);
	if (old)
		change(old, owner);
	else
		insert(owner);
	spin_unlock(&owners_lock);

	if (old)
		free_owner(owner);
	return 0;
}

/**
 * owner_unregister() - give it up
 *
 * Return: 0, -ENOENT if the calling process is not registered.
 */
int owner_unregister(void)
{
	struct owner *owner;

	spin_lock(&owners_lock);
	owner = find(task_tgid(current));
	if (owner && owner->dying)
		owner = NULL;
	if (owner)
		take_out(owner);
	spin_unlock(&owners_lock);

	if (!owner)
		return -ENOENT;
	give_up(owner);
	return 0;
}

/**
 * owner_ask() - what is the calling process registered as?
 * @flags: set to FKILL_OWN_*
 * @linger_ms: set to what its exit would wait at most
 *
 * Return: 0, -ENOENT if it is not, or has other credentials by now.
 */
int owner_ask(u32 *flags, u32 *linger_ms)
{
	struct owner *owner;
	int err = -ENOENT;

	rcu_read_lock();
	owner = find(task_tgid(current));
	if (owner && is_valid(owner, current)) {
		*flags = owner->flags;
		*linger_ms = min(owner->linger_ms, READ_ONCE(linger_max));
		err = 0;
	}
	rcu_read_unlock();
	return err;
}

/* Looking */

/**
 * owner_is_registered() - is this process an owner?
 * @leader: any thread of it; under RCU
 */
bool owner_is_registered(struct task_struct *leader)
{
	struct owner *owner;

	if (!atomic_read(&nr_owners))
		return false;
	owner = find(task_tgid(leader));
	return owner && is_valid(owner, leader);
}

/**
 * owner_of() - whose is this process?
 * @leader: any thread of it; under RCU
 *
 * Return: the pid, in the caller's namespace, of the nearest ancestor that is
 * registered; 0 if there is none, or it is outside.
 */
pid_t owner_of(struct task_struct *leader)
{
	struct task_struct *task = leader;

	if (!atomic_read(&nr_owners))
		return 0;
	while (task != &init_task) {
		task = walk_parent(task);
		if (owner_is_registered(task))
			return task_tgid_vnr(task);
	}
	return 0;
}

/* Exit */

/**
 * struct leaving - a thread between the hook and PF_EXITING, on its stack
 * @node: in leaving_threads
 * @task: the thread
 */
struct leaving {
	struct hlist_node node;
	struct task_struct *task;
};

static DEFINE_HASHTABLE(leaving_threads, 6);	/* under owners_lock */

static unsigned long process_key(struct task_struct *task)
{
	return (unsigned long)task->signal;
}

/*
 * Whoever passes has to be known to the others, owner or not: the process may
 * register while this thread is on its way.
 */
static void begin_leaving(struct leaving *leaving)
{
	struct task_struct *task = leaving->task;

	INIT_HLIST_NODE(&leaving->node);
	if (COMPAT_DEATH_IS_MARKED || thread_group_empty(task) ||
	    READ_ONCE(task->signal->flags) & SIGNAL_GROUP_EXIT)
		return;
	spin_lock(&owners_lock);
	hash_add(leaving_threads, &leaving->node, process_key(task));
	spin_unlock(&owners_lock);
}

static void end_leaving(struct leaving *leaving)
{
	if (hlist_unhashed(&leaving->node))
		return;
	spin_lock(&owners_lock);
	hash_del(&leaving->node);
	spin_unlock(&owners_lock);
}

static bool is_leaving(struct task_struct *task)
{
	struct leaving *leaving;

	lockdep_assert_held(&owners_lock);
	if (task->flags & PF_EXITING)
		return true;
	hash_for_each_possible(leaving_threads, leaving, node,
			       process_key(task)) {
		if (leaving->task == task)
			return true;
	}
	return false;
}

static bool is_last(struct task_struct *task)
{
	struct task_struct *other;

	for_each_thread(task, other) {
		if (other != task && !is_leaving(other))
			return false;
	}
	return true;
}

/*
 * Does the process die, or just this thread? Where the kernel does not mark it
 * before its last thread gets here, that is who has no other thread beside it.
 *
 * The threads that an exec or a pthread_exit() ends leave somebody behind.
 */
static bool process_dies(struct task_struct *task)
{
	if (READ_ONCE(task->signal->flags) & SIGNAL_GROUP_EXIT)
		return true;
	return !COMPAT_DEATH_IS_MARKED && is_last(task);
}

/*
 * One thread, the first that finds the process dying, gets the owner. All
 * others pass; those of a core dump in progress, too: the one that dumps comes
 * by when it is done.
 */
static struct owner *claim(struct task_struct *task)
{
	struct owner *owner;

	lockdep_assert_held(&owners_lock);
	owner = find(task_tgid(task));
	if (!owner || owner->dying || compat_dumps_core(task) ||
	    !process_dies(task))
		return NULL;
	owner->dying = true;
	return owner;
}

/* Most threads are no owner's: they do not take the lock. */
static struct owner *find_and_claim(struct task_struct *task)
{
	struct owner *owner;

	rcu_read_lock();
	owner = find(task_tgid(task));
	if (owner) {
		spin_lock(&owners_lock);
		owner = claim(task);
		spin_unlock(&owners_lock);
	}
	rcu_read_unlock();
	return owner;
}

/* The credentials to kill with; NULL: nobody is to be killed. */
static const struct cred *killing_cred(struct owner *owner)
{
	const struct cred *cred = NULL;

	rcu_read_lock();
	spin_lock(&owners_lock);	/* against change() */
	if (owner->flags & FKILL_OWN_EXIT_KILL && is_valid(owner, current))
		cred = get_cred(rcu_dereference(owner->cred));
	spin_unlock(&owners_lock);
	rcu_read_unlock();
	return cred;
}

/*
 * A process that was not marked as dying when it got here (see process_dies())
 * has taken a SIGKILL since then for its end, and would report that in place of
 * its own status.
 */
static void forget_late_sigkill(void)
{
	struct signal_struct *signal = current->signal;
	struct sighand_struct *sighand =
		rcu_dereference_protected(current->sighand, true);

	spin_lock_irq(&sighand->siglock);
	signal->flags &= ~SIGNAL_GROUP_EXIT;
	signal->group_exit_code = 0;
	spin_unlock_irq(&sighand->siglock);
}

static void exit_kill(const struct cred *cred, u32 linger_ms)
{
	bool marked = COMPAT_DEATH_IS_MARKED ||
		      current->signal->flags & SIGNAL_GROUP_EXIT;
	struct subtree_kill kill = {
		.scope.top = get_pid(task_tgid(current)),
		.sig = SIGKILL,
		.no_wait = !linger_ms,
		.deadline = ktime_add_ms(ktime_get(), linger_ms),
	};
	const struct cred *own = override_creds(cred);

	subtree_kill(&kill);
	revert_creds(own);
	if (linger_ms)
		subtree_linger(&kill);
	subtree_kill_free(&kill);
	if (!marked)
		forget_late_sigkill();
}

static void end_of_owner(struct owner *owner)
{
	const struct cred *cred = killing_cred(owner);

	if (cred) {
		exit_kill(cred, min(owner->linger_ms, READ_ONCE(linger_max)));
		put_cred(cred);
	}
	spin_lock(&owners_lock);
	take_out(owner);
	spin_unlock(&owners_lock);
	give_up(owner);
}

static void exit_signals_hooked(struct task_struct *task)
{
	struct leaving leaving = { .task = task };
	struct owner *owner = NULL;
	int token = hook_enter();

	begin_leaving(&leaving);
	if (unlikely(atomic_read(&nr_owners)))
		owner = find_and_claim(task);
	if (owner)
		end_of_owner(owner);
	KSYM(exit_signals)(task);
	end_leaving(&leaving);
	hook_leave(token);
}

static struct hook exit_hook = {
	.name = "exit_signals",
	.replacement = exit_signals_hooked,
};

/**
 * owner_init() - look at every exit from now on
 *
 * Return: 0 or a negative errno, after saying why.
 */
int __init owner_init(void)
{
	return hook_install(&exit_hook);
}

/**
 * owner_exit() - look away
 *
 * Each owner holds the module, so there is none left.
 */
void owner_exit(void)
{
	hook_remove(&exit_hook);
	hook_drain();
	WARN_ON(atomic_read(&nr_owners));
}
