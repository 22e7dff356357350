// SPDX-License-Identifier: GPL-2.0-only
/* fkill() and fkill_open() of the library. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <fkill.h>
#include <linux/fkill.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "harness.h"
#include "common.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD	O_EXCL
#endif

static int pidfd_open(pid_t pid, unsigned int flags)
{
	return syscall(SYS_pidfd_open, pid, flags);
}

static int fkill_errno(int fd, int sig)
{
	return errno_of(fkill(fd, sig));
}

/* Every kind of descriptor that stands for a process. */
static int open_dir(pid_t pid)
{
	return open_proc(pid, "", O_RDONLY | O_DIRECTORY);
}

static int open_path(pid_t pid)
{
	return open_proc(pid, "", O_PATH);
}

static int open_kill(pid_t pid)
{
	return open_proc(pid, "kill", O_WRONLY);
}

static int open_kill_path(pid_t pid)
{
	return open_proc(pid, "kill", O_PATH);
}

static int open_pidfd(pid_t pid)
{
	return pidfd_open(pid, 0);
}

FIXTURE(process)
{
	pid_t pid;
	int fd;
};

FIXTURE_VARIANT(process)
{
	int (*open)(pid_t pid);
};

FIXTURE_VARIANT_ADD(process, fkill_open)
{
	.open = fkill_open,
};

FIXTURE_VARIANT_ADD(process, directory)
{
	.open = open_dir,
};

FIXTURE_VARIANT_ADD(process, directory_o_path)
{
	.open = open_path,
};

FIXTURE_VARIANT_ADD(process, kill_file)
{
	.open = open_kill,
};

FIXTURE_VARIANT_ADD(process, kill_file_o_path)
{
	.open = open_kill_path,
};

FIXTURE_VARIANT_ADD(process, pidfd)
{
	.open = open_pidfd,
};

