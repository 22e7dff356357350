// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names of signals, as kill(1) has them. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static const struct {
	const char *name;
	int sig;
} other_names[] = {
	{ "CLD", SIGCHLD }, { "IO", SIGIO }, { "IOT", SIGABRT },
};

/* Digits alone: or -1. */
static int parse_digits(const char *text)
{
	if (!*text || strlen(text) > 2 || text[strspn(text, "0123456789")])
		return -1;
	return atoi(text);
}

/* RTMIN, RTMIN+n, RTMAX-n, RTMAX */
static int real_time_number(const char *name)
{
	bool from_min = !strncasecmp(name, "RTMIN", 5);
	int n = 0;

	if (!from_min && strncasecmp(name, "RTMAX", 5))
		return -1;
	name += 5;
	if (*name) {
		if (*name != (from_min ? '+' : '-'))
			return -1;
		n = parse_digits(name + 1);
	}
	if (n < 0 || n > SIGRTMAX - SIGRTMIN)
		return -1;
	return from_min ? SIGRTMIN + n : SIGRTMAX - n;
}

int signal_number(const char *name)
{
	size_t i;
	int sig;

	if (!strncasecmp(name, "SIG", 3))
		name += 3;
	for (sig = 1; sig < SIGRTMIN; sig++) {
		const char *known = sigabbrev_np(sig);

		if (known && !strcasecmp(known, name))
			return sig;
	}
	for (i = 0; i < ARRAY_SIZE(other_names); i++) {
		if (!strcasecmp(other_names[i].name, name))
			return other_names[i].sig;
	}
	return real_time_number(name);
}

/* A few belong to the C library, and have no name. */
const char *signal_name(int sig)
{
	static char name[16];
	const char *known = sigabbrev_np(sig);

	if (known)
		return known;
	if (sig == SIGRTMIN)
		return "RTMIN";
	if (sig == SIGRTMAX)
		return "RTMAX";
	if (sig > SIGRTMIN && sig < SIGRTMAX)
		snprintf(name, sizeof(name), "RTMIN+%d", sig - SIGRTMIN);
	else
		snprintf(name, sizeof(name), "%d", sig);
	return name;
}
