// SPDX-License-Identifier: GPL-2.0-only
/* The descriptor of /dev/fkill that the library keeps for itself. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <fkill.h>
#include <linux/fkill.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "harness.h"
#include "common.h"

static int probe(void *fd)
{
	return errno_of(fkill(*(int *)fd, 0));
}

/* It is found by what it is open on, since the library does not show it. */
static dev_t device_number(void)
{
	struct stat st;

	return stat(FKILL_DEVICE, &st) ? 0 : st.st_rdev;
}

static int find_device_fd(void)
{
	dev_t dev = device_number();
	struct stat st;
	int fd;

	for (fd = 0; fd < 1024; fd++)
		if (!fstat(fd, &st) && S_ISCHR(st.st_mode) &&
		    st.st_rdev == dev)
			return fd;
	return -1;
}

FIXTURE(device)
{
	int self;
	int fd;
};

FIXTURE_SETUP(device)
{
	self->self = fkill_open(getpid());
	ASSERT_LE(0, self->self);
	ASSERT_EQ(-1, find_device_fd());
	ASSERT_EQ(0, probe(&self->self));
	self->fd = find_device_fd();
	ASSERT_LT(STDERR_FILENO, self->fd);
}

FIXTURE_TEARDOWN(device)
{
}

TEST_F(device, is_closed_by_exec)
{
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->fd, F_GETFD));
}

TEST_F(device, is_opened_once)
{
	int i;

	for (i = 0; i < 10; i++) {
		EXPECT_EQ(0, probe(&self->self));
	}
	EXPECT_EQ(self->fd, find_device_fd());
	close(self->fd);
	EXPECT_EQ(-1, find_device_fd());
}

TEST_F(device, was_closed_by_the_program)
{
	close(self->fd);
	EXPECT_EQ(0, probe(&self->self));
	EXPECT_NE(-1, find_device_fd());
}

/* The number came to stand for something else, which must stay as it is. */
static int reopen_as(int fd, int other)
{
	return other < 0 ? -1 : dup2(other, fd);
}

static bool is_still(int fd, const struct stat *before)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_dev == before->st_dev &&
	       st.st_ino == before->st_ino;
}

TEST_F(device, became_another_file)
{
	static const char *const paths[] = {
		"/proc/self/status", "/dev/null", "/dev/tty", "/", "/proc/self",
		"/proc/self/kill", "/proc/1",
	};
	int fd = self->fd;
	struct stat before;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		int other = open(paths[i], strstr(paths[i], "kill") ?
				 O_WRONLY : O_RDONLY);

		if (other < 0)
			continue;
		ASSERT_EQ(fd, reopen_as(fd, other));
		ASSERT_EQ(0, fstat(fd, &before));
		close(other);
		EXPECT_EQ(0, probe(&self->self))
			TH_LOG("%s", paths[i]);
		EXPECT_TRUE(is_still(fd, &before));
		EXPECT_EQ(EBADF, errno_of(fkill(-1, 0)));
		EXPECT_TRUE(is_still(fd, &before));
		fd = find_device_fd();
		ASSERT_NE(-1, fd);
	}
}

TEST_F(device, became_a_pipe)
{
	struct stat before;
	int pipes[2];

	ASSERT_EQ(0, pipe(pipes));
	ASSERT_EQ(self->fd, reopen_as(self->fd, pipes[0]));
	ASSERT_EQ(0, fstat(self->fd, &before));
	EXPECT_EQ(0, probe(&self->self));
	EXPECT_TRUE(is_still(self->fd, &before));
}

TEST_F(device, became_an_o_path_descriptor)
{
	struct stat before;

	ASSERT_EQ(self->fd, reopen_as(self->fd, open("/", O_PATH)));
	ASSERT_EQ(0, fstat(self->fd, &before));
	EXPECT_EQ(0, probe(&self->self));
	EXPECT_TRUE(is_still(self->fd, &before));
}

static int drop_and_probe(void *arg)
{
	const struct rlimit none = { 0, 0 };

	if (chroot("/sys") || drop_to(NOBODY) ||
	    setrlimit(RLIMIT_NOFILE, &none))
		return 255;
	return probe(arg);
}

TEST_F(device, goes_on_without_path_rights_and_room)
{
	pid_t pid = spawn_sleeper_as(NOBODY);
	int fd = fkill_open(pid);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, run_child(drop_and_probe, &fd));
	kill_and_reap(pid);
}

TEST_F(device, is_shared_with_children)
{
	EXPECT_EQ(0, run_child(probe, &self->self));
	EXPECT_EQ(self->fd, find_device_fd());
}

/* Many threads and children that meet the library for the first time. */
#define THREADS	8

static pthread_barrier_t start;

static void *probe_often(void *arg)
{
	long failures = 0;
	int i;

	pthread_barrier_wait(&start);
	for (i = 0; i < 200; i++)
		failures += probe(arg) != 0;
	return (void *)failures;
}

static void *fork_often(void *arg)
{
	long failures = 0;
	int i;

	pthread_barrier_wait(&start);
	for (i = 0; i < 20; i++)
		failures += run_child(probe, arg) != 0;
	return (void *)failures;
}

static int count_device_fds(void)
{
	int n = 0;
	int fd;

	while ((fd = find_device_fd()) >= 0) {
		close(fd);
		n++;
	}
	return n;
}

TEST(threads_and_forks)
{
	int fd = fkill_open(getpid());
	pthread_t thread[THREADS];
	void *failures;
	int i;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, pthread_barrier_init(&start, NULL, THREADS));
	for (i = 0; i < THREADS; i++) {
		ASSERT_EQ(0, pthread_create(&thread[i], NULL,
					    i % 2 ? fork_often : probe_often,
					    &fd));
	}
	for (i = 0; i < THREADS; i++) {
		ASSERT_EQ(0, pthread_join(thread[i], &failures));
		EXPECT_EQ(0, (long)failures);
	}
	/* Those who lost the race to open it have closed theirs. */
	EXPECT_EQ(1, count_device_fds());
}

static int probe_self(void *arg)
{
	int fd = fkill_open(getpid());

	(void)arg;
	return fd < 0 ? 255 : probe(&fd);
}

TEST(without_the_device)
{
	setenv("LIBFKILL_BACKEND", "module", 1);
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount("none", "/dev", "tmpfs", 0, NULL));
	EXPECT_EQ(ENOSYS, probe_self(NULL));
	/* The next call looks again. */
	ASSERT_EQ(0, umount("/dev"));
	EXPECT_EQ(0, probe_self(NULL));
}

TEST(the_device_is_not_for_everybody)
{
	setenv("LIBFKILL_BACKEND", "module", 1);
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount("none", "/dev", "tmpfs", 0, NULL));
	ASSERT_EQ(0, mknod(FKILL_DEVICE, S_IFCHR | 0600, device_number()));
	EXPECT_EQ(EACCES, run_as(NOBODY, probe_self, NULL));
}

TEST_HARNESS_MAIN
