// SPDX-License-Identifier: GPL-2.0-only
/* Programs that exist elsewhere, over libfkill: see clients/. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common.h"
#include "harness.h"
#include "job.h"
#include "tree.h"

#define TIMEOUT		"/tests/clients/timeout "
#define SUPERVISE	"/tests/clients/supervise "
#define SERVICE		"/tmp/service"

/*
 * timeout
 */
FIXTURE(timeout) {
};

FIXTURE_SETUP(timeout)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(timeout)
{
	tree_end();
}

/* The statuses of the coreutils, to which the host's tests compare them. */
static const struct {
	const char *line;
	int status;
} ends[] = {
	{ TIMEOUT "100 true", 0 },
	{ TIMEOUT "0 sh -c 'exit 7'", 7 },
	{ TIMEOUT ".1 sleep 100", 124 },
	{ TIMEOUT "-s KILL .1s sleep 100", 137 },
	{ TIMEOUT "--preserve-status .1 sleep 100", 128 + SIGTERM },
	{ TIMEOUT "-k .1 .1 sh -c 'trap : TERM; while :; do sleep 100; done'",
		137 },
	{ TIMEOUT "--foreground .1 sleep 100", 124 },
	{ TIMEOUT "1d sh -c 'kill -HUP $$'", 128 + SIGHUP },
	{ TIMEOUT "1 /nonexistent", 127 },
	{ TIMEOUT "1 /dev/null", 126 },
	{ TIMEOUT "x true", 125 },
	{ TIMEOUT "-s FOO 1 true", 125 },
};

TEST_F(timeout, exit_status)
{
	static struct job job;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		EXPECT_EQ(ends[i].status, job_run(&job, ends[i].line))
			TH_LOG("%s: %s", ends[i].line, job.said);
	}
}

/* It has the output of the job, which ends when nobody has it any more. */
#define DAEMON	"sh -c 'setsid sh -c \"echo \\$\\$; exec sleep 100\" & sleep 100'"

static pid_t said_pid(struct job *job)
{
	return job_has_said(job, "\n") ? atoi(job->said) : -1;
}

TEST_F(timeout, daemons_are_gone)
{
	static struct job job;
	pid_t daemon;

	ASSERT_EQ(0, job_start(&job, "exec " TIMEOUT "1 " DAEMON));
	daemon = said_pid(&job);
	ASSERT_LT(0, daemon);
	EXPECT_EQ(124, WEXITSTATUS(reap(job.pid)));
	EXPECT_FALSE(is_running(daemon));
}

/* As with the one that is everywhere. */
TEST_F(timeout, daemons_get_away_from_another)
{
	static struct job job;
	pid_t daemon;

	ASSERT_EQ(0, job_start(&job, "exec busybox timeout 1 " DAEMON));
	daemon = said_pid(&job);
	ASSERT_LT(0, daemon);
	reap(job.pid);
	EXPECT_TRUE(is_running(daemon));
}

TEST_F(timeout, signals_are_passed_on)
{
	static struct job job;
	pid_t daemon;

	ASSERT_EQ(0, job_start(&job, "exec " TIMEOUT "100 " DAEMON));
	daemon = said_pid(&job);
	ASSERT_LT(0, daemon);
	kill(job.pid, SIGTERM);
	EXPECT_EQ(128 + SIGTERM, job_end(&job));
	EXPECT_TRUE(wait_until(!is_running(daemon)));
}

/*
 * supervise
 */
FIXTURE(supervise) {
	struct job job;
	char status[64];
	char daemon[64];
};

/* Each start leaves a daemon and adds a line to "log". */
static const char run[] =
	"#!/bin/sh\n"
	"echo >> log\n"
	"setsid sh -c 'echo $$ > daemon; exec sleep 100' &\n"
	"exec sleep 100\n";

static void write_control(const char *letters)
{
	write_file(SERVICE "/supervise/control", letters);
}

