// SPDX-License-Identifier: GPL-2.0-only
/* When the module may leave, what it leaves behind, and that it comes back. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <fkill.h>
#include <linux/fkill.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include "harness.h"
#include "common.h"
#include "modctl.h"

#define FTRACE_ENABLED	"/proc/sys/kernel/ftrace_enabled"

static int probe_kill_file(void)
{
	return write_at(AT_FDCWD, "/proc/self/kill", "0");
}

FIXTURE(module)
{
};

FIXTURE_SETUP(module)
{
	ASSERT_TRUE(wait_until(module_is_idle()));
}

/* Whatever went wrong, the next test finds it loaded. */
FIXTURE_TEARDOWN(module)
{
	write_file(FTRACE_ENABLED, "1");
	if (!*module_word(MODULE_STATE))
		EXPECT_EQ(0, module_load());
	EXPECT_TRUE(wait_until(module_is_idle()));
}

TEST_F(module, comes_and_goes)
{
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, probe_kill_file());
		ASSERT_EQ(0, module_unload());
		EXPECT_EQ(ENOENT, probe_kill_file());
		EXPECT_EQ(-1, access(FKILL_DEVICE, F_OK));
		EXPECT_EQ(ENOENT, module_unload());
		ASSERT_EQ(0, module_load());
		EXPECT_EQ(EEXIST, module_load());
		EXPECT_EQ(0, access(FKILL_DEVICE, F_OK));
	}
}

/* Names of /proc/<pid>, in their order, one a line. */
static void list_names(int pid, char *buf, size_t size)
{
	char path[32];
	struct dirent *d;
	size_t len = 0;
	DIR *dir;

	buf[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d", pid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((d = readdir(dir)) && len < size)
		len += snprintf(buf + len, size - len, "%s\n", d->d_name);
	closedir(dir);
}

/* All that the kernel lists is listed, in its order, and one name more. */
TEST_F(module, adds_one_name_to_the_listing)
{
	char with[4096], without[4096];
	char *kill;

	list_names(getpid(), with, sizeof(with));
	ASSERT_EQ(0, module_unload());
	list_names(getpid(), without, sizeof(without));
	EXPECT_EQ(NULL, strstr(without, "\nkill\n"));
	kill = strstr(with, "\nkill\n");
	ASSERT_NE(NULL, kill);
	memmove(kill, kill + strlen("\nkill"), strlen(kill + strlen("\nkill")) + 1);
	EXPECT_STREQ(without, with);
}

/* The library, told not to do without it, finds the device again. */
TEST_F(module, is_missed_by_the_library)
{
	int fd;

	ASSERT_EQ(0, setenv("LIBFKILL_BACKEND", "module", 1));
	fd = fkill_open(getpid());
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, module_unload());
	EXPECT_EQ(ENOSYS, errno_of(fkill(fd, 0)));
	EXPECT_EQ(ENOSYS, errno_of(killbelow(0, 0)));
	ASSERT_EQ(0, module_load());
	EXPECT_EQ(0, errno_of(fkill(fd, 0)));
	EXPECT_EQ(EAGAIN, module_unload());
	close_range(3, ~0U, 0);
}

/* What keeps it in place. Each gives what to close(), or -1. */
static int hold_kill_file(void)
{
	return open_proc(getpid(), "kill", O_WRONLY);
}

static int hold_path(void)
{
	return open_proc(getpid(), "kill", O_PATH);
}

static int hold_dead(void)
{
	pid_t pid = spawn_sleeper();
	int fd = open_proc(pid, "kill", O_WRONLY);

	kill_and_reap(pid);
	return fd;
}

static int hold_device(void)
{
	return open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
}

/* A mount that is gone with its last descriptor. */
static int hold_mount(void)
{
	return syscall(SYS_open_tree, AT_FDCWD, "/proc/self/kill",
		       1 /* OPEN_TREE_CLONE */ | O_CLOEXEC);
}

FIXTURE(held)
{
	int fd;
};

FIXTURE_VARIANT(held)
{
	int (*hold)(void);
};

FIXTURE_VARIANT_ADD(held, by_an_open_file)
{
	.hold = hold_kill_file,
};

FIXTURE_VARIANT_ADD(held, by_o_path)
{
	.hold = hold_path,
};

FIXTURE_VARIANT_ADD(held, by_the_file_of_a_dead_process)
{
	.hold = hold_dead,
};

FIXTURE_VARIANT_ADD(held, by_the_device)
{
	.hold = hold_device,
};

FIXTURE_VARIANT_ADD(held, by_a_mount)
{
	.hold = hold_mount,
};

