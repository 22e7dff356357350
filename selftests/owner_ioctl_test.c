// SPDX-License-Identifier: GPL-2.0-only
/* The ioctls of owners, lists and users without the library: sizes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fkill.h>
#include <sys/ioctl.h>

#include "common.h"
#include "harness.h"

/* The longest struct that these tests make up. */
#define LONGEST	256

#define NO_USER	4711

static const struct fkill_own own_nothing;
static const struct fkill_owner owner_of_self = { .fd = FKILL_SELF };
static const struct fkill_list list_of_self = { .fd = FKILL_SELF };
static const struct fkill_below nobody = { .fd = NO_USER };

FIXTURE(sized) {
	int dev;
	unsigned char *wall;	/* where no memory is */
};

FIXTURE_VARIANT(sized) {
	unsigned long cmd;
	const void *arg;	/* a good one */
	size_t first;		/* size of the first version */
	bool only_out;		/* nothing is read of it */
};

FIXTURE_VARIANT_ADD(sized, own) {
	.cmd = FKILL_IOC_OWN,
	.arg = &own_nothing,
	.first = FKILL_OWN_SIZE_VER0,
};

FIXTURE_VARIANT_ADD(sized, owned) {
	.cmd = FKILL_IOC_OWNED,
	.arg = &own_nothing,
	.first = FKILL_OWN_SIZE_VER0,
	.only_out = true,
};

FIXTURE_VARIANT_ADD(sized, owner) {
	.cmd = FKILL_IOC_OWNER,
	.arg = &owner_of_self,
	.first = FKILL_OWNER_SIZE_VER0,
};

FIXTURE_VARIANT_ADD(sized, list) {
	.cmd = FKILL_IOC_LIST,
	.arg = &list_of_self,
	.first = FKILL_LIST_SIZE_VER0,
};

FIXTURE_VARIANT_ADD(sized, user) {
	.cmd = FKILL_IOC_USER,
	.arg = &nobody,
	.first = FKILL_BELOW_SIZE_VER0,
};

FIXTURE_SETUP(sized)
{
	const struct fkill_own own = {};
	long page = sysconf(_SC_PAGESIZE);
	unsigned char *buf;

	self->dev = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, ioctl(self->dev, FKILL_IOC_OWN, &own));
	buf = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, buf);
	self->wall = buf + page;
	ASSERT_EQ(0, mprotect(self->wall, page, PROT_NONE));
}

FIXTURE_TEARDOWN(sized)
{
	ioctl(self->dev, FKILL_IOC_DISOWN);
	close(self->dev);
}

/* The call with a struct of @size bytes, the last of which is @last. */
static int call(int dev, unsigned char *wall, unsigned long cmd,
		const void *arg, size_t size, int last)
{
	size_t known = _IOC_SIZE(cmd);
	unsigned char *start = memset(wall - size, 0, size);

	memcpy(start, arg, size < known ? size : known);
	if (size > known)
		start[size - 1] = last;
	return errno_of(ioctl(dev, _IOC(_IOC_DIR(cmd), _IOC_TYPE(cmd),
					_IOC_NR(cmd), size), start));
}

TEST_F(sized, first_version)
{
	EXPECT_EQ(variant->first, _IOC_SIZE(variant->cmd));
}

TEST_F(sized, too_short)
{
	size_t size;

	for (size = 0; size < variant->first; size++) {
		EXPECT_EQ(EINVAL, call(self->dev, self->wall, variant->cmd,
				       variant->arg, size, 0))
			TH_LOG("%zu bytes", size);
	}
}

TEST_F(sized, exact_and_longer)
{
	size_t size;

	for (size = variant->first; size <= LONGEST; size++) {
		EXPECT_EQ(0, call(self->dev, self->wall, variant->cmd,
				  variant->arg, size, 0))
			TH_LOG("%zu bytes", size);
	}
}

TEST_F(sized, longer_with_something)
{
	int answer = variant->only_out ? 0 : E2BIG;
	size_t size;

	for (size = variant->first + 1; size <= LONGEST; size++) {
		EXPECT_EQ(answer, call(self->dev, self->wall, variant->cmd,
				       variant->arg, size, 1))
			TH_LOG("%zu bytes", size);
	}
}

TEST_F(sized, bad_pointers)
{
	/* All but the last byte is there. */
	unsigned char *split = self->wall + 1 - variant->first;

	EXPECT_EQ(EFAULT, errno_of(ioctl(self->dev, variant->cmd, NULL)));
	EXPECT_EQ(EFAULT, errno_of(ioctl(self->dev, variant->cmd,
					 self->wall)));
	EXPECT_EQ(EFAULT, errno_of(ioctl(self->dev, variant->cmd, split)));
}

/* Without an argument there is no size. */
TEST_F(sized, disown)
{
	EXPECT_EQ(0, errno_of(ioctl(self->dev, FKILL_IOC_DISOWN, 0)));
	EXPECT_EQ(ENOENT, errno_of(ioctl(self->dev, FKILL_IOC_DISOWN, -1L)));
	EXPECT_EQ(ENOTTY, errno_of(ioctl(self->dev, _IOW(FKILL_IOC_TYPE, 0x05,
							 int), NULL)));
}

TEST(reserved_of_list_is_zero)
{
	struct fkill_list arg = { .fd = FKILL_SELF, .reserved = 1 };
	int dev = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);

	EXPECT_EQ(EINVAL, errno_of(ioctl(dev, FKILL_IOC_LIST, &arg)));
	arg.reserved = 0;
	EXPECT_EQ(0, errno_of(ioctl(dev, FKILL_IOC_LIST, &arg)));
	close(dev);
}

TEST_HARNESS_MAIN
