// SPDX-License-Identifier: GPL-2.0-only
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gallery.h"

#define FEW		3
#define BRANCHES	22
#define LEAVES		22
#define LEAF_LIFE_US	500000

static atomic_int *placed;

static void in_place(void)
{
	atomic_fetch_add(placed, 1);
}

static void sleeper(void)
{
	in_place();
	for (;;)
		pause();
}

static pid_t spawn(void (*role)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		role();
		_exit(0);
	}
	return pid;
}

static void spawn_all(int n, void (*role)(void))
{
	while (n--)
		spawn(role);
}

/* A failed fork() is tried again: nobody here dies of a full process table. */
static void comet(void)
{
	in_place();
	for (;;)
		if (fork() > 0)
			_exit(0);
}

static void lone_comet(void)
{
	in_place();
	for (;;) {
		if (fork() > 0)
			_exit(0);
		setpgid(0, 0);
	}
}

static void comets(void)
{
	spawn_all(FEW, comet);
}

static void lone_comets(void)
{
	spawn_all(FEW, lone_comet);
}

static void become_daemon(void)
{
	setsid();
	spawn(sleeper);
}

static void daemons(void)
{
	spawn_all(FEW, become_daemon);
}

static void *respawner(void *unused)
{
	for (;;)
		waitpid(spawn(sleeper), NULL, 0);
	return unused;
}

/*
 * The first thread leaves, so that /proc shows a zombie whose other threads
 * bring back every child that dies.
 */
static void threads(void)
{
	pthread_t thread;
	int i;

	for (i = 0; i < FEW; i++)
		pthread_create(&thread, NULL, respawner, NULL);
	in_place();
	syscall(SYS_exit, 0);
}

static void household(void)
{
	spawn_all(FEW - 1, sleeper);
	sleeper();
}

static void deaf(void)
{
	signal(SIGTERM, SIG_IGN);
	spawn_all(FEW - 1, sleeper);
	sleeper();
}

static void supervise(int n, void (*role)(void))
{
	in_place();
	spawn_all(n, role);
	for (;;)
		if (wait(NULL) > 0)
			spawn(role);
}

/* Not all at a time: pids are far enough apart to spread them. */
static void leaf(void)
{
	in_place();
	usleep(LEAF_LIFE_US + getpid() * 7919 % LEAF_LIFE_US);
}

static void branch(void)
{
	supervise(LEAVES, leaf);
}

static void tree(void)
{
	supervise(BRANCHES, branch);
}

const struct exhibit gallery[] = {
	{
		.name = "comet",
		.what = "3 that fork and exit for ever: gone when looked for",
		.size = FEW,
		.run = comets,
	}, {
		.name = "comet, setpgid",
		.what = "the same, each child in a process group of its own",
		.size = FEW,
		.run = lone_comets,
	}, {
		.name = "double fork",
		.what = "3 daemons: new session, parents gone",
		.size = FEW,
		.run = daemons,
	}, {
		.name = "thread children",
		.what = "3 threads fork a child anew whenever it dies; the main thread is gone",
		.size = FEW + 1,
		.run = threads,
	}, {
		.name = "another uid",
		.what = "3 processes of another uid than the caller, which has no privilege",
		.size = FEW,
		.foreign = true,
		.run = household,
	}, {
		.name = "ignores SIGTERM",
		.what = "3 processes, asked with SIGTERM for 200 ms before SIGKILL",
		.size = FEW,
		.ask_first = true,
		.run = deaf,
	}, {
		.name = "tree of 500",
		.what = "leaves come and go, and each parent forks anew whoever dies",
		.size = 1 + BRANCHES + BRANCHES * LEAVES,
		.run = tree,
	},
};

const int gallery_size = sizeof(gallery) / sizeof(gallery[0]);

const struct exhibit families[] = {
	{
		.name = "children",
		.what = "3 children of the owner",
		.size = FEW,
		.starts = FEW,
		.run = sleeper,
	}, {
		.name = "grandchildren",
		.what = "a child of the owner, and its 2 children",
		.size = FEW,
		.starts = 1,
		.run = household,
	}, {
		.name = "double fork",
		.what = "3 daemons: new session, parents gone",
		.size = FEW,
		.starts = 1,
		.run = daemons,
	}, {
		.name = "comet",
		.what = "3 that fork and exit for ever",
		.size = FEW,
		.starts = 1,
		.run = comets,
	}, {
		.name = "another uid",
		.what = "3 children of another uid than the owner, which has no privilege",
		.size = FEW,
		.foreign = true,
		.starts = FEW,
		.run = sleeper,
	}, {
		.name = "tree of 500",
		.what = "leaves come and go, and each parent forks anew whoever dies",
		.size = 1 + BRANCHES + BRANCHES * LEAVES,
		.starts = 1,
		.run = tree,
	},
};

const int families_size = sizeof(families) / sizeof(families[0]);

void exhibit_run(const struct exhibit *e, atomic_int *in_place)
{
	placed = in_place;
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_NAME, EXHIBIT_NAME);
	e->run();
	_exit(0);
}
