// SPDX-License-Identifier: GPL-2.0-only
/* To become an owner, to change that, to give it up, and to ask. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/fkill.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "common.h"
#include "harness.h"
#include "modctl.h"
#include "owned.h"
#include "tree.h"

FIXTURE(owner) {
	int dev;
};

FIXTURE_SETUP(owner)
{
	ASSERT_EQ(0, tree_begin());
	self->dev = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
}

/* The test may be an owner itself: the module is free when it is none. */
FIXTURE_TEARDOWN(owner)
{
	fkill_disown();
	tree_end();
	close(self->dev);
}

/* What is the caller registered as? The errno. */
static int asked(int dev, struct fkill_own *own)
{
	return errno_of(ioctl(dev, FKILL_IOC_OWNED, own));
}

TEST_F(owner, is_nobody_unasked)
{
	struct fkill_own own;

	EXPECT_EQ(ENOENT, asked(self->dev, &own));
	EXPECT_EQ(ENOENT, errno_of(fkill_disown()));
}

TEST_F(owner, registers_changes_and_gives_up)
{
	struct fkill_own own;

	ASSERT_EQ(0, fkill_own(0, 0));
	ASSERT_EQ(0, asked(self->dev, &own));
	EXPECT_EQ(0, own.flags);
	EXPECT_EQ(0, own.linger);
	ASSERT_EQ(0, fkill_own(FKILL_OWN_EXIT_KILL, 1234));
	ASSERT_EQ(0, asked(self->dev, &own));
	EXPECT_EQ(FKILL_OWN_EXIT_KILL, own.flags);
	EXPECT_EQ(1234, own.linger);
	ASSERT_EQ(0, fkill_own(0, 0));
	ASSERT_EQ(0, asked(self->dev, &own));
	EXPECT_EQ(0, own.flags);
	ASSERT_EQ(0, fkill_disown());
	EXPECT_EQ(ENOENT, asked(self->dev, &own));
	EXPECT_EQ(ENOENT, errno_of(fkill_disown()));
}

TEST_F(owner, bad_arguments_change_nothing)
{
	struct fkill_own own;
	int flag;

	ASSERT_EQ(0, fkill_own(FKILL_OWN_EXIT_KILL, 1234));
	for (flag = 1; flag < 32; flag++) {
		EXPECT_EQ(EINVAL, errno_of(fkill_own(1U << flag, 0)));
		EXPECT_EQ(EINVAL, errno_of(fkill_own(1U << flag | 1, 0)));
	}
	EXPECT_EQ(EINVAL, errno_of(fkill_own(0, 1)));
	EXPECT_EQ(EINVAL, errno_of(fkill_own(FKILL_OWN_EXIT_KILL, -1)));
	ASSERT_EQ(0, asked(self->dev, &own));
	EXPECT_EQ(FKILL_OWN_EXIT_KILL, own.flags);
	EXPECT_EQ(1234, own.linger);
}

/* Whatever was asked for, linger_max is in force, as it is at the moment. */
TEST_F(owner, linger_is_bounded)
{
	struct fkill_own own;
	char before[16];

	ASSERT_EQ(0, read_file(LINGER_MAX, before, sizeof(before)));
	ASSERT_EQ(0, fkill_own(FKILL_OWN_EXIT_KILL, INT_MAX));
	EXPECT_EQ(0, asked(self->dev, &own));
	EXPECT_EQ(strtoul(before, NULL, 10), own.linger);
	ASSERT_EQ(0, write_file(LINGER_MAX, "300"));
	EXPECT_EQ(0, asked(self->dev, &own));
	EXPECT_EQ(300, own.linger);
	ASSERT_EQ(0, write_file(LINGER_MAX, before));
}

/*
 * Whom a registration belongs to.
 */

static int ask_errno(void *dev)
{
	struct fkill_own own;

	return asked(*(int *)dev, &own);
}

TEST_F(owner, fork_does_not_inherit)
{
	ASSERT_EQ(0, fkill_own(0, 0));
	EXPECT_EQ(ENOENT, run_child(ask_errno, &self->dev));
}

