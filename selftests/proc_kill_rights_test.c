// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/kill: who may signal whom. Both the one who opened the file and
 * the one who writes are judged, at the time of the write.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "harness.h"
#include "common.h"

#define SOMEBODY	1000

/*
 * Open the kill file as @uid without any rights of root, which come back for
 * what follows.
 */
static int open_kill_as(uid_t uid, pid_t pid)
{
	int fd;

	if (setresuid(uid, uid, 0))
		return -1;
	fd = open_proc(pid, "kill", O_WRONLY);
	if (setresuid(0, 0, 0))
		return -1;
	return fd;
}

/* What a process of @uid is answered that opens and writes. */
static int kill_as(uid_t uid, pid_t pid, const char *text)
{
	struct kill_order order = { .pid = pid, .text = text };

	return run_as(uid, open_and_write, &order);
}

/* What a process of @uid is answered that was given an open file. */
static int write_as(uid_t uid, int fd, const char *text)
{
	struct kill_order order = { .fd = fd, .text = text };

	return run_as(uid, only_write, &order);
}

FIXTURE(rights)
{
	pid_t root;
	pid_t nobody;
};

FIXTURE_SETUP(rights)
{
	self->root = spawn_sleeper();
	ASSERT_LT(0, self->root);
	self->nobody = spawn_sleeper_as(NOBODY);
	ASSERT_LT(0, self->nobody);
}

FIXTURE_TEARDOWN(rights)
{
	kill_and_reap(self->root);
	kill_and_reap(self->nobody);
}

TEST_F(rights, other_uids_are_refused)
{
	EXPECT_EQ(EPERM, kill_as(NOBODY, self->root, "0"));
	EXPECT_EQ(EPERM, kill_as(NOBODY, self->root, "9"));
	EXPECT_EQ(EPERM, kill_as(SOMEBODY, self->nobody, "0"));
	EXPECT_EQ(EPERM, kill_as(SOMEBODY, self->nobody, "9"));
	EXPECT_TRUE(is_left_alone(self->root));
	EXPECT_TRUE(is_left_alone(self->nobody));
}

TEST_F(rights, the_same_uid_may)
{
	EXPECT_EQ(0, kill_as(NOBODY, self->nobody, "0"));
	EXPECT_EQ(0, kill_as(NOBODY, self->nobody, "9"));
	EXPECT_TRUE(died_of(self->nobody, SIGKILL));
}

TEST_F(rights, root_may)
{
	EXPECT_EQ(0, kill_as(0, self->nobody, "15"));
	EXPECT_TRUE(died_of(self->nobody, SIGTERM));
}

TEST_F(rights, a_privileged_opener_lends_nothing)
{
	int fd = open_proc(self->root, "kill", O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(EPERM, write_as(NOBODY, fd, "0"));
	EXPECT_EQ(EPERM, write_as(NOBODY, fd, "9"));
	EXPECT_TRUE(is_left_alone(self->root));
	close(fd);

	fd = open_proc(self->nobody, "kill", O_WRONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EPERM, write_as(SOMEBODY, fd, "9"));
	EXPECT_EQ(0, write_as(NOBODY, fd, "9"));
	EXPECT_TRUE(died_of(self->nobody, SIGKILL));
	close(fd);
}

TEST_F(rights, a_privileged_writer_lends_nothing)
{
	int fd = open_kill_as(NOBODY, self->root);

	ASSERT_LE(0, fd);
	EXPECT_EQ(EPERM, write_text(fd, "0"));
	EXPECT_EQ(EPERM, write_text(fd, "9"));
	EXPECT_TRUE(is_left_alone(self->root));
	close(fd);

	fd = open_kill_as(NOBODY, self->nobody);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, write_text(fd, "9"));
	EXPECT_TRUE(died_of(self->nobody, SIGKILL));
	close(fd);
}

/* kill(2) asks nobody about signals to oneself; the opener is asked. */
TEST(the_writer_is_the_target)
{
	int fd;

	signal(SIGUSR1, SIG_IGN);
	fd = open_kill_as(NOBODY, getpid());
	ASSERT_LE(0, fd);
	EXPECT_EQ(EPERM, write_text(fd, "0"));
	EXPECT_EQ(EPERM, write_text(fd, "10"));
	EXPECT_EQ(EPERM, write_text(fd, "9"));
	close(fd);

	fd = open_proc(getpid(), "kill", O_WRONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, write_text(fd, "0"));
	EXPECT_EQ(0, write_text(fd, "10"));
	close(fd);
}

static void *write_probe(void *arg)
{
	return (void *)(long)write_text(*(int *)arg, "0");
}

TEST(another_thread_of_the_target_writes)
{
	int fd = open_kill_as(NOBODY, getpid());
	pthread_t thread;
	void *err = NULL;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, pthread_create(&thread, NULL, write_probe, &fd));
	ASSERT_EQ(0, pthread_join(thread, &err));
	EXPECT_EQ(EPERM, (long)err);
	close(fd);
}

