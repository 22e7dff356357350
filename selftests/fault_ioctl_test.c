// SPDX-License-Identifier: GPL-2.0-only
/* The ioctls when memory is short, or an argument cannot be copied. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fkill.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "common.h"
#include "fault.h"
#include "harness.h"
#include "listener.h"
#include "tree.h"

#define LISTENERS	20	/* more than are remembered without memory */
#define CROWD		340	/* more than are remembered by one page */

static int device;
static int listener_dir;
static unsigned int nr_below;

static const int only_efault[] = { EFAULT, 0 };
static const int no_memory[] = { EFAULT, ENOMEM, 0 };

static int command(unsigned long cmd, void *arg)
{
	return errno_of(ioctl(device, cmd, arg));
}

/*
 * One function for each command.
 */

static int open_device(void)
{
	int fd = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);

	return fd < 0 ? errno : errno_of(close(fd));
}

static int info(void)
{
	struct fkill_info arg;

	return command(FKILL_IOC_INFO, &arg);
}

static int kill_one(void)
{
	struct fkill_kill arg = { .fd = listener_dir, .sig = LISTENER_SIGNAL };

	return command(FKILL_IOC_KILL, &arg);
}

static int below_self(void)
{
	struct fkill_below arg = { .fd = FKILL_SELF, .sig = LISTENER_SIGNAL };

	return command(FKILL_IOC_BELOW, &arg);
}

static int below_another(void)
{
	struct fkill_below arg = {
		.fd = listener_dir,
		.sig = LISTENER_SIGNAL,
		.flags = FKILL_INCLUDE_TOP,
		.timeout = 1,
	};

	return command(FKILL_IOC_BELOW, &arg);
}

static int user(void)
{
	struct fkill_below arg = { .fd = NOBODY, .sig = LISTENER_SIGNAL };

	return command(FKILL_IOC_USER, &arg);
}

static int own(unsigned int flags)
{
	struct fkill_own arg = { .flags = flags };

	return command(FKILL_IOC_OWN, &arg);
}

static int own_and_disown(void)
{
	int err = own(0);

	return err ? err : command(FKILL_IOC_DISOWN, NULL);
}

static int owned_flags(void)
{
	struct fkill_own arg = { .flags = ~0 };

	return ioctl(device, FKILL_IOC_OWNED, &arg) ? -errno : (int)arg.flags;
}

/* A change that fails leaves all as it was; nothing fails a second time. */
static int own_again(void)
{
	int err = own(0);
	int flags;

	if (err)
		return err;
	err = own(FKILL_OWN_EXIT_KILL);
	flags = owned_flags();
	command(FKILL_IOC_DISOWN, NULL);
	if (flags == -EFAULT)
		return EFAULT;
	return flags == (err ? 0 : FKILL_OWN_EXIT_KILL) ? err : EPROTO;
}

static int owner(void)
{
	struct fkill_owner arg = { .fd = listener_dir };

	return command(FKILL_IOC_OWNER, &arg);
}

/* All are found, and a few are copied. */
static int list(void)
{
	static struct fkill_entry entries[3];
	struct fkill_list arg = {
		.fd = FKILL_SELF,
		.entries = (uintptr_t)entries,
		.count = 3,
	};
	int err = command(FKILL_IOC_LIST, &arg);

	return err || arg.count == nr_below ? err : EPROTO;
}

/* Asks, and remembers whom it would wait for. */
static int below_silent(void)
{
	struct fkill_below arg = { .fd = FKILL_SELF };

	if (ioctl(device, FKILL_IOC_BELOW, &arg) < 0)
		return errno;
	return arg.running == nr_below ? 0 : EPROTO;
}

FIXTURE(faults) {
	bool possible;
};

FIXTURE_VARIANT(faults) {
	struct fault_op op;
	int crowd;
};

FIXTURE_VARIANT_ADD(faults, open) {
	.op = { open_device, no_memory },
};

FIXTURE_VARIANT_ADD(faults, info) {
	.op = { info, only_efault },
};

FIXTURE_VARIANT_ADD(faults, kill) {
	.op = { kill_one, only_efault, .sends = 1 },
};

FIXTURE_VARIANT_ADD(faults, below_self) {
	.op = {
		below_self, only_efault,
		.sends = LISTENERS, .may_fail_later = true,
	},
};

FIXTURE_VARIANT_ADD(faults, below_another) {
	.op = {
		below_another, only_efault,
		.sends = 1, .may_fail_later = true,
	},
};

FIXTURE_VARIANT_ADD(faults, user) {
	.op = {
		user, only_efault,
		.sends = 1, .may_fail_later = true,
	},
};

FIXTURE_VARIANT_ADD(faults, own) {
	.op = { own_and_disown, no_memory },
};

FIXTURE_VARIANT_ADD(faults, own_again) {
	.op = { own_again, no_memory },
};

FIXTURE_VARIANT_ADD(faults, owner) {
	.op = { owner, only_efault },
};

FIXTURE_VARIANT_ADD(faults, list) {
	.op = { list, no_memory },
};

FIXTURE_VARIANT_ADD(faults, list_of_many) {
	.op = { list, no_memory },
	.crowd = CROWD,
};

FIXTURE_VARIANT_ADD(faults, below_in_silence) {
	.op = { below_silent, only_efault },
};

FIXTURE_VARIANT_ADD(faults, below_many_in_silence) {
	.op = { below_silent, only_efault },
	.crowd = CROWD,
};

FIXTURE_SETUP(faults)
{
	int i;

	ASSERT_EQ(0, tree_begin());
	ASSERT_EQ(0, listeners_begin(LISTENERS));
	for (i = 0; i < variant->crowd; i++)
		tree_spawn_thin(sleep_on, NULL);
	ASSERT_TRUE(tree_is_ready(variant->crowd));
	nr_below = LISTENERS + variant->crowd;
	device = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, device);
	listener_dir = open_proc(listener_pid(0), "", O_RDONLY);
	ASSERT_LE(0, listener_dir);
	self->possible = fault_begin();
}

FIXTURE_TEARDOWN(faults)
{
	listeners_end();
	tree_end();
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
