/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_DELIVER_H
#define FKILL_DELIVER_H

#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/sched.h>

int deliver(struct pid *pid, int sig);
int deliver_through_file(const struct file *file, struct pid *pid, int sig);
int deliver_in_walk(struct task_struct *leader, int sig, bool own);

#endif /* FKILL_DELIVER_H */
