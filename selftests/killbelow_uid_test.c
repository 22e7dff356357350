// SPDX-License-Identifier: GPL-2.0-only
/* killbelow() across uids, and the parameter cross_uid. */
#define _GNU_SOURCE
#include <limits.h>

#include "common.h"
#include "harness.h"
#include "tree.h"

#define CROSS_UID	"/sys/module/fkill/parameters/cross_uid"
#define CALLER		1000
#define OTHER		2000

/*
 * The caller has lost all its rights when it calls, and everybody below runs
 * under another uid.
 */

/*
 * Gets all signals and acts on none that it can help. In a session of its own,
 * since any process may continue those of the same session.
 */
static int stay_deaf(void *uid)
{
	sigset_t all;

	setsid();
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	if (drop_to((long)uid))
		return 1;
	return sleep_on(NULL);
}

static pid_t spawn_deaf(long uid)
{
	int ready = tree->ready;
	pid_t pid = tree_spawn(stay_deaf, (void *)uid);

	return tree_is_ready(ready + 1) ? pid : -1;
}

static bool is_pending(pid_t pid, int sig)
{
	char line[64];

	if (status_line(pid, "ShdPnd", line, sizeof(line)))
		return false;
	return strtoull(line, NULL, 16) >> (sig - 1) & 1;
}

/* Has @sig done to the process what it is meant to do? */
static bool has_got(pid_t pid, int sig)
{
	if (sig == SIGKILL)
		return state_of(pid) == 'Z';
	if (sig == SIGSTOP)
		return state_of(pid) == 'T';
	return is_pending(pid, sig);
}

static bool report_is(const struct fkill_report *report,
		      unsigned int signalled, unsigned int refused)
{
	return report->signalled == signalled && report->refused == refused;
}

static const int signals[] = {
	SIGTERM, SIGINT, SIGHUP, SIGSTOP, SIGTSTP, SIGCONT, SIGSEGV, SIGUSR1,
	SIGQUIT, SIGABRT, SIGPIPE, SIGALRM, 34, 64, SIGKILL,
};

struct judged {
	long target;		/* uid of the process below */
	__u64 passes;		/* signals that are to reach it */
};

#define BIT(sig)	(1ULL << (sig))

static bool passes_as_told(int sig, bool passes)
{
	struct fkill_report report;
	pid_t pid = tree->pid[0];

	if (fkillbelow(FKILL_SELF, sig, 0, 0, &report) != 1 && sig != SIGKILL)
		return false;
	if (!report_is(&report, passes, !passes))
		return false;
	return passes ? wait_until(has_got(pid, sig)) : !has_got(pid, sig);
}

/* The number of the first signal that was judged wrongly, or 0. */
static int call_unprivileged(void *arg)
{
	const struct judged *judged = arg;
	size_t i;

	tree->pid[0] = spawn_deaf(judged->target);
	if (tree->pid[0] < 0 || drop_to(CALLER))
		return 255;
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		if (!passes_as_told(signals[i],
				    judged->passes >> signals[i] & 1))
			return signals[i];
	return 0;
}

FIXTURE(cross_uid) {
	char before[32];
};

FIXTURE_VARIANT(cross_uid) {
	const char *value;
	__u64 passes;
};

FIXTURE_VARIANT_ADD(cross_uid, none) {
	.value = "none",
	.passes = 0,
};

FIXTURE_VARIANT_ADD(cross_uid, kill) {
	.value = "kill",
	.passes = BIT(SIGKILL),
};

FIXTURE_VARIANT_ADD(cross_uid, terminate) {
	.value = "terminate",
	.passes = BIT(SIGKILL) | BIT(SIGTERM) | BIT(SIGINT) | BIT(SIGHUP) |
		  BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGCONT),
};

FIXTURE_VARIANT_ADD(cross_uid, all) {
	.value = "all",
	.passes = ~0ULL,
};

FIXTURE_SETUP(cross_uid)
{
	ASSERT_EQ(0, tree_begin());
	ASSERT_EQ(0, read_file(CROSS_UID, self->before, sizeof(self->before)));
	ASSERT_EQ(0, write_file(CROSS_UID, variant->value));
}

FIXTURE_TEARDOWN(cross_uid)
{
	write_file(CROSS_UID, self->before);
	tree_end();
}

