// SPDX-License-Identifier: GPL-2.0-only
/* The command fkill, found in PATH. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common.h"
#include "harness.h"
#include "job.h"
#include "tree.h"

#define CGROUP	"/sys/fs/cgroup/fkill_cmd_test"

/* Whatever a test leaves behind goes with it. */
FIXTURE(cmd) {
	struct job *job;
};

FIXTURE_SETUP(cmd)
{
	static struct job job;

	self->job = &job;
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(cmd)
{
	tree_end();
}

static int fkill_pid(struct job *job, const char *args, pid_t pid)
{
	char line[256];

	snprintf(line, sizeof(line), "fkill %s %d", args, pid);
	return job_run(job, line);
}

/* Alone in a program of its own: "sleep 1000". */
static int be_sleep(void *arg)
{
	(void)arg;
	execlp("sleep", "sleep", "1000", NULL);
	return 255;
}

/* The arguments come last: name and executable are there before them. */
static bool is_sleep(pid_t pid)
{
	int fd = open_proc(pid, "cmdline", O_RDONLY);
	char line[16] = "";
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	return n > 0 && !strcmp(line, "sleep");
}

static pid_t spawn_sleep(void)
{
	pid_t pid = tree_spawn(be_sleep, NULL);

	return wait_until(is_sleep(pid)) ? pid : -1;
}

/*
 * Exit statuses, signals
 */

static const struct {
	const char *line;
	const char *says;
} answers[] = {
	{ "fkill --help | grep ^usage: | cut -c -12", "usage: fkill\n" },
	{ "fkill --version | cut -d ' ' -f -2", "fkill (fkill)\n" },
	{ "fkill -l | head -n 2", "1 HUP\n2 INT\n" },
	{ "fkill -l | tail -n 1", "64 RTMAX\n" },
	{ "fkill -l TERM SIGKILL usr1 IO RTMIN+1 rtmax-30",
	  "15\n9\n10\n29\n35\n34\n" },
	{ "fkill -l 15 9 143 34 63", "TERM\nKILL\nTERM\nRTMIN\nRTMIN+29\n" },
};

TEST_F(cmd, answers)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		EXPECT_EQ(0, job_run(self->job, answers[i].line));
		EXPECT_STREQ(answers[i].says, self->job->said)
			TH_LOG("%s", answers[i].line);
	}
}

static const struct {
	const char *args;
	int sig;
} signals[] = {
	{ "", SIGTERM },
	{ "-s HUP", SIGHUP },
	{ "--signal=sigint", SIGINT },
	{ "-s 9", SIGKILL },
	{ "-9", SIGKILL },
	{ "-KILL", SIGKILL },
	{ "-SIGALRM", SIGALRM },
	{ "-s RTMIN+3", 37 },
	{ "-s RTMAX", 64 },
};

TEST_F(cmd, signals)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		pid_t pid = tree_sleeper();

		EXPECT_EQ(0, fkill_pid(self->job, signals[i].args, pid));
		EXPECT_STREQ("", self->job->said);
		EXPECT_TRUE(died_of(pid, signals[i].sig))
			TH_LOG("%s", signals[i].args);
	}
}

TEST_F(cmd, signal_0_only_asks)
{
	pid_t pid = tree_sleeper();

	EXPECT_EQ(0, fkill_pid(self->job, "-s 0", pid));
	EXPECT_TRUE(is_left_alone(pid));
}

static const struct {
	const char *args;
	const char *says;
} misuses[] = {
	{ "", "PID is missing" },
	{ "-9", "PID is missing" },
	{ "x", "'x'" },
	{ "12x", "'12x'" },
	{ "''", "''" },
	{ "0", "'0'" },
	{ "-- -1", "'-1'" },
	{ "99999999999999999999", "99999999999999999999" },
	{ "-s FOO 1", "FOO" },
	{ "-s 65 1", "65" },
	{ "-s RTMIN+31 1", "RTMIN+31" },
	{ "-s RTMIN-1 1", "RTMIN-1" },
	{ "-FOO 1", "FOO" },
	{ "-l FOO", "FOO" },
	{ "-w 5x 1", "5x" },
	{ "-q 1", "q" },
	{ "--frob 1", "frob" },
	{ "--exe /no/such/file 1", "/no/such/file" },
	{ "--user nobody-of-this-name 1", "nobody-of-this-name" },
	{ "--cgroup relative 1", "relative" },
	{ "--cmdline '(' 1", "'('" },
	{ "--started-before 2026-99-01 1", "2026-99-01" },
	{ "--started-before soon 1", "soon" },
	{ "--started-before @ 1", "'@'" },
};