/* It alone: glibc would have all threads do so. */
static void *drop_and_write(void *arg)
{
	long err = syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY);
	int fd = open_proc(getpid(), "kill", O_WRONLY);

	(void)arg;
	if (!err)
		err = fd < 0 ? errno : write_text(fd, "0");
	close(fd);
	return (void *)err;
}

/* Opener and writer are one, and of its own process; but that is root's. */
TEST(a_thread_that_dropped_its_rights)
{
	pthread_t thread;
	void *err = NULL;

	ASSERT_EQ(0, pthread_create(&thread, NULL, drop_and_write, NULL));
	ASSERT_EQ(0, pthread_join(thread, &err));
	EXPECT_EQ(EPERM, (long)err);
}

/* A child of root that gives up root at the gate. */
struct dropper {
	struct gate before;
	struct gate after;
};

static int drop_at_gate(void *arg)
{
	const struct dropper *d = arg;

	gate_wait(&d->before);
	if (drop_to(NOBODY))
		return 1;
	gate_open(&d->after);
	return sleep_for_ever(NULL);
}

/* One that nobody may signal, until it is root altogether. */
static int rise_at_gate(void *arg)
{
	const struct dropper *d = arg;

	if (setresuid(NOBODY, 0, 0))
		return 1;
	gate_open(&d->after);
	gate_wait(&d->before);
	if (setresuid(0, 0, 0))
		return 1;
	gate_open(&d->after);
	return sleep_for_ever(NULL);
}

static int dropper_init(struct dropper *d)
{
	return gate_init(&d->before) ?: gate_init(&d->after);
}

TEST(judged_when_written_after_the_target_dropped)
{
	struct dropper d;
	pid_t pid;
	int fd;

	ASSERT_EQ(0, dropper_init(&d));
	pid = spawn(drop_at_gate, &d);
	fd = open_kill_as(NOBODY, pid);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EPERM, write_as(NOBODY, fd, "9"));
	gate_open(&d.before);
	gate_wait(&d.after);
	EXPECT_EQ(0, write_as(NOBODY, fd, "9"));
	EXPECT_TRUE(died_of(pid, SIGKILL));
	close(fd);
}

TEST(judged_when_written_after_the_target_rose)
{
	struct dropper d;
	pid_t pid;
	int fd;

	ASSERT_EQ(0, dropper_init(&d));
	pid = spawn(rise_at_gate, &d);
	gate_wait(&d.after);
	fd = open_kill_as(NOBODY, pid);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, write_as(NOBODY, fd, "0"));
	gate_open(&d.before);
	gate_wait(&d.after);
	EXPECT_EQ(EPERM, write_as(NOBODY, fd, "9"));
	EXPECT_EQ(EPERM, write_text(fd, "9"));
	EXPECT_TRUE(is_left_alone(pid));
	kill_and_reap(pid);
	close(fd);
}

static int cont_by_kill(void *arg)
{
	const struct kill_order *order = arg;

	return errno_of(kill(order->pid, SIGCONT));
}

/* SIGCONT passes within a session, whatever the uids. */
TEST_F(rights, sigcont_within_the_session_is_for_the_writer)
{
	struct kill_order order = { .pid = self->root };
	int fd = open_proc(self->root, "kill", O_WRONLY);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, run_as(NOBODY, cont_by_kill, &order));
	EXPECT_EQ(0, write_as(NOBODY, fd, "18"));
	EXPECT_EQ(EPERM, write_as(NOBODY, fd, "0"));
	EXPECT_EQ(EPERM, write_as(NOBODY, fd, "15"));
	close(fd);

	fd = open_kill_as(NOBODY, self->root);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EPERM, write_as(NOBODY, fd, "18"));
	EXPECT_EQ(EPERM, write_text(fd, "18"));
	close(fd);
}

static int write_from_new_session(void *arg)
{
	return setsid() < 0 ? 255 : only_write(arg);
}

TEST_F(rights, sigcont_from_another_session)
{
	struct kill_order order = { .text = "18" };

	order.fd = open_proc(self->root, "kill", O_WRONLY);
	ASSERT_LE(0, order.fd);
	EXPECT_EQ(EPERM, run_as(NOBODY, write_from_new_session, &order));
	close(order.fd);
}

static int write_as_root_of_userns(void *arg)
{
	return unshare(CLONE_NEWUSER) ? 255 : open_and_write(arg);
}

TEST_F(rights, capabilities_in_a_user_namespace_of_ones_own)
{
	struct kill_order order = { .pid = self->root, .text = "9" };
	int ret = run_as(NOBODY, write_as_root_of_userns, &order);

	if (ret == 255)
		SKIP(return, "user namespaces are not for everybody here");
	EXPECT_EQ(EPERM, ret);
	EXPECT_TRUE(is_left_alone(self->root));
	order.pid = self->nobody;
	EXPECT_EQ(0, run_as(NOBODY, write_as_root_of_userns, &order));
	EXPECT_TRUE(died_of(self->nobody, SIGKILL));
}

TEST_HARNESS_MAIN
