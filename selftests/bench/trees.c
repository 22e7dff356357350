// SPDX-License-Identifier: GPL-2.0-only
/*
 * A whole tree gets SIGKILL. What is measured, each for a process of the tree:
 * until the call has returned; until its caller knows that nobody runs, as it
 * would find out; and until it has reaped them all.
 *
 * The caller has real-time priority, so that its call is over before those that
 * it wakes run: else the call's own time could not be told.
 */
#include <fcntl.h>
#include <fkill.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "contest.h"
#include "procs.h"
#include "sections.h"
#include "trees.h"

#define CGROUP_NAME	"fkill-bench"
#define UID		64998	/* reserved: nobody else has it */
#define LIMIT_MS	600000
#define BIG		10000	/* takes so long that one round has to do */

/* How a tree is to be made for a way to kill it, and what comes then. */
struct tree_way {
	bool namespace;		/* its init is killed, and kills the rest */
	bool yields;		/* it loops, and others must get their turn */
	void (*wait)(void);	/* until nobody runs; NULL: the call did */
};

static const struct shape *shape;
static int cgroup, events;
static pid_t top;

void trees_begin(const struct shape *now)
{
	shape = now;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	allow_crowd();
	cgroup = cgroup_make(CGROUP_NAME);
	if (cgroup < 0)
		die("cgroup");
	events = openat(cgroup, "cgroup.events", O_RDONLY | O_CLOEXEC);
}

void trees_end(void)
{
	close(events);
	cgroup_remove(CGROUP_NAME, cgroup);
}

/* A policy that forks do not inherit. */
static void set_priority(bool real_time)
{
	struct sched_param param = { .sched_priority = real_time };

	if (sched_setscheduler(0, SCHED_RESET_ON_FORK |
				  (real_time ? SCHED_FIFO : SCHED_OTHER),
			       &param))
		die("sched_setscheduler");
}

static pid_t grow(bool namespace)
{
	struct shape this = *shape;

	this.cgroup = cgroup;
	this.uid = UID;
	this.namespace = namespace;
	return tree_grow(&this);
}

/* Ways, and how each learns that nobody runs */

static int kill_list(void)
{
	int i, err = 0;

	for (i = 0; i < shape->size; i++)
		err |= kill(tree_pid(i), SIGKILL);
	return err;
}

static int kill_group(void)
{
	return kill(-top, SIGKILL);
}

/* Under its uid, or all others would be killed as well. */
static int kill_user(void)
{
	if (setresuid(UID, UID, 0) || kill(-1, SIGKILL))
		return -1;
	return setresuid(0, 0, 0);
}

static int kill_cgroup(void)
{
	return cgroup_write(cgroup, "cgroup.kill", "1");
}

static int kill_init(void)
{
	return kill(top, SIGKILL);
}

static int kill_by_proc(void)
{
	struct proc *procs;
	int n, i, found;

	do {
		n = procs_read(&procs);
		procs_mark_below(procs, n, getpid());
		for (i = found = 0; i < n; i++)
			if (procs[i].marked && ++found)
				kill(procs[i].pid, SIGKILL);
		sched_yield();
	} while (found);
	return 0;
}

static int kill_below(void)
{
	return killbelow(SIGKILL, LIMIT_MS) ? -1 : 0;
}

static bool is_populated(void)
{
	char buf[64] = "";

	return pread(events, buf, sizeof(buf) - 1, 0) > 0 &&
	       strstr(buf, "populated 1");
}

static void wait_cgroup(void)
{
	struct pollfd fd = { .fd = events, .events = POLLPRI };

	while (is_populated())
		poll(&fd, 1, LIMIT_MS);
}

static void wait_init(void)
{
	waitpid(top, NULL, 0);
}

/* Measures */

static void tree_kill(const struct way *way, double *ns)
{
	const struct tree_way *tree_way = way->data;
	long long begin;

	top = grow(tree_way->namespace);
	set_priority(!tree_way->yields);
	begin = now_ns();
	if (way->op() < 0)
		die(way->name);
	if (tree_way->wait && !tree_way->namespace)
		ns[0] = (double)(now_ns() - begin) / shape->size;
	if (tree_way->wait)
		tree_way->wait();
	ns[1] = (double)(now_ns() - begin) / shape->size;
	tree_reap();
	ns[2] = (double)(now_ns() - begin) / shape->size;
	set_priority(false);
}

static void killbelow_at_once(double *ns)
{
	long long begin;

	top = grow(false);
	set_priority(true);
	begin = now_ns();
	if (killbelow(SIGKILL, 0) != 1)
		die("killbelow");
	*ns = (double)(now_ns() - begin) / shape->size;
	set_priority(false);
	tree_reap();
}

/* One that waits and one that does not. */
void measure_killbelow(const struct way *way, double *ns)
{
	const struct tree_way waits_itself = {};
	const struct way one = {
		.name = way->name,
		.op = kill_below,
		.data = &waits_itself,
	};

	tree_kill(&one, ns);
	killbelow_at_once(&ns[0]);
}

static const struct tree_way waits = { .wait = tree_reap };
static const struct tree_way loops = { .yields = true };
static const struct tree_way of_namespace = {
	.namespace = true,
	.wait = wait_init,
};

static const struct tree_way of_cgroup = { .wait = wait_cgroup };

static const struct way ways[] = {
	{ "killbelow", measure_killbelow },
	{ "kill in a loop", tree_kill, kill_list, &waits },
	{ "kill(-pgid)", tree_kill, kill_group, &waits,
	  .goal = { 0.9, 0.9 } },
	{ "kill(-1) as the uid", tree_kill, kill_user, &waits },
	{ "cgroup.kill", tree_kill, kill_cgroup, &of_cgroup,
	  .goal = { 0.9, 0.9 } },
	{ "end of a pid namespace", tree_kill, kill_init, &of_namespace },
	{ "loop over /proc", tree_kill, kill_by_proc, &loops },
};

static void contest_of(const struct shape *shape)
{
	contest_run(&(struct contest) {
		.section = "trees",
		.work = shape->deep ? "deep" : "wide",
		.size = shape->size,
		.figures = TREE_FIGURES,
		.ways = ways,
		.count = ARRAY_SIZE(ways),
		.rounds = shape->size < BIG ? 3 : 1,
		.first_is_ours = true,
	});
}

void bench_trees(void)
{
	struct shape shape = {};

	trees_begin(&shape);
	for (shape.size = 10; shape.size <= BIG; shape.size *= 10) {
		shape.deep = false;
		contest_of(&shape);
		shape.deep = true;
		contest_of(&shape);
	}
	trees_end();
}
