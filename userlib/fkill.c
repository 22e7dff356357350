// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <linux/fkill.h>

#include "device.h"
#include "fkill.h"

static int fail(int error)
{
	errno = error;
	return -1;
}

int fkill_open(pid_t pid)
{
	char path[sizeof("/proc/-2147483648")];
	int fd;

	if (pid <= 0)
		return fail(EINVAL);
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		errno = ESRCH;
	return fd;
}

int fkill(int fd, int sig)
{
	struct fkill_kill arg = { .fd = fd, .sig = sig };

	return device_ioctl(FKILL_IOC_KILL, &arg);
}

int fkillbelow(int fd, int sig, int timeout, unsigned int flags,
	       struct fkill_report *report)
{
	struct fkill_below arg = { .fd = fd, .sig = sig, .flags = flags };
	int ret;

	if (report)
		memset(report, 0, sizeof(*report));
	if (flags & ~FKILL_INCLUDE_TOP)
		return fail(EINVAL);
	if (timeout == -1)
		arg.flags |= FKILL_NO_LIMIT;
	else
		arg.timeout = timeout;

	ret = device_ioctl(FKILL_IOC_BELOW, &arg);
	if (report && (ret >= 0 || errno == EINTR)) {
		report->signalled = arg.signalled;
		report->refused = arg.refused;
		report->running = arg.running;
		report->first = arg.first;
	}
	return ret;
}

int killbelow(int sig, int timeout)
{
	if (timeout < 0)
		return fail(EINVAL);
	return fkillbelow(FKILL_SELF, sig, timeout, 0, NULL);
}