/* Of what is right in the same line, nothing is done. */
TEST_F(cmd, misuse_is_told_in_one_line)
{
	pid_t pid = tree_sleeper();
	char line[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(misuses); i++) {
		snprintf(line, sizeof(line), "fkill %s", misuses[i].args);
		EXPECT_EQ(2, job_run(self->job, line))
			TH_LOG("%s", line);
		EXPECT_NE(NULL, strstr(self->job->said, misuses[i].says))
			TH_LOG("%s: %s", line, self->job->said);
	}
	snprintf(line, sizeof(line), "fkill %d x", pid);
	EXPECT_EQ(2, job_run(self->job, line));
	EXPECT_TRUE(is_left_alone(pid));
}

TEST_F(cmd, one_of_several_fails)
{
	pid_t first = tree_sleeper(), last = tree_sleeper();
	char line[64];

	snprintf(line, sizeof(line), "fkill %d 4194305 %d", first, last);
	EXPECT_EQ(1, job_run(self->job, line));
	EXPECT_STREQ("fkill: 4194305: No such process\n", self->job->said);
	EXPECT_TRUE(died_of(first, SIGTERM));
	EXPECT_TRUE(died_of(last, SIGTERM));
}

static int kill_as_nobody(void *pid)
{
	static struct job job;

	if (fkill_pid(&job, "", *(pid_t *)pid) != 1)
		return 1;
	if (!strstr(job.said, ": Operation not permitted\n"))
		return 2;
	if (fkill_pid(&job, "-n", *(pid_t *)pid) != 1)
		return 3;
	if (!strstr(job.said, ": Operation not permitted\n"))
		return 4;
	if (fkill_pid(&job, "--exe /bin/sh", *(pid_t *)pid) != 1)
		return 5;
	return strstr(job.said, ": exe: Permission denied\n") ? 0 : 6;
}

TEST_F(cmd, says_who_may_not_be_signalled)
{
	pid_t pid = tree_sleeper();

	EXPECT_EQ(0, run_as(NOBODY, kill_as_nobody, &pid));
	EXPECT_TRUE(is_left_alone(pid));
}

/*
 * -n, -w
 */

TEST_F(cmd, dry_run)
{
	pid_t pid = spawn_sleep();
	char expected[64];

	EXPECT_EQ(0, fkill_pid(self->job, "-n -w 100 -s KILL", pid));
	snprintf(expected, sizeof(expected),
		 "would send KILL to %d (sleep)\n", pid);
	EXPECT_STREQ(expected, self->job->said);
	EXPECT_TRUE(is_left_alone(pid));
	EXPECT_EQ(1, fkill_pid(self->job, "-n --comm other", pid));
	EXPECT_EQ(NULL, strstr(self->job->said, "would"));
}

TEST_F(cmd, waits_until_it_has_ended)
{
	pid_t pid = tree_catcher(SIGTERM);
	char line[64];

	ASSERT_TRUE(tree_is_ready(1));
	snprintf(line, sizeof(line), "exec fkill -w 1h %d", pid);
	ASSERT_EQ(0, job_start(self->job, line));
	ASSERT_TRUE(wait_until(tree->handled == 1));
	EXPECT_TRUE(wait_until(state_of(self->job->pid) == 'S'));
	tree->go = true;
	EXPECT_EQ(0, job_end(self->job));
	EXPECT_FALSE(is_running(pid));
}

static int ignore_and_sleep(void *arg)
{
	signal(SIGTERM, SIG_IGN);
	return sleep_on(arg);
}

