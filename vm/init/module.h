/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VM_MODULE_H
#define VM_MODULE_H

#include <stdbool.h>

bool module_is_live(void);
void load_module(void);
void unload_module(void);

#endif
