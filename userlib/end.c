// SPDX-License-Identifier: LGPL-2.1-or-later
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "end.h"

/* Returns if that is not to be: no signal kills an init by its own hand. */
static void die_of(int sig)
{
	sigset_t set;

	/* RLIMIT_CORE would not do: it does not bind a core_pattern program. */
	prctl(PR_SET_DUMPABLE, 0);
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	kill(getpid(), sig);
}

void end_as(int status)
{
	if (!WIFSIGNALED(status))
		_exit(WEXITSTATUS(status));
	die_of(WTERMSIG(status));
	_exit(128 + WTERMSIG(status));
}