TEST_F(cmd, says_who_is_left)
{
	pid_t deaf = tree_spawn(ignore_and_sleep, NULL);
	pid_t pid = tree_sleeper();
	char line[64], expected[128], name[16];

	ASSERT_TRUE(tree_is_ready(2));
	ASSERT_EQ(0, prctl(PR_GET_NAME, name));
	snprintf(line, sizeof(line), "fkill -w .1 %d %d", deaf, pid);
	EXPECT_EQ(1, job_run(self->job, line));
	snprintf(expected, sizeof(expected),
		 "fkill: left after 0.1 s:\n"
		 "  %d S %s: ignores the signal\n", deaf, name);
	EXPECT_STREQ(expected, self->job->said);
	EXPECT_TRUE(is_left_alone(deaf));
	EXPECT_TRUE(died_of(pid, SIGTERM));
}

/* Nobody waits for whom no signal was sent to. */
TEST_F(cmd, does_not_wait_for_whom_it_spares)
{
	pid_t pid = tree_sleeper();

	EXPECT_EQ(1, fkill_pid(self->job, "-w 1h --comm other", pid));
	EXPECT_TRUE(is_left_alone(pid));
}

/*
 * Checks, of a process that is "sleep 1000" of root
 */

static const struct {
	const char *check;
	const char *refusal;	/* NULL: it holds */
} checks[] = {
	{ "--exe /bin/sleep", NULL },
	{ "--exe /bin/busybox", NULL },
	{ "--exe /proc/self/exe", ": exe is /bin/busybox, not /proc/self/exe" },
	{ "--comm sleep", NULL },
	{ "--comm slee", ": comm is 'sleep', not 'slee'" },
	{ "--comm sleepy", ": comm is 'sleep', not 'sleepy'" },
	{ "--comm ''", ": comm is 'sleep', not ''" },
	{ "--user 0", NULL },
	{ "--user 65534", ", not 65534" },
	{ "--cmdline '^sleep 1000$'", NULL },
	{ "--cmdline 'p +1(0|1)+'", NULL },
	{ "--cmdline '^sleep$'", ": cmdline is 'sleep 1000', which '^sleep$' does not match" },
	{ "--started-before 1ms", NULL },
	{ "--started-before 2199-01-01", NULL },
	{ "--started-before '2199-01-01 10:00'", NULL },
	{ "--started-before @99999999999.5", NULL },
	{ "--started-before 1h", ", not before 1h" },
	{ "--started-before 2001-01-01T10:00:00", ", not before 2001-01-01T" },
	{ "--started-before @1", ", not before @1" },
	{ "--comm sleep --user 0 --exe /bin/sleep", NULL },
	{ "--comm sleep --user 1 --exe /bin/sleep", ", not 1" },
	{ "--comm other --user 0 --exe /bin/sleep", "'other'" },
	{ "--comm sleep --user 0 --exe /proc/self/exe", "not /proc/self/exe" },
};

static bool spares(struct job *job, pid_t pid, const char *check,
		   const char *refusal)
{
	return fkill_pid(job, check, pid) == 1 &&
	       strstr(job->said, refusal) && is_left_alone(pid);
}

static bool hits(struct job *job, pid_t pid, const char *check)
{
	return fkill_pid(job, check, pid) == 0 && !*job->said &&
	       died_of(pid, SIGTERM);
}

static bool judges(struct job *job, pid_t pid, const char *check,
		   const char *refusal)
{
	return refusal ? spares(job, pid, check, refusal) :
			 hits(job, pid, check);
}

TEST_F(cmd, checks)
{
	pid_t pid = -1;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		if (!is_running(pid))
			pid = spawn_sleep();
		EXPECT_TRUE(judges(self->job, pid, checks[i].check,
				   checks[i].refusal))
			TH_LOG("%s: %s", checks[i].check, self->job->said);
	}
}

/* The kernel has cut it. */
static int sleep_with_a_name(void *name)
{
	write_file("/proc/self/comm", name);
	return sleep_on(NULL);
}

TEST_F(cmd, comm_to_the_15th_character)
{
	pid_t pid = tree_spawn(sleep_with_a_name, "0123456789abcdef");

	ASSERT_TRUE(tree_is_ready(1));
	EXPECT_TRUE(spares(self->job, pid, "--comm 0123456789abcd", "not"));
	EXPECT_TRUE(hits(self->job, pid, "--comm 0123456789abcdef"));
}

