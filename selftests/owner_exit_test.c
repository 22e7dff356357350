// SPDX-License-Identifier: GPL-2.0-only
/* Exit-kill: of whatever an owner dies, nobody below outlives it. */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "common.h"
#include "harness.h"
#include "owned.h"
#include "tree.h"

#define EXITED(code)	((code) << 8)

/*
 * Who is below.
 */

#define SLEEPERS	5

static bool grow_sleepers(void)
{
	int i;

	for (i = 0; i < SLEEPERS; i++)
		if (tree_sleeper() < 0)
			return false;
	return true;
}

/* Does nothing about signals, and can do nothing: blocked and stopped. */
static int stay_stopped(void *arg)
{
	sigset_t all;

	(void)arg;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	tree_ready();
	raise(SIGSTOP);
	return sleep_for_ever(NULL);
}

static bool grow_stopped(void)
{
	int ready = tree->ready;
	pid_t pid = tree_spawn(stay_stopped, NULL);

	return tree_is_ready(ready + 1) && wait_until(state_of(pid) == 'T');
}

#define DEPTH	20

static int descend(void *depth)
{
	if ((long)depth > 1)
		tree_spawn(descend, (void *)((long)depth - 1));
	return sleep_on(NULL);
}

static bool grow_chain(void)
{
	int ready = tree->ready;

	tree_spawn(descend, (void *)DEPTH);
	return tree_is_ready(ready + DEPTH);
}

/* Both parents of the daemon leave, each for a session of its own. */
static int fork_twice(void *twice)
{
	setsid();
	if (twice)
		tree_spawn(fork_twice, NULL);
	else
		tree_spawn(sleep_on, NULL);
	return 0;
}

static bool grow_daemon(void)
{
	int ready = tree->ready;

	tree_spawn(fork_twice, "twice");
	return tree_is_ready(ready + 1) && wait(NULL) > 0 && wait(NULL) > 0;
}

static int sleep_as(void *uid)
{
	return drop_to((long)uid) ?: sleep_on(NULL);
}

/* Of root, of the owner's uid and of another; the owner has lost its rights. */
static bool grow_mixed(void)
{
	int ready = tree->ready;
	long uid;

	for (uid = 0; uid <= 2000; uid += 1000)
		tree_spawn(sleep_as, (void *)uid);
	return tree_is_ready(ready + 3) && !drop_to(1000) &&
	       !fkill_own(FKILL_OWN_EXIT_KILL, LONG_LINGER);
}

static int wait_in_vfork(void *arg)
{
	(void)arg;
	if (!vfork()) {
		tree_ready();
		pause();
		_exit(1);
	}
	return 0;
}

/* The parent sleeps in the kernel until its child is gone. */
static bool grow_vfork(void)
{
	int ready = tree->ready;

	tree_spawn(wait_in_vfork, NULL);
	return tree_is_ready(ready + 1);
}

/* The init of a namespace, and one below it. */
static int be_init(void *arg)
{
	tree_spawn(sleep_on, arg);
	return sleep_on(arg);
}

static bool grow_namespace(void)
{
	int ready = tree->ready;

	if (unshare(CLONE_NEWPID))
		return false;
	tree_spawn(be_init, NULL);
	return tree_is_ready(ready + 2);
}

/*
 * What an owner dies of.
 */

static void end_by_exit(void)
{
	exit(42);
}

static void end_by_exit_of_thread(void)
{
	syscall(SYS_exit, 43);
}

static void end_by_fault(void)
{
	*(volatile int *)NULL = 0;
}

static void end_by_abort(void)
{
	abort();
}

static void end_by_own_hand(void)
{
	kill(getpid(), SIGKILL);
}

static void end_by_alarm(void)
{
	ualarm(1000, 0);
	sleep_for_ever(NULL);
}

static void end_by_program(void)
{
	execl("/bin/sh", "sh", "-c", "exit 44", NULL);
}

static void end_of_limit(void)
{
	const struct rlimit limit = { 1, 1 };

	setrlimit(RLIMIT_CPU, &limit);
	for (;;)
		;
}

FIXTURE(dying) {
};

FIXTURE_VARIANT(dying) {
	void (*end)(void);
	int sig;		/* sent by the test */
	int status;
};