FIXTURE_SETUP(process)
{
	self->pid = spawn_sleeper();
	ASSERT_LT(0, self->pid);
	self->fd = variant->open(self->pid);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(process)
{
	close(self->fd);
	kill_and_reap(self->pid);
}

TEST_F(process, is_killed)
{
	EXPECT_EQ(0, fkill_errno(self->fd, SIGKILL));
	EXPECT_TRUE(died_of(self->pid, SIGKILL));
}

TEST_F(process, is_only_asked_for_by_signal_0)
{
	EXPECT_EQ(0, fkill_errno(self->fd, 0));
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(process, stops_and_continues)
{
	EXPECT_EQ(0, fkill_errno(self->fd, SIGSTOP));
	EXPECT_TRUE(wait_until(state_of(self->pid) == 'T'));
	EXPECT_EQ(0, fkill_errno(self->fd, SIGCONT));
	EXPECT_TRUE(wait_until(state_of(self->pid) == 'S'));
}

TEST_F(process, no_such_signal)
{
	static const int sigs[] = { -1, 65, 128, 1000, 0x7fffffff, -0x7fffffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sigs); i++) {
		EXPECT_EQ(EINVAL, fkill_errno(self->fd, sigs[i]))
			TH_LOG("signal %d", sigs[i]);
	}
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(process, zombies_take_signals)
{
	pid_t pid = spawn_zombie();
	int fd = variant->open(pid);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, fkill_errno(fd, 0));
	EXPECT_EQ(0, fkill_errno(fd, SIGKILL));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(ESRCH, fkill_errno(fd, 0));
	close(fd);
}

TEST_F(process, is_never_another_with_its_number)
{
	kill_and_reap(self->pid);
	EXPECT_EQ(ESRCH, fkill_errno(self->fd, 0));
	EXPECT_EQ(ESRCH, fkill_errno(self->fd, SIGKILL));

	ASSERT_EQ(self->pid, spawn_at(self->pid, sleep_for_ever, NULL));
	EXPECT_EQ(ESRCH, fkill_errno(self->fd, 0));
	EXPECT_EQ(ESRCH, fkill_errno(self->fd, SIGKILL));
	EXPECT_TRUE(is_left_alone(self->pid));
}

struct order {
	int fd;
	int sig;
};

static int carry_out(void *arg)
{
	const struct order *order = arg;

	return fkill_errno(order->fd, order->sig);
}

/* The one who calls is judged, whoever opened the descriptor. */
TEST_F(process, is_safe_from_other_uids)
{
	struct order order = { self->fd, 0 };
	pid_t own = spawn_sleeper_as(NOBODY);

	EXPECT_EQ(EPERM, run_as(NOBODY, carry_out, &order));
	order.sig = SIGKILL;
	EXPECT_EQ(EPERM, run_as(NOBODY, carry_out, &order));
	EXPECT_TRUE(is_left_alone(self->pid));

	order.fd = variant->open(own);
	ASSERT_LE(0, order.fd);
	EXPECT_EQ(EPERM, run_as(NOBODY - 1, carry_out, &order));
	EXPECT_EQ(0, run_as(NOBODY, carry_out, &order));
	EXPECT_TRUE(died_of(own, SIGKILL));
	close(order.fd);
}

TEST_F(process, is_out_of_reach_from_a_namespace_below)
{
	struct order order = { self->fd, 0 };

	EXPECT_EQ(EINVAL << 8,
		  reap(spawn_flags(CLONE_NEWPID, carry_out, &order)));
	order.sig = SIGKILL;
	EXPECT_EQ(EINVAL << 8,
		  reap(spawn_flags(CLONE_NEWPID, carry_out, &order)));
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(process, in_a_namespace_below_is_within_reach)
{
	pid_t init = spawn_flags(CLONE_NEWPID, sleep_for_ever, NULL);
	int fd = variant->open(init);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, fkill_errno(fd, SIGKILL));
	EXPECT_TRUE(died_of(init, SIGKILL));
	close(fd);
}

/* What the target is told about the sender. */
static int wait_for_siginfo(void *arg)
{
	int *out = arg;
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (write(out[1], "", 1) != 1 || sigwaitinfo(&set, &info) < 0)
		return 1;
	return write(out[1], &info, sizeof(info)) != sizeof(info);
}

TEST_F(process, is_told_the_sender)
{
	siginfo_t info;
	int pipes[2];
	pid_t pid;
	char byte;
	int fd;

	ASSERT_EQ(0, pipe(pipes));
	pid = spawn(wait_for_siginfo, pipes);
	fd = variant->open(pid);
	ASSERT_LE(0, fd);
	ASSERT_EQ(1, read(pipes[0], &byte, 1));
	ASSERT_EQ(0, fkill_errno(fd, SIGTERM));
	ASSERT_EQ(sizeof(info), read(pipes[0], &info, sizeof(info)));
	EXPECT_EQ(SIGTERM, info.si_signo);
	EXPECT_EQ(SI_USER, info.si_code);
	EXPECT_EQ(getpid(), info.si_pid);
	EXPECT_EQ(getuid(), info.si_uid);
	EXPECT_EQ(0, reap(pid));
	close(fd);
}

/* Threads: their directories stand for the process, their pidfds do not. */
static int two_threads(void *arg)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, tell_tid, arg) ?:
		sleep_for_ever(NULL);
}

/* The leader ends, and the other thread goes on. */
static int leaderless(void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, tell_tid, arg))
		return 1;
	syscall(SYS_exit, 0);
	return 1;
}

FIXTURE(threads)
{
	pid_t pid;
	int tid;
};

FIXTURE_VARIANT(threads)
{
	int (*run)(void *arg);
};

FIXTURE_VARIANT_ADD(threads, two)
{
	.run = two_threads,
};

FIXTURE_VARIANT_ADD(threads, the_leader_is_gone)
{
	.run = leaderless,
};

FIXTURE_SETUP(threads)
{
	int pipes[2];

	ASSERT_EQ(0, pipe(pipes));
	self->pid = spawn(variant->run, pipes);
	ASSERT_EQ(sizeof(int), read(pipes[0], &self->tid, sizeof(int)));
	ASSERT_NE(self->pid, self->tid);
}

FIXTURE_TEARDOWN(threads)
{
	kill_and_reap(self->pid);
}

TEST_F(threads, directory_of_another_thread)
{
	int fd = open_dir(self->tid);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, fkill_errno(fd, SIGKILL));
	EXPECT_TRUE(died_of(self->pid, SIGKILL));
	EXPECT_EQ(ESRCH, fkill_errno(fd, 0));
	close(fd);
}

TEST_F(threads, directory_of_the_process)
{
	int fd = open_dir(self->pid);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, fkill_errno(fd, SIGKILL));
	EXPECT_TRUE(died_of(self->pid, SIGKILL));
	close(fd);
}

