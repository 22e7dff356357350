/* SPDX-License-Identifier: GPL-2.0-only */
/* The module under test, taken away and put back. */
#ifndef MODCTL_H
#define MODCTL_H

#include <stdbool.h>

/* Where the test machine keeps it. */
#define MODULE_FILE	"/fkill.ko"

/* 0 or an errno; EAGAIN is "in use". */
int module_unload(void);
int module_load(void);

/* Unload as soon as nobody holds it any more: did that come to pass? */
bool module_unload_patiently(void);

/* Word @n of its line in /proc/modules, or "" when it is not there. */
const char *module_word(int n);

#define MODULE_REFS	2
#define MODULE_STATE	4

/* Loaded, and used by nobody. */
bool module_is_idle(void);

#endif /* MODCTL_H */
