/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_HOOK_H
#define FKILL_HOOK_H

#include <linux/ftrace.h>
#include <linux/srcu.h>

/**
 * struct hook - a kernel function that is replaced while the module is loaded
 * @name: the function
 * @replacement: called instead of it, with the same arguments, by everybody
 *               but this module, which so reaches the original
 * @own_calls: the other way round: replaced for calls of this module alone
 * @address: where ftrace finds the function
 * @ops: for ftrace
 *
 * A replacement may sleep. All that it does, the call of the original
 * included, is between hook_enter() and hook_leave(); the original is never
 * called in tail position, or its caller would not be known for this module.
 */
struct hook {
	const char *name;
	void *replacement;
	bool own_calls;
	unsigned long address;
	struct ftrace_ops ops;
};

int hook_install(struct hook *hook);
void hook_remove(struct hook *hook);
void hook_drain(void);

extern struct srcu_struct hook_srcu;

static inline int hook_enter(void)
{
	return srcu_read_lock(&hook_srcu);
}

static inline void hook_leave(int token)
{
	srcu_read_unlock(&hook_srcu, token);
}

#endif /* FKILL_HOOK_H */
