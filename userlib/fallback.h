/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the library does where the module is not there: as the functions of
 * fkill.h that they are named after, as well as pidfds and /proc allow.
 */
#ifndef LIBFKILL_FALLBACK_H
#define LIBFKILL_FALLBACK_H

#include "fkill.h"

int fallback_kill(int fd, int sig);
int fallback_killbelow(int fd, int sig, int timeout, unsigned int flags,
		       struct fkill_report *report);
int fallback_killuser(uid_t uid, int sig, int timeout,
		      struct fkill_report *report);
int fallback_list(int fd, struct fkill_process *processes, unsigned int count,
		  unsigned int flags);

#endif /* LIBFKILL_FALLBACK_H */
