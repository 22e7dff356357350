// SPDX-License-Identifier: LGPL-2.1-or-later
/* killbelow kill and user: signal many, wait for them, tell who is left. */
#include <err.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "killbelow.h"

#define DEFAULT_WAIT_MS	10000

struct order {
	int sig;
	long long time;		/* -1: as the signal has it */
	unsigned int flags;
};

/* Who gets another signal is not expected to end. */
static int wait_ms(const struct order *order)
{
	if (order->time >= 0)
		return order->time < INT_MAX ? order->time : INT_MAX;
	switch (order->sig) {
	case 0:
	case SIGHUP:
	case SIGINT:
	case SIGQUIT:
	case SIGKILL:
	case SIGTERM:
		return DEFAULT_WAIT_MS;
	default:
		return 0;
	}
}

static void parse_order(int argc, char **argv, const char *letters,
			struct order *order)
{
	int letter;

	*order = (struct order) { .sig = SIGTERM, .time = -1 };
	while ((letter = getopt_long(argc, argv, letters, long_options,
				     NULL)) != -1) {
		if (letter == 's')
			order->sig = parse_signal(optarg);
		else if (letter == 't')
			order->time = parse_time(optarg);
		else if (letter == 'i')
			order->flags = FKILL_INCLUDE_TOP;
		else
			other_option(letter);
	}
}

/* The exit status, when the wait is over or there was none. */
static int judge(const struct fkill_report *report, int left)
{
	if (report->refused)
		warnx("%u may not be signalled", report->refused);
	return left || report->refused ? END_LEFT : 0;
}

int cmd_kill(int argc, char **argv)
{
	struct fkill_report report;
	struct order order;
	int fd, ms, left;

	parse_order(argc, argv, "his:t:", &order);
	fd = open_pid(only_argument(argc, argv, "PID"));
	ms = wait_ms(&order);
	left = fkillbelow(fd, order.sig, ms, order.flags, &report);
	if (left < 0)
		library_failed("kill");
	left = left && ms;
	if (left) {
		tell_left_after(ms);
		if (!tell_left_below(fd, order.flags, order.sig))
			tell_left(report.first, order.sig);
	}
	return judge(&report, left);
}

int cmd_user(int argc, char **argv)
{
	struct fkill_report report;
	struct order order;
	int ms, left;
	uid_t uid;

	parse_order(argc, argv, "hs:t:", &order);
	if (order.flags)
		errx(trouble, "a user has no top to include");
	uid = parse_user(only_argument(argc, argv, "USER"));
	ms = wait_ms(&order);
	left = killuser(uid, order.sig, ms, &report);
	if (left < 0 && !report.refused)
		library_failed("kill");
	left = left > 0 && ms;
	if (left) {
		tell_left_after(ms);
		if (!tell_left_of_user(uid, order.sig))
			tell_left(report.first, order.sig);
	}
	return judge(&report, left);
}
