// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "common.h"
#include "listener.h"

#define LISTENERS_MAX	64

/* Taken after all of the others: the lowest number comes first. */
#define QUESTION	(LISTENER_SIGNAL + 1)

struct listener {
	pid_t pid;
	atomic_int heard;
	atomic_int answers;
	int asked;
	int told;
};

/* Shared with all of them. */
static struct listener *listeners;
static int nr_listeners;

static int listen(void *arg)
{
	struct listener *me = arg;
	sigset_t both;

	if (me == listeners && drop_to(NOBODY))
		return 255;
	sigemptyset(&both);
	sigaddset(&both, LISTENER_SIGNAL);
	sigaddset(&both, QUESTION);
	for (;;) {
		int sig = sigwaitinfo(&both, NULL);

		if (sig == LISTENER_SIGNAL)
			me->heard++;
		else if (sig == QUESTION)
			me->answers++;
	}
	return 0;
}

int listeners_begin(int count)
{
	sigset_t all, old;
	int i, most;

	listeners = mmap(NULL, LISTENERS_MAX * sizeof(*listeners),
			 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			 -1, 0);
	if (listeners == MAP_FAILED || count > LISTENERS_MAX)
		return ENOMEM;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	for (i = 0; i < count; i++) {
		listeners[i].pid = spawn(listen, &listeners[i]);
		if (listeners[i].pid > 0)
			nr_listeners++;
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	listeners_ask(&i, &most);
	return nr_listeners == count && i == 0 ? 0 : EAGAIN;
}

void listeners_end(void)
{
	while (nr_listeners)
		kill_and_reap(listeners[--nr_listeners].pid);
	munmap(listeners, LISTENERS_MAX * sizeof(*listeners));
}

pid_t listener_pid(int i)
{
	return listeners[i].pid;
}

static bool answers(struct listener *listener)
{
	return wait_until(listener->answers == listener->asked);
}

/* How many more has it heard? */
static int news(struct listener *listener)
{
	int heard = listener->heard;
	int more = heard - listener->told;

	listener->told = heard;
	return more;
}

void listeners_ask(int *all, int *most)
{
	int i, more;

	for (i = 0; i < nr_listeners; i++) {
		listeners[i].asked++;
		kill(listeners[i].pid, QUESTION);
	}
	for (*all = 0, *most = 0, i = 0; i < nr_listeners; i++) {
		if (!answers(&listeners[i])) {
			*all = -1;
			*most = -1;
			return;
		}
		more = news(&listeners[i]);
		*all += more;
		if (*most < more)
			*most = more;
	}
}
