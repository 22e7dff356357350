/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one door to kernel functions that are not exported.
 *
 * KSYM(f)(...) calls the kernel's f. The type is the one that the kernel's own
 * header gives it, so a changed declaration breaks the build; those that no
 * header declares are declared here. The calls are static calls: on x86 each
 * is patched into a direct call once the function has been found, so neither
 * ENDBR, nor retpolines, nor the price of an indirect call are in the way.
 */
#ifndef FKILL_KSYMS_H
#define FKILL_KSYMS_H

#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/signal.h>
#include <linux/static_call.h>

#define KSYM(name) static_call(ksym_##name)
#define KSYM_DECLARE(name) DECLARE_STATIC_CALL(ksym_##name, name)

/* fs/proc/internal.h and base.c; the same since 4.x */
struct inode *proc_pid_make_inode(struct super_block *sb,
				  struct task_struct *task, umode_t mode);
struct dentry *proc_tgid_base_lookup(struct inode *dir, struct dentry *dentry,
				     unsigned int flags);
int proc_tgid_base_readdir(struct file *file, struct dir_context *ctx);

/* Visit what is below a process, under tasklist_lock. */
KSYM_DECLARE(walk_process_tree);

/* Judge and signal; signal without judging; may it be seen at all. */
KSYM_DECLARE(group_send_sig_info);
KSYM_DECLARE(do_send_sig_info);
KSYM_DECLARE(ptrace_may_access);
KSYM_DECLARE(security_task_kill);

/* Every thread passes here on its way out; its process may be an owner. */
KSYM_DECLARE(exit_signals);

/* The process behind a descriptor. */
KSYM_DECLARE(pidfd_pid);
KSYM_DECLARE(tgid_pidfd_to_pid);

/* An inode of /proc/<pid>, and the functions that make room for it. */
KSYM_DECLARE(proc_pid_make_inode);
KSYM_DECLARE(proc_tgid_base_lookup);
KSYM_DECLARE(proc_tgid_base_readdir);

int ksyms_init(void);
unsigned long ksyms_find(const char *name);

#endif /* FKILL_KSYMS_H */
