// SPDX-License-Identifier: GPL-2.0-only
/*
 * Load and unload of the module when memory is short: all of it is there, or
 * none.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fkill.h>
#include <stdio.h>

#include "common.h"
#include "fault.h"
#include "harness.h"
#include "modctl.h"

#define FTRACE_ENABLED	"/proc/sys/kernel/ftrace_enabled"
#define HOOKED		"/sys/kernel/tracing/enabled_functions"

/* More than there are in a load, and in the end of one that is refused. */
#define MANY		1000000
#define REFUSAL		64

FIXTURE(load) {
	bool possible;
};

FIXTURE_SETUP(load)
{
	self->possible = fault_begin();
	ASSERT_TRUE(wait_until(module_is_idle()));
	ASSERT_EQ(0, module_unload());
}

FIXTURE_TEARDOWN(load)
{
	write_file(FTRACE_ENABLED, "1");
	if (!*module_word(MODULE_STATE))
		EXPECT_EQ(0, module_load());
}

static int hooks(void)
{
	FILE *file = fopen(HOOKED, "re");
	char line[256];
	int count = 0;

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file))
		count++;
	fclose(file);
	return count;
}

static const char *what_is_left(void)
{
	if (*module_word(MODULE_STATE))
		return "the module";
	if (!access(FKILL_DEVICE, F_OK))
		return "the device";
	if (!access("/proc/self/kill", F_OK))
		return "/proc/self/kill";
	return hooks() ? "a hook" : NULL;
}

static const char *what_is_missing(void)
{
	if (!module_is_idle())
		return "the module";
	if (access(FKILL_DEVICE, F_OK))
		return "the device";
	if (access("/proc/self/kill", F_OK))
		return "/proc/self/kill";
	return hooks() > 0 ? NULL : "a hook";
}

/*
 * The first ones are the kernel's own, which makes room for a module and shows
 * it in sysfs. A load that comes to the first hook, and is refused there, has
 * left those behind.
 */
static int first_of_module(void)
{
	int first;

	write_file(FTRACE_ENABLED, "0");
	fault_arm(MANY);
	module_load();
	first = MANY - fault_disarm() - REFUSAL;
	write_file(FTRACE_ENABLED, "1");
	return first;
}

TEST_F_TIMEOUT(load, all_or_nothing, 1500)
{
	int nth, first, refused = 0;
	const char *wrong;
	bool hit = true;
	int err;

	if (!self->possible)
		SKIP(return, FAULT_MISSING);
	ASSERT_EQ(NULL, what_is_left());
	first = first_of_module();
	for (nth = first; hit; nth++) {
		fault_arm(nth);
		err = module_load();
		hit = !fault_disarm();
		refused += !!err;
		EXPECT_TRUE(!err || (hit && err == ENOMEM))
			TH_LOG("fault %d: errno %d", nth, err);
		wrong = err ? what_is_left() : what_is_missing();
		ASSERT_EQ(NULL, wrong)
			TH_LOG("fault %d: errno %d, %s", nth, err, wrong);
		ASSERT_TRUE(err || !module_unload());
		ASSERT_EQ(NULL, what_is_left());
	}
	TH_LOG("%d faults, %d refused", nth - 1 - first, refused);
	EXPECT_LT(0, refused);
}

/* Nothing but the name of the module can be missing. */
TEST_F_TIMEOUT(load, is_undone, 1500)
{
	bool hit = true;
	int err, nth;

	if (!self->possible)
		SKIP(return, FAULT_MISSING);
	for (nth = 1; hit; nth++) {
		ASSERT_EQ(0, module_load());
		fault_arm(nth);
		err = module_unload();
		hit = !fault_disarm();
		EXPECT_TRUE(!err || (hit && err == EFAULT))
			TH_LOG("fault %d: errno %d", nth, err);
		ASSERT_TRUE(!err || !module_unload());
		ASSERT_EQ(NULL, what_is_left());
	}
	TH_LOG("%d faults", nth - 2);
	EXPECT_LT(2, nth);
}

TEST_HARNESS_MAIN
