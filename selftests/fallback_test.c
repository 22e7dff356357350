// SPDX-License-Identifier: GPL-2.0-only
/*
 * The library without the module: which backend is in use, and what it answers
 * where that is not what the module does. The contract that both share is
 * tested by the programs whose names end in .fallback.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <linux/fkill.h>

#include "common.h"
#include "harness.h"
#include "tree.h"

#define USER	1000

static int hide_device(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/dev", "tmpfs", 0, NULL))
		return errno;
	return 0;
}

/*
 * The choice
 */
TEST(module_is_used_when_it_is_there)
{
	EXPECT_EQ(FKILL_BACKEND_MODULE, fkill_backend());
}

TEST(fallback_is_used_without_the_device)
{
	int fd = fkill_open(getpid());

	ASSERT_EQ(0, hide_device());
	EXPECT_EQ(FKILL_BACKEND_FALLBACK, fkill_backend());
	EXPECT_EQ(0, fkill(fd, 0));
	/* And no longer than that. */
	ASSERT_EQ(0, umount("/dev"));
	EXPECT_EQ(FKILL_BACKEND_MODULE, fkill_backend());
}

static int backend_as(void *arg)
{
	(void)arg;
	return fkill_backend();
}

TEST(fallback_is_used_where_the_device_is_closed_to_us)
{
	struct stat st;

	ASSERT_EQ(0, stat(FKILL_DEVICE, &st));
	ASSERT_EQ(0, hide_device());
	ASSERT_EQ(0, mknod(FKILL_DEVICE, S_IFCHR | 0600, st.st_rdev));
	EXPECT_EQ(FKILL_BACKEND_FALLBACK, run_as(USER, backend_as, NULL));
	EXPECT_EQ(FKILL_BACKEND_MODULE, fkill_backend());
}

/* A module that is there and cannot be asked just now is no reason for it. */
TEST(no_room_for_the_device_is_an_error)
{
	const struct rlimit none = { 0, 4096 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_EQ(EMFILE, errno_of(fkill_backend()));
	EXPECT_EQ(EMFILE, errno_of(killbelow(0, 0)));
}

TEST(environment_chooses)
{
	static const char *const names[] = { "fallback", "scan" };
	int fd = fkill_open(getpid());
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		setenv("LIBFKILL_BACKEND", names[i], 1);
		EXPECT_EQ(FKILL_BACKEND_FALLBACK, run_child(backend_as, NULL));
	}
	setenv("LIBFKILL_BACKEND", "module", 1);
	EXPECT_EQ(FKILL_BACKEND_MODULE, run_child(backend_as, NULL));
	setenv("LIBFKILL_BACKEND", "", 1);
	EXPECT_EQ(FKILL_BACKEND_MODULE, run_child(backend_as, NULL));
	setenv("LIBFKILL_BACKEND", "kernel", 1);
	EXPECT_EQ(ENOSYS, errno_of(fkill_backend()));
	EXPECT_EQ(ENOSYS, errno_of(fkill(fd, 0)));
	EXPECT_EQ(ENOSYS, errno_of(killbelow(0, 0)));
}

TEST(module_that_is_asked_for_is_not_replaced)
{
	int fd = fkill_open(getpid());

	setenv("LIBFKILL_BACKEND", "module", 1);
	ASSERT_EQ(0, hide_device());
	EXPECT_EQ(ENOSYS, errno_of(fkill_backend()));
	EXPECT_EQ(ENOSYS, errno_of(fkill(fd, 0)));
	EXPECT_EQ(ENOSYS, errno_of(killuser(USER, 0, 0, NULL)));
}

/*
 * Other answers
 */
FIXTURE(fallback) {
};