static int starts(void)
{
	char text[256];

	return read_file(SERVICE "/log", text, sizeof(text)) ? 0 :
		strlen(text);
}

/* The pid of ./run as the supervisor tells it: 0 when it is down. */
static pid_t up_pid(void)
{
	char text[64];

	if (read_file(SERVICE "/supervise/status", text, sizeof(text)) ||
	    strncmp(text, "up ", 3))
		return 0;
	return atoi(text + 3);
}

static bool is_down(void)
{
	char text[64];

	return !read_file(SERVICE "/supervise/status", text, sizeof(text)) &&
	       !strcmp(text, "down\n");
}

/* Of the latest start; 0 while that has none. */
static pid_t daemon_pid(void)
{
	char text[64];

	return read_file(SERVICE "/daemon", text, sizeof(text)) ? 0 :
		atoi(text);
}

/* Has ./run been started @count times, and its daemon too? */
static bool is_up(int count, pid_t old_daemon)
{
	return wait_until(starts() == count && up_pid() && daemon_pid() &&
			  daemon_pid() != old_daemon);
}

FIXTURE_SETUP(supervise)
{
	ASSERT_EQ(0, tree_begin());
	ASSERT_EQ(0, system("rm -rf " SERVICE));
	ASSERT_EQ(0, mkdir(SERVICE, 0755));
	close(open(SERVICE "/run", O_CREAT | O_WRONLY, 0755));
	ASSERT_EQ(0, write_file(SERVICE "/run", run));
	ASSERT_EQ(0, job_start(&self->job, "exec " SUPERVISE SERVICE));
	ASSERT_TRUE(is_up(1, 0));
}

FIXTURE_TEARDOWN(supervise)
{
	tree_end();
}

TEST_F(supervise, starts_again_what_dies)
{
	pid_t pid = up_pid();
	pid_t daemon = daemon_pid();

	kill(pid, SIGKILL);
	ASSERT_TRUE(is_up(2, daemon));
	EXPECT_NE(pid, up_pid());
	EXPECT_FALSE(is_running(daemon));
}

TEST_F(supervise, not_more_than_once_a_second)
{
	long begin = now_ms();
	pid_t daemon;
	int i;

	for (i = 2; i <= 4; i++) {
		daemon = daemon_pid();
		write_control("k");
		ASSERT_TRUE(is_up(i, daemon));
	}
	EXPECT_LE(2000, now_ms() - begin);
}

TEST_F(supervise, down_takes_daemons_along)
{
	pid_t daemon = daemon_pid();

	write_control("d");
	ASSERT_TRUE(wait_until(is_down()));
	EXPECT_FALSE(is_running(daemon));
	nap();
	EXPECT_EQ(1, starts());
	write_control("u");
	EXPECT_TRUE(is_up(2, daemon));
}

TEST_F(supervise, term_starts_it_anew)
{
	pid_t daemon = daemon_pid();

	write_control("t");
	EXPECT_TRUE(is_up(2, daemon));
}

TEST_F(supervise, once_is_not_again)
{
	write_control("ok");
	ASSERT_TRUE(wait_until(is_down()));
	EXPECT_EQ(1, starts());
}

TEST_F(supervise, exits_when_it_is_down)
{
	pid_t daemon = daemon_pid();

	write_control("dx");
	EXPECT_EQ(0, job_end(&self->job));
	EXPECT_FALSE(is_running(daemon));
}

TEST_F(supervise, one_a_directory)
{
	static struct job job;

	EXPECT_EQ(111, job_run(&job, SUPERVISE SERVICE));
}

/* What only the module can do. */
TEST_F(supervise, sigkill_takes_all_along)
{
	pid_t daemon = daemon_pid();

	kill(self->job.pid, SIGKILL);
	reap(self->job.pid);
	EXPECT_EQ(fkill_backend() != FKILL_BACKEND_MODULE, is_running(daemon));
}

TEST_HARNESS_MAIN
