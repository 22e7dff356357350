/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LIBFKILL_PIDFD_H
#define LIBFKILL_PIDFD_H

#include <stdbool.h>
#include <sys/types.h>

int pidfd_of(pid_t pid);
int pidfd_send(int fd, int sig);

/* Has no thread of it that runs: it is a zombie, or has been reaped. */
bool pidfd_is_dead(int fd);

/* Has been reaped, so that its number may be another's. */
bool pidfd_is_reaped(int fd);

#endif /* LIBFKILL_PIDFD_H */
