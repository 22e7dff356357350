// SPDX-License-Identifier: LGPL-2.1-or-later
/* Why a process runs on though it was signalled: for people to read. */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

/* Is @sig in the mask of a line of /proc/<pid>/status? */
static bool is_in_mask(pid_t pid, const char *name, int sig)
{
	char mask[32];

	return sig && proc_status(pid, name, mask, sizeof(mask)) &&
	       strtoull(mask, NULL, 16) >> (sig - 1) & 1;
}

static FILE *open_proc(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return fopen(path, "re");
}

/* The kernel function that it sleeps in; nothing where that is a secret. */
static void tell_wchan(pid_t pid)
{
	FILE *file = open_proc(pid, "wchan");
	char wchan[128] = "";

	if (!file)
		return;
	if (fgets(wchan, sizeof(wchan), file) && strcmp(wchan, "0"))
		fprintf(stderr, " in %s", wchan);
	fclose(file);
}

static void tell_stack(pid_t pid)
{
	FILE *file = open_proc(pid, "stack");
	char line[256];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		fprintf(stderr, "    %s", line);
	fclose(file);
}

static const char *attitude(pid_t pid, int sig)
{
	if (is_in_mask(pid, "SigIgn", sig))
		return "ignores the signal";
	if (is_in_mask(pid, "SigBlk", sig))
		return "blocks the signal";
	if (is_in_mask(pid, "SigCgt", sig))
		return "has a handler for the signal";
	return "runs";
}

static const char *reason(pid_t pid, char state, int sig)
{
	if (state == 'D')
		return "sleeps, and no signal wakes it,";
	if (state == 'T')
		return "is stopped";
	if (state == 't')
		return "is stopped by a tracer";
	if (kill(pid, 0))
		return "may not be signalled";
	return attitude(pid, sig);
}

/* One line, and the stack of who sleeps. False: it does not run any more. */
bool tell_left(pid_t pid, int sig)
{
	char state[32], name[64];

	if (!proc_status(pid, "State", state, sizeof(state)) ||
	    strchr("ZX", *state))
		return false;
	proc_name(pid, name, sizeof(name));
	fprintf(stderr, "  %d %c %s: %s", pid, *state, name,
		reason(pid, *state, sig));
	if (*state == 'D')
		tell_wchan(pid);
	fputc('\n', stderr);
	if (*state == 'D')
		tell_stack(pid);
	return true;
}

void tell_left_after(long long ms)
{
	warnx("left after %g s:", ms / 1000.0);
}
