// SPDX-License-Identifier: LGPL-2.1-or-later
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "command.h"

int trouble = END_TROUBLE;

int flush(void)
{
	if (fflush(stdout))
		err(trouble, "write");
	return 0;
}

void print_and_exit(const char *text)
{
	fputs(text, stdout);
	exit(flush());
}

void print_version(const char *command)
{
	printf("%s (fkill) " VERSION "\n", command);
	exit(flush());
}

void library_failed(const char *what)
{
	if (errno == ENOSYS)
		errx(trouble, "the module fkill is not loaded; as root: modprobe fkill");
	err(trouble, "%s", what);
}

long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}
