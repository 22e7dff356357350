// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command fkill between its steps: a tracer holds it where a race would
 * have to hit, and makes that happen.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fkill.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"
#include "harness.h"

static int be_fkill(void *args)
{
	char **argv = args;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		return 254;
	execvp(*argv, argv);
	return 255;
}

static bool step(pid_t pid, struct __ptrace_syscall_info *info)
{
	int status;

	return !ptrace(PTRACE_SYSCALL, pid, NULL, NULL) &&
	       waitpid(pid, &status, 0) == pid && WIFSTOPPED(status) &&
	       ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(*info), info) > 0;
}

/* Let it run until it is about to do what @here knows. */
static bool run_to(pid_t pid,
		   bool (*here)(const struct __ptrace_syscall_info *info))
{
	struct __ptrace_syscall_info info;

	while (step(pid, &info)) {
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY && here(&info))
			return true;
	}
	return false;
}

/* With the module or without it. */
static bool signals(const struct __ptrace_syscall_info *info)
{
	return info->entry.nr == SYS_pidfd_send_signal ||
	       (info->entry.nr == SYS_ioctl &&
		info->entry.args[1] == FKILL_IOC_KILL);
}

static bool opens_pidfd(const struct __ptrace_syscall_info *info)
{
	return info->entry.nr == SYS_pidfd_open;
}

static bool opens_process(const struct __ptrace_syscall_info *info)
{
	return info->entry.nr == SYS_openat &&
	       info->entry.args[2] & O_DIRECTORY;
}

/* fkill ARG TARGET, held @here. */
static pid_t
hold_fkill(const char *arg, pid_t target,
	   bool (*here)(const struct __ptrace_syscall_info *info))
{
	char number[16];
	const char *argv[] = { "fkill", arg, number, NULL };
	pid_t pid;

	snprintf(number, sizeof(number), "%d", target);
	pid = spawn(be_fkill, argv);
	if (WIFSTOPPED(reap(pid)) &&
	    !ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD) &&
	    run_to(pid, here))
		return pid;
	kill_and_reap(pid);
	return -1;
}

/* The same when the process has just been opened, before any check. */
static pid_t hold_before_checks(const char *arg, pid_t target)
{
	pid_t pid = hold_fkill(arg, target, opens_process);
	struct __ptrace_syscall_info info;

	if (pid < 0 || step(pid, &info))
		return pid;
	kill_and_reap(pid);
	return -1;
}

static int let_go(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_DETACH, pid, NULL, NULL))
		return -1;
	status = reap(pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Another process of the same name, which would pass all checks. */
static pid_t replace(pid_t pid)
{
	kill_and_reap(pid);
	return spawn_at(pid, sleep_for_ever, NULL);
}

TEST(reused_after_the_checks)
{
	pid_t pid = spawn_sleeper();
	pid_t fkill = hold_fkill("--comm=fkill_cmd_race_test", pid, signals);

	ASSERT_LT(0, fkill);
	ASSERT_EQ(pid, replace(pid));
	EXPECT_EQ(1, let_go(fkill));
	EXPECT_TRUE(is_left_alone(pid));
	kill_and_reap(pid);
}

TEST(reused_before_the_checks)
{
	pid_t pid = spawn_sleeper();
	pid_t fkill = hold_before_checks("--comm=fkill_cmd_race_test", pid);

	ASSERT_LT(0, fkill);
	ASSERT_EQ(pid, replace(pid));
	EXPECT_EQ(1, let_go(fkill));
	EXPECT_TRUE(is_left_alone(pid));
	kill_and_reap(pid);
}

/* It would be waited for an hour otherwise. */
TEST(reused_before_the_wait)
{
	pid_t pid = spawn_sleeper();
	pid_t fkill = hold_fkill("--wait=1h", pid, opens_pidfd);

	ASSERT_LT(0, fkill);
	ASSERT_EQ(pid, replace(pid));
	EXPECT_EQ(1, let_go(fkill));
	EXPECT_TRUE(is_left_alone(pid));
	kill_and_reap(pid);
}

/*
 * What a check has seen may change; the process does not. This is why a check
 * of one's own choosing is no fence against a process that is hostile.
 */
static int sleep_then_exec(void *gate)
{
	gate_wait(gate);
	execlp("sleep", "sleep", "1000", NULL);
	return 255;
}

static bool has_name(pid_t pid, const char *name)
{
	char line[32];

	return !status_line(pid, "Name", line, sizeof(line)) &&
	       !strcmp(line, name);
}

TEST(exec_after_the_checks)
{
	struct gate gate;
	pid_t pid, fkill;

	ASSERT_EQ(0, gate_init(&gate));
	pid = spawn(sleep_then_exec, &gate);
	fkill = hold_fkill("--comm=fkill_cmd_race_test", pid, signals);
	ASSERT_LT(0, fkill);
	gate_open(&gate);
	EXPECT_TRUE(wait_until(has_name(pid, "sleep\n")));
	EXPECT_EQ(0, let_go(fkill));
	EXPECT_TRUE(died_of(pid, SIGTERM));
	gate_close(&gate);
}

/* All that is read lies below the directory that was opened first. */
struct check {
	const char *arg;
	pid_t pid;
};

static int check_with_another_proc(void *arg)
{
	const struct check *check = arg;
	pid_t fkill;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return 255;
	fkill = hold_before_checks(check->arg, check->pid);
	if (fkill < 0 || mount("none", "/proc", "tmpfs", 0, NULL))
		return 254;
	return let_go(fkill);
}

TEST(another_proc_before_the_checks)
{
	static char exe[256] = "--exe=";
	const char * const args[] = {
		exe, "--comm=fkill_cmd_race_test", "--user=0", "--cgroup=/",
		"--started-before=2199-01-01", "--cmdline=fkill_cmd_race",
	};
	size_t i;

	ASSERT_LT(0, readlink("/proc/self/exe", exe + 6, sizeof(exe) - 7));
	for (i = 0; i < ARRAY_SIZE(args); i++) {
		struct check check = { args[i], spawn_sleeper() };

		EXPECT_EQ(0, run_child(check_with_another_proc, &check))
			TH_LOG("%s", args[i]);
		EXPECT_TRUE(died_of(check.pid, SIGTERM));
	}
}

TEST_HARNESS_MAIN
