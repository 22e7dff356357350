/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Families of processes for the tests of killbelow(). The test is a child
 * subreaper, so that it can reap whoever it has brought into the world,
 * however often they fork. A "caller" that must not be a subreaper is a child
 * of the test.
 */
#ifndef TREE_H
#define TREE_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include <fkill.h>

/* One page that a test shares with everybody below it. */
struct tree {
	long end;		/* when forkers stop by themselves, in ms */
	atomic_bool stop;	/* forkers stop now */
	atomic_bool go;		/* those who wait for it may leave */
	atomic_int turn;	/* whose turn it is */
	atomic_int ready;	/* have set themselves up */
	atomic_int born;	/* by forkers */
	atomic_int handled;	/* calls of count_signal() */
	atomic_int left;	/* have seen "go" and ended */
	siginfo_t info;		/* what count_signal() saw last */
	atomic_int caught;	/* calls of a handler of the caller itself */
	int inner;		/* the answer of a call within a handler */
	pid_t pid[4];		/* for the test to use */

	/* What a caller was told. */
	atomic_bool called;
	int ret;
	int err;
	long started;
	long ended;
	struct fkill_report report;
};

extern struct tree *tree;

/* In the setup and teardown of a fixture. */
int tree_begin(void);
void tree_end(void);

/* A child that outlives its parent, but not the test for long. */
pid_t tree_spawn(int (*fn)(void *arg), void *arg);
/* The same in the memory of the parent: cheap enough for a crowd. */
pid_t tree_spawn_thin(int (*fn)(void *arg), void *arg);
/* "I have set myself up", and the other side of it. */
void tree_ready(void);
bool tree_is_ready(int count);

/* Handler that counts and remembers. */
void count_signal(int sig, siginfo_t *info, void *context);
void on_signal(int sig, void (*fn)(int, siginfo_t *, void *), int flags);

/*
 * Leaves of a tree, set up when the functions return: a sleeper does nothing
 * about signals; a catcher counts a signal, runs on and leaves when told.
 */
pid_t tree_sleeper(void);
pid_t tree_catcher(int sig);
/* The bodies of these, for processes that come to it by other ways. */
int sleep_on(void *arg);
int catch_on(void *sig);
/* It forks and exits for ever: never where it was. */
int comet(void *arg);

/* May forkers go on? */
bool tree_grows(void);

/* fkillbelow() of the caller itself; the answer goes to the tree. */
void call_below(int sig, int timeout);
/* Was the answer @ret, and did it come before the deadline? */
bool answered(int ret);

/* Kill everybody below: are they @count, and is nobody left? */
bool kills_all(int count);

/*
 * Reap all children: how many there were, or -1 when one of them still runs.
 * Exact for processes of one thread: a zombie of one can be reaped at once.
 */
int reap_all(void);
/* The same for processes with threads; each must have died of @sig. */
int reap_all_dead_of(int sig);

#endif /* TREE_H */
