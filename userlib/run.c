// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * killbelow run: timeout(1) that cannot be escaped.
 *
 * There is no process between: this one is itself the subreaper and the owner
 * of all that CMD starts. So it ends when there is nobody left to reap, and
 * whatever ends it ends everybody.
 */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "end.h"
#include "killbelow.h"
#include "shrink.h"

#define NEVER			LLONG_MAX
#define DEFAULT_KILL_AFTER_MS	10000
/* Who still runs so long after SIGKILL is worth a word. */
#define TELL_AFTER_MS		5000

/* What comes when the deadline has passed. */
enum step { SEND_SIGNAL, SEND_KILL, TELL_LEFT };

struct run {
	int sig;
	long long time;		/* in ms; 0: no limit */
	long long kill_after;	/* in ms; 0: never */

	pid_t child;		/* CMD; 0 once it is reaped */
	int status;		/* how that ended */
	enum step step;
	long long deadline;
	bool timed_out;
	bool killed;
};

static void set_step(struct run *run, enum step step, long long ms)
{
	run->step = step;
	run->deadline = ms ? now_ms() + ms : NEVER;
}

/* Start */

static void parse(int argc, char **argv, struct run *run)
{
	int letter;

	while ((letter = getopt_long(argc, argv, "+hk:s:t:", long_options,
				     NULL)) != -1) {
		if (letter == 's')
			run->sig = parse_signal(optarg);
		else if (letter == 't')
			run->time = parse_time(optarg);
		else if (letter == 'k')
			run->kill_after = parse_time(optarg);
		else
			other_option(letter);
	}
	if (!run->sig)
		errx(trouble, "signal 0 ends nobody");
	if (optind == argc)
		errx(trouble, "CMD is missing (--help tells more)");
}

/*
 * Before CMD is there, so that nothing of it is ever without an owner. There
 * are none without the module: then a SIGKILL leaves all of it behind.
 */
static void own(void)
{
	if (fkill_own(FKILL_OWN_EXIT_KILL, INT_MAX) &&
	    (errno != ENOSYS || fkill_backend() != FKILL_BACKEND_FALLBACK))
		library_failed("become an owner");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		err(trouble, "become a subreaper");
}

/* They are taken one by one; a SIGCHLD that is ignored would tell nothing. */
static void hold_signals(sigset_t *saved)
{
	sigset_t all;

	signal(SIGCHLD, SIG_DFL);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, saved);
}

static void __attribute__((noreturn))
become(char **argv, const sigset_t *mask)
{
	int end;

	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(*argv, argv);
	end = errno == ENOENT ? RUN_NOT_FOUND : RUN_NO_EXEC;
	warn("%s", *argv);
	_exit(end);
}

/*
 * A reader or a lock that waits for CMD to close a file must not wait for this
 * process. Only the way to say something stays; the library's descriptor goes
 * too, and is opened again while it surely can be.
 */
static void let_go(void)
{
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	if (chdir("/") || killbelow(0, 0) < 0)
		library_failed("reopen");
	shrink_text();
}

static void start(struct run *run, char **argv)
{
	sigset_t saved;

	own();
	hold_signals(&saved);
	run->child = fork();
	if (run->child < 0)
		err(trouble, "fork");
	if (!run->child)
		become(argv, &saved);
	set_step(run, SEND_SIGNAL, run->time);
	let_go();
}

/* Signals */

static void send_all(int sig)
{
	if (fkillbelow(FKILL_SELF, sig, 0, 0, NULL) < 0)
		warn("send signal %d", sig);
}

static bool is_stop(int sig)
{
	return sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

/* A shell wants to see that its job has stopped. */
static void stop_too(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/*
 * What the kernel sends has gone to the whole foreground job, CMD among it.
 * But a hang-up comes to the leader of a session alone.
 */
static bool has_reached_job(const siginfo_t *info)
{
	return info->si_code == SI_KERNEL && info->si_signo != SIGHUP;
}

static bool is_for_all(int sig)
{
	return sig == SIGHUP || sig == SIGINT || sig == SIGQUIT ||
	       sig == SIGTERM || sig == SIGTSTP || sig == SIGCONT;
}

static void pass_on(const struct run *run, const siginfo_t *info)
{
	int sig = info->si_signo;

	if (run->child && has_reached_job(info))
		;
	else if (is_for_all(sig))
		send_all(sig);
	else if (run->child)
		kill(run->child, sig);
	if (is_stop(sig))
		stop_too(sig);
}

/* Time */

static void tell_who_is_left(void)
{
	warnx("left %d s after SIGKILL:", TELL_AFTER_MS / 1000);
	tell_left_below(FKILL_SELF, 0, SIGKILL);
	warnx("still waiting");
}

/* Those that are stopped take a signal when they go on. */
static void send_end(int sig)
{
	send_all(sig);
	if (sig != SIGKILL && sig != SIGCONT && sig != SIGSTOP && !is_stop(sig))
		send_all(SIGCONT);
}

static void take_step(struct run *run)
{
	int sig = run->step == SEND_SIGNAL ? run->sig : SIGKILL;

	if (run->step == TELL_LEFT) {
		tell_who_is_left();
		set_step(run, TELL_LEFT, 0);
		return;
	}
	run->timed_out = true;
	run->killed = sig == SIGKILL;
	if (run->killed)
		set_step(run, TELL_LEFT, TELL_AFTER_MS);
	else
		set_step(run, SEND_KILL, run->kill_after);
	send_end(sig);
}

/* Until a signal comes, a death's or another, or the deadline. */
static void wait_for_event(struct run *run)
{
	long long left = run->deadline - now_ms();
	struct timespec ts;
	siginfo_t info;
	sigset_t all;

	if (left <= 0) {
		take_step(run);
		return;
	}
	if (left > INT_MAX)
		left = INT_MAX;
	ts.tv_sec = left / 1000;
	ts.tv_nsec = left % 1000 * 1000000;
	sigfillset(&all);
	if (sigtimedwait(&all, &info, &ts) > 0 && info.si_signo != SIGCHLD)
		pass_on(run, &info);
}

/* True when nobody is left. */
static bool reap(struct run *run)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		if (pid != run->child || WIFSTOPPED(status))
			continue;
		run->status = status;
		run->child = 0;
	}
	return pid < 0;
}

int cmd_run(int argc, char **argv)
{
	struct run run = {
		.sig = SIGTERM,
		.kill_after = DEFAULT_KILL_AFTER_MS,
	};

	parse(argc, argv, &run);
	start(&run, argv + optind);
	while (!reap(&run))
		wait_for_event(&run);
	if (run.killed)
		return RUN_KILLED;
	if (run.timed_out)
		return RUN_TIMED_OUT;
	end_as(run.status);
}
