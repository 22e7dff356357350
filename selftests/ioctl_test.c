// SPDX-License-Identifier: GPL-2.0-only
/* /dev/fkill without the library: sizes, refusals and their order. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fkill.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "harness.h"
#include "common.h"

/* The longest struct that these tests make up. */
#define LONGEST	256

static unsigned long resize(unsigned long cmd, size_t size)
{
	return _IOC(_IOC_DIR(cmd), _IOC_TYPE(cmd), _IOC_NR(cmd), size);
}

/*
 * A caller: the same ioctl() by a 64-bit and by a 32-bit program. The latter's
 * way into the kernel is open to 64-bit programs as well, for arguments below
 * 4 GiB. Both return what the kernel does: a negative errno when it refuses.
 */
static long native_ioctl(int fd, unsigned long cmd, void *arg)
{
	long ret = syscall(SYS_ioctl, fd, cmd, arg);

	return ret < 0 ? -errno : ret;
}

#ifdef __x86_64__
static long syscall_32(long nr, long a, long b, long c)
{
	long ret;

	asm volatile("int $0x80"
		     : "=a" (ret)
		     : "a" (nr), "b" (a), "c" (b), "d" (c)
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}

#define NR_32_GETPID	20
#define NR_32_IOCTL	54

static long compat_ioctl(int fd, unsigned long cmd, void *arg)
{
	return syscall_32(NR_32_IOCTL, fd, cmd, (long)arg);
}

static int has_32(void *arg)
{
	(void)arg;
	return syscall_32(NR_32_GETPID, 0, 0, 0) != getpid();
}
#else
#define MAP_32BIT 0
#endif

FIXTURE(ioctl)
{
	int dev;
	pid_t pid;		/* a child of ours, and what stands for it */
	int target;
	long page;
	unsigned char *buf;	/* ends where no memory is */
	unsigned char *wall;
};

FIXTURE_VARIANT(ioctl)
{
	long (*call)(int fd, unsigned long cmd, void *arg);
	int (*works)(void *arg);
};

FIXTURE_VARIANT_ADD(ioctl, native)
{
	.call = native_ioctl,
};

#ifdef __x86_64__
FIXTURE_VARIANT_ADD(ioctl, compat)
{
	.call = compat_ioctl,
	.works = has_32,
};
#endif

FIXTURE_SETUP(ioctl)
{
	if (variant->works && run_child(variant->works, NULL))
		SKIP(return, "this kernel runs no 32-bit programs");
	self->dev = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->dev);
	self->pid = spawn_sleeper();
	ASSERT_LT(0, self->pid);
	self->target = open_proc(self->pid, "", O_PATH);
	ASSERT_LE(0, self->target);

	self->page = sysconf(_SC_PAGESIZE);
	self->buf = mmap(NULL, 2 * self->page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)self->buf);
	self->wall = self->buf + self->page;
	ASSERT_EQ(0, mprotect(self->wall, self->page, PROT_NONE));
}

FIXTURE_TEARDOWN(ioctl)
{
	kill_and_reap(self->pid);
}

/* Put @arg right before the wall, and make the call with it. */
#define CALL(cmd, arg) ({						\
	size_t size_ = sizeof(*(arg));					\
	long ret_;							\
									\
	memcpy(self->wall - size_, arg, size_);				\
	ret_ = variant->call(self->dev, cmd, self->wall - size_);	\
	memcpy(arg, self->wall - size_, size_);				\
	ret_;								\
})

/* The same with memory of any kind. */
#define CALL_AT(cmd, at)	variant->call(self->dev, cmd, at)

/* A good argument for each command, which asks or sends 0. */
static const struct fkill_below probe_below = { .fd = FKILL_SELF };

static struct fkill_kill probe(int fd)
{
	return (struct fkill_kill){ .fd = fd };
}

/*
 * @arg of @known bytes as structs of every length: too short, exact, longer
 * with zeroes, longer with something, which is answered by @dirty.
 */
static void check_sizes(struct __test_metadata *_metadata,
			long (*call)(int fd, unsigned long cmd, void *arg),
			int dev, unsigned char *wall, unsigned long cmd,
			const void *arg, size_t known, int dirty)
{
	unsigned char *start;
	size_t size;

	for (size = 0; size < known; size++) {
		start = memcpy(wall - size, arg, size);
		EXPECT_EQ(-EINVAL, call(dev, resize(cmd, size), start))
			TH_LOG("%zu of %zu bytes", size, known);
	}
	for (size = known; size <= LONGEST; size++) {
		start = memset(wall - size, 0, size);
		memcpy(start, arg, known);
		EXPECT_EQ(0, call(dev, resize(cmd, size), start))
			TH_LOG("%zu of %zu bytes", size, known);
		if (size == known)
			continue;
		memset(start, 0, size);
		memcpy(start, arg, known);
		start[size - 1] = 1;
		EXPECT_EQ(dirty, call(dev, resize(cmd, size), start))
			TH_LOG("%zu of %zu bytes", size, known);
	}
}