TEST_F(threads, task_directory_is_no_process)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d", self->pid, self->tid);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EBADF, fkill_errno(fd, 0));
	EXPECT_EQ(EBADF, fkill_errno(fd, SIGKILL));
	EXPECT_TRUE(wait_until(state_of(self->tid) == 'S'));
	close(fd);
}

TEST_F(threads, pidfd_of_one_thread)
{
	int fd = pidfd_open(self->tid, PIDFD_THREAD);

	if (fd < 0 && errno == EINVAL)
		SKIP(return, "this kernel has no PIDFD_THREAD");
	ASSERT_LE(0, fd);
	EXPECT_EQ(EINVAL, fkill_errno(fd, 0));
	EXPECT_EQ(EINVAL, fkill_errno(fd, SIGKILL));
	EXPECT_TRUE(wait_until(state_of(self->tid) == 'S'));
	close(fd);
}

/* Descriptors that stand for no process. */
TEST(ordinary_files)
{
	static const char *const paths[] = {
		"/", "/dev/null", "/proc", "/proc/self/task", "/proc/self/fd",
		"/proc/self/status", "/proc/self/ns/pid", "/proc/thread-self",
		FKILL_DEVICE,
	};
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		fd = open(paths[i], O_RDONLY);
		if (fd < 0 && !strcmp(paths[i], FKILL_DEVICE) &&
		    backend_is_fallback())
			continue;	/* it comes with the module */
		ASSERT_LE(0, fd);
		EXPECT_EQ(EBADF, fkill_errno(fd, 0))
			TH_LOG("%s", paths[i]);
		EXPECT_EQ(EBADF, fkill_errno(fd, SIGKILL));
		close(fd);
	}
}

TEST(a_link_is_no_process)
{
	int fd = open("/proc/self", O_PATH | O_NOFOLLOW);

	ASSERT_LE(0, fd);
	EXPECT_EQ(EBADF, fkill_errno(fd, SIGKILL));
	close(fd);
}

TEST(pipes_and_events)
{
	int pipes[2];

	ASSERT_EQ(0, pipe(pipes));
	EXPECT_EQ(EBADF, fkill_errno(pipes[0], SIGKILL));
	EXPECT_EQ(EBADF, fkill_errno(eventfd(0, 0), SIGKILL));
}

TEST(numbers_that_are_no_descriptors)
{
	static const int fds[] = {
		-1, -2, AT_FDCWD, FKILL_SELF, 1000000, 0x7fffffff,
		-0x7fffffff - 1,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		EXPECT_EQ(EBADF, fkill_errno(fds[i], 0))
			TH_LOG("%d", fds[i]);
		EXPECT_EQ(EBADF, fkill_errno(fds[i], SIGKILL));
	}
}

TEST(a_closed_descriptor)
{
	int fd = fkill_open(getpid());

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, fkill_errno(fd, 0));
	close(fd);
	EXPECT_EQ(EBADF, fkill_errno(fd, 0));
}

TEST(oneself)
{
	int fd = fkill_open(getpid());

	ASSERT_LE(0, fd);
	signal(SIGUSR1, SIG_IGN);
	EXPECT_EQ(0, fkill_errno(fd, SIGUSR1));
	close(fd);
}

/* fkill_open() */
TEST(open_gives_the_directory)
{
	char buf[64];
	int fd = fkill_open(getpid());
	int stat;

	ASSERT_LE(0, fd);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	stat = openat(fd, "stat", O_RDONLY);
	ASSERT_LE(0, stat);
	ASSERT_LT(0, read(stat, buf, sizeof(buf) - 1));
	EXPECT_EQ(getpid(), atoi(buf));
	close(stat);
	close(fd);
}

TEST(open_refuses)
{
	pid_t pid = spawn_sleeper();

	kill_and_reap(pid);
	EXPECT_EQ(ESRCH, errno_of(fkill_open(pid)));
	EXPECT_EQ(ESRCH, errno_of(fkill_open(0x7fffffff)));
	EXPECT_EQ(EINVAL, errno_of(fkill_open(0)));
	EXPECT_EQ(EINVAL, errno_of(fkill_open(-1)));
	EXPECT_EQ(EINVAL, errno_of(fkill_open(-0x7fffffff - 1)));
}

TEST(open_without_room)
{
	const struct rlimit none = { 0, 4096 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_EQ(EMFILE, errno_of(fkill_open(getpid())));
}

TEST_HARNESS_MAIN
