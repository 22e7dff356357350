/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MODULE_H
#define MODULE_H

#define MODULE_THIS "/fkill.ko"

/* Nothing of the module is in use, and it is not loaded. */
void module_load(const char *file);

/* As soon as nobody uses it any more. */
void module_unload(void);

#endif /* MODULE_H */
