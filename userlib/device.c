// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One descriptor of /dev/fkill for the whole process, kept open: so fkill()
 * costs one system call, and works on after a chroot(), a change of uid or
 * when descriptors have run out.
 *
 * A program may close it behind our back (daemons close all they do not know)
 * and get the same number for a file of its own. So the descriptor is never
 * closed here once others have seen it, and an answer that /dev/fkill does
 * not give means that it must be opened again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/fkill.h>

#include "backend.h"
#include "device.h"

static atomic_int device = -1;

/* Not as 0, 1 or 2: a program that closed these may expect to get them. */
static int move_above_stdio(int fd)
{
	int moved;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return moved;
}

/* A device that is kept from this process is as good as none. */
static bool is_absent(int error)
{
	if (error == EACCES || error == EPERM)
		return !backend_insists_on_module();
	return error == ENOENT || error == ENOTDIR || error == ENODEV ||
	       error == ENXIO;
}

static int device_open(void)
{
	int fd = -1;

	errno = ENOENT;
	if (backend_allows_module())
		fd = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0 && is_absent(errno))
		errno = ENOSYS;
	return move_above_stdio(fd);
}

/* Replace @stale by a new descriptor, or by that of a thread that was faster. */
static int device_renew(int stale)
{
	int fd = device_open();

	if (fd < 0)
		return -1;
	if (!atomic_compare_exchange_strong(&device, &stale, fd)) {
		close(fd);
		return stale;
	}
	return fd;
}

/*
 * Did @fd answer as /dev/fkill would, or is it another file by now? The errno
 * alone does not tell: these are also answers of the module.
 */
static bool is_another_file(int fd)
{
	struct fkill_info info;
	int error = errno;
	bool another = false;

	if (error == EBADF || error == ENOTTY || error == EINVAL)
		another = ioctl(fd, FKILL_IOC_INFO, &info) < 0;
	errno = error;
	return another;
}

/* Apart, so that the usual way has nothing to save for it. */
static __attribute__((noinline)) int ioctl_anew(int fd, unsigned long request,
						 void *arg)
{
	if (fd >= 0 && !is_another_file(fd))
		return -1;
	fd = device_renew(fd);
	return fd < 0 ? -1 : ioctl(fd, request, arg);
}

int device_ioctl(unsigned long request, void *arg)
{
	int fd = atomic_load(&device);
	int ret = fd < 0 ? -1 : ioctl(fd, request, arg);

	return ret < 0 ? ioctl_anew(fd, request, arg) : ret;
}
