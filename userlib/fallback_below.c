// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * killbelow() and its kin without the module, in this order:
 *
 *   halt	everybody is stopped, until a pass over /proc finds nobody new
 *		and who was known stood still before it
 *   send	all get the signal, children before their parents: so the death
 *		of a parent leaves no stopped process group without one, which
 *		the kernel would continue
 *   resume	who was stopped here goes on, and handles the signal first
 *   wait	for each of them, and then for who is found below now: after a
 *		SIGKILL all begins again for those
 *
 * The caller's signals are blocked but while it sleeps.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "fallback.h"
#include "pidfd.h"
#include "walk.h"

/* Those who fork on and on are looked for so long, or until the deadline. */
#define LOOK_MS		2000
/* Who sleeps where no signal wakes it, as in vfork(), stands still by then. */
#define SETTLE_MS	100
/* A tracer that does not reap keeps a death from being told. */
#define TRACER_MS	100

struct strike {
	struct walk walk;
	int sig;
	long long deadline;
	sigset_t mask;		/* the caller's, without SIGCHLD */
	bool sure;		/* nobody has been overlooked */
	unsigned int signalled;
	unsigned int refused;
};

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void nap(void)
{
	const struct timespec ts = { .tv_nsec = 200000 };

	nanosleep(&ts, NULL);
}

/*
 * One thread at a time: two would take each other's stops for older ones. A
 * thread that held it at a fork() is not there in the child.
 */
static atomic_int looking;

static void lock(void)
{
	int none = 0, self = getpid();

	while (!atomic_compare_exchange_strong(&looking, &none, self)) {
		if (none != self) {
			atomic_compare_exchange_strong(&looking, &none, 0);
		} else {
			nap();
		}
		none = 0;
	}
}

static void unlock(void)
{
	atomic_store(&looking, 0);
}

/* Halt */

/* Something else may have continued it: so it is stopped anew. */
static bool stands_still(const struct member *m, const char *states)
{
	if (!m->halted || pidfd_is_dead(m->pidfd) ||
	    !proc_has_thread_but(m->pid, states))
		return true;
	pidfd_send(m->pidfd, SIGSTOP);
	return false;
}

static bool all_stand_still(const struct walk *walk, const char *states)
{
	bool still = true;
	int i;

	for (i = 0; i < walk->count; i++)
		still &= stands_still(&walk->members[i], states);
	return still;
}

/* Without found_sig nobody is stopped, and all count as standing still. */
static void look(struct strike *s)
{
	long long now, settle = now_ms() + SETTLE_MS;
	long long enough = now_ms() + LOOK_MS;
	long long limit = enough > s->deadline ? enough : s->deadline;
	bool still;

	do {
		now = now_ms();
		still = all_stand_still(&s->walk,
					now < settle ? "TtZX" : "TtZXD");
		walk_pass(&s->walk);
		s->sure = !s->walk.fresh;
		if (!s->walk.fresh && !still)
			nap();
	} while (!s->walk.error && ((s->walk.fresh && now < limit) ||
				    (!still && now < enough)));
}

static void halt(struct strike *s)
{
	struct member *top = s->walk.members;

	if (s->sig) {
		s->walk.found_sig = SIGSTOP;
		if (s->walk.count && !top->spared)
			top->halted = !pidfd_send(top->pidfd, SIGSTOP);
	}
	look(s);
	s->walk.found_sig = 0;
}

/* Send, resume */

