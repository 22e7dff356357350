// SPDX-License-Identifier: GPL-2.0-only
/*
 * A listing of /proc/<pid> that sleeps in the middle of the module, on a page
 * that nobody has filled yet, while the module is to leave.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "harness.h"
#include "common.h"
#include "modctl.h"

#define PAGE	4096

/* How often to look whether a module that should wait has gone. */
#define LOOKS	200

FIXTURE(listing)
{
	int uffd;
	int dir;
	char *page;
	pthread_t thread;
	long got;
};

static void *list_into_page(void *arg)
{
	FIXTURE_DATA(listing) *self = arg;

	self->got = syscall(SYS_getdents64, self->dir, self->page, PAGE);
	return NULL;
}

static int watch_page(char *page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { (unsigned long)page, PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd >= 0 && (ioctl(fd, UFFDIO_API, &api) ||
			ioctl(fd, UFFDIO_REGISTER, &reg))) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool falls_asleep(FIXTURE_DATA(listing) *self)
{
	struct uffd_msg msg;

	return !pthread_create(&self->thread, NULL, list_into_page, self) &&
	       read(self->uffd, &msg, sizeof(msg)) == sizeof(msg);
}

static bool wakes_up(FIXTURE_DATA(listing) *self)
{
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)self->page, PAGE },
	};

	return !ioctl(self->uffd, UFFDIO_ZEROPAGE, &zero) &&
	       !pthread_join(self->thread, NULL) && self->got > 0;
}

FIXTURE_SETUP(listing)
{
	self->page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->page);
	self->uffd = watch_page(self->page);
	if (self->uffd < 0)
		SKIP(return, "this kernel has no userfaultfd");
	self->dir = open_proc(getpid(), "", O_RDONLY | O_DIRECTORY);
	ASSERT_LE(0, self->dir);
	ASSERT_TRUE(wait_until(module_is_idle()));
}

FIXTURE_TEARDOWN(listing)
{
	if (!*module_word(MODULE_STATE))
		EXPECT_EQ(0, module_load());
	EXPECT_TRUE(wait_until(module_is_idle()));
}

/* Nobody can hold up rmmod that way. */
TEST_F(listing, that_sleeps_keeps_the_module)
{
	ASSERT_TRUE(falls_asleep(self));
	EXPECT_EQ(EAGAIN, module_unload());
	EXPECT_EQ(0, write_at(AT_FDCWD, "/proc/self/kill", "0"));
	EXPECT_TRUE(wakes_up(self));
	EXPECT_TRUE(module_unload_patiently());
}

static int unload(void *arg)
{
	(void)arg;
	return module_unload();
}

static bool is_unloading(void)
{
	return !strcmp(module_word(MODULE_STATE), "Unloading");
}

/* It is too late to keep it, so it has to wait. */
TEST_F(listing, that_begins_while_the_module_leaves)
{
	pid_t pid = spawn(unload, NULL);
	int i;

	ASSERT_TRUE(wait_until(is_unloading() || !is_running(pid)));
	ASSERT_TRUE(falls_asleep(self));
	for (i = 0; i < LOOKS && is_unloading(); i++)
		nap();
	EXPECT_TRUE(wakes_up(self));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("", module_word(MODULE_STATE));
}

TEST_HARNESS_MAIN
