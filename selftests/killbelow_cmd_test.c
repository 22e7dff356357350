// SPDX-License-Identifier: GPL-2.0-only
/* The command killbelow, found in PATH: all but "run". */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "common.h"
#include "harness.h"
#include "job.h"
#include "tree.h"

/* Whatever a test leaves behind goes with it. */
FIXTURE(cmd) {
};

FIXTURE_SETUP(cmd)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(cmd)
{
	tree_end();
}

/*
 * Exit statuses
 */

static const struct {
	const char *line;
	int status;
} ends[] = {
	{ "killbelow kill $$", 0 },
	{ "killbelow kill -s CONT $$", 0 },
	{ "killbelow user 4000000000", 0 },
	{ "killbelow list $$ > /dev/null", 0 },
	{ "killbelow --help | grep -q ^usage", 0 },
	{ "killbelow --version | grep -q ^killbelow", 0 },
};

TEST_F(cmd, exit_status)
{
	static struct job job;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		EXPECT_EQ(ends[i].status, job_run(&job, ends[i].line))
			TH_LOG("%s: %s", ends[i].line, job.said);
	}
}

struct expected {
	const char *line;
	int status;
	const char *says;
};

static const struct expected misuses[] = {
	{ "", 2, "run, kill, user, list or owner" },
	{ "ruin", 2, "ruin" },
	{ "--frob", 2, "frob" },
	{ "run", 125, "CMD" },
	{ "run -s FOO true", 125, "FOO" },
	{ "run -s 65 true", 125, "65" },
	{ "run -s 0 true", 125, "signal 0" },
	{ "run -t 5x true", 125, "5x" },
	{ "run -t -1 true", 125, "-1" },
	{ "run -t inf true", 125, "inf" },
	{ "run -k '' true", 125, "no time" },
	{ "run -q true", 125, "q" },
	{ "run -i true", 125, "i" },
	{ "kill", 2, "PID" },
	{ "kill x", 2, "x" },
	{ "kill 0", 2, "0" },
	{ "kill 99999999999999999999", 2, "99999999999999999999" },
	{ "kill 4194305", 2, "No such process" },
	{ "kill 1 2", 2, "2" },
	{ "kill -t 1 -s 99 1", 2, "99" },
	{ "kill --plain 1", 2, "p" },
	{ "user nobody-of-this-name", 2, "nobody-of-this-name" },
	{ "user -i 4000000000", 2, "i" },
	{ "user 4294967295", 2, "4294967295" },
	{ "list 4194305", 2, "No such process" },
	{ "owner 4194305", 2, "No such process" },
};

/* One line on stderr that names what is wrong. */
static bool says_one_line(const struct job *job, const char *what)
{
	const char *end = strchr(job->said, '\n');

	return strstr(job->said, what) && end && !end[1];
}

TEST_F(cmd, misuse_is_told_in_one_line)
{
	static struct job job;
	char line[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(misuses); i++) {
		const struct expected *e = &misuses[i];

		snprintf(line, sizeof(line), "killbelow %s 2>&1 >/dev/full",
			 e->line);
		EXPECT_EQ(e->status, job_run(&job, line))
			TH_LOG("%s", line);
		EXPECT_TRUE(says_one_line(&job, e->says))
			TH_LOG("%s: %s", line, job.said);
	}
}

static int without_device(void *arg)
{
	struct job *job = arg;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/dev", "tmpfs", 0, NULL))
		return 255;
	if (job_run(job, "killbelow run -t .1 sleep 100") != 124 || job->len)
		return 1;
	if (job_run(job, "killbelow owner 1") != 2 ||
	    !says_one_line(job, "modprobe fkill"))
		return 2;
	return 0;
}

TEST_F(cmd, without_the_module)
{
	static struct job job;

	EXPECT_EQ(0, run_child(without_device, &job));
}

/*
 * kill, user
 */

static int sleeper_with_child(void *arg)
{
	tree->pid[1] = tree_spawn(sleep_on, arg);
	return sleep_on(arg);
}

static pid_t spawn_pair(void)
{
	int ready = tree->ready;
	pid_t pid = tree_spawn(sleeper_with_child, NULL);

	return tree_is_ready(ready + 2) ? pid : -1;
}

static int killbelow_pid(struct job *job, const char *args, pid_t pid)
{
	char line[128];

	snprintf(line, sizeof(line), "killbelow %s %d", args, pid);
	return job_run(job, line);
}

TEST_F(cmd, kill_leaves_the_top)
{
	static struct job job;
	pid_t pid = spawn_pair();

	EXPECT_EQ(0, killbelow_pid(&job, "kill", pid));
	EXPECT_STREQ("", job.said);
	EXPECT_FALSE(is_running(tree->pid[1]));
	EXPECT_TRUE(is_running(pid));
}

TEST_F(cmd, kill_with_the_top)
{
	static struct job job;
	pid_t pid = spawn_pair();

	EXPECT_EQ(0, killbelow_pid(&job, "kill -i -s int", pid));
	EXPECT_FALSE(is_running(tree->pid[1]));
	EXPECT_EQ(SIGINT, reap(pid));
}

static int ignore_and_sleep(void *arg)
{
	signal(SIGTERM, SIG_IGN);
	return sleep_on(arg);
}

TEST_F(cmd, kill_says_who_ignores_it)
{
	static struct job job;
	char expected[64];
	pid_t pid;

	pid = tree_spawn(ignore_and_sleep, NULL);
	ASSERT_TRUE(tree_is_ready(1));
	EXPECT_EQ(1, killbelow_pid(&job, "kill -i -t .1", pid));
	snprintf(expected, sizeof(expected),
		 "  %d S killbelow_cmd_t: ignores the signal\n", pid);
	EXPECT_NE(NULL, strstr(job.said, expected))
		TH_LOG("%s", job.said);
	EXPECT_EQ(0, killbelow_pid(&job, "kill -i -s KILL", pid));
}