static bool is_stop(int sig)
{
	return sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

static void resume(const struct member *m)
{
	if (m->halted && m->stat.state != 'T')
		pidfd_send(m->pidfd, SIGCONT);
}

static void send_to(struct strike *s, const struct member *m)
{
	if (m->spared || pidfd_is_dead(m->pidfd))
		return;
	/* SIGCONT takes back a stop that has not been acted upon. */
	if (is_stop(s->sig))
		resume(m);
	if (!pidfd_send(m->pidfd, s->sig))
		s->signalled++;
	else if (errno != ESRCH)
		s->refused++;
}

static void send_all(struct strike *s)
{
	int i;

	if (!s->sig)
		return;
	for (i = s->walk.count - 1; i >= 0; i--)
		send_to(s, &s->walk.members[i]);
}

static void resume_all(struct strike *s)
{
	int i;

	for (i = s->walk.count - 1; i >= 0; i--)
		resume(&s->walk.members[i]);
}

static void hit(struct strike *s)
{
	lock();
	halt(s);
	if (!s->walk.error)
		send_all(s);
	if (s->walk.error || (s->sig != SIGSTOP && !is_stop(s->sig)))
		resume_all(s);
	unlock();
}

/* Wait */

static bool is_gone(const struct member *m)
{
	return m->spared || pidfd_is_dead(m->pidfd) ||
	       !proc_has_thread_but(m->pid, "ZX");
}

/* 0: it may be gone; 1: the time is up; -1: EINTR */
static int sleep_on(const struct strike *s, const struct member *m)
{
	struct pollfd fd = { .fd = m->pidfd, .events = POLLIN };
	long long ms = s->deadline - now_ms();
	struct timespec ts;

	if (ms <= 0)
		return 1;
	if (ms > TRACER_MS)
		ms = TRACER_MS;
	ts.tv_sec = 0;
	ts.tv_nsec = ms * 1000000;
	return ppoll(&fd, 1, &ts, &s->mask) < 0 ? -1 : 0;
}

static int wait_for_members(struct strike *s)
{
	int i, ret;

	for (i = 0; i < s->walk.count; i++) {
		while (!is_gone(&s->walk.members[i])) {
			ret = sleep_on(s, &s->walk.members[i]);
			if (ret)
				return ret;
		}
	}
	return 0;
}

/* Has a look found anybody but the caller and the top? */
static bool has_company(const struct walk *walk)
{
	int i;

	for (i = walk->of_user ? 0 : 1; i < walk->count; i++) {
		if (!walk->members[i].spared)
			return true;
	}
	return false;
}

/*
 * Only a look that has found nobody is an answer: who is found and dies may
 * have had a child in time. It begins anew, as the dead may have been reaped,
 * and their numbers be others'. Who is found after a SIGKILL has not got it.
 */
static int wait_for_all(struct strike *s)
{
	int ret;

	do {
		ret = wait_for_members(s);
		if (ret)
			return ret;
		walk_forget(&s->walk);
		if (s->sig == SIGKILL)
			hit(s);
		else
			look(s);
		if (s->walk.error)
			return 1;
		if (!has_company(&s->walk))
			return !s->sure;
	} while (now_ms() < s->deadline);
	return 1;
}

static void fill_report(struct strike *s, struct fkill_report *report)
{
	int i;

	if (!report)
		return;
	*report = (struct fkill_report) {
		.signalled = s->signalled,
		.refused = s->refused,
	};
	walk_pass(&s->walk);
	for (i = 0; i < s->walk.count; i++) {
		if (is_gone(&s->walk.members[i]))
			continue;
		if (!report->running++)
			report->first = s->walk.members[i].pid;
	}
}

/* With all signals blocked. -1 with another errno than EINTR: nothing is sent. */
static int strike(struct strike *s, struct fkill_report *report)
{
	int ret, error;

	hit(s);
	if (s->walk.error) {
		errno = s->walk.error;
		return -1;
	}
	if (s->walk.of_user && s->refused && !s->signalled) {
		errno = EPERM;
		ret = -1;
	} else {
		ret = wait_for_all(s);
	}
	error = errno;
	fill_report(s, report);
	errno = error;
	return ret;
}

static int check(int sig, int timeout)
{
	if (sig >= 0 && sig <= SIGRTMAX && timeout >= -1)
		return 0;
	errno = EINVAL;
	return -1;
}

static void hold_signals(struct strike *s, sigset_t *saved)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, saved);
	s->mask = *saved;
	sigaddset(&s->mask, SIGCHLD);
}

static int strike_blocked(struct strike *s, int timeout,
			  struct fkill_report *report)
{
	sigset_t saved;
	int ret;

	s->deadline = timeout < 0 ? LLONG_MAX : now_ms() + timeout;
	hold_signals(s, &saved);
	ret = strike(s, report);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return ret;
}

static int refuse_caller(const struct walk *walk)
{
	if (walk->members[0].pid != getpid())
		return 0;
	errno = EINVAL;
	return -1;
}

int fallback_killbelow(int fd, int sig, int timeout, unsigned int flags,
		       struct fkill_report *report)
{
	struct strike s = { .walk.holds = true, .sig = sig };
	bool include = flags & FKILL_INCLUDE_TOP;
	int ret;

	if (check(sig, timeout))
		return -1;
	ret = walk_begin(&s.walk) || walk_add_top(&s.walk, fd, !include) ||
	      (include && refuse_caller(&s.walk)) ? -1 : 0;
	if (!ret)
		ret = strike_blocked(&s, timeout, report);
	walk_end(&s.walk);
	return ret;
}

int fallback_killuser(uid_t uid, int sig, int timeout,
		      struct fkill_report *report)
{
	struct strike s = {
		.walk.holds = true,
		.walk.of_user = true,
		.walk.uid = uid,
		.sig = sig,
	};
	int ret;

	if (check(sig, timeout))
		return -1;
	if (uid == (uid_t)-1) {
		errno = EINVAL;
		return -1;
	}
	ret = walk_begin(&s.walk);
	if (!ret)
		ret = strike_blocked(&s, timeout, report);
	walk_end(&s.walk);
	return ret;
}
