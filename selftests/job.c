// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"
#include "job.h"

struct shell {
	const char *line;
	int out;
};

static int be_shell(void *arg)
{
	const struct shell *shell = arg;

	setpgid(0, 0);
	dup2(shell->out, STDOUT_FILENO);
	dup2(shell->out, STDERR_FILENO);
	execl("/bin/sh", "sh", "-c", shell->line, NULL);
	return 255;
}

int job_start(struct job *job, const char *line)
{
	struct shell shell = { .line = line };
	int fd[2];

	if (pipe2(fd, O_CLOEXEC))
		return errno;
	memset(job, 0, sizeof(*job));
	job->fd = fd[0];
	shell.out = fd[1];
	job->pid = spawn(be_shell, &shell);
	close(fd[1]);
	return errno_of(job->pid);
}

bool job_listen(struct job *job)
{
	size_t room = sizeof(job->said) - 1 - job->len;
	ssize_t n = read(job->fd, job->said + job->len, room);

	if (n > 0)
		job->len += n;
	job->said[job->len] = '\0';
	return n > 0;
}

bool job_has_said(struct job *job, const char *text)
{
	do {
		if (strstr(job->said, text))
			return true;
	} while (job_listen(job));
	return false;
}

int job_end(struct job *job)
{
	int status;

	while (job_listen(job))
		;
	close(job->fd);
	status = reap(job->pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

int job_run(struct job *job, const char *line)
{
	return job_start(job, line) ? -1 : job_end(job);
}
