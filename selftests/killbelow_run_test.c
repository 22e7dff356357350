// SPDX-License-Identifier: GPL-2.0-only
/* killbelow run: timeout(1) that cannot be escaped. It is found in PATH. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "harness.h"
#include "job.h"
#include "race.h"
#include "tree.h"

/* Whatever a test leaves behind goes with it. */
FIXTURE(run) {
};

FIXTURE_SETUP(run)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(run)
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
	{ "killbelow run true", 0 },
	{ "killbelow run -- sh -c 'exit 7'", 7 },
	{ "killbelow run -t 0 true", 0 },
	{ "killbelow run -t 1d true", 0 },
	{ "killbelow run -t 100ms sleep 100", 124 },
	{ "killbelow run --time=.1 --signal=SIGINT sleep 100", 124 },
	{ "killbelow run -t .1 -s KILL sleep 100", 137 },
	{ "killbelow run -t .1 -s 9 sleep 100", 137 },
	{ "trap '' TERM; killbelow run -t .1 -k .1 sleep 100", 137 },
	{ "killbelow run -t .1 sh -c 'kill -STOP $$'", 124 },
	{ "exec killbelow run sh -c 'kill -TERM $$'", 128 + SIGTERM },
	{ "exec killbelow run sh -c 'kill -KILL $$'", 128 + SIGKILL },
	{ "exec killbelow run sh -c 'kill -SEGV $$'", 128 + SIGSEGV },
	{ "killbelow run -t 60 sh -c 'kill -9 $PPID; sleep 20'",
		128 + SIGKILL },
	{ "killbelow run /nonexistent", 127 },
	{ "killbelow run /dev/null", 126 },
	{ "killbelow run --help | grep -q ^usage", 0 },
};

TEST_F(run, exit_status)
{
	static struct job job;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		EXPECT_EQ(ends[i].status, job_run(&job, ends[i].line))
			TH_LOG("%s: %s", ends[i].line, job.said);
	}
}

/*
 * A trap has to wait for a sleep, but not for a "wait". What is in the
 * background has put off the traps of its parent when it speaks.
 */
#define TRAP_AND_WAIT(sig) \
	"exec killbelow run sh -c 'trap \"kill \\$!; exit 3\" " sig ";" \
	"(echo ready; exec sleep 100) & wait'"

TEST_F(run, signals_reach_cmd)
{
	static const struct {
		int sig;
		const char *line;
	} cases[] = {
		{ SIGHUP, TRAP_AND_WAIT("HUP") },
		{ SIGINT, TRAP_AND_WAIT("INT") },
		{ SIGQUIT, TRAP_AND_WAIT("QUIT") },
		{ SIGTERM, TRAP_AND_WAIT("TERM") },
		{ SIGUSR1, TRAP_AND_WAIT("USR1") },
		{ SIGUSR2, TRAP_AND_WAIT("USR2") },
	};
	static struct job job;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, job_start(&job, cases[i].line));
		ASSERT_TRUE(job_has_said(&job, "ready"));
		kill(job.pid, cases[i].sig);
		EXPECT_EQ(3, job_end(&job))
			TH_LOG("%s", cases[i].line);
	}
}

/* A SIGTERM is for daemons, too. */
TEST_F(run, sigterm_reaches_everybody)
{
	static const char line[] =
		"exec killbelow run sh -c 'trap \"exit 5\" TERM;"
		"(setsid sh -c \"echo ready; exec sleep 100\" &);"
		"while :; do sleep 1; done'";
	static struct job job;

	ASSERT_EQ(0, job_start(&job, line));
	ASSERT_TRUE(job_has_said(&job, "ready"));
	kill(job.pid, SIGTERM);
	EXPECT_EQ(5, job_end(&job));
}

/* The pid that the job says. */
static pid_t said_pid(struct job *job)
{
	return job_has_said(job, "\n") ? atoi(job->said) : -1;
}

TEST_F(run, stop_and_continue)
{
	static struct job job;
	static const char line[] =
		"exec killbelow run sh -c 'echo $$; exec sleep 100'";
	int status = 0;
	pid_t pid;

	ASSERT_EQ(0, job_start(&job, line));
	pid = said_pid(&job);
	ASSERT_LT(0, pid);
	kill(job.pid, SIGTSTP);
	ASSERT_EQ(job.pid, waitpid(job.pid, &status, WUNTRACED));
	EXPECT_TRUE(WIFSTOPPED(status));
	EXPECT_TRUE(wait_until(state_of(pid) == 'T'));
	kill(job.pid, SIGCONT);
	EXPECT_TRUE(wait_until(state_of(pid) == 'S'));
	kill(job.pid, SIGTERM);
	EXPECT_EQ(128 + SIGTERM, job_end(&job));
}