FIXTURE_SETUP(held)
{
	ASSERT_TRUE(wait_until(module_is_idle()));
	self->fd = variant->hold();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(held)
{
	if (!*module_word(MODULE_STATE))
		EXPECT_EQ(0, module_load());
	EXPECT_TRUE(wait_until(module_is_idle()));
}

TEST_F(held, stays_until_let_go)
{
	EXPECT_STRNE("0", module_word(MODULE_REFS));
	EXPECT_EQ(EAGAIN, module_unload());
	EXPECT_EQ(EAGAIN, module_unload());
	EXPECT_STREQ("Live", module_word(MODULE_STATE));
	/* And works on. */
	EXPECT_EQ(0, probe_kill_file());
	close(self->fd);
	EXPECT_TRUE(module_unload_patiently());
}

TEST_F(held, by_a_copy_in_a_child)
{
	pid_t pid = spawn_sleeper();

	close(self->fd);
	EXPECT_EQ(EAGAIN, module_unload());
	kill_and_reap(pid);
	EXPECT_TRUE(module_unload_patiently());
}

/* A bind mount over a file of a file system of its own. */
TEST_F(module, stays_while_bind_mounted)
{
	const char *path = "/tmp/bound.kill";
	char source[32];

	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	close(open(path, O_WRONLY | O_CREAT, 0600));
	snprintf(source, sizeof(source), "/proc/%d/kill", getpid());
	ASSERT_EQ(0, mount(source, path, NULL, MS_BIND, NULL));
	EXPECT_EQ(EAGAIN, module_unload());
	EXPECT_EQ(0, write_at(AT_FDCWD, path, "0"));
	ASSERT_EQ(0, umount(path));
	EXPECT_TRUE(module_unload_patiently());
	unlink(path);
}

/* A watch holds the inode only, and may see the module leave. */
TEST_F(module, leaves_below_an_inotify_watch)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	int watch;

	ASSERT_LE(0, fd);
	watch = inotify_add_watch(fd, "/proc/self/kill", IN_ALL_EVENTS);
	ASSERT_LE(0, watch);
	EXPECT_EQ(0, probe_kill_file());
	EXPECT_TRUE(module_unload_patiently());
	EXPECT_EQ(ENOENT, probe_kill_file());
	EXPECT_EQ(0, inotify_rm_watch(fd, watch));
	close(fd);
	ASSERT_EQ(0, module_load());
	EXPECT_EQ(0, probe_kill_file());
}

/* The same, with the end of the process before the end of the watch. */
TEST_F(module, leaves_below_a_watch_on_the_dead)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	pid_t pid = spawn_sleeper();
	char path[32];

	ASSERT_LE(0, fd);
	snprintf(path, sizeof(path), "/proc/%d/kill", pid);
	ASSERT_LE(0, inotify_add_watch(fd, path, IN_ALL_EVENTS));
	EXPECT_TRUE(module_unload_patiently());
	kill_and_reap(pid);
	close(fd);
}

static int wait_below(void *arg)
{
	(void)arg;
	spawn_sleeper();
	return fkillbelow(FKILL_SELF, 0, -1, 0, NULL);
}

TEST_F(module, stays_while_somebody_waits)
{
	pid_t pid = spawn(wait_below, NULL);

	EXPECT_TRUE(wait_until(strcmp("0", module_word(MODULE_REFS))));
	EXPECT_TRUE(wait_until(state_of(pid) == 'S'));
	EXPECT_EQ(EAGAIN, module_unload());
	kill_and_reap(pid);
	EXPECT_TRUE(module_unload_patiently());
}

/* Newer kernels refuse that to everybody. */
static bool ftrace_stays_on(void)
{
	return write_file(FTRACE_ENABLED, "0") == EOPNOTSUPP;
}

/* Switching ftrace off must not switch the module off. */
TEST_F(module, outlives_ftrace_enabled)
{
	char value[8];

	if (!ftrace_stays_on())
		EXPECT_EQ(EBUSY, write_file(FTRACE_ENABLED, "0"));
	EXPECT_EQ(0, read_file(FTRACE_ENABLED, value, sizeof(value)));
	EXPECT_STREQ("1\n", value);
	EXPECT_EQ(0, probe_kill_file());
}

TEST_F(module, refuses_to_load_without_ftrace)
{
	if (ftrace_stays_on())
		SKIP(return, "ftrace cannot be switched off");
	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, write_file(FTRACE_ENABLED, "0"));
	EXPECT_EQ(EBUSY, module_load());
	/* Cleanly: nothing of it is there. */
	EXPECT_STREQ("", module_word(MODULE_STATE));
	EXPECT_EQ(ENOENT, probe_kill_file());
	EXPECT_EQ(-1, access(FKILL_DEVICE, F_OK));
	ASSERT_EQ(0, write_file(FTRACE_ENABLED, "1"));
	EXPECT_EQ(0, module_load());
	EXPECT_EQ(0, probe_kill_file());
}

TEST_HARNESS_MAIN
