// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process 1 of the test machine: loads the module, runs programs, unloads the
 * module, looks at the kernel log, gives a verdict and powers off.
 *
 * The kernel hands parameters that it does not know to process 1 as its
 * environment. These are understood:
 *
 *   fkill_probe=1      only show that the machine runs
 *   fkill_tests=DIR    run every program in DIR, which all speak TAP
 *   fkill_run=1        run the script /command, whose output is passed on
 *   fkill_shell=1      run a shell on the port
 *   fkill_timeout=S    how long a program may take, in seconds
 *
 * All that the host wants to know goes through a serial port of its own, one
 * line each:
 *
 *   ok N - ..., not ok N - ...	results, numbered through
 *   # ...			output of programs
 *   .				still there
 *   verdict ...		the last line, written after the last check
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <regex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define PORT		"/dev/ttyS1"
#define MODULE		"/fkill.ko"
#define HEARTBEAT_MS	5000

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

static FILE *port;
static int kmsg, sigchld;
static unsigned long taint_at_boot;
static unsigned int passed, failed, skipped;

/* What the kernel prints when it, or one of its checkers, finds a fault. */
static const char * const complaints[] = {
	"BUG:|BUG at|WARNING:|Oops|Kernel panic|Call Trace|cut here",
	"general protection|double fault|stack segment|invalid opcode",
	"divide error|[Uu]nable to handle|unchecked MSR",
	"soft lockup|hard LOCKUP|blocked for more than",
	"rcu:.*stall|rcu.*detected stalls|suspicious RCU usage",
	"INFO: possible|possible .*(locking|deadlock)|bad unlock balance",
	"inconsistent lock state|held lock freed|lock held when returning",
	"while atomic|invalid context",
	"KASAN|KCSAN|KFENCE|KMSAN|UBSAN|ODEBUG|suspected memory leak",
	"refcount_t:|list_(add|del) corruption|Bad page|Bad rss",
	"[Oo]ut of memory|page allocation failure",
	"ftrace failed|kprobes?: .*[Ff]ail",
};

static regex_t complaint[ARRAY_SIZE(complaints)];

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void power_off(void)
{
	fflush(port);
	tcdrain(fileno(port));
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static void __attribute__((format(printf, 2, 3)))
result(const char *verdict, const char *fmt, ...)
{
	va_list args;

	fprintf(port, "%s %u - ", verdict, passed + failed + skipped + 1);
	va_start(args, fmt);
	vfprintf(port, fmt, args);
	va_end(args);
	fputc('\n', port);
}

static void check(bool good, const char *what)
{
	result(good ? "ok" : "not ok", "%s", what);
	++*(good ? &passed : &failed);
}

static void give_verdict(void)
{
	fprintf(port, "verdict %s %u %u %u\n",
		!failed && passed ? "pass" : "fail", passed, failed, skipped);
	power_off();
}

static void __attribute__((noreturn)) give_up(const char *what)
{
	fprintf(port, "# %s: %s\n", what, strerror(errno));
	check(false, what);
	give_verdict();
	_exit(1);
}

/* ---- the kernel log ---- */

static void mark_log(const char *name)
{
	char mark[256];
	int len = snprintf(mark, sizeof(mark), "<4>fkill-vm: %s\n", name);

	if (write(kmsg, mark, len) != len)
		give_up("write to the kernel log");
}

static void learn_complaints(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(complaints); i++) {
		if (regcomp(&complaint[i], complaints[i],
			    REG_EXTENDED | REG_NOSUB))
			give_up(complaints[i]);
	}
}

static bool is_complaint(const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(complaints); i++) {
		if (!regexec(&complaint[i], text, 0, NULL, 0))
			return true;
	}
	return false;
}

/* A record is "level,sequence,time,flags;text", and more lines after it. */
static bool check_record(char *record)
{
	char *text = strchr(record, ';');

	if (!text)
		return true;
	*strchrnul(++text, '\n') = '\0';
	if (!is_complaint(text))
		return true;
	fprintf(port, "# kernel: %s\n", text);
	return false;
}

/* Looks at all that the kernel said since the last time. */
static bool log_is_clean(void)
{
	char record[8192];
	bool clean = true;
	ssize_t n;

	for (;;) {
		n = read(kmsg, record, sizeof(record) - 1);
		if (n > 0) {
			record[n] = '\0';
			clean &= check_record(record);
		} else if (errno == EPIPE) {
			fprintf(port, "# kernel log overflowed\n");
			clean = false;
		} else {
			return clean && errno == EAGAIN;
		}
	}
}

static unsigned long taint(void)
{
	FILE *f = fopen("/proc/sys/kernel/tainted", "r");
	unsigned long flags = ~0UL;

	if (f) {
		if (fscanf(f, "%lu", &flags) != 1)
			flags = ~0UL;
		fclose(f);
	}
	return flags;
}

