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

struct lister {
	int uffd;
	int dir;
	char *page;
	pthread_t thread;
	long got;
};

static void *list_into_page(void *arg)
{
	struct lister *l = arg;

	l->got = syscall(SYS_getdents64, l->dir, l->page, PAGE);
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

static bool falls_asleep(struct lister *l)
{
	struct uffd_msg msg;

	return !pthread_create(&l->thread, NULL, list_into_page, l) &&
	       read(l->uffd, &msg, sizeof(msg)) == sizeof(msg);
}

static bool wakes_up(struct lister *l)
{
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)l->page, PAGE },
	};

	return !ioctl(l->uffd, UFFDIO_ZEROPAGE, &zero) &&
	       !pthread_join(l->thread, NULL) && l->got > 0;
}

FIXTURE(listing)
{
	struct lister lister;
};

FIXTURE_SETUP(listing)
{
	self->lister.page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->lister.page);
	self->lister.uffd = watch_page(self->lister.page);
	if (self->lister.uffd < 0)
		SKIP(return, "this kernel has no userfaultfd");
	self->lister.dir = open_proc(getpid(), "", O_RDONLY | O_DIRECTORY);
	ASSERT_LE(0, self->lister.dir);
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
	ASSERT_TRUE(falls_asleep(&self->lister));
	EXPECT_EQ(EAGAIN, module_unload());
	EXPECT_EQ(0, write_at(AT_FDCWD, "/proc/self/kill", "0"));
	EXPECT_TRUE(wakes_up(&self->lister));
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
	ASSERT_TRUE(falls_asleep(&self->lister));
	for (i = 0; i < LOOKS && is_unloading(); i++)
		nap();
	EXPECT_TRUE(wakes_up(&self->lister));
	EXPECT_EQ(0, reap(pid));
	EXPECT_STREQ("", module_word(MODULE_STATE));
}

TEST_HARNESS_MAIN