/* A clone in the same memory is another process as well. */
static int ask_in_clone(void *dev)
{
	tree->ret = ask_errno(dev);
	return 0;
}

TEST_F(owner, clone_with_the_memory_does_not_inherit)
{
	ASSERT_EQ(0, fkill_own(0, 0));
	ASSERT_EQ(0, reap(tree_spawn_thin(ask_in_clone, &self->dev)));
	EXPECT_EQ(ENOENT, tree->ret);
}

static int own_by_inherited_device(void *dev)
{
	const struct fkill_own own = {};

	return errno_of(ioctl(*(int *)dev, FKILL_IOC_OWN, &own)) ?:
	       ask_errno(dev);
}

/* Not the file, but the process is registered. */
TEST_F(owner, is_the_caller_not_the_opener)
{
	EXPECT_EQ(0, run_child(own_by_inherited_device, &self->dev));
	EXPECT_EQ(ENOENT, ask_errno(&self->dev));
}

static int own_as_init(void *arg)
{
	(void)arg;
	return errno_of(fkill_own(0, 0));
}

static int own_below_init(void *arg)
{
	return run_child(own_as_init, arg);
}

TEST_F(owner, is_no_init)
{
	pid_t init = spawn_flags(CLONE_NEWPID, own_as_init, NULL);

	EXPECT_EQ(EPERM << 8, reap(init));
	init = spawn_flags(CLONE_NEWPID, own_below_init, NULL);
	EXPECT_EQ(0, reap(init));
}

/*
 * Credentials: void as soon as they are others, good again when they are back
 * or when the process registers anew.
 */
FIXTURE(credentials) {
	int dev;
};

FIXTURE_VARIANT(credentials) {
	int (*change)(void);
};

static int change_uid(void)
{
	return setresuid(1000, -1, -1);
}

static int change_euid(void)
{
	return setresuid(-1, 1000, -1);
}

static int change_suid(void)
{
	return setresuid(-1, -1, 1000);
}

static int change_all_uids(void)
{
	return setresuid(1000, 1000, 1000);
}

static int change_gid(void)
{
	return setresgid(1000, -1, -1);
}

static int change_egid(void)
{
	return setresgid(-1, 1000, -1);
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[2] = {};

	return syscall(SYS_capset, &header, none);
}

static int enter_user_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

FIXTURE_VARIANT_ADD(credentials, uid) {
	.change = change_uid,
};

FIXTURE_VARIANT_ADD(credentials, euid) {
	.change = change_euid,
};

FIXTURE_VARIANT_ADD(credentials, suid) {
	.change = change_suid,
};

FIXTURE_VARIANT_ADD(credentials, all_uids) {
	.change = change_all_uids,
};

FIXTURE_VARIANT_ADD(credentials, gid) {
	.change = change_gid,
};

FIXTURE_VARIANT_ADD(credentials, egid) {
	.change = change_egid,
};

FIXTURE_VARIANT_ADD(credentials, capabilities) {
	.change = drop_capabilities,
};

FIXTURE_VARIANT_ADD(credentials, user_namespace) {
	.change = enter_user_namespace,
};

FIXTURE_SETUP(credentials)
{
	self->dev = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, fkill_own(FKILL_OWN_EXIT_KILL, 0));
	ASSERT_EQ(0, ask_errno(&self->dev));
}

FIXTURE_TEARDOWN(credentials)
{
	fkill_disown();
}

TEST_F(credentials, make_void)
{
	ASSERT_EQ(0, variant->change());
	EXPECT_EQ(ENOENT, ask_errno(&self->dev));
}

TEST_F(credentials, are_taken_anew)
{
	ASSERT_EQ(0, variant->change());
	ASSERT_EQ(0, fkill_own(FKILL_OWN_EXIT_KILL, 0));
	EXPECT_EQ(0, ask_errno(&self->dev));
	EXPECT_EQ(0, fkill_disown());
}

