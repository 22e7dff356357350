// SPDX-License-Identifier: GPL-2.0-only
/* killbelow() and fkillbelow(): what they answer, refuse and report. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>

#include <linux/fkill.h>

#include "common.h"
#include "harness.h"
#include "tree.h"

FIXTURE(killbelow) {
};

FIXTURE_SETUP(killbelow)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(killbelow)
{
	tree_end();
}

TEST_F(killbelow, nobody_below_is_0_at_once)
{
	EXPECT_EQ(0, killbelow(SIGKILL, 0));
	EXPECT_EQ(0, killbelow(SIGKILL, INT_MAX));
	EXPECT_EQ(0, killbelow(0, INT_MAX));
	EXPECT_EQ(0, fkillbelow(FKILL_SELF, SIGKILL, -1, 0, NULL));
}

TEST_F(killbelow, all_dead_is_0)
{
	ASSERT_LT(0, tree_sleeper());
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(0, killbelow(SIGTERM, INT_MAX));
	EXPECT_EQ(2, reap_all());
}

TEST_F(killbelow, no_limit_waits_for_the_last)
{
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(0, fkillbelow(FKILL_SELF, SIGTERM, -1, 0, NULL));
	EXPECT_EQ(1, reap_all());
}

TEST_F(killbelow, time_is_up_is_1)
{
	long start = now_ms();

	ASSERT_LT(0, tree_catcher(SIGUSR1));
	EXPECT_EQ(1, killbelow(SIGUSR1, 300));
	EXPECT_LE(300, now_ms() - start);
	EXPECT_EQ(-1, reap_all());
	EXPECT_TRUE(wait_until(tree->handled == 1));
}

TEST_F(killbelow, timeout_0_signals_and_leaves)
{
	ASSERT_LT(0, tree_catcher(SIGUSR1));
	EXPECT_EQ(1, killbelow(SIGUSR1, 0));
	EXPECT_TRUE(wait_until(tree->handled == 1));
}

/* They may well be dead when the call returns. */
TEST_F(killbelow, timeout_0_counts_who_ran)
{
	struct fkill_report report;
	pid_t pid = tree_sleeper();

	ASSERT_LT(0, pid);
	EXPECT_EQ(1, fkillbelow(FKILL_SELF, SIGKILL, 0, 0, &report));
	EXPECT_EQ(1, report.signalled);
	EXPECT_EQ(1, report.running);
	EXPECT_EQ(pid, report.first);
	EXPECT_EQ(SIGKILL, reap(pid));
	EXPECT_EQ(0, fkillbelow(FKILL_SELF, SIGKILL, 0, 0, &report));
	EXPECT_EQ(0, report.running);
	EXPECT_EQ(0, report.first);
}

TEST_F(killbelow, zombies_do_not_count)
{
	struct fkill_report report;

	ASSERT_LT(0, spawn_zombie());
	EXPECT_EQ(0, fkillbelow(FKILL_SELF, SIGKILL, 0, 0, &report));
	EXPECT_EQ(0, report.signalled);
	EXPECT_EQ(0, report.running);
	EXPECT_EQ(0, report.first);
	EXPECT_EQ(1, reap_all());
}

static int leave_later(void *arg)
{
	(void)arg;
	for (int i = 0; i < 20; i++)
		nap();
	return 0;
}

TEST_F(killbelow, signal_0_only_waits)
{
	int status;

	ASSERT_LT(0, tree_spawn(leave_later, NULL));
	EXPECT_EQ(0, killbelow(0, INT_MAX));
	ASSERT_LT(0, waitpid(-1, &status, WNOHANG));
	EXPECT_EQ(0, status);
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(1, killbelow(0, 50));
	EXPECT_EQ(-1, reap_all());
}

TEST_F(killbelow, last_real_time_signal_is_a_signal)
{
	ASSERT_LT(0, tree_catcher(SIGRTMAX));
	EXPECT_EQ(1, killbelow(SIGRTMAX, 0));
	EXPECT_TRUE(wait_until(tree->handled == 1));
}

TEST_F(killbelow, refusals_signal_nobody)
{
	const int bad_signals[] = { -1, SIGRTMAX + 1, INT_MAX, INT_MIN };
	size_t i;

	ASSERT_LT(0, tree_sleeper());
	for (i = 0; i < ARRAY_SIZE(bad_signals); i++) {
		EXPECT_EQ(-1, killbelow(bad_signals[i], 0));
		EXPECT_EQ(EINVAL, errno);
	}
	EXPECT_EQ(-1, killbelow(SIGKILL, -1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, killbelow(SIGKILL, INT_MIN));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, fkillbelow(FKILL_SELF, SIGKILL, -2, 0, NULL));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, fkillbelow(FKILL_SELF, SIGKILL, 0, 1U << 31, NULL));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(1, killbelow(0, 50));
	EXPECT_EQ(-1, reap_all());
}

TEST_F(killbelow, refusal_leaves_an_empty_report)
{
	struct fkill_report report = { 1, 2, 3, 4 };

	EXPECT_EQ(-1, fkillbelow(FKILL_SELF, -1, 0, 0, &report));
	EXPECT_EQ(0, report.signalled);
	EXPECT_EQ(0, report.refused);
	EXPECT_EQ(0, report.running);
	EXPECT_EQ(0, report.first);
}