TEST_F(ioctl, sizes_of_info)
{
	const struct fkill_info info = {};

	check_sizes(_metadata, variant->call, self->dev, self->wall,
		    FKILL_IOC_INFO, &info, FKILL_INFO_SIZE_VER0, 0);
}

/* A later version asks: what this module does not know is zero. */
TEST_F(ioctl, info_of_a_later_version)
{
	unsigned char *start = self->wall - LONGEST;
	size_t i;

	memset(start, 0xff, LONGEST);
	ASSERT_EQ(0, CALL_AT(resize(FKILL_IOC_INFO, LONGEST), start));
	for (i = sizeof(struct fkill_info); i < LONGEST; i++) {
		ASSERT_EQ(0, start[i]);
	}
}

TEST_F(ioctl, sizes_of_kill)
{
	const struct fkill_kill arg = probe(self->target);

	check_sizes(_metadata, variant->call, self->dev, self->wall,
		    FKILL_IOC_KILL, &arg, FKILL_KILL_SIZE_VER0, -E2BIG);
}

/* It runs against a child that has ended, so that nobody is waited for. */
TEST_F(ioctl, sizes_of_below)
{
	kill(self->pid, SIGKILL);
	ASSERT_TRUE(wait_until(state_of(self->pid) == 'Z'));
	check_sizes(_metadata, variant->call, self->dev, self->wall,
		    FKILL_IOC_BELOW, &probe_below, FKILL_BELOW_SIZE_VER0,
		    -E2BIG);
}

TEST(sizes_are_those_of_the_first_version)
{
	EXPECT_EQ(FKILL_INFO_SIZE_VER0, sizeof(struct fkill_info));
	EXPECT_EQ(FKILL_KILL_SIZE_VER0, sizeof(struct fkill_kill));
	EXPECT_EQ(FKILL_BELOW_SIZE_VER0, sizeof(struct fkill_below));
}

TEST_F(ioctl, info)
{
	struct fkill_info info;

	memset(&info, 0xff, sizeof(info));
	ASSERT_EQ(0, CALL(FKILL_IOC_INFO, &info));
	EXPECT_EQ(FKILL_ABI, info.abi);
	EXPECT_EQ(0, info.reserved);
	EXPECT_EQ(FKILL_FEATURE_PROC_KILL | FKILL_FEATURE_KILL |
		  FKILL_FEATURE_BELOW | FKILL_FEATURE_OWN |
		  FKILL_FEATURE_LIST | FKILL_FEATURE_USER, info.features);
}

TEST_F(ioctl, kill)
{
	struct fkill_kill arg = { .fd = self->target, .sig = SIGKILL };

	ASSERT_EQ(0, CALL(FKILL_IOC_KILL, &arg));
	EXPECT_TRUE(died_of(self->pid, SIGKILL));
}

TEST_F(ioctl, below)
{
	struct fkill_below arg = {
		.fd = FKILL_SELF, .sig = SIGKILL, .flags = FKILL_NO_LIMIT,
	};

	ASSERT_EQ(0, CALL(FKILL_IOC_BELOW, &arg));
	EXPECT_EQ(1, arg.signalled);
	EXPECT_EQ(0, arg.refused);
	EXPECT_EQ(0, arg.running);
	EXPECT_EQ(0, arg.first);
	EXPECT_TRUE(died_of(self->pid, SIGKILL));
}

TEST_F(ioctl, below_reports_who_runs)
{
	struct fkill_below arg = { .fd = FKILL_SELF };

	EXPECT_EQ(1, CALL(FKILL_IOC_BELOW, &arg));
	EXPECT_EQ(1, arg.running);
	EXPECT_EQ(self->pid, arg.first);
}

/* An older caller's struct is shorter: nothing behind it is written to. */
TEST_F(ioctl, nothing_is_written_behind_the_struct)
{
	unsigned char *start = self->wall - LONGEST;
	size_t i;

	kill_and_reap(self->pid);
	memset(start, 0xee, LONGEST);
	memcpy(start, &probe_below, sizeof(probe_below));
	ASSERT_EQ(0, CALL_AT(FKILL_IOC_BELOW, start));
	for (i = sizeof(probe_below); i < LONGEST; i++) {
		ASSERT_EQ(0xee, start[i]);
	}
	memset(start, 0xee, LONGEST);
	ASSERT_EQ(0, CALL_AT(FKILL_IOC_INFO, start));
	for (i = sizeof(struct fkill_info); i < LONGEST; i++) {
		ASSERT_EQ(0xee, start[i]);
	}
}

