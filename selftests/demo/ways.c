// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fkill.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "gallery.h"
#include "procs.h"
#include "ways.h"

#define REAPER_UID	64999	/* reserved: nothing else may run under it */
#define NAP_US		500

/* Refused means: there was somebody, and none of them could be signalled. */
static int signal_marked(const struct proc *p, int n, int sig)
{
	int found = 0, allowed = 0;

	for (; n--; p++) {
		if (!p->marked)
			continue;
		found++;
		if (!kill(p->pid, sig) || errno != EPERM)
			allowed++;
	}
	if (found && !allowed) {
		errno = EPERM;
		return -1;
	}
	return found > 0;
}

static int strike_kill(const struct target *t, int sig, int ms)
{
	struct proc *procs;
	int n = procs_read(&procs);

	(void)t;
	(void)ms;
	procs_mark_below(procs, n, getpid());
	return signal_marked(procs, n, sig);
}

static int strike_killall(const struct target *t, int sig, int ms)
{
	struct proc *procs;
	int n = procs_read(&procs);

	(void)t;
	(void)ms;
	procs_mark_name(procs, n, EXHIBIT_NAME);
	return signal_marked(procs, n, sig);
}

static int strike_pgid(const struct target *t, int sig, int ms)
{
	(void)ms;
	if (!kill(-t->pgid, sig)) {
		usleep(NAP_US);
		return 1;
	}
	return errno == ESRCH ? 0 : -1;
}

/*
 * Its effective uid lets it signal them, and as its real and saved uid are
 * not theirs they cannot signal it.
 */
static void reaper(uid_t uid, int sig)
{
	if (setresuid(REAPER_UID, uid, REAPER_UID) || kill(-1, sig))
		_exit(errno == ESRCH ? 0 : errno);
	_exit(0);
}

static bool anybody_of(uid_t uid)
{
	struct proc *procs;
	int n = procs_read(&procs);

	procs_mark_uid(procs, n, uid);
	while (n--)
		if (procs[n].marked)
			return true;
	return false;
}

/* kill(-1) does not tell whether there was anybody to signal. */
static int strike_setresuid(const struct target *t, int sig, int ms)
{
	int status = 0;
	pid_t pid;

	(void)ms;
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (pid == 0)
		reaper(t->uid, sig);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	errno = WEXITSTATUS(status);
	return errno ? -1 : anybody_of(t->uid);
}

static int strike_cgroup(const struct target *t, int sig, int ms)
{
	(void)ms;
	if (sig != SIGKILL) {
		errno = EOPNOTSUPP;
		return -1;
	}
	if (cgroup_write(t->cgroup, "cgroup.kill", "1"))
		return -1;
	usleep(NAP_US);
	return cgroup_populated(t->cgroup);
}

/* Nothing has used the library before in this process. */
static int strike_fallback(const struct target *t, int sig, int ms)
{
	(void)t;
	setenv("LIBFKILL_BACKEND", "fallback", 1);
	return killbelow(sig, ms);
}

static int strike_killbelow(const struct target *t, int sig, int ms)
{
	(void)t;
	return killbelow(sig, ms);
}

const struct way ways[] = {
	{
		.label.name = "kill",
		.label.needs = "subreaper",
		.label.how =
			"all that /proc shows below the caller, over and over until it shows nobody",
		.subreaper = true,
		.strike = strike_kill,
	}, {
		.label.name = "killall",
		.label.needs = "unique name",
		.label.how =
			"all that /proc shows with that name, over and over until it shows nobody",
		.strike = strike_killall,
	}, {
		.label.name = "kill(-pgid)",
		.label.needs = "own group",
		.label.how = "the process group that the first process was put into",
		.strike = strike_pgid,
	}, {
		.label.name = "setresuid",
		.label.needs = "root, 2 uids",
		.label.how =
			"kill(-1) under a uid that only the exhibit has, with a reserved real uid",
		.root = true,
		.strike = strike_setresuid,
	}, {
		.label.name = "cgroup.kill",
		.label.needs = "root, cgroup",
		.label.how = "a cgroup of its own, made or delegated by root; SIGKILL only",
		.root = true,
		.strike = strike_cgroup,
	}, {
		.label.name = "fallback",
		.label.needs = "subreaper",
		.label.how = "killbelow() where the module is not there; other uids are refused",
		.subreaper = true,
		.strike = strike_fallback,
	}, {
		.label.name = "killbelow",
		.label.needs = "subreaper",
		.label.how = "the module fkill; orphans stay below a subreaper only",
		.subreaper = true,
		.strike = strike_killbelow,
	},
};

const int ways_size = sizeof(ways) / sizeof(ways[0]);

static int hunt(const struct way *way, const struct target *t, int sig, int ms)
{
	long long end = now_us() + ms * 1000;
	int left = ms, ret;

	do {
		ret = way->strike(t, sig, left);
		left = (end - now_us()) / 1000;
	} while (ret > 0 && left > 0);
	return ret;
}

int way_use(const struct way *way, const struct target *t, bool ask_first)
{
	if (ask_first && hunt(way, t, SIGTERM, ASK_MS) == 0)
		return 0;
	return hunt(way, t, SIGKILL, LIMIT_MS) < 0 ? errno : 0;
}
