/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between the kernels that the module builds for, 5.10 and
 * later. Each one: what changed ("-" before, "+" after), the first release
 * that has it, the newest form first. The rest of the module reads as if one
 * kernel existed.
 */
#ifndef FKILL_COMPAT_H
#define FKILL_COMPAT_H

#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/freezer.h>
#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/version.h>
#include <uapi/linux/pidfd.h>

#include "needs.h"

#define KERNEL_SINCE(major, minor) \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0))

/*
 * 5.11
 * -typedef void (*ftrace_func_t)(..., struct ftrace_ops *, struct pt_regs *);
 * +typedef void (*ftrace_func_t)(..., struct ftrace_ops *, struct ftrace_regs *);
 */
#if KERNEL_SINCE(5, 11)
#define compat_ftrace_regs ftrace_regs
#define compat_pt_regs(fregs) ftrace_get_regs(fregs)
#else
#define compat_ftrace_regs pt_regs
#define compat_pt_regs(regs) (regs)
#endif

/*
 * 6.2
 * -ftrace_instruction_pointer_set(fregs, ip)
 * +ftrace_regs_set_instruction_pointer(fregs, ip)
 *
 * Both are for where a callback is handed all that a call needs (WITH_ARGS):
 * x86 since 5.11, arm64 since 6.2. Elsewhere they may do nothing at all, and
 * the callback has to ask for every register.
 */
#ifndef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
#define COMPAT_FTRACE_SAVE_REGS FTRACE_OPS_FL_SAVE_REGS
#define compat_ftrace_set_ip(fregs, ip) \
	instruction_pointer_set(compat_pt_regs(fregs), ip)
#elif KERNEL_SINCE(6, 2)
#define COMPAT_FTRACE_SAVE_REGS 0
#define compat_ftrace_set_ip(fregs, ip) \
	ftrace_regs_set_instruction_pointer(fregs, ip)
#else
#define COMPAT_FTRACE_SAVE_REGS 0
#define compat_ftrace_set_ip(fregs, ip) \
	ftrace_instruction_pointer_set(fregs, ip)
#endif

/*
 * 6.1
 * -typedef int (*filldir_t)(...);	0: go on
 * +typedef bool (*filldir_t)(...);	true: go on
 */
#if KERNEL_SINCE(6, 1)
#define compat_filldir_ret bool
#define COMPAT_FILLDIR_STOP false
#else
#define compat_filldir_ret int
#define COMPAT_FILLDIR_STOP (-EINVAL)
#endif

/*
 * 6.14
 * -int (*d_revalidate)(struct dentry *, unsigned int);
 * +int (*d_revalidate)(struct inode *, const struct qstr *,
 * +		      struct dentry *, unsigned int);
 */
#if KERNEL_SINCE(6, 14)
#define COMPAT_D_REVALIDATE(function)					\
	int function(struct inode *dir, const struct qstr *name,	\
		     struct dentry *dentry, unsigned int flags)
#else
#define COMPAT_D_REVALIDATE(function)					\
	int function(struct dentry *dentry, unsigned int flags)
#endif

/*
 * 6.1
 * -freezer_do_not_count(); ...; freezer_count();
 * +TASK_FREEZABLE, with a warning of lockdep about whoever is frozen with a
 * +lock; an SRCU read lock counts as one, so "unsafe"
 */
#ifdef TASK_FREEZABLE
#define COMPAT_TASK_IDLE_FREEZABLE (TASK_IDLE | TASK_FREEZABLE_UNSAFE)
static inline void compat_freezer_do_not_count(void) { }
static inline void compat_freezer_count(void) { }
#else
#define COMPAT_TASK_IDLE_FREEZABLE TASK_IDLE
#define compat_freezer_do_not_count freezer_do_not_count
#define compat_freezer_count freezer_count
#endif

/*
 * 6.0
 * -SIGNAL_GROUP_EXIT is not set when the last thread ends by itself
 * +it is set before the last thread reaches exit_signals()
 */
#define COMPAT_DEATH_IS_MARKED KERNEL_SINCE(6, 0)

/*
 * 5.16
 * -SIGNAL_GROUP_COREDUMP; with SIGNAL_GROUP_EXIT it means that another process
 * -dumps, which shares its memory with this one
 * +struct core_state *core_state;	of struct signal_struct
 */
static inline bool compat_dumps_core(struct task_struct *task)
{
#if KERNEL_SINCE(5, 16)
	return task->signal->core_state;
#else
	return (task->signal->flags & (SIGNAL_GROUP_COREDUMP |
				       SIGNAL_GROUP_EXIT)) ==
	       SIGNAL_GROUP_COREDUMP;
#endif
}

/*
 * 6.12
 * -f.file
 * +fd_file(f)
 */
#if KERNEL_SINCE(6, 12)
#define compat_fd_file(f) fd_file(f)
#else
#define compat_fd_file(f) ((f).file)
#endif

/*
 * 6.17
 * -d_set_d_op(dentry, ops); d_splice_alias(inode, dentry);
 * +d_splice_alias_ops(inode, dentry, ops);	declared, not exported
 */
#if KERNEL_SINCE(6, 17)
#define COMPAT_HAS_D_SPLICE_ALIAS_OPS
#else
static inline struct dentry *
d_splice_alias_ops(struct inode *inode, struct dentry *dentry,
		   const struct dentry_operations *ops)
{
	d_set_d_op(dentry, ops);
	return d_splice_alias(inode, dentry);
}
#endif

/* 6.9: a pidfd may stand for one thread. */
#ifndef PIDFD_THREAD
#define PIDFD_THREAD 0
#endif

#endif /* FKILL_COMPAT_H */
