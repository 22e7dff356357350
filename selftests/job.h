/* SPDX-License-Identifier: GPL-2.0-only */
/* A line of shell that runs, and what it says. */
#ifndef JOB_H
#define JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct job {
	pid_t pid;
	int fd;			/* to read from */
	char said[8192];
	size_t len;
};

/*
 * 0 or an errno. The shell has a process group of its own beside the test's,
 * so that it can stop.
 */
int job_start(struct job *job, const char *line);
/* Read more of what it says; false at the end. */
bool job_listen(struct job *job);
/* Has it said @text? Waits until it has, or says no more. */
bool job_has_said(struct job *job, const char *text);
/* Wait for its end: its exit status, or 128 and the signal, as $? has it. */
int job_end(struct job *job);
/* All of that. */
int job_run(struct job *job, const char *line);

#endif /* JOB_H */
