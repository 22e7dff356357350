// SPDX-License-Identifier: LGPL-2.1-or-later
/* Points in time: as people write them, and as /proc has them. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "command.h"

static double read_clock(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Local time: 0 if it is none of these forms. */
static time_t parse_date(const char *text)
{
	static const char * const forms[] = {
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
		"%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		struct tm tm = { .tm_isdst = -1 };
		const char *end = strptime(text, forms[i], &tm);

		if (end && !*end)
			return mktime(&tm);
	}
	return 0;
}

static double parse_epoch(const char *text)
{
	char *end;
	double moment = strtod(text, &end);

	if (text[strspn(text, "0123456789.")] || end == text || *end)
		errx(trouble, "no seconds since the epoch: '@%s'", text);
	return moment;
}

double parse_moment(const char *text)
{
	time_t date;

	if (*text == '@')
		return parse_epoch(text + 1);
	if (!strchr(text, '-'))
		return read_clock(CLOCK_REALTIME) - parse_time(text) / 1000.0;
	date = parse_date(text);
	if (date <= 0)
		errx(trouble, "no date: '%s' (YYYY-MM-DD HH:MM:SS is one)",
		     text);
	return date;
}

double moment_of_tick(unsigned long long tick)
{
	return read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME) +
	       (double)tick / sysconf(_SC_CLK_TCK);
}

void print_moment(double moment, char *buf, size_t size)
{
	time_t seconds = moment;
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(buf, size, "%Y-%m-%d %H:%M:%S", &tm);
}