TEST_F(cmd, prints_no_control_characters)
{
	pid_t pid = tree_spawn(sleep_with_a_name, "\33[2J\tx");

	ASSERT_TRUE(tree_is_ready(1));
	EXPECT_TRUE(spares(self->job, pid, "--comm x", "'?[2J?x'"))
		TH_LOG("%s", self->job->said);
}

/* The file of that path is another one by now. */
TEST_F(cmd, exe_that_was_replaced)
{
	static struct job running;
	char line[64];
	pid_t pid;

	ASSERT_EQ(0, system("mkdir /tmp/exe && cp /bin/busybox /tmp/exe"));
	ASSERT_EQ(0, symlink("busybox", "/tmp/exe/link"));
	ASSERT_EQ(0, job_start(&running, "exec /tmp/exe/busybox sleep 1000"));
	pid = running.pid;
	snprintf(line, sizeof(line), "fkill -n --exe /tmp/exe/link %d", pid);
	EXPECT_TRUE(wait_until(job_run(self->job, line) == 0));
	EXPECT_EQ(0, system("cd /tmp/exe && cp busybox new && mv new busybox"));
	EXPECT_TRUE(spares(self->job, pid, "--exe /tmp/exe/busybox",
			   ": exe is /tmp/exe/busybox (deleted), not "))
		TH_LOG("%s", self->job->said);
	kill_and_reap(pid);
	EXPECT_EQ(0, system("rm -r /tmp/exe"));
}

TEST_F(cmd, who_runs_no_program)
{
	pid_t zombie = spawn_zombie();

	EXPECT_EQ(1, fkill_pid(self->job, "--exe /bin/sh", zombie));
	EXPECT_NE(NULL, strstr(self->job->said, ": has no exe, not /bin/sh"));
	EXPECT_EQ(1, fkill_pid(self->job, "--exe /bin/sh", 2));
	EXPECT_NE(NULL, strstr(self->job->said, ": has no exe, not /bin/sh"));
	EXPECT_EQ(1, fkill_pid(self->job, "--cmdline .", 2));
}

static int sleep_as_effective_nobody(void *arg)
{
	return seteuid(NOBODY) ? 255 : sleep_on(arg);
}

TEST_F(cmd, user_is_the_effective_one)
{
	pid_t pid = tree_spawn(sleep_as_effective_nobody, NULL);

	ASSERT_TRUE(tree_is_ready(1));
	EXPECT_TRUE(spares(self->job, pid, "--user 0", "user is "));
	EXPECT_TRUE(hits(self->job, pid, "--user 65534"));
}

static const struct {
	const char *path;
	bool holds;
} cgroups[] = {
	{ "/", true },
	{ "/fkill_cmd_test", true },
	{ "/fkill_cmd_test/a", true },
	{ "/fkill_cmd_test/a/", true },
	{ CGROUP "/a", true },
	{ "/sys/fs/cgroup", true },
	{ "/fkill_cmd_tes", false },
	{ "/fkill_cmd_test/a/b", false },
	{ "/fkill_cmd_test/b", false },
	{ "/sys/fs/cgroups", false },
};

TEST_F(cmd, cgroup)
{
	char line[128];
	pid_t pid = tree_sleeper();
	size_t i;

	ASSERT_EQ(0, mkdir(CGROUP, 0755));
	ASSERT_EQ(0, mkdir(CGROUP "/a", 0755));
	snprintf(line, sizeof(line), "%d", pid);
	EXPECT_EQ(0, write_file(CGROUP "/a/cgroup.procs", line));
	for (i = 0; i < ARRAY_SIZE(cgroups); i++) {
		snprintf(line, sizeof(line), "-n --cgroup %s",
			 cgroups[i].path);
		EXPECT_EQ(!cgroups[i].holds, fkill_pid(self->job, line, pid))
			TH_LOG("%s: %s", line, self->job->said);
	}
	EXPECT_NE(NULL, strstr(self->job->said,
			       ": cgroup is /fkill_cmd_test/a, not "));
	kill_and_reap(pid);
	EXPECT_EQ(0, rmdir(CGROUP "/a"));
	EXPECT_EQ(0, rmdir(CGROUP));
}

TEST_HARNESS_MAIN
