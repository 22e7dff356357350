// SPDX-License-Identifier: GPL-2.0-only
/* /proc/<pid>/kill: pid namespaces, and mounts of /proc of every kind. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "harness.h"
#include "common.h"

static int run_below(int (*fn)(void *arg), void *arg)
{
	int status = reap(spawn_flags(CLONE_NEWPID, fn, arg));

	return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

FIXTURE(outer)
{
	struct kill_order order;
};

FIXTURE_SETUP(outer)
{
	self->order.pid = spawn_sleeper();
	ASSERT_LT(0, self->order.pid);
	self->order.fd = open_proc(self->order.pid, "kill", O_WRONLY);
	ASSERT_LE(0, self->order.fd);
}

FIXTURE_TEARDOWN(outer)
{
	close(self->order.fd);
	kill_and_reap(self->order.pid);
}

/* A child pid namespace that still sees the /proc of its parent. */
TEST_F(outer, out_of_reach_from_below)
{
	self->order.text = "0";
	EXPECT_EQ(EINVAL, run_below(open_and_write, &self->order));
	self->order.text = "9";
	EXPECT_EQ(EINVAL, run_below(open_and_write, &self->order));
	EXPECT_TRUE(is_left_alone(self->order.pid));
}

TEST_F(outer, opened_here_written_below)
{
	self->order.text = "9";
	EXPECT_EQ(EINVAL, run_below(only_write, &self->order));
	EXPECT_TRUE(is_left_alone(self->order.pid));
	EXPECT_EQ(0, write_text(self->order.fd, "9"));
	EXPECT_TRUE(died_of(self->order.pid, SIGKILL));
}

struct below {
	struct kill_order order;
	struct gate gate;
};

static int open_and_sleep(void *arg)
{
	struct below *below = arg;

	below->order.fd = open_proc(below->order.pid, "kill", O_WRONLY);
	gate_open(&below->gate);
	return sleep_for_ever(NULL);
}

TEST_F(outer, opened_below_written_here)
{
	struct below *below = mmap(NULL, sizeof(*below), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t init;

	ASSERT_NE(MAP_FAILED, below);
	below->order.pid = self->order.pid;
	ASSERT_EQ(0, gate_init(&below->gate));
	/* It shares our descriptors, so what it opens is ours as well. */
	init = spawn_flags(CLONE_NEWPID | CLONE_FILES, open_and_sleep, below);
	ASSERT_LT(0, init);
	gate_wait(&below->gate);
	ASSERT_LE(0, below->order.fd);

	EXPECT_EQ(EINVAL, write_text(below->order.fd, "0"));
	EXPECT_EQ(EINVAL, write_text(below->order.fd, "9"));
	kill_and_reap(init);
	/* The namespace of the opener is gone, and counts all the same. */
	EXPECT_EQ(EINVAL, write_text(below->order.fd, "9"));
	EXPECT_TRUE(is_left_alone(self->order.pid));
	close(below->order.fd);
}

/* Namespaces below are within reach. */
TEST(kill_the_init_of_a_namespace_below)
{
	pid_t init = spawn_flags(CLONE_NEWPID, sleep_for_ever, NULL);
	struct kill_order order = { .pid = init, .text = "15" };

	ASSERT_LT(0, init);
	/* As by kill(2), it only takes what it has a handler for. */
	EXPECT_EQ(0, open_and_write(&order));
	EXPECT_TRUE(is_left_alone(init));
	order.text = "9";
	EXPECT_EQ(0, open_and_write(&order));
	EXPECT_TRUE(died_of(init, SIGKILL));
}

static int init_kills_itself(void *arg)
{
	(void)arg;
	return write_at(AT_FDCWD, "/proc/self/kill", "9");
}

TEST(an_init_cannot_kill_itself)
{
	EXPECT_EQ(0, run_below(init_kills_itself, NULL));
}

/* A /proc of its own within a namespace: numbers are those of the inside. */
static int kill_inside(void *arg)
{
	const char *dir = arg;
	char path[64];
	pid_t pid;

	if (mount("proc", dir, "proc", 0, NULL))
		return 1;
	pid = spawn_sleeper();
	snprintf(path, sizeof(path), "%s/%d/kill", dir, pid);
	if (write_at(AT_FDCWD, path, "9"))
		return 2;
	if (!died_of(pid, SIGKILL))
		return 3;
	snprintf(path, sizeof(path), "%s/self/kill", dir);
	return write_at(AT_FDCWD, path, "0");
}

/* The same mount, written to by those outside. */
static int sleep_inside(void *arg)
{
	const struct gate *gate = arg;

	if (mount("proc", "/tmp/inner", "proc", 0, NULL))
		return 1;
	gate_open(gate);
	return sleep_for_ever(NULL);
}

FIXTURE(inner)
{
};

FIXTURE_SETUP(inner)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	mkdir("/tmp/inner", 0755);
}

