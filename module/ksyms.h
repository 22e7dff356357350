/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one door to kernel functions that are not exported.
 *
 * KSYM(f)(...) calls the kernel's f. Each is declared here as this module
 * understands it: beside a header of the kernel that says otherwise the build
 * breaks. The calls are static calls: on x86 each is patched into a direct call
 * once the function has been found, so neither ENDBR, nor retpolines, nor the
 * price of an indirect call are in the way.
 */
#ifndef FKILL_KSYMS_H
#define FKILL_KSYMS_H

#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/signal.h>
#include <linux/static_call.h>

#include "compat.h"

#define KSYM(name) static_call(ksym_##name)

#define KSYM_DECLARE(name) DECLARE_STATIC_CALL(ksym_##name, name)

/* Visit what is below a process, under tasklist_lock. */
void walk_process_tree(struct task_struct *top, proc_visitor visitor,
		       void *data);
KSYM_DECLARE(walk_process_tree);

/* Judge and signal; signal without judging; may it be seen at all. */
int group_send_sig_info(int sig, struct kernel_siginfo *info,
			struct task_struct *p, enum pid_type type);
KSYM_DECLARE(group_send_sig_info);
int do_send_sig_info(int sig, struct kernel_siginfo *info,
		     struct task_struct *p, enum pid_type type);
KSYM_DECLARE(do_send_sig_info);
bool ptrace_may_access(struct task_struct *task, unsigned int mode);
KSYM_DECLARE(ptrace_may_access);
int security_task_kill(struct task_struct *p, struct kernel_siginfo *info,
		       int sig, const struct cred *cred);
KSYM_DECLARE(security_task_kill);

/* Every thread passes here on its way out; its process may be an owner. */
void exit_signals(struct task_struct *task);
KSYM_DECLARE(exit_signals);

/* Where a hook was; exported since 6.2 only. It needs no memory. */
void ftrace_free_filter(struct ftrace_ops *ops);
KSYM_DECLARE(ftrace_free_filter);

/* The process behind a descriptor. */
struct pid *pidfd_pid(const struct file *file);
KSYM_DECLARE(pidfd_pid);
struct pid *tgid_pidfd_to_pid(const struct file *file);
KSYM_DECLARE(tgid_pidfd_to_pid);

/* A dentry with operations of its own. */
struct dentry *d_splice_alias_ops(struct inode *inode, struct dentry *dentry,
				  const struct dentry_operations *ops);
KSYM_DECLARE(d_splice_alias_ops);

/* An inode of /proc/<pid>: in fs/proc/internal.h; the same from 5.10 to 7.3 */
struct inode *proc_pid_make_inode(struct super_block *sb,
				  struct task_struct *task, umode_t mode);
KSYM_DECLARE(proc_pid_make_inode);

/* What makes room for it: static in fs/proc/base.c; likewise */
struct dentry *proc_tgid_base_lookup(struct inode *dir, struct dentry *dentry,
				     unsigned int flags);
KSYM_DECLARE(proc_tgid_base_lookup);
int proc_tgid_base_readdir(struct file *file, struct dir_context *ctx);
KSYM_DECLARE(proc_tgid_base_readdir);

/* One of our own, to prove that it works. */
int selfcheck_probe(int arg);
KSYM_DECLARE(selfcheck_probe);

int ksyms_init(void);
unsigned long ksyms_find(const char *name);

#endif /* FKILL_KSYMS_H */
