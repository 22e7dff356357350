// SPDX-License-Identifier: GPL-2.0-only
/* killbelow() when the kernel has no memory for it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "common.h"
#include "harness.h"
#include "tree.h"

/*
 * In a cgroup v1 without memory and without the OOM killer, allocations simply
 * fail.
 */
#define MOUNT		"/tmp/fkill-memory"
#define CGROUP		MOUNT "/none"

/* More than can be remembered without memory. */
#define CROWD		1000

FIXTURE(memory) {
	bool possible;
};

static bool mount_controller(void)
{
	return (!mkdir(MOUNT, 0700) || errno == EEXIST) &&
	       !unshare(CLONE_NEWNS) &&
	       !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("none", MOUNT, "cgroup", 0, "memory");
}

static int limit(const char *bytes)
{
	return write_file(CGROUP "/memory.limit_in_bytes", bytes);
}

FIXTURE_SETUP(memory)
{
	ASSERT_EQ(0, tree_begin());
	self->possible = mount_controller() && !mkdir(CGROUP, 0700) &&
			 !write_file(CGROUP "/memory.oom_control", "1") &&
			 !limit("0");
}

FIXTURE_TEARDOWN(memory)
{
	limit("-1");
	tree_end();
	rmdir(CGROUP);
	umount(MOUNT);
	rmdir(MOUNT);
}

static int catcher_below_sleeper(void *arg)
{
	tree->pid[0] = tree_catcher(SIGTERM);
	return sleep_on(arg);
}

/* The one that moves away comes last, when nothing more is remembered. */
static int call_without_memory(void *arg)
{
	int cgroup = open(CGROUP "/cgroup.procs", O_WRONLY | O_CLOEXEC);
	int i;

	(void)arg;
	for (i = 0; i < CROWD; i++)
		tree_spawn_thin(sleep_on, NULL);
	if (!tree_is_ready(CROWD))
		return 1;
	tree_spawn(catcher_below_sleeper, NULL);
	if (!tree_is_ready(CROWD + 2))
		return 2;
	/* Open the device, and have in memory what the call needs there. */
	call_below(0, 0);
	if (write(cgroup, "0", 1) != 1)
		return 3;
	call_below(SIGTERM, 2000);
	return 0;
}

TEST_F(memory, everybody_is_signalled_and_0_is_not_said)
{
	pid_t caller;

	if (!self->possible)
		SKIP(return, "no memory controller of cgroup v1");
	caller = tree_spawn(call_without_memory, NULL);
	ASSERT_TRUE(wait_until(tree->called && tree->handled));
	ASSERT_TRUE(wait_until(status_number(tree->pid[0], "PPid", 10) ==
			       getpid()));
	ASSERT_TRUE(wait_until(state_of(caller) == 'Z'));
	ASSERT_EQ(0, reap(caller));
	EXPECT_EQ(1, tree->ret);
	EXPECT_EQ(CROWD + 2, tree->report.signalled);
	EXPECT_EQ(1, tree->handled);
}

TEST_HARNESS_MAIN