TEST_F(owner, is_back_with_its_credentials)
{
	ASSERT_EQ(0, fkill_own(0, 0));
	ASSERT_EQ(0, setresuid(-1, 1000, -1));
	ASSERT_EQ(ENOENT, ask_errno(&self->dev));
	ASSERT_EQ(0, setresuid(-1, 0, -1));
	EXPECT_EQ(0, ask_errno(&self->dev));
}

/*
 * Programs: an exec keeps the registration, that of a setuid program does not.
 * What asks is somebody below, by the owner that it finds.
 */

#define SETUID_SLEEP	"/tmp/setuid-sleep"

static const char *program;

static void end_in_program(void)
{
	execl(program, "sleep", "1000", NULL);
}

static bool grow_unprivileged(void)
{
	return grow_sleeper() && !drop_to(1000) && !fkill_own(0, 0);
}

static pid_t owner_of_sleeper(void)
{
	int fd = fkill_open(tree->pid[0]);
	pid_t owner = fkill_owner(fd);

	close(fd);
	return owner;
}

static pid_t owner_in_program(const char *path, const char *name)
{
	const struct estate estate = {
		.found_only = true,
		.grow = grow_unprivileged,
		.end = end_in_program,
	};
	pid_t owner;

	program = path;
	owner = spawn_owner(&estate);
	return owner > 0 && wait_until(runs_program(owner, name)) ? owner : -1;
}

TEST_F(owner, outlives_exec)
{
	pid_t owner = owner_in_program("/bin/sleep", "sleep");

	ASSERT_LT(0, owner);
	EXPECT_EQ(owner, owner_of_sleeper());
}

/* A copy of busybox, which goes by the name that it is called by. */
static int make_setuid_sleep(void)
{
	if (system("cp /bin/busybox " SETUID_SLEEP))
		return EIO;
	return errno_of(chmod(SETUID_SLEEP, 04755));
}

TEST_F(owner, is_void_in_a_setuid_program)
{
	pid_t owner;

	ASSERT_EQ(0, make_setuid_sleep());
	owner = owner_in_program(SETUID_SLEEP, "setuid-sleep");
	ASSERT_LT(0, owner);
	EXPECT_EQ(0, owner_of_sleeper());
	unlink(SETUID_SLEEP);
}

/*
 * The module stays as long as there is an owner, and not longer.
 */

static bool module_has_refs(const char *refs)
{
	return !strcmp(module_word(MODULE_REFS), refs);
}

static int own_without_files(void *arg)
{
	int ret = fkill_own(FKILL_OWN_EXIT_KILL, LONG_LINGER);

	(void)arg;
	close_range(3, ~0U, 0);
	tree_ready();
	return ret ?: sleep_for_ever(NULL);
}

TEST_F(owner, holds_the_module)
{
	pid_t first, second;

	close(self->dev);
	ASSERT_TRUE(wait_until(module_is_idle()));
	first = tree_spawn(own_without_files, NULL);
	second = tree_spawn(own_without_files, NULL);
	ASSERT_TRUE(tree_is_ready(2));
	EXPECT_TRUE(wait_until(module_has_refs("2")));
	EXPECT_EQ(EAGAIN, module_unload());
	EXPECT_STREQ("Live", module_word(MODULE_STATE));
	kill_and_reap(first);
	EXPECT_TRUE(wait_until(module_has_refs("1")));
	EXPECT_EQ(EAGAIN, module_unload());
	kill_and_reap(second);
	EXPECT_TRUE(wait_until(module_is_idle()));
}

/* One entry a process, however often it changes, gives up or is void. */
static int own_often(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 1000; i++) {
		fkill_own(i & 1, 0);
		if (i % 7 == 0)
			fkill_disown();
	}
	return drop_to(NOBODY);
}

TEST_F(owner, leaves_nothing_behind)
{
	close(self->dev);
	ASSERT_EQ(0, run_child(own_often, NULL));
	EXPECT_TRUE(wait_until(module_is_idle()));
	ASSERT_TRUE(module_unload_patiently());
	ASSERT_EQ(0, module_load());
}

TEST_HARNESS_MAIN
