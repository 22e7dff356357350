// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ABI as it was released: these numbers never change. 32-bit programs see
 * the same.
 */
#include <stddef.h>

#include <linux/fkill.h>

#define SAME(what, number) \
	static_assert((what) == (number), #what)

SAME(sizeof(struct fkill_info), 16);
SAME(offsetof(struct fkill_info, abi), 0);
SAME(offsetof(struct fkill_info, reserved), 4);
SAME(offsetof(struct fkill_info, features), 8);
SAME(FKILL_INFO_SIZE_VER0, 16);
SAME(FKILL_IOC_INFO, 0x8010f700);

SAME(sizeof(struct fkill_kill), 12);
SAME(offsetof(struct fkill_kill, fd), 0);
SAME(offsetof(struct fkill_kill, sig), 4);
SAME(offsetof(struct fkill_kill, flags), 8);
SAME(FKILL_KILL_SIZE_VER0, 12);
SAME(FKILL_IOC_KILL, 0x400cf701);

SAME(sizeof(struct fkill_below), 36);
SAME(offsetof(struct fkill_below, fd), 0);
SAME(offsetof(struct fkill_below, sig), 4);
SAME(offsetof(struct fkill_below, flags), 8);
SAME(offsetof(struct fkill_below, timeout), 12);
SAME(offsetof(struct fkill_below, resume), 16);
SAME(offsetof(struct fkill_below, signalled), 20);
SAME(offsetof(struct fkill_below, refused), 24);
SAME(offsetof(struct fkill_below, running), 28);
SAME(offsetof(struct fkill_below, first), 32);
SAME(FKILL_BELOW_SIZE_VER0, 36);
SAME(FKILL_IOC_BELOW, 0xc024f702);

SAME(FKILL_SELF, -10001);
SAME(FKILL_INCLUDE_TOP, 1);
SAME(FKILL_NO_LIMIT, 2);
