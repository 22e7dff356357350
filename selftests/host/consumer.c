// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program of somebody else, in C and in C++: without the module the library
 * does what can be done without, and says so of the rest.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fkill.h>

static int failures;

static void expect(const char *what, int answer, int expected)
{
	if (answer == expected)
		return;
	fprintf(stderr, "%s is %d, not %d; errno %d\n", what, answer, expected,
		errno);
	failures++;
}

static void expect_error(const char *what, int answer, int error)
{
	expect(what, answer, -1);
	expect(what, errno, error);
}

static pid_t start_sleeper(void)
{
	pid_t pid = fork();

	while (!pid)
		pause();
	return pid;
}

static void expect_death(pid_t pid, int sig)
{
	int status = 0;

	waitpid(pid, &status, 0);
	expect("status", status, sig);
}

int main(void)
{
	struct fkill_report report = { 1, 1, 1, 1 };
	pid_t pid = start_sleeper();
	int fd = fkill_open(pid);

	expect("fkill_backend", fkill_backend(), FKILL_BACKEND_FALLBACK);
	expect("fkill", fkill(fd, 0), 0);
	expect("fkill", fkill(fd, SIGTERM), 0);
	expect_death(pid, SIGTERM);
	expect_error("fkill of the dead", fkill(fd, 0), ESRCH);

	pid = start_sleeper();
	expect("fkillbelow", fkillbelow(FKILL_SELF, SIGKILL, -1, 0, &report),
	       0);
	expect("signalled", report.signalled, 1);
	expect_death(pid, SIGKILL);
	expect("killbelow", killbelow(SIGKILL, 0), 0);

	expect_error("fkill_open of no process", fkill_open(0), EINVAL);
	expect_error("fkill_own", fkill_own(0, 0), ENOSYS);
	return !!failures;
}
