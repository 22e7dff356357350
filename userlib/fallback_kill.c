// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * fkill() by pidfd_send_signal(2), which takes a directory of /proc, too, but
 * no O_PATH descriptor: so such a one is opened again, through itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "fallback.h"
#include "pidfd.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD	O_EXCL
#endif

/* What is no directory, or may not be opened, is none of /proc/<pid>. */
static int reopen(int fd)
{
	int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (again < 0 && (errno == ENOTDIR || errno == EACCES))
		errno = EBADF;
	if (again < 0 && errno == ENOENT)
		errno = ESRCH;
	return again;
}

static int kill_o_path(int fd, int sig)
{
	int ret, error;

	fd = reopen(fd);
	if (fd < 0)
		return -1;
	ret = pidfd_send(fd, sig);
	error = errno;
	close(fd);
	errno = error;
	return ret;
}

int fallback_kill(int fd, int sig)
{
	int flags = fcntl(fd, F_GETFL);

	if (sig < 0 || sig > SIGRTMAX) {
		errno = EINVAL;
		return -1;
	}
	if (flags < 0)
		return -1;
	if (flags & O_PATH)
		return kill_o_path(fd, sig);
	if (flags & PIDFD_THREAD) {
		errno = pidfd_send(fd, 0) && errno == EBADF ? EBADF : EINVAL;
		return -1;
	}
	return pidfd_send(fd, sig);
}
