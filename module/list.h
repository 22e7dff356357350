/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_LIST_H
#define FKILL_LIST_H

#include <linux/fkill.h>

#include "walk.h"

int list_scope(const struct scope *scope, struct fkill_entry __user *entries,
	       u32 room, u32 *count);

#endif /* FKILL_LIST_H */
