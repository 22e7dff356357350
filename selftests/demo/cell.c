// SPDX-License-Identifier: GPL-2.0-only
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cell.h"
#include "cgroup.h"
#include "clock.h"

#define CGROUP_NAME	"fkill-demo"
#define CALLER_UID	64000
#define STRANGER_UID	64001
#define PACE_US		500
#define READY_US	20000000
#define WARM_UP_US	100000
#define SETTLE_US	500000	/* for signals that are still on their way */
#define HUNG_US		20000000
#define COUNTS		20
#define TRIES		3

/* Shared by demo, caller and exhibit. */
struct stage {
	atomic_int in_place;
	atomic_bool go;
	atomic_llong begin;
	atomic_llong end;
	atomic_int error;
};

static void become(uid_t uid)
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
static pid_t open_exhibit(const struct exhibit *e, struct stage *stage,
			  int cgroup)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setpgid(0, 0);
	if (cgroup_enter(cgroup))
		_exit(1);
	become(e->foreign ? STRANGER_UID : CALLER_UID);
	exhibit_run(e, &stage->in_place);
	_exit(0);
}

/* The program that started the exhibit, and wants it gone. */
static void caller(const struct exhibit *e, const struct way *way,
		   struct stage *stage, int cgroup)
{
	struct target target = { .uid = CALLER_UID, .cgroup = cgroup };

	setpriority(PRIO_PROCESS, 0, 0);
	if (way->subreaper)
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	target.pgid = open_exhibit(e, stage, cgroup);
	if (e->foreign || !way->root)
		become(CALLER_UID);
	while (!stage->go)
		usleep(PACE_US);
	stage->begin = now_us();
	stage->error = way_use(way, &target, e->ask_first);
	stage->end = now_us();
	_exit(0);
}

static int wait_ready(const struct exhibit *e, const struct stage *stage)
{
	long long limit = now_us() + READY_US;

	while (stage->in_place < e->size) {
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
static int count_left(int cgroup)
{
	int fewest = INT_MAX, i, n;

	for (i = 0; i < COUNTS; i++) {
		n = cgroup_count(cgroup);
		if (n < fewest)
			fewest = n;
		usleep(PACE_US);
	}
	return fewest;
}

/* What has been signalled is given time to die before it counts as left. */
static void watch(struct cell *cell, struct stage *stage, int cgroup)
{
	long long start = now_us(), gone = 0;

	while (!gone || !stage->end) {
		if (!gone && !cgroup_populated(cgroup))
			gone = now_us();
		if (stage->end && now_us() > stage->end + SETTLE_US)
			break;
		if (now_us() > start + HUNG_US) {
			stage->end = now_us();
			break;
		}
		usleep(PACE_US);
	}
	cell->left = gone ? 0 : count_left(cgroup);
	cell->error = stage->error;
	cell->us = (gone ? gone : stage->end) - stage->begin;
}

static int measure(struct cell *cell, const struct exhibit *e,
		   const struct way *way, struct stage *stage, int cgroup)
{
	pid_t pid = fork();
	int ret;

	if (pid == 0)
		caller(e, way, stage, cgroup);
	ret = wait_ready(e, stage);
	if (!ret) {
		stage->go = true;
		watch(cell, stage, cgroup);
	}
	kill(pid, SIGKILL);
	if (!cgroup_empty(cgroup)) {
		fprintf(stderr, "demo: %s: cannot be cleared away\n", e->name);
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
		    const struct way *way)
{
	struct stage *stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int cgroup = cgroup_make(CGROUP_NAME), ret;

	if (stage == MAP_FAILED || cgroup < 0) {
		perror("demo: cgroup " CGROUP_NAME);
		return -1;
	}
	ret = measure(cell, e, way, stage, cgroup);
	cgroup_remove(CGROUP_NAME, cgroup);
	munmap(stage, sizeof(*stage));
	return ret;
}

int cell_measure(struct cell *cell, const struct exhibit *e,
		 const struct way *way)
{
	struct cell one = {};
	int tries = TRIES;

	become_judge();
	*cell = one;
	while (tries-- && !cell->left) {
		if (try_once(&one, e, way))
			return -1;
		if (one.left || one.us > cell->us)
			*cell = one;
	}
	return 0;
}
