// SPDX-License-Identifier: GPL-2.0-only
/*
 * timeout(1) of the GNU coreutils, over libfkill: the same options and exit
 * statuses. What is different comes after the time is up: the signal reaches
 * all that COMMAND has started, daemons too, and this waits for all of them.
 *
 * usage: timeout [-v] [-s SIG] [-k DURATION] [--foreground]
 *                [--preserve-status] DURATION COMMAND [ARG...]
 */
#include <err.h>
#include <errno.h>
#include <fkill.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define END_TIMED_OUT	124
#define END_TROUBLE	125
#define END_NO_EXEC	126
#define END_NOT_FOUND	127

static int term_signal = SIGTERM;
static double kill_after;
static bool foreground, preserve_status, verbose;

static const char *command_name;
static int command_fd;		/* stands for COMMAND */
static pid_t command;		/* 0 once it is reaped */
static int command_status;
static bool timed_out;
static double deadline;		/* 0: there is none */
static int next_signal;		/* that is sent then */

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/*
 * Arguments
 */

static double parse_duration(const char *text)
{
	static const char units[] = "smhd";
	static const int seconds[] = { 1, 60, 60 * 60, 24 * 60 * 60 };
	const char *unit;
	char *end;
	double time = strtod(text, &end);

	if (end == text || !(time >= 0) || (*end && end[1]))
		errx(END_TROUBLE, "invalid time interval '%s'", text);
	unit = *end ? strchr(units, *end) : units;
	if (!unit)
		errx(END_TROUBLE, "invalid time interval '%s'", text);
	return time * seconds[unit - units];
}

static int parse_signal(const char *text)
{
	const char *name = strncasecmp(text, "SIG", 3) ? text : text + 3;
	char *end;
	long sig = strtol(text, &end, 10);

	if (*text && !*end && sig >= 0 && sig <= SIGRTMAX)
		return sig;
	for (sig = 1; sig < SIGRTMIN; sig++) {
		if (sigabbrev_np(sig) && !strcasecmp(sigabbrev_np(sig), name))
			return sig;
	}
	errx(END_TROUBLE, "%s: invalid signal", text);
}

static const struct option options[] = {
	{ "foreground", no_argument, NULL, 'f' },
	{ "kill-after", required_argument, NULL, 'k' },
	{ "preserve-status", no_argument, NULL, 'p' },
	{ "signal", required_argument, NULL, 's' },
	{ "verbose", no_argument, NULL, 'v' },
	{ }
};

static char **parse(int argc, char **argv)
{
	int letter;

	while ((letter = getopt_long(argc, argv, "+k:s:v", options,
				     NULL)) != -1) {
		switch (letter) {
		case 'f':
			foreground = true;
			break;
		case 'k':
			kill_after = parse_duration(optarg);
			break;
		case 'p':
			preserve_status = true;
			break;
		case 's':
			term_signal = parse_signal(optarg);
			break;
		case 'v':
			verbose = true;
			break;
		default:
			exit(END_TROUBLE);
		}
	}
	if (argc - optind < 2)
		errx(END_TROUBLE, "missing operand");
	return argv + optind;
}

/*
 * Signals
 */

static void send(int sig)
{
	if (!foreground)
		fkillbelow(FKILL_SELF, sig, 0, 0, NULL);
	else if (command)
		fkill(command_fd, sig);
}

static void set_deadline(double time, int sig)
{
	deadline = time ? now() + time : 0;
	next_signal = sig;
}

/* By the clock, or because somebody has sent it to this process. */
static void end_command(int sig)
{
	if (verbose)
		warnx("sending signal %s to command '%s'", sigabbrev_np(sig) ?:
		      "RT", command_name);
	send(sig);
	if (sig != SIGKILL && sig != SIGCONT)
		send(SIGCONT);
	if (sig != SIGKILL)
		set_deadline(kill_after, SIGKILL);
	else
		deadline = 0;
}

static void time_is_up(void)
{
	timed_out = true;
	end_command(next_signal);
}

/*
 * The command
 */

static void __attribute__((noreturn))
become(char **argv, const sigset_t *mask)
{
	sigprocmask(SIG_SETMASK, mask, NULL);
	signal(SIGTTIN, SIG_DFL);
	signal(SIGTTOU, SIG_DFL);
	execvp(argv[0], argv);
	warn("failed to run command '%s'", argv[0]);
	_exit(errno == ENOENT ? END_NOT_FOUND : END_NO_EXEC);
}

/* A group of its own, so that a signal to that comes to all of it once. */
static void start(char **argv, const sigset_t *mask)
{
	if (!foreground)
		setpgid(0, 0);
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	command = fork();
	if (command < 0)
		err(END_TROUBLE, "fork");
	if (!command)
		become(argv, mask);
	command_fd = fkill_open(command);
	if (command_fd < 0)
		err(END_TROUBLE, "%s", argv[0]);
}

/* Is it over? When the time was up, not before everybody is gone. */
static bool reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		command = 0;
		command_status = status;
	}
	return timed_out && !foreground ? pid < 0 : !command;
}

static void wait_for_event(const sigset_t *set)
{
	double left = deadline ? deadline - now() : INT_MAX;
	struct timespec ts;
	int sig;

	if (left <= 0) {
		time_is_up();
		return;
	}
	ts.tv_sec = left < INT_MAX ? left : INT_MAX;
	ts.tv_nsec = (left - ts.tv_sec) * 1e9;
	sig = sigtimedwait(set, NULL, &ts);
	if (sig > 0 && sig != SIGCHLD)
		end_command(sig);
}

/* As it ended, without a second core dump. */
static int end(void)
{
	int sig = WIFSIGNALED(command_status) ? WTERMSIG(command_status) : 0;

	if (timed_out && !preserve_status && sig != SIGKILL)
		return END_TIMED_OUT;
	if (!sig)
		return WEXITSTATUS(command_status);
	if (!timed_out) {
		prctl(PR_SET_DUMPABLE, 0);
		signal(sig, SIG_DFL);
		raise(sig);
	}
	return 128 + sig;
}

int main(int argc, char **argv)
{
	static const int caught[] = {
		SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM,
	};
	sigset_t set, mask;
	size_t i;

	argv = parse(argc, argv);
	sigemptyset(&set);
	for (i = 0; i < sizeof(caught) / sizeof(*caught); i++)
		sigaddset(&set, caught[i]);
	sigaddset(&set, term_signal);
	set_deadline(parse_duration(argv[0]), term_signal);
	command_name = argv[1];
	sigprocmask(SIG_BLOCK, &set, &mask);
	start(argv + 1, &mask);
	while (!reap())
		wait_for_event(&set);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return end();
}
