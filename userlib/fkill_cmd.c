// SPDX-License-Identifier: LGPL-2.1-or-later
/* fkill: kill(1) that looks before it shoots, and hits what it looked at. */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "command.h"

static const char help[] =
"usage: fkill [-s SIG | -SIG] [-n] [-w TIME] [CHECK...] PID...\n"
"       fkill -l [SIG...]\n"
"\n"
"Signal processes. Each one is opened, checked and signalled through the same\n"
"descriptor: another process that takes over its number is never hit.\n"
"  -s, --signal=SIG         default TERM; 0 only asks. -SIG may come first\n"
"  -w, --wait=TIME          wait until they have ended, TIME at most in all\n"
"  -n, --dry-run            say what would be done\n"
"  -l, --list               names of signals and their numbers\n"
"\n"
"A process is left alone unless all of these hold:\n"
"      --exe=PATH           it runs this file, by whatever path\n"
"      --comm=NAME          its name is this, to the 15th character\n"
"      --user=USER          its effective user is this\n"
"      --cgroup=PATH        it is in this cgroup (version 2) or below it\n"
"      --started-before=TIME  so long ago, or before @SECONDS since the epoch\n"
"                           or a local date YYYY-MM-DD [HH:MM[:SS]]\n"
"      --cmdline=REGEX      its arguments, a space between two, match this\n"
"\n"
"Exit status: 0 each one was signalled, and has ended if -w was given; 1 one was\n"
"not, or is left; 2 trouble, such as a bad argument, before anything was sent.\n"
"\n"
"SIG is a name (TERM, SIGTERM, RTMIN+1) or a number. TIME is a number, which may\n"
"have a fraction, in seconds or with a suffix: ms s m h d. USER is a name in\n"
"/etc/passwd or a uid. -h, --help and --version are understood, too.\n";

static const struct option long_options[] = {
	{ "cgroup", required_argument, NULL, CHECK_CGROUP },
	{ "cmdline", required_argument, NULL, CHECK_CMDLINE },
	{ "comm", required_argument, NULL, CHECK_COMM },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "exe", required_argument, NULL, CHECK_EXE },
	{ "help", no_argument, NULL, 'h' },
	{ "list", no_argument, NULL, 'l' },
	{ "signal", required_argument, NULL, 's' },
	{ "started-before", required_argument, NULL, CHECK_STARTED_BEFORE },
	{ "user", required_argument, NULL, CHECK_USER },
	{ "version", no_argument, NULL, 'V' },
	{ "wait", required_argument, NULL, 'w' },
	{ }
};

struct order {
	struct checks checks;
	int sig;
	long long wait;		/* in ms; -1: not at all */
	bool dry_run;
};

struct target {
	pid_t pid;
	int pidfd;		/* to wait for; -1: not */
};

/* Names of signals */

/* A number may also be an exit status: the signal is that of its 7 bits. */
static void list_signal(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (isdigit((unsigned char)*text) && !*end && number > 128 &&
	    number - 128 <= SIGRTMAX)
		puts(signal_name(number - 128));
	else if (isdigit((unsigned char)*text))
		puts(signal_name(parse_signal(text)));
	else
		printf("%d\n", parse_signal(text));
}

static int list_signals(char **argv)
{
	int sig;

	if (!*argv) {
		for (sig = 1; sig <= SIGRTMAX; sig++) {
			if (sig >= SIGRTMIN || sigabbrev_np(sig))
				printf("%d %s\n", sig, signal_name(sig));
		}
	}
	for (; *argv; argv++)
		list_signal(*argv);
	return flush();
}

/* Arguments */

/* kill -9: before getopt(), which would take it for options. */
static bool is_dash_signal(const char *text)
{
	return text && *text == '-' &&
	       (isdigit((unsigned char)text[1]) ||
		isupper((unsigned char)text[1]));
}

