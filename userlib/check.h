/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process must be like, looked at through its open directory. */
#ifndef CHECK_H
#define CHECK_H

#include <regex.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/* NULL: that is not asked. */
struct checks {
	const char *exe;
	struct stat exe_file;
	const char *comm;
	const char *user;
	uid_t uid;
	const char *cgroup;
	const char *started_before;
	double moment;		/* that, in seconds since the epoch */
	const char *cmdline;
	regex_t regex;
};

/* Letters for the long options of the checks. */
enum {
	CHECK_EXE = 256,
	CHECK_COMM,
	CHECK_USER,
	CHECK_CGROUP,
	CHECK_STARTED_BEFORE,
	CHECK_CMDLINE,
};

/* False if @letter is none of these; ends if @text makes no sense for it. */
bool parse_check(struct checks *checks, int letter, const char *text);

/* Say on stderr what does not hold. @pid is only a name for @dir there. */
bool checks_hold(const struct checks *checks, pid_t pid, int dir);

/* moment.c */
double parse_moment(const char *text);	/* in seconds since the epoch; or end */
double moment_of_tick(unsigned long long tick);	/* of a clock since boot */
void print_moment(double moment, char *buf, size_t size);

#endif /* CHECK_H */
