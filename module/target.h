/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_TARGET_H
#define FKILL_TARGET_H

#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/sched.h>

/* What makes an inode a /proc/<pid>/kill; its i_private is the pid. */
extern const struct file_operations proc_kill_fops;

struct pid *target_from_fd(int fd);
struct pid *target_from_proc_dir(struct inode *dir);
bool target_in_namespace(struct pid *pid);

bool target_has_thread(struct task_struct *leader);
bool target_pid_is_running(struct pid *pid);

/**
 * target_is_running() - does a process run?
 * @leader: its leader; under RCU or with a reference held
 *
 * A leader that has ended may have left threads behind, and a thread held by a
 * tracer may stay a zombie beside it: only all of them tell.
 */
static inline bool target_is_running(struct task_struct *leader)
{
	return !READ_ONCE(leader->exit_state) || target_has_thread(leader);
}

#endif /* FKILL_TARGET_H */
