// SPDX-License-Identifier: GPL-2.0-only
/* fkill_manage(): one process that stands for a subtree until it is empty. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "common.h"
#include "harness.h"
#include "race.h"
#include "tree.h"

#define BIG		(32 << 20)
#define ROUNDS		500

FIXTURE(manage) {
};

FIXTURE_SETUP(manage)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(manage)
{
	tree_end();
}

struct work {
	int (*fn)(void *arg);
	void *arg;
};

/* What a caller is told is its exit status. */
static int manage_forgetful(void *arg)
{
	const struct work *work = arg;

	tree->pid[0] = tree_spawn(work->fn, work->arg);
	fkill_manage(tree->pid[0]);
	return errno;
}

static int manage(void *arg)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return manage_forgetful(arg);
}

static pid_t spawn_manager(int (*fn)(void *arg), void *arg)
{
	struct work work = { fn, arg };

	tree->pid[0] = 0;
	return tree_spawn(manage, &work);
}

static pid_t owner_of(pid_t pid)
{
	int fd = fkill_open(pid);
	pid_t owner = fkill_owner(fd);

	close(fd);
	return owner;
}

/* There are no owners without the module. */
static bool is_owner(pid_t owner, pid_t pid)
{
	return fkill_backend() != FKILL_BACKEND_MODULE ||
	       owner_of(pid) == owner;
}

/* Has it set itself up? That it blocks signals comes after what can fail. */
static bool is_manager(pid_t pid)
{
	return status_number(pid, "SigBlk", 16) >> (SIGTERM - 1) & 1;
}

/* The child is there, and so is its manager. */
static bool is_managed(pid_t manager)
{
	return wait_until(tree->pid[0] > 0 && is_manager(manager)) &&
	       is_owner(manager, tree->pid[0]);
}

/* How a manager ends: its wait status. */
static int managed(int (*fn)(void *arg), void *arg)
{
	return reap(spawn_manager(fn, arg));
}

/*
 * Its end
 */

static int leave_with(void *status)
{
	return *(int *)status;
}

TEST_F(manage, exit_status_is_the_childs)
{
	static const int statuses[] = { 0, 1, 42, 128, 255 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		EXPECT_EQ(W_EXITCODE(statuses[i], 0),
			  managed(leave_with, (void *)&statuses[i]));
}

static int die_of(void *sig)
{
	struct rlimit none = { };

	setrlimit(RLIMIT_CORE, &none);
	signal(*(int *)sig, SIG_DFL);
	kill(getpid(), *(int *)sig);
	return sleep_on(NULL);
}

/* Two real-time signals are the C library's own. */
static bool is_deadly(int sig)
{
	switch (sig) {
	case SIGCHLD:
	case SIGCONT:
	case SIGURG:
	case SIGWINCH:
	case SIGSTOP ... SIGTTOU:
	case __SIGRTMIN ... __SIGRTMIN + 1:
		return false;
	default:
		return true;
	}
}

TEST_F(manage, signal_is_the_childs)
{
	int sig;

	for (sig = 1; sig <= SIGRTMAX; sig++) {
		if (!is_deadly(sig))
			continue;
		EXPECT_EQ(W_EXITCODE(0, sig), managed(die_of, &sig))
			TH_LOG("signal %d", sig);
	}
}

static int dump_core(void *arg)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_CORE, &all);
	abort();
	return arg != NULL;
}

/* The limit of the manager would let it write one, too. */
static int manage_without_limit(void *arg)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct work work = { dump_core, arg };

	setrlimit(RLIMIT_CORE, &all);
	return manage(&work);
}

TEST_F(manage, no_second_core_dump)
{
	ASSERT_EQ(0, chdir("/tmp"));
	if (!WCOREDUMP(reap(tree_spawn(dump_core, NULL))))
		SKIP(return, "no core dump is written here at all");
	EXPECT_EQ(W_EXITCODE(0, SIGABRT),
		  reap(tree_spawn(manage_without_limit, NULL)));
	unlink("core");
}

static int manage_zombie(void *arg)
{
	pid_t child = tree_spawn(leave_with, arg);
	siginfo_t info;

	waitid(P_PID, child, &info, WEXITED | WNOWAIT);
	fkill_manage(child);
	return errno;
}

TEST_F(manage, child_that_has_ended_already)
{
	int status = 77;

	EXPECT_EQ(W_EXITCODE(77, 0), reap(tree_spawn(manage_zombie, &status)));
}

/* Had it ended before, it would be gone without a trace. */
static int leave_when_managed(void *status)
{
	return wait_until(is_manager(getppid())) ? leave_with(status) : 255;
}

