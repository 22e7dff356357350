// SPDX-License-Identifier: GPL-2.0-only
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "stage.h"

#define CGROUP_NAME	"fkill-demo"
#define STRANGER_UID	64001
#define READY_US	20000000
#define WARM_UP_US	100000
#define COUNTS		20

void become(uid_t uid)
{
	if (setgroups(0, NULL) || setresgid(uid, uid, uid) ||
	    setresuid(uid, uid, uid))
		_exit(1);
}

/*
 * The exhibit lives in a cgroup, by which it is counted and cleared away
 * whatever became of it. No way but cgroup.kill makes use of it. A pid
 * namespace would count as well, but change what is measured: orphans would
 * not get away from its init, and kill(-1) would be safe without two uids.
 */
pid_t stage_open_exhibit(struct stage *stage, void (*prepare)(void))
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setpgid(0, 0);
	if (cgroup_enter(stage->cgroup))
		_exit(1);
	become(stage->exhibit->foreign ? STRANGER_UID : CALLER_UID);
	if (prepare)
		prepare();
	exhibit_run(stage->exhibit, &stage->in_place);
	_exit(0);
}

static int wait_ready(const struct stage *stage)
{
	const struct exhibit *e = stage->exhibit;
	long long limit = now_us() + READY_US;

	while (!stage->caller_ready || stage->in_place < e->size) {
		if (now_us() > limit) {
			fprintf(stderr, "demo: %s: %d of %d processes came up\n",
				e->name, stage->in_place, e->size);
			return -1;
		}
		usleep(PACE_US);
	}
	usleep(WARM_UP_US);
	return 0;
}

/* The fewest of some looks: whoever forks and exits is two for a moment. */
int stage_count(const struct stage *stage)
{
	int fewest = INT_MAX, i, n;

	for (i = 0; i < COUNTS; i++) {
		n = cgroup_count(stage->cgroup);
		if (n < fewest)
			fewest = n;
		usleep(PACE_US);
	}
	return fewest;
}

static int play(struct cell *cell, struct stage *stage, const struct act *act)
{
	pid_t pid = fork();
	int ret;

	if (pid == 0) {
		setpriority(PRIO_PROCESS, 0, 0);
		act->caller(act, stage);
		_exit(1);
	}
	ret = wait_ready(stage);
	if (ret)
		kill(pid, SIGKILL);
	else
		act->judge(cell, stage, pid);
	if (!cgroup_empty(stage->cgroup)) {
		fprintf(stderr, "demo: %s: cannot be cleared away\n",
			stage->exhibit->name);
		ret = -1;
	}
	waitpid(pid, NULL, 0);
	return ret;
}

/*
 * The judge gets a CPU whenever it wants one. It also stands for init: orphans
 * come here, and vanish without having to be reaped.
 */
static void become_judge(void)
{
	setpriority(PRIO_PROCESS, 0, -20);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGCHLD, SIG_IGN);
}

static int try_once(struct cell *cell, const struct exhibit *e,
		    const struct act *act)
{
	struct stage *stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int cgroup = cgroup_make(CGROUP_NAME), ret;

	if (stage == MAP_FAILED || cgroup < 0) {
		perror("demo: cgroup " CGROUP_NAME);
		return -1;
	}
	stage->exhibit = e;
	stage->cgroup = cgroup;
	ret = play(cell, stage, act);
	cgroup_remove(CGROUP_NAME, cgroup);
	munmap(stage, sizeof(*stage));
	return ret;
}

int stage_act(struct cell *cell, const struct exhibit *e, const struct act *act)
{
	struct cell one = {};
	int tries = STAGE_TRIES;

	become_judge();
	*cell = one;
	while (tries-- && !cell->left) {
		if (try_once(&one, e, act))
			return -1;
		if (one.left || one.us > cell->us)
			*cell = one;
	}
	return 0;
}