/* The parent of a vfork() sleeps as if it waited for a disk. */
static int vfork_deaf(void *arg)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	if (!vfork())
		_exit(sleep_on(arg));
	return 0;
}

TEST_F(cmd, kill_says_where_it_sleeps)
{
	static struct job job;
	char expected[64];
	pid_t pid = tree_spawn(vfork_deaf, NULL);

	ASSERT_TRUE(tree_is_ready(1));
	ASSERT_TRUE(wait_until(state_of(pid) == 'D'));
	EXPECT_EQ(1, killbelow_pid(&job, "kill -i -t .1", pid));
	snprintf(expected, sizeof(expected), "  %d D killbelow_cmd_t: ", pid);
	EXPECT_NE(NULL, strstr(job.said, expected));
	/* newer architectures have no system call of that name */
	EXPECT_TRUE(strstr(job.said, "fork") || strstr(job.said, "clone"))
		TH_LOG("%s", job.said);
	EXPECT_NE(NULL, strstr(job.said, "blocks the signal"));
}

TEST_F(cmd, kill_with_a_signal_that_ends_nobody_does_not_wait)
{
	static struct job job;
	pid_t pid = tree_sleeper();

	EXPECT_EQ(0, killbelow_pid(&job, "kill -i -s STOP", pid));
	EXPECT_TRUE(wait_until(state_of(pid) == 'T'));
	EXPECT_STREQ("", job.said);
}

TEST_F(cmd, user)
{
	static struct job job;
	pid_t others = tree_sleeper();
	pid_t pid = spawn_sleeper_as(NOBODY);

	EXPECT_EQ(0, killbelow_pid(&job, "user -s HUP", NOBODY));
	EXPECT_EQ(SIGHUP, reap(pid));
	EXPECT_TRUE(is_running(others));
}

static int kill_as_nobody(void *pid)
{
	static struct job job;

	if (killbelow_pid(&job, "kill -i -t .1", *(pid_t *)pid) != 1)
		return 1;
	return strstr(job.said, "may not be signalled") ? 0 : 2;
}

TEST_F(cmd, kill_says_who_may_not_be_signalled)
{
	pid_t pid = tree_sleeper();

	EXPECT_EQ(0, run_as(NOBODY, kill_as_nobody, &pid));
	EXPECT_TRUE(is_running(pid));
}

/*
 * list, owner
 */

static int sleeper_with_family(void *arg)
{
	tree->pid[0] = spawn_pair();
	tree->pid[2] = tree_sleeper();
	return sleep_on(arg);
}

static pid_t spawn_family(void)
{
	pid_t pid = tree_spawn(sleeper_with_family, NULL);

	if (!tree_is_ready(4) ||
	    !wait_until(state_of(pid) == 'S' &&
			state_of(tree->pid[0]) == 'S' &&
			state_of(tree->pid[1]) == 'S' &&
			state_of(tree->pid[2]) == 'S'))
		return -1;
	return pid;
}

/* The user may or may not have a name here. */
TEST_F(cmd, list_is_a_tree)
{
	pid_t pid = spawn_family();
	static struct job job;
	char expected[128], line[128];

	ASSERT_LT(0, pid);
	snprintf(expected, sizeof(expected),
		 "%d\n|-%d\n| `-%d\n`-%d\n", pid, tree->pid[0],
		 tree->pid[1], tree->pid[2]);
	snprintf(line, sizeof(line),
		 "killbelow list %d | sed 's/ [^ ]* S killbelow_cmd_t$//'", pid);
	EXPECT_EQ(0, job_run(&job, line));
	EXPECT_STREQ(expected, job.said);
}

TEST_F(cmd, list_in_plain_lines)
{
	pid_t pid = spawn_family();
	static struct job job;
	char expected[512];

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, fkill_own(0, 0));
	EXPECT_EQ(0, killbelow_pid(&job, "list --plain", pid));
	snprintf(expected, sizeof(expected),
		 "%d %d %d 0 S killbelow_cmd_t\n%d %d %d 0 S killbelow_cmd_t\n"
		 "%d %d %d 0 S killbelow_cmd_t\n",
		 tree->pid[0], pid, getpid(), tree->pid[1], tree->pid[0],
		 getpid(), tree->pid[2], pid, getpid());
	EXPECT_STREQ(expected, job.said);
}

TEST_F(cmd, owner)
{
	pid_t pid = spawn_pair();
	static struct job job;

	EXPECT_EQ(1, killbelow_pid(&job, "owner", pid));
	EXPECT_STREQ("", job.said);
	ASSERT_EQ(0, fkill_own(0, 0));
	EXPECT_EQ(0, killbelow_pid(&job, "owner", tree->pid[1]));
	EXPECT_EQ(getpid(), atoi(job.said));
}

/* Names are for people to read, and not for a terminal to obey. */
static int sleep_with_a_name(void *name)
{
	write_file("/proc/self/comm", name);
	return sleep_on(NULL);
}

TEST_F(cmd, list_prints_no_control_characters)
{
	pid_t pid = tree_spawn(sleep_with_a_name, "\33[2J\tx");
	static struct job job;

	ASSERT_TRUE(tree_is_ready(1));
	EXPECT_EQ(0, killbelow_pid(&job, "list --plain -i", pid));
	EXPECT_NE(NULL, strstr(job.said, " ?[2J?x\n"))
		TH_LOG("%s", job.said);
}

TEST_HARNESS_MAIN