static int manage_deaf(void *arg)
{
	struct work work = { leave_when_managed, arg };

	signal(SIGCHLD, SIG_IGN);
	return manage(&work);
}

TEST_F(manage, caller_that_ignores_sigchld)
{
	int status = 77;

	EXPECT_EQ(W_EXITCODE(77, 0),
		  reap(tree_spawn(manage_deaf, &status)));
}

/*
 * Its life
 */

static int daemon_waits(void *arg)
{
	setsid();
	tree_ready();
	wait_until(tree->go);
	tree->left++;
	return arg != NULL;
}

static int fork_daemon(void *arg)
{
	tree->pid[1] = tree_spawn(daemon_waits, arg);
	return 0;
}

static int daemonize(void *arg)
{
	if (!wait_until(is_manager(getppid())) ||
	    run_child(fork_daemon, arg) || !tree_is_ready(1))
		return 1;
	return 42;
}

/* The caller has forgotten to become a subreaper. */
TEST_F(manage, subtree_outlives_the_child)
{
	struct work work = { daemonize, NULL };
	pid_t manager = tree_spawn(manage_forgetful, &work);

	ASSERT_TRUE(tree_is_ready(1));
	/* The manager has reaped the child. */
	ASSERT_TRUE(wait_until(!state_of(tree->pid[0])));
	EXPECT_TRUE(is_owner(manager, tree->pid[1]));
	EXPECT_TRUE(wait_until(state_of(manager) == 'S'));
	EXPECT_EQ(0, tree->left);
	tree->go = true;
	EXPECT_EQ(W_EXITCODE(42, 0), reap(manager));
	EXPECT_EQ(1, tree->left);
}

TEST_F(manage, stop_of_the_child_is_no_end)
{
	pid_t manager = spawn_manager(sleep_on, NULL);

	ASSERT_TRUE(is_managed(manager));
	kill(tree->pid[0], SIGSTOP);
	ASSERT_TRUE(wait_until(state_of(tree->pid[0]) == 'T'));
	nap();
	EXPECT_TRUE(wait_until(state_of(manager) == 'S'));
	kill(tree->pid[0], SIGCONT);
	kill(tree->pid[0], SIGTERM);
	EXPECT_EQ(W_EXITCODE(0, SIGTERM), reap(manager));
}

TEST_F(manage, signals_pass_it_by)
{
	pid_t manager = spawn_manager(sleep_on, NULL);
	int sig;

	ASSERT_TRUE(is_managed(manager));
	for (sig = 1; sig <= SIGSYS; sig++) {
		if (sig != SIGKILL && sig != SIGSTOP)
			kill(manager, sig);
	}
	EXPECT_TRUE(wait_until(state_of(manager) == 'S'));
	kill(tree->pid[0], SIGUSR1);
	EXPECT_EQ(W_EXITCODE(0, SIGUSR1), reap(manager));
}

static int count_entries(pid_t pid, const char *name)
{
	int fd = open_proc(pid, name, O_RDONLY | O_DIRECTORY);
	DIR *dir = fdopendir(fd);
	int count = -2;		/* "." and ".." */

	while (dir && readdir(dir))
		count++;
	closedir(dir);
	return count;
}

TEST_F(manage, holds_no_descriptors)
{
	pid_t manager = spawn_manager(sleep_on, NULL);

	ASSERT_TRUE(is_managed(manager));
	EXPECT_TRUE(wait_until(!count_entries(manager, "fd")));
	EXPECT_LE(3, count_entries(tree->pid[0], "fd"));
}

static int manage_chdir(void *arg)
{
	if (chdir("/proc/self"))
		return errno;
	return manage(arg);
}

TEST_F(manage, holds_no_directory)
{
	struct work work = { sleep_on, NULL };
	pid_t manager = tree_spawn(manage_chdir, &work);
	char path[64], cwd[64];

	ASSERT_TRUE(is_managed(manager));
	snprintf(path, sizeof(path), "/proc/%d/cwd", manager);
	EXPECT_TRUE(wait_until(readlink(path, cwd, sizeof(cwd)) == 1));
}

/* In kB; it may lag behind by some hundred. */
static long resident_kb(pid_t pid)
{
	char text[128];
	char path[64];
	long pages;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	if (read_file(path, text, sizeof(text)) ||
	    sscanf(text, "%*d %ld", &pages) != 1)
		return -1;
	return pages * (getpagesize() / 1024);
}

