// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program of somebody else, in C and in C++, against the installed library:
 * it checks and kills one child, then all that are left.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fkill.h>

static pid_t sleeper(void)
{
	pid_t pid = fork();

	while (!pid)
		pause();
	return pid;
}

static int died_of(pid_t pid, int sig)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	       WTERMSIG(status) == sig;
}

int main(void)
{
	pid_t first = sleeper(), second = sleeper();
	int fd = fkill_open(first);

	if (fd < 0 || faccessat(fd, "status", R_OK, 0) ||
	    fkill(fd, SIGTERM) || !died_of(first, SIGTERM)) {
		perror("fkill");
		return 1;
	}
	if (killbelow(SIGKILL, 10000) || !died_of(second, SIGKILL)) {
		perror("killbelow");
		return 1;
	}
	return 0;
}