FIXTURE_VARIANT_ADD(dying, returns) {
	.status = EXITED(OWNER_LEAVES),
};

FIXTURE_VARIANT_ADD(dying, exits) {
	.end = end_by_exit,
	.status = EXITED(42),
};

FIXTURE_VARIANT_ADD(dying, exits_as_a_thread) {
	.end = end_by_exit_of_thread,
	.status = EXITED(43),
};

FIXTURE_VARIANT_ADD(dying, after_exec) {
	.end = end_by_program,
	.status = EXITED(44),
};

FIXTURE_VARIANT_ADD(dying, sigkill) {
	.end = end_by_others,
	.sig = SIGKILL,
	.status = SIGKILL,
};

FIXTURE_VARIANT_ADD(dying, sigkill_by_own_hand) {
	.end = end_by_own_hand,
	.status = SIGKILL,
};

FIXTURE_VARIANT_ADD(dying, sigterm) {
	.end = end_by_others,
	.sig = SIGTERM,
	.status = SIGTERM,
};

FIXTURE_VARIANT_ADD(dying, alarm) {
	.end = end_by_alarm,
	.status = SIGALRM,
};

/* Those that would dump core; without a limit for it they do not. */
FIXTURE_VARIANT_ADD(dying, fault) {
	.end = end_by_fault,
	.status = SIGSEGV,
};

FIXTURE_VARIANT_ADD(dying, abort) {
	.end = end_by_abort,
	.status = SIGABRT,
};

FIXTURE_VARIANT_ADD(dying, cpu_limit) {
	.end = end_of_limit,
	.status = SIGKILL,
};

FIXTURE_SETUP(dying)
{
	const struct rlimit none = { 0, 0 };

	ASSERT_EQ(0, tree_begin());
	ASSERT_EQ(0, setrlimit(RLIMIT_CORE, &none));
}

FIXTURE_TEARDOWN(dying)
{
	tree_end();
}

/* When wait() has told of the owner, all @count are dead. */
static void check_end(struct __test_metadata *_metadata,
		      const struct estate *estate, int sig, int status,
		      int count)
{
	pid_t owner = spawn_owner(estate);
	int left;

	ASSERT_LT(0, owner);
	if (sig)
		ASSERT_EQ(0, kill(owner, sig));
	EXPECT_EQ(status, reap_owner(owner, &left));
	EXPECT_EQ(count, left);
}

TEST_F(dying, takes_children_along)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_sleepers,
		.end = variant->end,
	};

	check_end(_metadata, &estate, variant->sig, variant->status, SLEEPERS);
}

TEST_F(dying, takes_a_daemon_along)
{
	const struct estate estate = {
		.subreaper = true,
		.linger = LONG_LINGER,
		.grow = grow_daemon,
		.end = variant->end,
	};

	check_end(_metadata, &estate, variant->sig, variant->status, 1);
}

/* The same end, whoever is below. */
FIXTURE(below) {
};

FIXTURE_VARIANT(below) {
	bool (*grow)(void);
	int count;
};

FIXTURE_VARIANT_ADD(below, nobody) {
};

FIXTURE_VARIANT_ADD(below, chain) {
	.grow = grow_chain,
	.count = DEPTH,
};

FIXTURE_VARIANT_ADD(below, stopped) {
	.grow = grow_stopped,
	.count = 1,
};

FIXTURE_VARIANT_ADD(below, other_uids) {
	.grow = grow_mixed,
	.count = 3,
};

FIXTURE_VARIANT_ADD(below, vfork) {
	.grow = grow_vfork,
	.count = 2,
};

FIXTURE_VARIANT_ADD(below, pid_namespace) {
	.grow = grow_namespace,
	.count = 1,		/* init has reaped the other one */
};

FIXTURE_SETUP(below)
{
	ASSERT_EQ(0, tree_begin());
}

FIXTURE_TEARDOWN(below)
{
	tree_end();
}

TEST_F(below, dies_with_an_owner_that_leaves)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = variant->grow,
	};

	check_end(_metadata, &estate, 0, EXITED(OWNER_LEAVES), variant->count);
}

TEST_F(below, dies_with_an_owner_that_is_killed)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = variant->grow,
		.end = end_by_others,
	};

	check_end(_metadata, &estate, SIGKILL, SIGKILL, variant->count);
}

TEST_HARNESS_MAIN