/* ---- the module ---- */

static bool module_is_live(void)
{
	FILE *f = fopen("/sys/module/fkill/initstate", "r");
	char state[16] = "";

	if (!f)
		return false;
	if (!fgets(state, sizeof(state), f))
		state[0] = '\0';
	fclose(f);
	return !strcmp(state, "live\n");
}

static void load_module(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		give_up("load the module");
	close(fd);
	check(module_is_live(), "module loaded");
}

/* Refused with EAGAIN while somebody is inside, so try for a while. */
static void unload_module(void)
{
	long long end = now_ms() + 30000;

	while (syscall(SYS_delete_module, "fkill", O_NONBLOCK)) {
		if (errno != EAGAIN || now_ms() > end)
			give_up("unload the module");
		usleep(100000);
	}
	check(access("/sys/module/fkill", F_OK) &&
	      access("/dev/fkill", F_OK) && access("/proc/1/kill", F_OK),
	      "module unloaded, nothing of it left");
}

/* ---- programs ---- */

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
		result("ok", "%s: %s %s", r->name, r->test, skip);
		skipped++;
	} else if (good) {
		result("ok", "%s: %s", r->name, name);
		passed++;
	} else {
		result("not ok", "%s: %s", r->name, name);
		failed++;
		r->failed++;
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

/* However busy the machine is: the host takes silence for a hang. */
static void heartbeat(void)
{
	static long long last;

	if (getenv("fkill_shell") || now_ms() - last < HEARTBEAT_MS)
		return;
	last = now_ms();
	fputs(".\n", port);
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

static void __attribute__((noreturn))
become(const char *dir, char *const argv[], int out)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (out < 0) {
		out = open(PORT, O_RDWR);
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
	if (!module_is_live()) {
		out_of_order(r, "module is not loaded any more");
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
	result(r->out_of_order ? "not ok" : "ok", "%s: in order, %lld ms",
	       r->name, now_ms() - r->started);
	++*(r->out_of_order ? &failed : &passed);
}

static void run_tests(const char *dir)
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

static void run_command(void)
{
	char *argv[] = { "sh", "/command", NULL };
	struct run r = { .name = "command" };

	run_program(&r, "/tests", argv);
}

static void run_shell(void)
{
	char *argv[] = { "sh", "-l", NULL };
	struct run r = { .pid = fork() };

	if (!r.pid)
		become("/tests", argv, -1);
	while (r.pid && reap(&r))
		sleep_until(-1, now_ms() + HEARTBEAT_MS);
	power_off();
}

/* ---- the machine ---- */

static void mount_at(const char *type, const char *dir, bool needed)
{
	mkdir(dir, 0755);
	if (mount(type, dir, type, 0, NULL) && needed)
		give_up(dir);
}

static void open_port(void)
{
	struct termios tio;

	mkdir("/dev", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	port = fopen(PORT, "we");
	if (!port)
		reboot(RB_POWER_OFF);
	setvbuf(port, NULL, _IOLBF, 0);
	if (getenv("fkill_shell"))
		return;
	tcgetattr(fileno(port), &tio);
	cfmakeraw(&tio);
	tcsetattr(fileno(port), TCSANOW, &tio);
}

static void set_up(void)
{
	sigset_t set;

	mount_at("proc", "/proc", true);
	mount_at("sysfs", "/sys", true);
	mount_at("devpts", "/dev/pts", true);
	mount_at("tmpfs", "/dev/shm", true);
	mount_at("tmpfs", "/tmp", true);
	chmod("/tmp", 01777);
	mount_at("cgroup2", "/sys/fs/cgroup", true);
	mount_at("tracefs", "/sys/kernel/tracing", false);
	mount_at("debugfs", "/sys/kernel/debug", false);
	setenv("PATH", "/bin:/sbin:/tests", 1);
	setenv("HOME", "/", 1);

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigchld = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	kmsg = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (sigchld < 0 || kmsg < 0)
		give_up("set up");
	learn_complaints();
	taint_at_boot = taint();
}

/* An out-of-tree module without a signature leaves these two marks. */
static void judge_machine(void)
{
	unsigned long ours = 1UL << 12 | 1UL << 13;

	check(!(taint() & ~(taint_at_boot | ours)), "kernel not tainted");
	check(log_is_clean(), "kernel log clean to the end");
}

int main(void)
{
	open_port();
	if (getenv("fkill_probe")) {
		check(true, "machine runs");
		give_verdict();
	}
	set_up();
	load_module();
	if (getenv("fkill_shell"))
		run_shell();
	else if (getenv("fkill_run"))
		run_command();
	else
		run_tests(getenv("fkill_tests") ?: "/tests/smp");
	unload_module();
	judge_machine();
	give_verdict();
}
