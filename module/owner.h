/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_OWNER_H
#define FKILL_OWNER_H

#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/types.h>

int owner_register(u32 flags, u32 linger_ms);
int owner_unregister(void);
int owner_ask(u32 *flags, u32 *linger_ms);

pid_t owner_of(struct task_struct *leader);
bool owner_is_registered(struct task_struct *leader);

int owner_init(void);
void owner_exit(void);

#endif /* FKILL_OWNER_H */
