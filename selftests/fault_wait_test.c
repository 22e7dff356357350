// SPDX-License-Identifier: GPL-2.0-only
/* FKILL_IOC_BELOW with a wait, when memory is short. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <linux/fkill.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

#include "caller.h"
#include "common.h"
#include "fault.h"
#include "harness.h"
#include "modctl.h"
#include "tree.h"

/* More than are remembered without memory. */
#define SLEEPERS	20

static int device;

FIXTURE(faults) {
	bool possible;
};

FIXTURE_SETUP(faults)
{
	ASSERT_EQ(0, tree_begin());
	device = open(FKILL_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, device);
	self->possible = fault_begin();
}

FIXTURE_TEARDOWN(faults)
{
	tree_end();
	close(device);
	EXPECT_TRUE(wait_until(module_is_idle()));
}

static bool grow(void)
{
	int i;

	tree->ready = 0;
	for (i = 0; i < SLEEPERS; i++)
		tree_spawn_thin(sleep_on, NULL);
	return tree_is_ready(SLEEPERS);
}

static int call(struct fkill_below *arg)
{
	arg->fd = FKILL_SELF;
	return ioctl(device, FKILL_IOC_BELOW, arg);
}

/* A family: how many it is, and how many of them are reaped here. */
struct family {
	bool (*grow)(void);
	int members;
	int here;
};

/*
 * Kill all, with one fault; how often was the answer that one may be left? All
 * have been signalled, whatever the answer is.
 */
static int kill_with_faults(struct __test_metadata *_metadata,
			    const struct family *family)
{
	int nth = 0, unsure = 0;
	bool hit;
	int ret;

	do {
		struct fkill_below arg = { .sig = SIGKILL, .timeout = INT_MAX };

		EXPECT_TRUE(family->grow());
		fault_arm(++nth);
		ret = call(&arg);
		hit = !fault_disarm();
		if (ret < 0) {
			EXPECT_TRUE(hit && errno == EFAULT);
			EXPECT_EQ(0, call(&arg));
		} else {
			EXPECT_EQ(family->members, arg.signalled);
			EXPECT_EQ(ret, arg.running);
			unsure += ret;
		}
		EXPECT_EQ(family->here, reap_all())
			TH_LOG("fault %d", nth);
	} while (hit);
	TH_LOG("%d faults", nth - 1);
	return unsure;
}

static const struct family children = { grow, SLEEPERS, SLEEPERS };

TEST_F(faults, whom_memory_fails_may_be_left)
{
	if (!self->possible)
		SKIP(return, FAULT_MISSING);
	ASSERT_EQ(0, prctl(PR_SET_CHILD_SUBREAPER, 0));
	EXPECT_LT(0, kill_with_faults(_metadata, &children));
}

TEST_F(faults, nobody_leaves_a_subreaper)
{
	if (!self->possible)
		SKIP(return, FAULT_MISSING);
	EXPECT_EQ(0, kill_with_faults(_metadata, &children));
}

/*
 * A child enters the namespace of an init that is not below here. The orphans
 * of those born there go to that init.
 */

static int reap_silently(void *arg)
{
	signal(SIGCHLD, SIG_IGN);
	return sleep_on(arg);
}

static int found_namespace(void *arg)
{
	if (unshare(CLONE_NEWPID))
		return 1;
	tree->pid[0] = tree_spawn(reap_silently, arg);
	return tree->pid[0] < 0;
}

/* Its founder leaves it to somebody above. */
static bool found_namespace_elsewhere(void)
{
	return !prctl(PR_SET_CHILD_SUBREAPER, 0) &&
	       !run_child(found_namespace, NULL) && tree_is_ready(1) &&
	       !prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static int grow_there(void *arg)
{
	return grow() ? sleep_on(arg) : 1;
}

static int send_there(void *arg)
{
	int fd = open_proc(tree->pid[0], "ns/pid", O_RDONLY);

	if (setns(fd, CLONE_NEWPID) || tree_spawn(grow_there, NULL) < 0)
		return 1;
	return sleep_for_ever(arg);
}

static bool grow_elsewhere(void)
{
	tree->ready = 0;
	return tree_spawn(send_there, NULL) > 0 && tree_is_ready(SLEEPERS + 1);
}

TEST_F(faults, who_entered_a_namespace_leaves_a_subreaper)
{
	const struct family guests = { grow_elsewhere, SLEEPERS + 2, 2 };

	if (!self->possible)
		SKIP(return, FAULT_MISSING);
	ASSERT_TRUE(found_namespace_elsewhere());
	EXPECT_LT(0, kill_with_faults(_metadata, &guests));
	kill(tree->pid[0], SIGKILL);
	EXPECT_TRUE(wait_until(!is_running(tree->pid[0])));
}

/*
 * A wait that is stopped and goes on: it must be kept in between, and taken up
 * again.
 */

static int nth;		/* the fault that comes next */

/* What the caller saw, beside the answer. */
enum { HIT = 1, MASK_CHANGED = 2, BROKEN = 4 };

static int call_with_fault(void *arg)
{
	struct fkill_below first = { .sig = SIGRTMIN, .timeout = INT_MAX };
	struct fkill_below second = {};
	sigset_t before = {}, after = {};
	int seen = 0;

	(void)arg;
	tree->pid[0] = tree_catcher(SIGRTMIN);
	if (!fault_begin())
		return 255;
	sigprocmask(SIG_SETMASK, NULL, &before);
	fault_arm(nth);
	tree->ret = call(&first);
	tree->err = errno_of(tree->ret);
	if (!fault_disarm())
		seen |= HIT;
	sigprocmask(SIG_SETMASK, NULL, &after);
	if (memcmp(&before, &after, sizeof(before)))
		seen |= MASK_CHANGED;
	if (call(&second) < 0)
		seen |= BROKEN;
	tree->called = true;
	return seen;
}

static bool waits_or_is_back(pid_t caller)
{
	return wait_until(tree->called ||
			  (tree->handled && state_of(caller) == 'S'));
}

/* Stops and continues it, lets it end: what has it seen? -1: it hangs. */
static int play(void)
{
	pid_t caller;

	tree->called = false;
	tree->go = false;
	tree->handled = 0;
	tree->ready = 0;
	caller = tree_spawn(call_with_fault, NULL);
	if (!waits_or_is_back(caller))
		return -1;
	if (!tree->called && !(stop(caller) && go_on(caller)))
		return -1;
	if (!waits_or_is_back(caller))
		return -1;
	tree->go = true;
	return WEXITSTATUS(reap(caller));
}

TEST_F(faults, restart)
{
	int seen;

	if (!self->possible)
		SKIP(return, FAULT_MISSING);
	do {
		nth++;
		seen = play();
		ASSERT_EQ(0, seen & ~HIT)
			TH_LOG("fault %d: errno %d", nth, tree->err);
		if (tree->ret < 0) {
			EXPECT_EQ(HIT, seen);
			EXPECT_TRUE(tree->err == EFAULT || tree->err == EINTR);
		} else {
			EXPECT_EQ(0, tree->ret);
			EXPECT_EQ(1, tree->handled);
		}
		EXPECT_GE(1, tree->handled);
		ASSERT_TRUE(wait_until(reap_all() == 0));
	} while (seen & HIT);
	TH_LOG("%d faults", nth - 1);
	EXPECT_LT(1, nth);
}

TEST_HARNESS_MAIN
