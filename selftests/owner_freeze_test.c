// SPDX-License-Identifier: GPL-2.0-only
/* The end of an owner and the freezers: of cgroup v2, and of v1 and suspend. */
#define _GNU_SOURCE
#include <sys/mount.h>
#include <sys/stat.h>

#include "common.h"
#include "harness.h"
#include "owned.h"
#include "tree.h"

#define CGROUP		"/sys/fs/cgroup/fkill-freeze"
#define SHORT_LINGER	1000

static const struct estate ordinary = {
	.linger = LONG_LINGER,
	.grow = grow_sleeper,
	.end = end_by_others,
};

/* That of cgroup v2 holds nobody up who dies. */
FIXTURE(frozen) {
	bool possible;
};

FIXTURE_SETUP(frozen)
{
	ASSERT_EQ(0, tree_begin());
	self->possible = !mkdir(CGROUP, 0755) &&
			 !access(CGROUP "/cgroup.freeze", W_OK);
}

FIXTURE_TEARDOWN(frozen)
{
	write_file(CGROUP "/cgroup.freeze", "0");
	tree_end();
	rmdir(CGROUP);
}

static bool is_frozen(void)
{
	char events[128];

	return !read_file(CGROUP "/cgroup.events", events, sizeof(events)) &&
	       strstr(events, "frozen 1");
}

static bool join(const char *cgroup, pid_t pid)
{
	char path[64], text[16];

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	snprintf(text, sizeof(text), "%d", pid);
	return !write_file(path, text);
}

TEST_F(frozen, owner_and_those_below)
{
	pid_t owner;

	if (!self->possible)
		SKIP(return, "no freezer of cgroup v2 at /sys/fs/cgroup");
	owner = spawn_owner(&ordinary);
	ASSERT_LT(0, owner);
	ASSERT_TRUE(join(CGROUP, owner) &&
		    join(CGROUP, tree->pid[0]));
	ASSERT_EQ(0, write_file(CGROUP "/cgroup.freeze", "1"));
	ASSERT_TRUE(wait_until(is_frozen()));
	kill(owner, SIGKILL);
	EXPECT_EQ(SIGKILL, reap(owner));
	EXPECT_EQ(1, reap_all());
}

/* During the wait: it goes on, and ends in its time. */
TEST_F(frozen, while_it_waits)
{
	const struct estate estate = {
		.linger = SHORT_LINGER,
		.grow = grow_sleeper,
		.end = end_by_others,
	};
	pid_t owner;

	if (!self->possible)
		SKIP(return, "no freezer of cgroup v2 at /sys/fs/cgroup");
	owner = spawn_owner(&estate);
	ASSERT_LT(0, owner);
	ASSERT_TRUE(join(CGROUP, owner));
	ASSERT_TRUE(seize(tree->pid[0]));
	kill(owner, SIGKILL);
	ASSERT_TRUE(stops_at_exit(tree->pid[0]));
	ASSERT_EQ(0, write_file(CGROUP "/cgroup.freeze", "1"));
	EXPECT_EQ(SIGKILL, reap(owner));
	EXPECT_TRUE(let_go(tree->pid[0]));
	EXPECT_EQ(SIGKILL, reap(tree->pid[0]));
}

/*
 * That of cgroup v1, which is also that of suspend, waits for those who sleep
 * without leave to be frozen.
 */

#define CGROUP_V1	"/tmp/freezer"
#define FROZEN_V1	CGROUP_V1 "/test/freezer.state"

FIXTURE(frozen_v1) {
	bool possible;
};

FIXTURE_SETUP(frozen_v1)
{
	ASSERT_EQ(0, tree_begin());
	mkdir(CGROUP_V1, 0755);
	self->possible = !mount("none", CGROUP_V1, "cgroup", 0, "freezer") &&
			 !mkdir(CGROUP_V1 "/test", 0755);
}

FIXTURE_TEARDOWN(frozen_v1)
{
	write_file(FROZEN_V1, "THAWED");
	tree_end();
	rmdir(CGROUP_V1 "/test");
	umount(CGROUP_V1);
	rmdir(CGROUP_V1);
}

static bool is_frozen_v1(void)
{
	char state[16];

	return !read_file(FROZEN_V1, state, sizeof(state)) &&
	       !strcmp(state, "FROZEN\n");
}

TEST_F(frozen_v1, while_it_waits)
{
	pid_t owner;

	if (!self->possible)
		SKIP(return, "no freezer of cgroup v1");
	owner = spawn_owner(&ordinary);
	ASSERT_LT(0, owner);
	ASSERT_TRUE(join(CGROUP_V1 "/test", owner));
	ASSERT_TRUE(seize(tree->pid[0]));
	kill(owner, SIGKILL);
	ASSERT_TRUE(stops_at_exit(tree->pid[0]));
	ASSERT_EQ(0, write_file(FROZEN_V1, "FROZEN"));
	EXPECT_TRUE(wait_until(is_frozen_v1()));
	EXPECT_TRUE(is_running(owner));
	EXPECT_EQ(0, write_file(FROZEN_V1, "THAWED"));
	EXPECT_TRUE(let_go(tree->pid[0]));
	EXPECT_EQ(SIGKILL, reap(owner));
	EXPECT_EQ(1, reap_all());
}

TEST_HARNESS_MAIN
