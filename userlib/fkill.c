// SPDX-License-Identifier: LGPL-2.1-or-later
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <linux/fkill.h>

#include "backend.h"
#include "device.h"
#include "fallback.h"
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
	int ret = device_ioctl(FKILL_IOC_KILL, &arg);

	return backend_falls_back(ret) ? fallback_kill(fd, sig) : ret;
}

/* Other errors come before anything is done, and leave it all zero. */
static void fill_report(struct fkill_report *report,
			const struct fkill_below *arg)
{
	*report = (struct fkill_report) {
		.signalled = arg->signalled,
		.refused = arg->refused,
		.running = arg->running,
		.first = arg->first,
	};
}

static int kill_many(unsigned long request, int whom, int sig, int timeout,
		     unsigned int flags, struct fkill_report *report)
{
	struct fkill_below arg = { .fd = whom, .sig = sig, .flags = flags };
	int ret;

	if (timeout == -1)
		arg.flags |= FKILL_NO_LIMIT;
	else
		arg.timeout = timeout;
	ret = device_ioctl(request, &arg);
	if (report)
		fill_report(report, &arg);
	return ret;
}

int fkillbelow(int fd, int sig, int timeout, unsigned int flags,
	       struct fkill_report *report)
{
	int ret;

	if (flags & ~FKILL_INCLUDE_TOP) {
		if (report)
			*report = (struct fkill_report) { 0 };
		return fail(EINVAL);
	}
	ret = kill_many(FKILL_IOC_BELOW, fd, sig, timeout, flags, report);
	if (!backend_falls_back(ret))
		return ret;
	return fallback_killbelow(fd, sig, timeout, flags, report);
}

int killuser(uid_t uid, int sig, int timeout, struct fkill_report *report)
{
	int ret = kill_many(FKILL_IOC_USER, (int)uid, sig, timeout, 0, report);

	if (!backend_falls_back(ret))
		return ret;
	return fallback_killuser(uid, sig, timeout, report);
}

int killbelow(int sig, int timeout)
{
	if (timeout < 0)
		return fail(EINVAL);
	return fkillbelow(FKILL_SELF, sig, timeout, 0, NULL);
}

int fkill_own(unsigned int flags, int linger)
{
	struct fkill_own arg = { .flags = flags, .linger = linger };

	if (linger < 0)
		return fail(EINVAL);
	return device_ioctl(FKILL_IOC_OWN, &arg);
}

int fkill_disown(void)
{
	return device_ioctl(FKILL_IOC_DISOWN, NULL);
}

pid_t fkill_owner(int fd)
{
	struct fkill_owner arg = { .fd = fd };

	return device_ioctl(FKILL_IOC_OWNER, &arg) ? -1 : arg.owner;
}

/* The kernel's own, so that it is filled in place. */
static_assert(sizeof(struct fkill_process) == sizeof(struct fkill_entry) &&
	      offsetof(struct fkill_process, state) ==
	      offsetof(struct fkill_entry, state), "not the same layout");

int fkill_list(int fd, struct fkill_process *processes, unsigned int count,
	       unsigned int flags)
{
	struct fkill_list arg = {
		.fd = fd,
		.flags = flags,
		.entries = (uintptr_t)processes,
		.count = count,
	};
	int ret = device_ioctl(FKILL_IOC_LIST, &arg);

	if (backend_falls_back(ret))
		return fallback_list(fd, processes, count, flags);
	return ret ? -1 : (int)arg.count;
}
