// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program of somebody else, in C and in C++: without the module every
 * function of the library says so, and nobody is signalled.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <fkill.h>

static int failures;

static void expect(const char *what, int answer, int error)
{
	if (answer == -1 && errno == error)
		return;
	fprintf(stderr, "%s is %d, errno %d\n", what, answer, errno);
	failures++;
}

int main(void)
{
	struct fkill_report report = { 1, 1, 1, 1 };
	int fd = fkill_open(getpid());

	if (fd < 0) {
		perror("fkill_open");
		return 1;
	}
	expect("fkill_open of no process", fkill_open(0), EINVAL);
	expect("fkill", fkill(fd, SIGKILL), ENOSYS);
	expect("killbelow", killbelow(SIGKILL, 0), ENOSYS);
	expect("fkillbelow", fkillbelow(FKILL_SELF, SIGKILL, -1, 0, &report),
	       ENOSYS);
	if (report.signalled || report.refused || report.running ||
	    report.first) {
		fprintf(stderr, "the report is not empty\n");
		failures++;
	}
	close(fd);
	return !!failures;
}