FIXTURE_SETUP(fallback)
{
	backend_choose("test.fallback");
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(fallback)
{
	tree_end();
}

TEST_F(fallback, needs_no_device)
{
	ASSERT_EQ(0, hide_device());
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(0, killbelow(SIGTERM, INT_MAX));
	EXPECT_EQ(1, reap_all());
}

TEST_F(fallback, a_kill_file_is_no_process)
{
	pid_t pid = tree_sleeper();
	int fd = open_proc(pid, "kill", O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(EBADF, errno_of(fkill(fd, SIGKILL)));
	EXPECT_TRUE(is_left_alone(pid));
}

TEST_F(fallback, owners_need_the_module)
{
	EXPECT_EQ(ENOSYS, errno_of(fkill_own(FKILL_OWN_EXIT_KILL, 0)));
	EXPECT_EQ(ENOSYS, errno_of(fkill_disown()));
	EXPECT_EQ(ENOSYS, errno_of(fkill_owner(FKILL_SELF)));
}

static int sleep_as_user(void *arg)
{
	return drop_to(USER) ?: sleep_on(arg);
}

/* Other uids are what kill(2) makes of them. */
static int kill_others(void *arg)
{
	(void)arg;
	tree_spawn(sleep_on, NULL);
	tree_spawn(sleep_as_user, NULL);
	if (!tree_is_ready(2) || drop_to(USER))
		return 255;
	call_below(SIGKILL, 200);
	return 0;
}

TEST_F(fallback, other_uids_are_refused)
{
	ASSERT_EQ(0, run_child(kill_others, NULL));
	EXPECT_EQ(1, tree->ret);
	EXPECT_EQ(1, tree->report.signalled);
	EXPECT_EQ(1, tree->report.refused);
	EXPECT_EQ(1, tree->report.running);
}

/*
 * Numbers in /proc are to be those of the caller's namespace: or they would be
 * those of other processes.
 */
static int refuse_in_namespace(void *arg)
{
	pid_t pid = spawn_sleeper();

	if (arg && mount("proc", "/proc", "proc", 0, NULL))
		return 255;
	if (!arg)
		return errno_of(killbelow(SIGKILL, INT_MAX)) != ENOSYS ||
		       errno_of(killuser(0, SIGKILL, 0, NULL)) != ENOSYS ||
		       errno_of(fkill_list(FKILL_SELF, NULL, 0, 0)) != ENOSYS ||
		       !is_running(pid);
	return killbelow(SIGKILL, INT_MAX) || !died_of(pid, SIGKILL);
}

TEST_F(fallback, proc_of_another_namespace)
{
	EXPECT_EQ(0, reap(spawn_flags(CLONE_NEWPID, refuse_in_namespace,
				      NULL)));
	EXPECT_EQ(0, reap(spawn_flags(CLONE_NEWPID | CLONE_NEWNS,
				      refuse_in_namespace, "mount")));
}

/*
 * What is stopped on the way
 */

/* A job that was stopped before stays so, and the signal stays pending. */
TEST_F(fallback, who_was_stopped_stays_so)
{
	pid_t pid = tree_sleeper();
	pid_t other = tree_catcher(SIGUSR1);

	kill(pid, SIGSTOP);
	ASSERT_TRUE(wait_until(state_of(pid) == 'T'));
	EXPECT_EQ(1, killbelow(SIGUSR1, 0));
	EXPECT_TRUE(wait_until(tree->handled == 1));
	EXPECT_TRUE(wait_until(state_of(other) == 'S'));
	EXPECT_EQ('T', state_of(pid));
	EXPECT_NE(0, status_number(pid, "ShdPnd", 16));
}

/* It shows in the parent: a stop and a continuation. */
TEST_F(fallback, parent_is_told_of_the_stop)
{
	pid_t pid = tree_catcher(SIGUSR1);
	int status;

	ASSERT_EQ(1, killbelow(SIGUSR1, 0));
	ASSERT_TRUE(wait_until(tree->handled == 1));
	EXPECT_EQ(pid, waitpid(pid, &status, WCONTINUED | WNOHANG));
	EXPECT_TRUE(WIFCONTINUED(status));
}

static int catch_in_group(void *arg)
{
	setpgid(0, 0);
	return catch_on(arg);
}

static int lead_session(void *arg)
{
	on_signal(SIGHUP, count_signal, 0);
	setsid();
	tree->pid[0] = tree_spawn(catch_in_group, arg);
	return sleep_on(NULL);
}

/*
 * Had the leader died first, the kernel would have continued and hung up a
 * stopped group that is without a parent then.
 */
TEST_F(fallback, nobody_is_hung_up)
{
	int sig = SIGUSR1;

	ASSERT_LT(0, tree_spawn(lead_session, &sig));
	ASSERT_TRUE(tree_is_ready(2));
	EXPECT_EQ(1, killbelow(SIGUSR1, 200));
	EXPECT_TRUE(wait_until(tree->handled));
	EXPECT_EQ(1, tree->handled);
	EXPECT_EQ(SIGUSR1, tree->info.si_signo);
	EXPECT_TRUE(is_running(tree->pid[0]));
}

/* One takes the other's stop for an older one, and leaves it. */
static void *signal_often(void *arg)
{
	int i;

	for (i = 0; i < 20; i++)
		killbelow(SIGURG, 0);
	return arg;
}

TEST_F(fallback, calls_at_once_leave_nobody_stopped)
{
	pthread_t threads[3];
	pid_t pids[8];
	int i;

	for (i = 0; i < 8; i++)
		pids[i] = tree_sleeper();
	for (i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, signal_often, NULL);
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < 8; i++)
		EXPECT_TRUE(wait_until(state_of(pids[i]) == 'S'));
}

/* Stops of the terminal's kind would be taken back by the continuation. */
TEST_F(fallback, sigtstp_stops)
{
	pid_t pid = tree_sleeper();

	ASSERT_EQ(1, killbelow(SIGTSTP, 0));
	EXPECT_TRUE(wait_until(state_of(pid) == 'T'));
	ASSERT_EQ(1, killbelow(SIGCONT, 0));
	EXPECT_TRUE(wait_until(state_of(pid) == 'S'));
}

/*
 * Descriptors: one for each process. The soft limit is no limit, and is as
 * before; the hard one is, and then nothing is done.
 */
static void spawn_many(int count)
{
	while (count--)
		tree_spawn_thin(sleep_on, NULL);
}

TEST_F(fallback, soft_limit_of_descriptors)
{
	const struct rlimit limit = { 32, 1024 };
	struct rlimit after;

	spawn_many(100);
	ASSERT_TRUE(tree_is_ready(100));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(0, killbelow(SIGKILL, INT_MAX));
	EXPECT_EQ(100, reap_all());
	getrlimit(RLIMIT_NOFILE, &after);
	EXPECT_EQ(32, after.rlim_cur);
	EXPECT_EQ(1024, after.rlim_max);
}

TEST_F(fallback, hard_limit_of_descriptors)
{
	const struct rlimit limit = { 32, 32 };
	pid_t pid = tree_sleeper();

	spawn_many(100);
	ASSERT_TRUE(tree_is_ready(101));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(EMFILE, errno_of(killbelow(SIGKILL, INT_MAX)));
	EXPECT_TRUE(wait_until(state_of(pid) == 'S'));
	EXPECT_EQ(-1, reap_all());
}

TEST_F(fallback, leaves_no_descriptors)
{
	int fd = dup(0);

	close(fd);
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(1, killbelow(SIGURG, 0));
	EXPECT_EQ(1, fkill_list(FKILL_SELF, NULL, 0, 0));
	EXPECT_EQ(fd, dup(0));
}

TEST_HARNESS_MAIN
