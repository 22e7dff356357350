/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_PROC_KILL_H
#define FKILL_PROC_KILL_H

int proc_kill_init(void);
void proc_kill_exit(void);

#endif /* FKILL_PROC_KILL_H */
