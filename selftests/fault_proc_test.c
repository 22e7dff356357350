// SPDX-License-Identifier: GPL-2.0-only
/* /proc/<pid>/kill when memory is short, or bytes cannot be copied. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "common.h"
#include "fault.h"
#include "harness.h"
#include "listener.h"

static int dir;
static int kill_file;
static char command[8];

/* A name in /proc that cannot be made for lack of memory is not there. */
static const int lookup_errors[] = { EFAULT, ENOMEM, ENOENT, 0 };
static const int only_efault[] = { EFAULT, 0 };
static const int no_memory[] = { EFAULT, ENOMEM, 0 };

static int open_with(int flags)
{
	int fd = openat(dir, "kill", flags | O_CLOEXEC);

	return fd < 0 ? errno : errno_of(close(fd));
}

static int open_to_write(void)
{
	return open_with(O_WRONLY);
}

static int open_path(void)
{
	return open_with(O_PATH);
}

static int open_and_kill(void)
{
	return write_at(dir, "kill", command);
}

static int status(void)
{
	struct stat st;

	return errno_of(fstatat(dir, "kill", &st, 0));
}

static int look_for_access(void)
{
	return errno_of(faccessat(dir, "kill", W_OK, 0));
}

/* From the root of /proc, and holding the inode. */
static int watch(void)
{
	int fd = inotify_init1(IN_CLOEXEC);
	char path[32];
	int err;

	if (fd < 0)
		return errno;
	snprintf(path, sizeof(path), "/proc/%d/kill", listener_pid(0));
	err = errno_of(inotify_add_watch(fd, path, IN_OPEN));
	close(fd);
	return err;
}

static int write_command(void)
{
	return write_text(kill_file, command);
}

static int write_in_parts(void)
{
	struct iovec parts[] = {
		{ command, 1 },
		{ command + 1, strlen(command + 1) },
	};

	return errno_of(writev(kill_file, parts, 2));
}

static int names(const char *buf, int size, const char *name)
{
	const struct dirent64 *d;
	int pos, found = 0;

	for (pos = 0; pos < size; pos += d->d_reclen) {
		d = (const struct dirent64 *)(buf + pos);
		found += !strcmp(d->d_name, name);
	}
	return found;
}

static int list(void)
{
	static char buf[16384] __attribute__((aligned(8)));
	int size;

	lseek(dir, 0, SEEK_SET);
	size = syscall(SYS_getdents64, dir, buf, sizeof(buf));
	if (size < 0)
		return errno;
	return names(buf, size, "kill") == 1 ? 0 : EPROTO;
}

FIXTURE(faults) {
	bool possible;
};

FIXTURE_VARIANT(faults) {
	struct fault_op op;
};

FIXTURE_VARIANT_ADD(faults, open) {
	.op = { open_to_write, lookup_errors },
};

FIXTURE_VARIANT_ADD(faults, open_path) {
	.op = { open_path, lookup_errors },
};

FIXTURE_VARIANT_ADD(faults, open_and_kill) {
	.op = { open_and_kill, lookup_errors, .sends = 1 },
};

FIXTURE_VARIANT_ADD(faults, stat) {
	.op = { status, lookup_errors },
};

FIXTURE_VARIANT_ADD(faults, access) {
	.op = { look_for_access, lookup_errors },
};

FIXTURE_VARIANT_ADD(faults, watch) {
	.op = { watch, lookup_errors },
};

FIXTURE_VARIANT_ADD(faults, write) {
	.op = { write_command, only_efault, .sends = 1 },
};

FIXTURE_VARIANT_ADD(faults, write_in_parts) {
	.op = { write_in_parts, no_memory, .sends = 1 },
};

FIXTURE_VARIANT_ADD(faults, list) {
	.op = { list, no_memory },
};

FIXTURE_SETUP(faults)
{
	ASSERT_EQ(0, listeners_begin(2));
	snprintf(command, sizeof(command), "%d", LISTENER_SIGNAL);
	dir = open_proc(listener_pid(0), "", O_RDONLY | O_DIRECTORY);
	ASSERT_LE(0, dir);
	/* Of another: while one is open, nothing is made to find it again. */
	kill_file = open_proc(listener_pid(1), "kill", O_WRONLY);
	ASSERT_LE(0, kill_file);
	self->possible = fault_begin();
}

FIXTURE_TEARDOWN(faults)
{
	listeners_end();
}

TEST_F(faults, one_by_one)
{
	const char *wrong;

	if (!self->possible)
		SKIP(return, FAULT_MISSING);
	wrong = fault_walk(&variant->op);
	EXPECT_EQ(NULL, wrong)
		TH_LOG("%s", wrong);
}

TEST_HARNESS_MAIN