TEST_F(ioctl, no_such_command)
{
	static const unsigned long cmds[] = {
		0, ~0U, _IO(FKILL_IOC_TYPE, 0x7f), _IO(FKILL_IOC_TYPE, 0xff),
		_IOWR(FKILL_IOC_TYPE, 0x7f, struct fkill_below),
		_IOWR(FKILL_IOC_TYPE + 1, 0x02, struct fkill_below),
		_IOWR(0, 0x02, struct fkill_below),
		0x5401,		/* TCGETS */
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		EXPECT_EQ(-ENOTTY, CALL_AT(cmds[i], self->buf))
			TH_LOG("%#lx", cmds[i]);
		EXPECT_EQ(-ENOTTY, CALL_AT(cmds[i], NULL));
	}
}

static const unsigned long all_cmds[] = {
	FKILL_IOC_INFO, FKILL_IOC_KILL, FKILL_IOC_BELOW,
};

TEST_F(ioctl, bad_pointers)
{
	unsigned char *split;
	size_t i;

	memset(self->buf, 0, self->page);
	for (i = 0; i < ARRAY_SIZE(all_cmds); i++) {
		/* All but the last byte is there. */
		split = self->wall + 1 - _IOC_SIZE(all_cmds[i]);
		EXPECT_EQ(-EFAULT, CALL_AT(all_cmds[i], NULL));
		EXPECT_EQ(-EFAULT, CALL_AT(all_cmds[i], self->wall));
		EXPECT_EQ(-EFAULT, CALL_AT(all_cmds[i], split));
	}
}

/* What cannot be reported is not done. */
TEST_F(ioctl, read_only_memory)
{
	struct fkill_below arg = { .fd = FKILL_SELF, .sig = SIGKILL };

	memcpy(self->buf, &arg, sizeof(arg));
	ASSERT_EQ(0, mprotect(self->buf, self->page, PROT_READ));
	EXPECT_EQ(-EFAULT, CALL_AT(FKILL_IOC_BELOW, self->buf));
	EXPECT_EQ(-EFAULT, CALL_AT(FKILL_IOC_INFO, self->buf));
	EXPECT_TRUE(is_left_alone(self->pid));
}

/* A command that reports nothing needs nothing to write to. */
TEST_F(ioctl, read_only_memory_is_enough_for_kill)
{
	const struct fkill_kill arg = { .fd = self->target, .sig = SIGKILL };

	memcpy(self->buf, &arg, sizeof(arg));
	ASSERT_EQ(0, mprotect(self->buf, self->page, PROT_READ));
	EXPECT_EQ(0, CALL_AT(FKILL_IOC_KILL, self->buf));
	EXPECT_TRUE(died_of(self->pid, SIGKILL));
}

TEST_F(ioctl, unknown_flags)
{
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		struct fkill_kill kill = {
			.fd = self->target, .sig = SIGKILL, .flags = 1U << bit,
		};
		struct fkill_below below = {
			.fd = FKILL_SELF, .sig = SIGKILL, .flags = 1U << bit,
		};

		EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_KILL, &kill));
		if (below.flags & (FKILL_INCLUDE_TOP | FKILL_NO_LIMIT))
			continue;
		EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_BELOW, &below));
	}
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(ioctl, no_such_signal)
{
	static const int sigs[] = { -1, 65, 128, 0x7fffffff, -0x7fffffff - 1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sigs); i++) {
		struct fkill_kill kill = { .fd = self->target, .sig = sigs[i] };
		struct fkill_below below = { .fd = FKILL_SELF, .sig = sigs[i] };

		EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_KILL, &kill));
		EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_BELOW, &below));
	}
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(ioctl, negative_timeouts)
{
	struct fkill_below arg = { .fd = FKILL_SELF, .sig = SIGKILL };

	arg.timeout = -1;
	EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_BELOW, &arg));
	arg.timeout = -0x7fffffff - 1;
	EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_BELOW, &arg));
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(ioctl, a_limit_and_no_limit)
{
	struct fkill_below arg = {
		.fd = FKILL_SELF, .sig = SIGKILL, .flags = FKILL_NO_LIMIT,
		.timeout = 1,
	};

	EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_BELOW, &arg));
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(ioctl, the_caller_cannot_be_included)
{
	struct fkill_below arg = {
		.fd = FKILL_SELF, .sig = SIGKILL, .flags = FKILL_INCLUDE_TOP,
	};

	EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_BELOW, &arg));
	arg.fd = open("/proc/self", O_PATH);
	ASSERT_LE(0, arg.fd);
	EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_BELOW, &arg));
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(ioctl, numbers_to_resume_that_nobody_was_given)
{
	static const unsigned int numbers[] = { 1, 2, 1000, 0x80000000, ~0U };
	struct fkill_below arg = { .fd = FKILL_SELF, .sig = SIGKILL };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		arg.resume = numbers[i];
		EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_BELOW, &arg))
			TH_LOG("%u", numbers[i]);
	}
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(ioctl, descriptors_that_are_no_process)
{
	const int fds[] = { -1, AT_FDCWD, 1000000, self->dev };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		struct fkill_kill kill = { .fd = fds[i], .sig = SIGKILL };
		struct fkill_below below = { .fd = fds[i], .sig = SIGKILL };

		EXPECT_EQ(-EBADF, CALL(FKILL_IOC_KILL, &kill));
		EXPECT_EQ(-EBADF, CALL(FKILL_IOC_BELOW, &below));
	}
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(ioctl, a_reaped_process)
{
	struct fkill_kill kill = probe(self->target);
	struct fkill_below below = { .fd = self->target };

	kill_and_reap(self->pid);
	EXPECT_EQ(-ESRCH, CALL(FKILL_IOC_KILL, &kill));
	EXPECT_EQ(-ESRCH, CALL(FKILL_IOC_BELOW, &below));
}