/* In small pieces, in a large one, and on the stack. */
static int manage_big(void *arg)
{
	char deep[BIG / 32];
	int i;

	/* Any other store the compiler would know to be in vain. */
	for (i = 0; i < BIG / 1024; i++)
		explicit_bzero(malloc(1024), 1024);
	explicit_bzero(malloc(BIG), BIG);
	explicit_bzero(deep, sizeof(deep));
	tree->inner = resident_kb(getpid());
	return manage(arg);
}

TEST_F(manage, memory_of_a_big_caller_is_given_back)
{
	struct work work = { sleep_on, NULL };
	pid_t manager = tree_spawn(manage_big, &work);

	ASSERT_TRUE(is_managed(manager));
	EXPECT_LT(2 * BIG / 1024, tree->inner);
	EXPECT_TRUE(wait_until(resident_kb(manager) < 2048));
	TH_LOG("%d kB before, %ld kB as a manager", tree->inner,
	       resident_kb(manager));
	/* And it still works. */
	kill(tree->pid[0], SIGUSR2);
	EXPECT_EQ(W_EXITCODE(0, SIGUSR2), reap(manager));
}

/*
 * Its violent death
 */

/* Everybody below holds the other end: it ends when nobody is left. */
static bool nobody_holds(int fd)
{
	char buf[256];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		;
	return n == 0;
}

static int found_dynasty(void *arg)
{
	while (tree_grows()) {
		tree->born++;
		if (!fork())
			setsid();
		else if (tree->born % 2)
			_exit(0);
		else
			pause();
	}
	return arg != NULL;
}

/* What counts is the very moment of the manager's end. */
TEST_F(manage, sigkill_at_a_random_moment_leaves_nobody)
{
	int round, fd[2];
	pid_t manager;

	srandom(1);
	for (round = 0; play_on(round, ROUNDS); round++) {
		ASSERT_EQ(0, pipe2(fd, O_NONBLOCK));
		manager = spawn_manager(found_dynasty, NULL);
		close(fd[1]);
		ASSERT_TRUE(wait_until(is_manager(manager)))
			TH_LOG("in round %d", round);
		usleep(random() % 4000);
		kill(manager, SIGKILL);
		ASSERT_EQ(SIGKILL, reap(manager))
			TH_LOG("in round %d", round);
		ASSERT_TRUE(nobody_holds(fd[0]))
			TH_LOG("in round %d", round);
		close(fd[0]);
	}
	TH_LOG("%d rounds, %d births", round, tree->born);
}

/*
 * Refusals
 */

/* Before and after: what a failed call must leave as it was. */
struct state {
	int subreaper;
	int fds;
	sigset_t mask;
	void (*sigchld)(int sig);
};

static void get_state(struct state *state)
{
	struct sigaction action;

	memset(state, 0, sizeof(*state));
	prctl(PR_GET_CHILD_SUBREAPER, &state->subreaper);
	state->fds = count_entries(getpid(), "fd");
	sigprocmask(SIG_BLOCK, NULL, &state->mask);
	sigaction(SIGCHLD, NULL, &action);
	state->sigchld = action.sa_handler;
}

/* The errno of a refusal that has changed nothing; else 255. */
static int refusal(pid_t child)
{
	struct state before, after;
	int err;

	fkill_disown();		/* the library has its descriptor open now */
	get_state(&before);
	fkill_manage(child);
	err = errno;
	get_state(&after);
	if (memcmp(&before, &after, sizeof(before)) || !fkill_disown())
		return 255;
	return err;
}

static int refuse(void *pid)
{
	return refusal(*(pid_t *)pid);
}

TEST_F(manage, no_child_of_the_caller)
{
	pid_t pids[] = { 0, -1, 1, getpid(), tree_sleeper(), 0x3fffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		EXPECT_EQ(ECHILD, run_child(refuse, &pids[i]))
			TH_LOG("pid %d", pids[i]);
	}
}

static int refuse_reaped(void *status)
{
	pid_t child = tree_spawn(leave_with, status);

	reap(child);
	return refusal(child);
}

TEST_F(manage, child_that_was_reaped_is_refused)
{
	int status = 0;

	EXPECT_EQ(ECHILD, run_child(refuse_reaped, &status));
}

static int refuse_init(void *arg)
{
	return refusal(tree_spawn(sleep_on, arg));
}

static int refuse_in_namespace(void *arg)
{
	if (unshare(CLONE_NEWPID))
		return 255;
	return run_child(refuse_init, arg);
}

TEST_F(manage, init_of_a_namespace_is_refused)
{
	EXPECT_EQ(EPERM, run_child(refuse_in_namespace, NULL));
}

TEST_HARNESS_MAIN
