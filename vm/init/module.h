/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VM_MODULE_H
#define VM_MODULE_H

#include <stdbool.h>

/* Loaded; or not, when the machine is to do without. */
bool module_is_as_wanted(void);
void load_module(void);
void unload_module(void);

#endif
