// SPDX-License-Identifier: GPL-2.0-only
/* The exit of an owner when memory is short: everybody dies all the same. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/wait.h>

#include "common.h"
#include "fault.h"
#include "harness.h"
#include "modctl.h"
#include "owned.h"
#include "tree.h"

/* More than are remembered without memory. */
#define SLEEPERS	20

static int nth;		/* the fault that comes next */

/* They cost little: they share the memory of the owner. */
static bool grow(void)
{
	int ready = tree->ready;
	int i;

	for (i = 0; i < SLEEPERS; i++)
		tree_spawn_thin(sleep_on, NULL);
	return tree_is_ready(ready + SLEEPERS) && fault_begin();
}

static void exit_with_fault(void)
{
	fault_arm(nth);
	_exit(OWNER_LEAVES);
}

static void die_with_fault(void)
{
	fault_arm(nth);
	kill(getpid(), SIGKILL);
}

FIXTURE(owner) {
	bool possible;
};

FIXTURE_VARIANT(owner) {
	struct estate estate;
	int status;
};

FIXTURE_VARIANT_ADD(owner, exits) {
	.estate = { .grow = grow, .end = exit_with_fault },
	.status = OWNER_LEAVES << 8,
};

FIXTURE_VARIANT_ADD(owner, lingers) {
	.estate = {
		.linger = LONG_LINGER,
		.grow = grow,
		.end = exit_with_fault,
	},
	.status = OWNER_LEAVES << 8,
};

FIXTURE_VARIANT_ADD(owner, is_killed_and_lingers) {
	.estate = {
		.linger = LONG_LINGER,
		.grow = grow,
		.end = die_with_fault,
	},
	.status = SIGKILL,
};

FIXTURE_SETUP(owner)
{
	ASSERT_EQ(0, tree_begin());
	self->possible = fault_begin();
}

FIXTURE_TEARDOWN(owner)
{
	tree_end();
	EXPECT_TRUE(wait_until(module_is_idle()));
}

/* Who does not linger may leave some behind that are not dead yet. */
static int reap_sleepers(int linger)
{
	return linger ? reap_all() : reap_all_dead_of(SIGKILL);
}

TEST_F(owner, takes_everybody_along)
{
	siginfo_t info;
	pid_t owner;
	bool hit;

	if (!self->possible)
		SKIP(return, FAULT_MISSING);
	do {
		nth++;
		owner = spawn_owner(&variant->estate);
		ASSERT_LT(0, owner);
		ASSERT_EQ(0, waitid(P_PID, owner, &info, WEXITED | WNOWAIT));
		hit = fault_hit(owner);
		ASSERT_EQ(variant->status, reap(owner))
			TH_LOG("fault %d", nth);
		ASSERT_EQ(SLEEPERS, reap_sleepers(variant->estate.linger))
			TH_LOG("fault %d", nth);
		ASSERT_TRUE(wait_until(module_is_idle()))
			TH_LOG("fault %d", nth);
	} while (hit);
	TH_LOG("%d faults", nth - 1);
	/* Who does not linger needs no memory. */
	EXPECT_EQ(variant->estate.linger > 0, nth > 1);
}

TEST_HARNESS_MAIN
