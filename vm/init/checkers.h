/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VM_CHECKERS_H
#define VM_CHECKERS_H

void open_checkers(void);

/* Asks all that watch the kernel what they saw; the module is gone by now. */
void judge_machine(void);

#endif
