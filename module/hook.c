// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "compat.h"
#include "hook.h"
#include "ksyms.h"

#define BUSY_HINT \
	": a live patch or a BPF program has it, or kernel.ftrace_enabled is 0"

DEFINE_SRCU(hook_srcu);

/*
 * Nobody is diverted before the module is live, while its load may still fail;
 * nor once rmmod has begun: who sleeps in a replacement for long keeps a
 * reference to the module, which cannot be had then, and hook_drain() would
 * wait for it.
 */
static bool notrace is_diverted(const struct hook *hook,
				unsigned long parent_ip)
{
	if (within_module(parent_ip, THIS_MODULE))
		return hook->own_calls;
	return !hook->own_calls &&
	       READ_ONCE(THIS_MODULE->state) == MODULE_STATE_LIVE;
}

/* Runs at the entry of the hooked function, with preemption off. */
static void notrace hook_divert(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops,
				struct compat_ftrace_regs *regs)
{
	struct hook *hook = container_of(ops, struct hook, ops);

	if (is_diverted(hook, parent_ip))
		compat_ftrace_set_ip(regs, (unsigned long)hook->replacement);
}

/**
 * hook_install() - put the replacement in place
 * @hook: name and replacement are set
 *
 * PERMANENT: without it, writing 0 to the sysctl ftrace_enabled would take the
 * hook away and say nothing.
 *
 * Return: 0 or a negative errno, after saying why.
 */
int hook_install(struct hook *hook)
{
	int err;

	hook->address = ksyms_find(hook->name);
	hook->ops.func = hook_divert;
	hook->ops.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT |
			  COMPAT_FTRACE_SAVE_REGS;

	err = ftrace_set_filter_ip(&hook->ops, hook->address, 0, 0);
	if (err) {
		pr_err("ftrace has no hook in %s() (%d)\n", hook->name, err);
		return err;
	}
	err = register_ftrace_function(&hook->ops);
	if (err) {
		pr_err("cannot hook %s() (%d)%s\n", hook->name, err,
		       err == -EBUSY ? BUSY_HINT : "");
		KSYM(ftrace_free_filter)(&hook->ops);
	}
	return err;
}

/**
 * hook_remove() - give the function back
 * @hook: installed
 *
 * Tasks may still be inside the replacement: hook_drain() before it goes away.
 */
void hook_remove(struct hook *hook)
{
	unregister_ftrace_function(&hook->ops);
	KSYM(ftrace_free_filter)(&hook->ops);
}

/**
 * hook_drain() - wait until nobody is in any replacement
 *
 * All hooks have been removed, so nobody new is sent to one. First those who
 * have been diverted but did not reach hook_enter() yet, then those between
 * hook_enter() and hook_leave(), then those on their last instructions. The
 * first and the last do not sleep, and are waited for as ftrace waits for its
 * trampolines. The last grace period also covers the end of every other
 * function that this module returned from after its last reference was put.
 */
void hook_drain(void)
{
	synchronize_rcu_tasks();
	synchronize_srcu(&hook_srcu);
	synchronize_rcu_tasks();
}