FIXTURE_TEARDOWN(inner)
{
	umount2("/tmp/inner", MNT_DETACH);
	rmdir("/tmp/inner");
}

TEST_F(inner, kill_by_inner_numbers)
{
	EXPECT_EQ(0, run_below(kill_inside, "/tmp/inner"));
}

TEST_F(inner, kill_from_outside_by_inner_numbers)
{
	struct gate gate;
	pid_t init;

	ASSERT_EQ(0, gate_init(&gate));
	init = spawn_flags(CLONE_NEWPID, sleep_inside, &gate);
	ASSERT_LT(0, init);
	gate_wait(&gate);
	EXPECT_EQ(0, write_at(AT_FDCWD, "/tmp/inner/1/kill", "9"));
	EXPECT_TRUE(died_of(init, SIGKILL));
}

/* A second mount of /proc, with options. */
FIXTURE(mounted)
{
	pid_t root;
	pid_t nobody;
	char dir[24];
};

FIXTURE_VARIANT(mounted)
{
	const char *options;
	int stranger;		/* what nobody is told about a root process */
};

FIXTURE_VARIANT_ADD(mounted, plain)
{
	.options = "",
	.stranger = EPERM,
};

FIXTURE_VARIANT_ADD(mounted, hidepid_1)
{
	.options = "hidepid=1",
	.stranger = EPERM,
};

FIXTURE_VARIANT_ADD(mounted, hidepid_2)
{
	.options = "hidepid=2",
	.stranger = ENOENT,
};

FIXTURE_VARIANT_ADD(mounted, hidepid_4)
{
	.options = "hidepid=4",
	.stranger = ENOENT,
};

FIXTURE_VARIANT_ADD(mounted, subset_pid)
{
	.options = "subset=pid",
	.stranger = EPERM,
};

FIXTURE_SETUP(mounted)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	strcpy(self->dir, "/tmp/proc.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, chmod(self->dir, 0755));
	ASSERT_EQ(0, mount("proc", self->dir, "proc", 0, variant->options));
	self->root = spawn_sleeper();
	ASSERT_LT(0, self->root);
	self->nobody = spawn_sleeper_as(NOBODY);
	ASSERT_LT(0, self->nobody);
}

FIXTURE_TEARDOWN(mounted)
{
	kill_and_reap(self->root);
	kill_and_reap(self->nobody);
	umount2(self->dir, MNT_DETACH);
	rmdir(self->dir);
}

/* One path and what is written there. */
struct line {
	char path[64];
	const char *text;
};

static int write_line(void *arg)
{
	const struct line *line = arg;

	return write_at(AT_FDCWD, line->path, line->text);
}

static int kill_at(uid_t uid, const char *dir, pid_t pid, const char *text)
{
	struct line line = { .text = text };

	snprintf(line.path, sizeof(line.path), "%s/%d/kill", dir, pid);
	return run_as(uid, write_line, &line);
}

TEST_F(mounted, root_kills)
{
	EXPECT_EQ(0, kill_at(0, self->dir, self->nobody, "15"));
	EXPECT_TRUE(died_of(self->nobody, SIGTERM));
	EXPECT_EQ(0, kill_at(0, self->dir, self->root, "9"));
	EXPECT_TRUE(died_of(self->root, SIGKILL));
}

TEST_F(mounted, nobody_kills_its_own)
{
	EXPECT_EQ(0, kill_at(NOBODY, self->dir, self->nobody, "9"));
	EXPECT_TRUE(died_of(self->nobody, SIGKILL));
}

TEST_F(mounted, nobody_kills_no_stranger)
{
	char path[64];
	int fd;

	EXPECT_EQ(variant->stranger,
		  kill_at(NOBODY, self->dir, self->root, "9"));
	/* Nor when the file is in the dentry cache. */
	snprintf(path, sizeof(path), "%s/%d/kill", self->dir, self->root);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_NE(0, kill_at(NOBODY, self->dir, self->root, "9"));
	EXPECT_TRUE(is_left_alone(self->root));
	close(fd);
}

TEST_HARNESS_MAIN
