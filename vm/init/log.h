/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VM_LOG_H
#define VM_LOG_H

#include <stdbool.h>

void open_log(void);
void mark_log(const char *name);

/*
 * Looks at all that the kernel said since the last time. A data race that KCSAN
 * reports is a complaint about the module if a function of the module is in
 * one of the two stacks, however deep, unless an interrupt came into it. Any
 * other is the kernel's own, and noted.
 */
bool log_is_clean(void);

#endif
