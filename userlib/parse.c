// SPDX-License-Identifier: LGPL-2.1-or-later
/* Arguments of the commands. What is wrong with one ends them. */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

#define MAX_MS	1000000000000000LL

/* Digits and nothing else, up to @max: or -1. */
static long parse_number(const char *text, long max)
{
	unsigned long number;

	if (!*text || text[strspn(text, "0123456789")])
		return -1;
	errno = 0;
	number = strtoul(text, NULL, 10);
	return errno || number > (unsigned long)max ? -1 : (long)number;
}

int parse_signal(const char *text)
{
	int sig = parse_number(text, SIGRTMAX);

	if (sig < 0)
		sig = signal_number(text);
	if (sig < 0)
		errx(trouble, "no such signal: '%s'", text);
	return sig;
}

/* How many milliseconds @suffix stands for; 0 if it is none. */
static double parse_suffix(const char *suffix)
{
	static const struct {
		const char *suffix;
		double ms;
	} units[] = {
		{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60 * 1000 },
		{ "h", 60 * 60 * 1000 }, { "d", 24 * 60 * 60 * 1000 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strcmp(suffix, units[i].suffix))
			return units[i].ms;
	}
	return 0;
}

/* Never 0 if it was more. What is too long for any clock is cut. */
long long parse_time(const char *text)
{
	char *suffix;
	double time = strtod(text, &suffix);
	double unit = parse_suffix(suffix);

	if (!(isdigit((unsigned char)*text) || *text == '.') ||
	    suffix == text || !unit)
		errx(trouble, "no time: '%s' (a number; ms, s, m, h or d may follow)",
		     text);
	time *= unit;
	if (time > MAX_MS)
		return MAX_MS;
	return time > 0 && time < 1 ? 1 : (long long)time;
}

pid_t parse_pid(const char *text)
{
	long pid = parse_number(text, INT_MAX);

	if (pid < 1)
		errx(trouble, "no pid: '%s'", text);
	return pid;
}

int open_pid(const char *text)
{
	int fd = fkill_open(parse_pid(text));

	if (fd < 0)
		err(trouble, "process %s", text);
	return fd;
}

uid_t parse_user(const char *text)
{
	long uid = parse_number(text, UINT_MAX - 1);

	if (uid < 0)
		uid = user_id(text);
	if (uid < 0)
		errx(trouble, "no such user: '%s' (a name in /etc/passwd or a uid)",
		     text);
	return uid;
}