TEST_F(cross_uid, reads_back)
{
	char value[32];

	ASSERT_EQ(0, read_file(CROSS_UID, value, sizeof(value)));
	value[strcspn(value, "\n")] = '\0';
	EXPECT_STREQ(variant->value, value);
}

TEST_F(cross_uid, lets_through)
{
	struct judged judged = { OTHER, variant->passes };

	EXPECT_EQ(0, run_child(call_unprivileged, &judged));
}

TEST_F(cross_uid, root_below_a_user)
{
	struct judged judged = { 0, variant->passes };

	EXPECT_EQ(0, run_child(call_unprivileged, &judged));
}

TEST_F(cross_uid, is_not_asked_for_the_same_uid)
{
	struct judged judged = { CALLER, ~0ULL };

	EXPECT_EQ(0, run_child(call_unprivileged, &judged));
}

TEST_F(cross_uid, is_not_asked_when_root_calls)
{
	struct fkill_report report;

	ASSERT_LT(0, spawn_deaf(OTHER));
	EXPECT_EQ(1, fkillbelow(FKILL_SELF, SIGSEGV, 0, 0, &report));
	EXPECT_TRUE(report_is(&report, 1, 0));
	EXPECT_EQ(0, killbelow(SIGKILL, INT_MAX));
}

TEST_F(cross_uid, bad_values_change_nothing)
{
	const char *const bad[] = { " ", "nobody", "al", "alll", "1" };
	char before[32], after[32];
	size_t i;

	ASSERT_EQ(0, read_file(CROSS_UID, before, sizeof(before)));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(EINVAL, write_file(CROSS_UID, bad[i]));
	}
	ASSERT_EQ(0, read_file(CROSS_UID, after, sizeof(after)));
	EXPECT_STREQ(before, after);
}

/*
 * Default policy, more than one process.
 */
FIXTURE(uids) {
};

FIXTURE_SETUP(uids)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(uids)
{
	tree_end();
}

TEST_F(uids, default_is_terminate)
{
	char value[32];

	ASSERT_EQ(0, read_file(CROSS_UID, value, sizeof(value)));
	EXPECT_STREQ("terminate\n", value);
}

static int kill_mixed(void *arg)
{
	struct fkill_report report;

	(void)arg;
	if (spawn_deaf(0) < 0 || spawn_deaf(CALLER) < 0 ||
	    spawn_deaf(OTHER) < 0 || drop_to(CALLER))
		return 1;
	if (fkillbelow(FKILL_SELF, SIGUSR1, 0, 0, &report) != 1 ||
	    !report_is(&report, 1, 2) || report.running != 3)
		return 2;
	if (fkillbelow(FKILL_SELF, SIGKILL, INT_MAX, 0, &report) ||
	    !report_is(&report, 3, 0))
		return 3;
	return 0;
}

TEST_F(uids, each_is_judged_for_itself)
{
	EXPECT_EQ(0, run_child(kill_mixed, NULL));
}

/* Who cannot be signalled is below nevertheless. */
static int wait_for_refused(void *arg)
{
	(void)arg;
	spawn_deaf(OTHER);
	if (drop_to(CALLER))
		return 1;
	return killbelow(SIGUSR1, 200) != 1;
}

TEST_F(uids, refused_ones_are_waited_for)
{
	EXPECT_EQ(0, run_child(wait_for_refused, NULL));
}

/* The kernel lets a process continue those of its own session, no other. */
static int sleep_as_other(void *arg)
{
	return drop_to(OTHER) ?: sleep_on(arg);
}

static int continue_session(void *arg)
{
	struct fkill_report report;

	(void)arg;
	tree_spawn(sleep_as_other, NULL);
	if (!tree_is_ready(1) || drop_to(CALLER))
		return 1;
	fkillbelow(FKILL_SELF, SIGCONT, 0, 0, &report);
	return !report_is(&report, 1, 0);
}

TEST_F(uids, sigcont_within_the_session)
{
	char before[32];

	ASSERT_EQ(0, read_file(CROSS_UID, before, sizeof(before)));
	ASSERT_EQ(0, write_file(CROSS_UID, "none"));
	EXPECT_EQ(0, run_child(continue_session, NULL));
	ASSERT_EQ(0, write_file(CROSS_UID, before));
}

TEST_HARNESS_MAIN
