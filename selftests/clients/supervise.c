// SPDX-License-Identifier: GPL-2.0-only
/*
 * supervise of the daemontools, over libfkill: keeps DIR/run running. Started
 * again at most once a second, and not before all that the last one has
 * started is gone, daemons too.
 *
 * Letters that are written to DIR/supervise/control:
 *
 *	u d o	up; down: TERM and CONT, and not again; once: up, not again
 *	x	exit as soon as it is down
 *	t k i h a p c	TERM KILL INT HUP ALRM STOP CONT to ./run
 *
 * DIR/supervise/status says "up PID" or "down".
 *
 * usage: supervise DIR
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fkill.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINGER_MS	10000
#define PACE_MS		1000

static bool want_up = true, want_exit, once;
static pid_t run;		/* 0: it is down */
static int run_fd;		/* stands for it */
static long long started;

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Whoever reads it sees the old or the new one. */
static void tell_status(void)
{
	FILE *file = fopen("supervise/status.new", "we");

	if (!file)
		err(111, "supervise/status.new");
	if (run)
		fprintf(file, "up %d\n", run);
	else
		fprintf(file, "down\n");
	if (fclose(file) || rename("supervise/status.new", "supervise/status"))
		err(111, "supervise/status");
}

static void __attribute__((noreturn)) become_run(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execl("./run", "./run", NULL);
	err(111, "./run");
}

static void start(void)
{
	started = now_ms();
	run = fork();
	if (run < 0) {
		warn("fork");
		run = 0;
		return;
	}
	if (!run)
		become_run();
	run_fd = fkill_open(run);
	if (run_fd < 0)
		err(111, "run");
	if (once)
		want_up = false;
	tell_status();
}

/* What it has left behind would be in the way of the next one. */
static void clean_up(void)
{
	close(run_fd);
	run = 0;
	if (fkillbelow(FKILL_SELF, SIGKILL, -1, 0, NULL))
		warn("kill what is left");
	tell_status();
}

static void reap(void)
{
	bool ended = false;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		ended |= pid == run;
	if (ended)
		clean_up();
}

static void send(int sig)
{
	if (run)
		fkill(run_fd, sig);
}

static void send_letter(char letter)
{
	static const struct {
		char letter;
		int sig;
	} letters[] = {
		{ 't', SIGTERM }, { 'k', SIGKILL }, { 'i', SIGINT },
		{ 'h', SIGHUP }, { 'a', SIGALRM }, { 'p', SIGSTOP },
		{ 'c', SIGCONT },
	};
	size_t i;

	for (i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
		if (letters[i].letter == letter)
			send(letters[i].sig);
	}
}

static void obey(char letter)
{
	if (letter == 'x')
		want_exit = true;
	if (letter == 'u' || letter == 'o') {
		once = letter == 'o';
		want_up = !once || !run;
	}
	if (letter == 'd') {
		want_up = false;
		send(SIGTERM);
		send(SIGCONT);
	}
	send_letter(letter);
}

static void read_control(int fd)
{
	char letter;

	while (read(fd, &letter, 1) == 1)
		obey(letter);
}

/* One supervisor a directory; the fifo has a writer, so that it never ends. */
static int open_control(void)
{
	int lock, fd;

	if (mkdir("supervise", 0700) && errno != EEXIST)
		err(111, "supervise");
	lock = open("supervise/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB))
		err(111, "supervise/lock");
	if (mkfifo("supervise/control", 0600) && errno != EEXIST)
		err(111, "supervise/control");
	fd = open("supervise/control", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		err(111, "supervise/control");
	return fd;
}

static int open_deaths(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		err(111, "signalfd");
	return fd;
}

/* All of it stays below; and where that can be had, it dies with this. */
static void own(void)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		err(111, "become a subreaper");
	if (fkill_own(FKILL_OWN_EXIT_KILL, LINGER_MS) && errno != ENOSYS)
		err(111, "become an owner");
}

static int pause_ms(void)
{
	long long left = started + PACE_MS - now_ms();

	if (run || !want_up)
		return -1;
	return started && left > 0 ? left : 0;
}

int main(int argc, char **argv)
{
	struct pollfd fds[2];
	struct signalfd_siginfo info;

	if (argc != 2)
		errx(100, "usage: supervise DIR");
	if (chdir(argv[1]))
		err(111, "%s", argv[1]);
	fds[0] = (struct pollfd) { .fd = open_control(), .events = POLLIN };
	fds[1] = (struct pollfd) { .fd = open_deaths(), .events = POLLIN };
	own();
	while (run || !want_exit) {
		if (!pause_ms())
			start();
		poll(fds, 2, pause_ms());
		read_control(fds[0].fd);
		while (read(fds[1].fd, &info, sizeof(info)) > 0)
			;
		reap();
	}
	return 0;
}
