/* SPDX-License-Identifier: GPL-2.0-only */
/* What everybody does in /proc/self, fkill or not. */
#ifndef LOAD_H
#define LOAD_H

int open_entry(void);
int list_entries(void);

#endif /* LOAD_H */