/* A reader sees the end of a CMD that closes its output. */
TEST_F(run, holds_no_output)
{
	static struct job job;
	static const char line[] =
		"exec killbelow run sh -c 'exec sleep 100 >&- 2>&-' 2>/dev/null";

	ASSERT_EQ(0, job_start(&job, line));
	while (job_listen(&job))
		;
	EXPECT_TRUE(is_running(job.pid));
	kill(job.pid, SIGTERM);
	EXPECT_EQ(128 + SIGTERM, job_end(&job));
}

TEST_F(run, waits_for_daemons)
{
	static const char line[] =
		"killbelow run -t 100 sh -c '(setsid sleep 1 >&- 2>&- &); exit 4'";
	static struct job job;
	long start = now_ms();

	EXPECT_EQ(4, job_run(&job, line));
	EXPECT_LE(1000, now_ms() - start);
}

/*
 * Rounds. Everybody holds the write end of a pipe, and tells of its birth; the
 * command itself lets go of it. Once that has been reaped, the read end has
 * come to the end of file, unless somebody has got away.
 */

#define ROUNDS		500
#define STRAYS		"3"	/* the descriptor */

/* Daemons of daemons in sessions of their own, deaf ones, and comets. */
static const char strays[] =
	"trap '' HUP INT\n"
	"nest() {\n"
	"	[ $1 = 0 ] || (nest $(($1 - 1)) &)\n"
	"	echo >&" STRAYS "; exec setsid sleep 100\n"
	"}\n"
	"comet() { echo >&" STRAYS "; (comet &); exit; }\n"
	"(nest 3 &)\n"
	"(comet &)\n"
	"(trap '' TERM; setsid sleep 100 &)\n"
	"sleep 100\n";

static unsigned int births;

static bool nobody_holds(int fd)
{
	char buf[256];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		births += n;
	return n == 0;
}

static pid_t start_round(char *const argv[], const int fd[2])
{
	pid_t pid = fork();

	if (pid)
		return pid;
	dup2(fd[1], atoi(STRAYS));
	execvp(argv[0], argv);
	_exit(255);
}

/* One round: the wait status, or -1 if somebody got away. */
static int play(char *const argv[], int kill_after_us)
{
	pid_t pid;
	int fd[2];
	int status;

	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK))
		return -1;
	pid = start_round(argv, fd);
	close(fd[1]);
	if (kill_after_us >= 0) {
		usleep(kill_after_us);
		kill(pid, SIGKILL);
	}
	status = reap(pid);
	if (!nobody_holds(fd[0]))
		status = -1;
	close(fd[0]);
	return status;
}

TEST_F_TIMEOUT(run, time_is_up_and_nobody_is_left, 240)
{
	char *const argv[] = {
		"killbelow", "run", "-t", "50ms", "-k", "10ms", "--",
		"sh", "-c", (char *)strays, NULL
	};
	int round, deaf = 0;

	for (round = 0; play_on(round, ROUNDS); round++) {
		int status = play(argv, -1);

		ASSERT_TRUE(status == W_EXITCODE(124, 0) ||
			    status == W_EXITCODE(137, 0))
			TH_LOG("round %d: %x", round, status);
		deaf += status == W_EXITCODE(137, 0);
	}
	/* It depends on the moment, but not always. */
	if (round == ROUNDS)
		EXPECT_LT(0, deaf);
	TH_LOG("%d rounds, %u births, %d needed SIGKILL", round, births, deaf);
}

TEST_F_TIMEOUT(run, sigkill_at_a_random_moment_leaves_nobody, 240)
{
	char *const argv[] = {
		"killbelow", "run", "sh", "-c", (char *)strays, NULL
	};
	int round, limit_us = 60000;

	srandom(1);
	for (round = 0; play_on(round, ROUNDS); round++) {
		int status = play(argv, random() % limit_us);

		ASSERT_EQ(SIGKILL, status)
			TH_LOG("in round %d", round);
		/* a slow machine has not come so far */
		if (!births && limit_us < 10000000)
			limit_us *= 2;
	}
	EXPECT_LT(0, births);
	TH_LOG("%d rounds, %u births", round, births);
}

TEST_HARNESS_MAIN
