// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "module.h"
#include "port.h"
#include "program.h"

/* A program that runs, and what it said so far. */
struct run {
	const char *name;
	bool speaks_tap;
	bool out_of_order;
	pid_t pid;
	int status;
	long long started, deadline;
	int planned, seen, failed;
	char test[128];
	char line[1024];
	size_t len;
};

static int sigchld;

void watch_children(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigchld = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (sigchld < 0)
		give_up("signalfd");
}

static void out_of_order(struct run *r, const char *fmt, ...)
{
	va_list args;

	fprintf(port, "# %s: ", r->name);
	va_start(args, fmt);
	vfprintf(port, fmt, args);
	va_end(args);
	fputc('\n', port);
	r->out_of_order = true;
}

/* The harness leaves the name of a skipped test out, but said it before. */
static void tap_result(struct run *r, const char *line, bool good)
{
	char *skip = strstr(line, "# SKIP");
	const char *name = line + strcspn(line, "0123456789");

	r->seen++;
	name += strspn(name, "0123456789 -");
	if (good && skip) {
		result(SKIPPED, "%s: %s %s", r->name, r->test, skip);
	} else {
		result(good ? PASSED : FAILED, "%s: %s", r->name, name);
		r->failed += !good;
	}
}

static void tap_line(struct run *r, const char *line)
{
	if (!strncmp(line, "ok ", 3)) {
		tap_result(r, line, true);
	} else if (!strncmp(line, "not ok ", 7)) {
		tap_result(r, line, false);
	} else {
		sscanf(line, "1..%d", &r->planned);
		sscanf(line, "# RUN %127s", r->test);
		fprintf(port, "# %s\n", line);
	}
}

static void program_line(struct run *r)
{
	r->line[r->len] = '\0';
	r->len = 0;
	if (r->speaks_tap)
		tap_line(r, r->line);
	else
		fprintf(port, "# %s\n", r->line);
}

/* Reads what there is; false when nothing more can come. */
static bool read_output(struct run *r, int out)
{
	char buf[4096];
	ssize_t n, i;

	while ((n = read(out, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++) {
			if (buf[i] != '\n')
				r->line[r->len++] = buf[i];
			if (buf[i] == '\n' || r->len == sizeof(r->line) - 1)
				program_line(r);
		}
	}
	return n < 0;
}

/* Orphans come here to be reaped too. False: no process is left. */
static bool reap(struct run *r)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != r->pid)
			continue;
		r->status = status;
		r->pid = 0;
	}
	return !pid;
}

/* Sleeps until a child dies, there is output, or the time is up. */
static void sleep_until(int out, long long deadline)
{
	struct pollfd fds[] = {
		{ .fd = sigchld, .events = POLLIN },
		{ .fd = out, .events = POLLIN },
	};
	long long left = deadline - now_ms();
	struct signalfd_siginfo info;

	if (left > HEARTBEAT_MS)
		left = HEARTBEAT_MS;
	poll(fds, 2, left > 0 ? left : 0);
	heartbeat();
	while (read(sigchld, &info, sizeof(info)) > 0)
		;
}

/* Whatever runs in the machine descends from here. */
static bool wait_for_all(struct run *r, int ms)
{
	long long deadline = now_ms() + ms;

	while (reap(r)) {
		if (now_ms() > deadline)
			return false;
		sleep_until(-1, deadline);
	}
	return true;
}

static void follow(struct run *r, int out)
{
	while (r->pid && now_ms() < r->deadline) {
		sleep_until(out, r->deadline);
		if (!read_output(r, out))
			out = -1;
		reap(r);
	}
	read_output(r, out);
	if (r->len)
		program_line(r);
}

static void __noreturn
become(const char *dir, char *const argv[], int out)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (out < 0) {
		out = open(port_name(), O_RDWR);
		ioctl(out, TIOCSCTTY, 0);
		dup2(out, 0);
	}
	dup2(out, 1);
	dup2(out, 2);
	if (!chdir(dir))
		execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

static void judge_end(struct run *r)
{
	if (r->pid)
		out_of_order(r, "has not ended in time");
	else if (WIFSIGNALED(r->status))
		out_of_order(r, "killed by signal %d", WTERMSIG(r->status));
	else if (WEXITSTATUS(r->status) != !!r->failed)
		out_of_order(r, "exit status %d", WEXITSTATUS(r->status));
	if (!r->speaks_tap)
		return;
	if (r->planned < 1)
		out_of_order(r, "no plan");
	else if (r->seen != r->planned)
		out_of_order(r, "%d results of %d", r->seen, r->planned);
}

static void judge_traces(struct run *r)
{
	if (r->pid || !wait_for_all(r, 5000)) {
		out_of_order(r, "processes are left");
		kill(-1, SIGKILL);
		if (!wait_for_all(r, 10000))
			out_of_order(r, "processes cannot be killed");
	}
	if (!log_is_clean())
		out_of_order(r, "kernel log");
	if (!module_is_as_wanted()) {
		out_of_order(r, "module has come or gone");
		load_module();
	}
}

static void run_program(struct run *r, const char *dir, char *const argv[])
{
	const char *timeout = getenv("fkill_timeout");
	int out[2];

	if (pipe2(out, O_CLOEXEC))
		give_up("pipe");
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	mark_log(r->name);
	r->started = now_ms();
	r->deadline = r->started + 1000LL * atoi(timeout ?: "600");
	r->planned = -1;
	r->pid = fork();
	if (r->pid < 0)
		give_up("fork");
	if (!r->pid)
		become(dir, argv, out[1]);
	close(out[1]);
	follow(r, out[0]);
	judge_end(r);
	judge_traces(r);
	close(out[0]);
	result(r->out_of_order ? FAILED : PASSED, "%s: in order, %lld ms",
	       r->name, now_ms() - r->started);
}

void run_tests(const char *dir)
{
	char pattern[256];
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/*", dir);
	if (glob(pattern, 0, NULL, &found))
		give_up("find tests");
	for (i = 0; i < found.gl_pathc; i++) {
		char *argv[] = { found.gl_pathv[i], NULL };
		struct run r = {
			.name = strrchr(argv[0], '/') + 1,
			.speaks_tap = true,
		};

		run_program(&r, dir, argv);
	}
}

void run_command(void)
{
	char *argv[] = { "sh", "/command", NULL };
	struct run r = { .name = "command" };

	run_program(&r, "/tests", argv);
}

void run_shell(void)
{
	char *argv[] = { "sh", "-l", NULL };
	struct run r = { .pid = fork() };

	if (!r.pid)
		become("/tests", argv, -1);
	while (r.pid && reap(&r))
		sleep_until(-1, now_ms() + HEARTBEAT_MS);
	power_off();
}
