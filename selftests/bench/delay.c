// SPDX-License-Identifier: GPL-2.0-only
/*
 * The longest that a fork on another processor takes while many are signalled.
 * The signal is one that is ignored: deaths take the lock as well.
 */
#include <fkill.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "contest.h"
#include "forest.h"
#include "sections.h"

#define SIG		SIGURG
#define SIGNALS		20
#define MOST		1000	/* the end of more on one processor is a stall */
#define PAUSE_US	1000

static struct {
	atomic_llong longest;
	atomic_int forks;
} *prober;

static struct shape shape = { .cgroup = -1, .deep = true };
static pid_t top;

static void stay_on(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

static _Noreturn void fork_for_ever(void)
{
	long long begin, ns;
	pid_t pid;

	stay_on(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		begin = now_ns();
		pid = fork();
		if (pid == 0)
			_exit(0);
		ns = now_ns() - begin;
		if (ns > prober->longest)
			prober->longest = ns;
		prober->forks++;
		waitpid(pid, NULL, 0);
	}
}

static void start_prober(void)
{
	prober = mmap(NULL, sizeof(*prober), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (prober == MAP_FAILED)
		die("mmap");
	if (fork() == 0)
		fork_for_ever();
	stay_on(0);
}

static void let_pass(int forks)
{
	int end = prober->forks + forks;

	while (prober->forks < end)
		usleep(PAUSE_US);
}

/* One that began earlier does not count; and there is one at every moment. */
static void measure_delay(const struct way *way, double *ns)
{
	int i, forks;

	let_pass(2);
	prober->longest = 0;
	forks = prober->forks;
	for (i = 0; i < SIGNALS || prober->forks < forks + SIGNALS; i++)
		if (way->op() < 0)
			die(way->name);
	*ns = prober->longest;
}

static int signal_below(void)
{
	return fkillbelow(FKILL_SELF, SIG, 0, 0, NULL);
}

static int signal_group(void)
{
	return kill(-top, SIG);
}

static int do_nothing(void)
{
	return usleep(PAUSE_US);
}

static const struct way ways[] = {
	{ "killbelow", measure_delay, signal_below },
	{ "kill(-pgid)", measure_delay, signal_group, .goal = { 1.0 } },
	{ "nobody signals", measure_delay, do_nothing },
};

void bench_fork_delay(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	allow_crowd();
	start_prober();
	for (shape.size = 100; shape.size <= MOST; shape.size *= 10) {
		top = tree_grow(&shape);
		contest_run(&(struct contest) {
			.section = "delay",
			.work = "a fork meanwhile",
			.size = shape.size,
			.figures = { "longest" },
			.ways = ways,
			.count = ARRAY_SIZE(ways),
			.rounds = 15,
			.first_is_ours = true,
		});
		kill(-top, SIGKILL);
		while (waitpid(-top, NULL, 0) > 0)
			;
	}
	_exit(0);
}
