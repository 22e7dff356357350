// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The manager of a subtree. What can fail comes first, so that there is
 * nothing to take back; what cannot, after it.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend.h"
#include "end.h"
#include "fkill.h"
#include "shrink.h"

/* Is it a child, dead or alive, that has not been reaped? */
static int check_child(pid_t child)
{
	siginfo_t info;

	if (child <= 0) {
		errno = ECHILD;
		return -1;
	}
	return waitid(P_PID, child, &info,
		      WEXITED | WNOHANG | WNOWAIT | __WALL);
}

/*
 * Signals are for those below. A process that ignores SIGCHLD would not learn
 * how its children end.
 */
static void hold_signals(void)
{
	sigset_t all;

	signal(SIGCHLD, SIG_DFL);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

/* Every kernel that has the module has the call; a seccomp filter may not. */
static void close_all(void)
{
	int fd;

	if (!close_range(0, ~0U, CLOSE_RANGE_UNSHARE))
		return;
	for (fd = sysconf(_SC_OPEN_MAX) - 1; fd >= 0; fd--)
		close(fd);
}

/* Neither files nor mounts nor memory are kept busy by who only waits. */
static void let_go(void)
{
	close_all();
	shrink();
	if (chdir("/"))
		return;
}

/*
 * As a subreaper it has a child as long as there is anybody below. Should
 * somebody else have reaped @child, it is not known how that ended.
 */
static int reap_all(pid_t child)
{
	int status, of_child = W_EXITCODE(255, 0);
	pid_t pid;

	do {
		pid = waitpid(-1, &status, __WALL);
		if (pid == child && !WIFSTOPPED(status))
			of_child = status;
	} while (pid > 0 || errno == EINTR);
	return of_child;
}

/* The exit may take as long as the module lets it. */
static int own(void)
{
	int ret = fkill_own(FKILL_OWN_EXIT_KILL, INT_MAX);

	return backend_falls_back(ret) ? 0 : ret;
}

int fkill_manage(pid_t child)
{
	if (check_child(child) || own())
		return -1;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	hold_signals();
	let_go();
	end_as(reap_all(child));
}
