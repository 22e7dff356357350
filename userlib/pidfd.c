// SPDX-License-Identifier: LGPL-2.1-or-later
/* Calls that C libraries may not have yet. */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pidfd.h"

/* A process that is being reaped is none for a moment: EINVAL, or ENOENT. */
int pidfd_of(pid_t pid)
{
	int fd = syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0 && (errno == EINVAL || errno == ENOENT))
		errno = ESRCH;
	return fd;
}

int pidfd_send(int fd, int sig)
{
	return syscall(SYS_pidfd_send_signal, fd, sig, NULL, 0);
}

bool pidfd_is_dead(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) > 0;
}

bool pidfd_is_reaped(int fd)
{
	return pidfd_send(fd, 0) && errno == ESRCH;
}