/*
 * Of two faults the one that comes first in the header is told. Each line adds
 * a fault to those below it.
 */
TEST_F(ioctl, order_of_refusals_of_kill)
{
	const size_t size = sizeof(struct fkill_kill) + 4;
	struct fkill_kill arg = probe(self->target);
	struct {
		struct fkill_kill known;
		__u32 unknown;
	} longer;

	kill_and_reap(self->pid);
	EXPECT_EQ(-ESRCH, CALL(FKILL_IOC_KILL, &arg));
	arg.fd = -1;
	EXPECT_EQ(-EBADF, CALL(FKILL_IOC_KILL, &arg));
	arg.sig = 65;
	EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_KILL, &arg));
	EXPECT_EQ(-EFAULT, CALL_AT(FKILL_IOC_KILL, self->wall - 4));
	longer.known = arg;
	longer.unknown = 1;
	EXPECT_EQ(-E2BIG, CALL(resize(FKILL_IOC_KILL, size), &longer));
	EXPECT_EQ(-EINVAL, CALL_AT(resize(FKILL_IOC_KILL, 4), self->wall));
	EXPECT_EQ(-ENOTTY, CALL_AT(_IO(FKILL_IOC_TYPE, 0x7f), self->wall));
}

TEST_F(ioctl, order_of_refusals_of_below)
{
	const size_t size = sizeof(struct fkill_below) + 4;
	struct fkill_below arg = { .fd = self->target };
	struct {
		struct fkill_below known;
		__u32 unknown;
	} longer;

	kill_and_reap(self->pid);
	EXPECT_EQ(-ESRCH, CALL(FKILL_IOC_BELOW, &arg));
	arg.fd = -1;
	EXPECT_EQ(-EBADF, CALL(FKILL_IOC_BELOW, &arg));
	arg.timeout = -1;
	EXPECT_EQ(-EINVAL, CALL(FKILL_IOC_BELOW, &arg));
	longer.known = arg;
	longer.unknown = 1;
	EXPECT_EQ(-E2BIG, CALL(resize(FKILL_IOC_BELOW, size), &longer));
	EXPECT_EQ(-EINVAL, CALL_AT(resize(FKILL_IOC_BELOW, 4), self->wall));

	/* Memory that cannot be written comes before what it says. */
	memcpy(self->buf, &arg, sizeof(arg));
	ASSERT_EQ(0, mprotect(self->buf, self->page, PROT_READ));
	EXPECT_EQ(-EFAULT, CALL_AT(FKILL_IOC_BELOW, self->buf));
}

TEST_F(ioctl, the_way_it_was_opened_does_not_matter)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		struct fkill_kill arg = probe(self->target);

		close(self->dev);
		self->dev = open(FKILL_DEVICE, modes[i]);
		ASSERT_LE(0, self->dev);
		EXPECT_EQ(0, CALL(FKILL_IOC_KILL, &arg));
	}
}

static int open_device(void *arg)
{
	(void)arg;
	return errno_of(open(FKILL_DEVICE, O_RDWR));
}

TEST(the_device_is_for_everybody)
{
	struct stat st;

	ASSERT_EQ(0, stat(FKILL_DEVICE, &st));
	EXPECT_EQ(S_IFCHR | 0666, st.st_mode);
	EXPECT_EQ(0, run_as(NOBODY, open_device, NULL));
}

TEST(nothing_to_read_or_write)
{
	int dev = open(FKILL_DEVICE, O_RDWR);
	char byte = 0;

	ASSERT_LE(0, dev);
	EXPECT_EQ(-1, read(dev, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(dev, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	close(dev);
}

TEST_HARNESS_MAIN