static void parse(int argc, char **argv, struct order *order)
{
	int letter;

	while ((letter = getopt_long(argc, argv, "hlns:w:", long_options,
				     NULL)) != -1) {
		if (letter == 'h')
			print_and_exit(help);
		else if (letter == 'V')
			print_version("fkill");
		else if (letter == 'l')
			exit(list_signals(argv + optind));
		else if (letter == 'n')
			order->dry_run = true;
		else if (letter == 's')
			order->sig = parse_signal(optarg);
		else if (letter == 'w')
			order->wait = parse_time(optarg);
		else if (!parse_check(&order->checks, letter, optarg))
			exit(trouble);	/* getopt() has said it */
	}
}

static struct target *parse_targets(char **argv, int count)
{
	struct target *targets = calloc(count, sizeof(*targets));
	int i;

	if (!count)
		errx(trouble, "PID is missing (--help tells more)");
	if (!targets)
		err(trouble, "memory");
	for (i = 0; i < count; i++)
		targets[i] = (struct target) { parse_pid(argv[i]), -1 };
	return targets;
}

/* One process */

static bool would_signal(const struct order *order, pid_t pid, int dir)
{
	char name[64];

	if (fkill(dir, 0))
		return false;
	if (!proc_status_at(dir, "Name", name, sizeof(name)))
		return false;
	printable(name);
	printf("would send %s to %d (%s)\n", signal_name(order->sig), pid,
	       name);
	return true;
}

/*
 * A pidfd can be waited for. It is of the same process if the signal is taken
 * afterwards: so the number was nobody else's.
 */
static bool send(const struct order *order, struct target *target, int dir)
{
	if (order->dry_run)
		return would_signal(order, target->pid, dir);
	if (order->wait >= 0) {
		target->pidfd = syscall(SYS_pidfd_open, target->pid, 0);
		if (target->pidfd < 0)
			return false;
	}
	return !fkill(dir, order->sig);
}

static bool not_sent(struct target *target)
{
	if (errno == ENOSYS)
		library_failed("kill");
	warn("%d", target->pid);
	if (target->pidfd >= 0)
		close(target->pidfd);
	target->pidfd = -1;
	return false;
}

static bool check_and_send(const struct order *order, struct target *target)
{
	int dir = fkill_open(target->pid);
	bool sent;

	if (dir < 0)
		return not_sent(target);
	sent = checks_hold(&order->checks, target->pid, dir) &&
		(send(order, target, dir) || not_sent(target));
	close(dir);
	return sent;
}

/* Their ends */

static bool has_ended(int pidfd, long long deadline)
{
	struct pollfd ended = { .fd = pidfd, .events = POLLIN };
	long long left;

	do {
		left = deadline - now_ms();
		if (left < 0)
			left = 0;
		if (poll(&ended, 1, left < INT_MAX ? left : INT_MAX) > 0)
			return true;
	} while (left);
	return false;
}

static bool all_have_ended(const struct order *order,
			   const struct target *targets, int count)
{
	long long deadline = now_ms() + order->wait;
	int i, left = 0;

	for (i = 0; i < count; i++) {
		if (targets[i].pidfd < 0 ||
		    has_ended(targets[i].pidfd, deadline))
			continue;
		if (!left++)
			tell_left_after(order->wait);
		tell_left(targets[i].pid, order->sig);
	}
	return !left;
}

int main(int argc, char **argv)
{
	struct order order = { .sig = SIGTERM, .wait = -1 };
	bool all_sent = true, all_ended = true;
	struct target *targets;
	int i, count;

	if (is_dash_signal(argv[1])) {
		order.sig = parse_signal(argv[1] + 1);
		argv[1] = argv[0];
		argc--;
		argv++;
	}
	parse(argc, argv, &order);
	count = argc - optind;
	targets = parse_targets(argv + optind, count);
	for (i = 0; i < count; i++)
		all_sent &= check_and_send(&order, &targets[i]);
	if (order.wait >= 0 && !order.dry_run)
		all_ended = all_have_ended(&order, targets, count);
	return all_sent && all_ended ? flush() : END_LEFT;
}