/* The report could not be written, so nothing may be done. */
TEST_F(killbelow, unwritable_argument_signals_nobody)
{
	const struct fkill_below below = { .fd = FKILL_SELF, .sig = SIGKILL };
	int fd = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_LE(0, fd);
	ASSERT_NE(MAP_FAILED, page);
	ASSERT_LT(0, tree_sleeper());
	memcpy(page, &below, sizeof(below));
	ASSERT_EQ(0, mprotect(page, 4096, PROT_READ));
	EXPECT_EQ(-1, ioctl(fd, FKILL_IOC_BELOW, page));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(fd, FKILL_IOC_BELOW, NULL));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(1, killbelow(0, 50));
}

TEST_F(killbelow, resume_that_was_never_given_out)
{
	struct fkill_below below = { .fd = FKILL_SELF, .sig = SIGKILL };
	int fd = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	const __u32 numbers[] = { 1, 2, INT_MAX, UINT_MAX };
	size_t i;

	ASSERT_LE(0, fd);
	ASSERT_LT(0, tree_sleeper());
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		below.resume = numbers[i];
		EXPECT_EQ(-1, ioctl(fd, FKILL_IOC_BELOW, &below));
		EXPECT_EQ(EINVAL, errno);
	}
	EXPECT_EQ(1, killbelow(0, 50));
}

TEST_F(killbelow, the_device_is_given_back)
{
	int fd = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	struct fkill_below below = { .fd = FKILL_SELF, .sig = 0 };

	ASSERT_LE(0, fd);
	ASSERT_LT(0, tree_sleeper());
	EXPECT_EQ(1, ioctl(fd, FKILL_IOC_BELOW, &below));
	EXPECT_EQ(0, below.resume);
	EXPECT_EQ(1, below.running);
}

TEST_F(killbelow, siginfo_names_the_caller)
{
	ASSERT_LT(0, tree_catcher(SIGUSR1));
	EXPECT_EQ(1, killbelow(SIGUSR1, 0));
	ASSERT_TRUE(wait_until(tree->handled == 1));
	EXPECT_EQ(SIGUSR1, tree->info.si_signo);
	EXPECT_EQ(SI_USER, tree->info.si_code);
	EXPECT_EQ(getpid(), tree->info.si_pid);
	EXPECT_EQ(0, tree->info.si_uid);
}

TEST_F(killbelow, siginfo_has_the_callers_uid)
{
	ASSERT_LT(0, tree_catcher(SIGTERM));
	ASSERT_EQ(0, drop_to(NOBODY));
	EXPECT_EQ(1, killbelow(SIGTERM, 0));
	ASSERT_TRUE(wait_until(tree->handled == 1));
	EXPECT_EQ(getpid(), tree->info.si_pid);
	EXPECT_EQ(NOBODY, tree->info.si_uid);
	/* This process has no right to end a process of root any more. */
	tree->go = true;
	EXPECT_EQ(0, killbelow(0, INT_MAX));
}

TEST_F(killbelow, report_counts)
{
	struct fkill_report report;
	pid_t catcher;

	ASSERT_LT(0, tree_sleeper());
	catcher = tree_catcher(SIGTERM);
	ASSERT_LT(0, catcher);
	ASSERT_EQ(1, fkillbelow(FKILL_SELF, SIGTERM, 2000, 0, &report));
	EXPECT_EQ(2, report.signalled);
	EXPECT_EQ(0, report.refused);
	EXPECT_EQ(1, report.running);
	EXPECT_EQ(catcher, report.first);

	ASSERT_EQ(0, fkillbelow(FKILL_SELF, SIGKILL, INT_MAX, 0, &report));
	EXPECT_EQ(1, report.signalled);
	EXPECT_EQ(0, report.running);
	EXPECT_EQ(0, report.first);
}

/* Signal 0 sends nothing, so it signals nobody either. */
TEST_F(killbelow, report_of_signal_0)
{
	struct fkill_report report;
	pid_t child = tree_sleeper();

	ASSERT_LT(0, child);
	ASSERT_EQ(1, fkillbelow(FKILL_SELF, 0, 0, 0, &report));
	EXPECT_EQ(0, report.signalled);
	EXPECT_EQ(0, report.refused);
	EXPECT_EQ(1, report.running);
	EXPECT_EQ(child, report.first);
}

static void fork_once(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	if (!fork())
		tree->born++;
}

static int fork_when_signalled(void *arg)
{
	on_signal(SIGUSR1, fork_once, 0);
	return sleep_on(arg);
}

TEST_F(killbelow, report_counts_those_born_after_the_walk)
{
	struct fkill_report report;

	ASSERT_LT(0, tree_spawn(fork_when_signalled, NULL));
	ASSERT_TRUE(tree_is_ready(1));
	ASSERT_EQ(1, fkillbelow(FKILL_SELF, SIGUSR1, 2000, 0, &report));
	ASSERT_EQ(1, tree->born);
	EXPECT_EQ(1, report.signalled);
	EXPECT_EQ(2, report.running);
}

TEST_HARNESS_MAIN
