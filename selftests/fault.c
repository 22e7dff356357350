// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common.h"
#include "fault.h"
#include "listener.h"
#include "modctl.h"

#define DEBUGFS		"/sys/kernel/debug/"

/*
 * Everything fails, also what "never" does because the kernel would rather
 * kill somebody for it; but for the pages of user space. And nobody tells.
 */
static const char * const knobs[][2] = {
	{ DEBUGFS "failslab/ignore-gfp-wait", "N" },
	{ DEBUGFS "failslab/verbose", "0" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N" },
	{ DEBUGFS "fail_page_alloc/min-order", "0" },
	{ DEBUGFS "fail_page_alloc/verbose", "0" },
	{ DEBUGFS "fail_usercopy/verbose", "0" },
};

static int fail_nth = -1;

bool fault_begin(void)
{
	size_t i;

	for (i = 0; i < sizeof(knobs) / sizeof(*knobs); i++) {
		if (write_file(knobs[i][0], knobs[i][1]))
			return false;
	}
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return fail_nth >= 0;
}

/* Again, when it is this write that fails. */
static void set(int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", nth);

	while (pwrite(fail_nth, text, len, 0) != len)
		;
}

void fault_arm(int nth)
{
	set(nth);
}

/* How many are left to go; a read that fails itself was the last of them. */
static int left(int fd)
{
	char text[16];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	if (len < 0)
		return 1;
	text[len] = '\0';
	return atoi(text);
}

int fault_disarm(void)
{
	int to_go = left(fail_nth);

	set(0);
	return to_go;
}

bool fault_hit(pid_t pid)
{
	int fd = open_proc(pid, "fail-nth", O_RDONLY);
	bool hit = !left(fd);

	close(fd);
	return hit;
}

/* What became of a try; the signals are those to all, and to any one. */
struct outcome {
	bool hit;
	int err;
	int sent;
	int most;
};

/* Try it with its @nth fault; 0 is none. */
static void try(const struct fault_op *op, int nth, struct outcome *out)
{
	fault_arm(nth);
	out->err = op->call();
	out->hit = !fault_disarm() && nth;
	listeners_ask(&out->sent, &out->most);
}

static bool may_answer(const struct fault_op *op, int err)
{
	const int *error;

	for (error = op->errors; *error; error++)
		if (*error == err)
			return true;
	return !err;
}

static const char *judge(const struct fault_op *op, const struct outcome *out)
{
	if (out->err && !out->hit)
		return "fails without a fault";
	if (!may_answer(op, out->err))
		return "gives another errno";
	if (out->sent < 0)
		return "somebody is gone";
	if (out->most > 1)
		return "somebody is signalled twice";
	if (out->sent != op->sends && (out->sent || !out->err))
		return "not all are signalled";
	if (out->sent && out->err && !op->may_fail_later)
		return "signals, and fails";
	return NULL;
}

/* One fault, and none; or what went wrong. */
static const char *step(const struct fault_op *op, int nth, const char *users,
			struct outcome *out)
{
	struct outcome after;
	const char *wrong;

	try(op, nth, out);
	wrong = judge(op, out);
	if (wrong)
		return wrong;
	if (!wait_until(!strcmp(users, module_word(MODULE_REFS))))
		return "somebody holds the module";
	try(op, 0, &after);
	return judge(op, &after) ? "does not work afterwards" : NULL;
}

const char *fault_walk(const struct fault_op *op)
{
	static char text[128];
	struct outcome out;
	const char *wrong;
	char users[16];
	int nth = 0;

	snprintf(users, sizeof(users), "%s", module_word(MODULE_REFS));
	do
		wrong = step(op, ++nth, users, &out);
	while (!wrong && out.hit);
	fprintf(stderr, "# %d faults\n", nth - 1);
	if (!wrong && nth > 1)
		return NULL;
	snprintf(text, sizeof(text), "fault %d: %s (errno %d, %d sent)", nth,
		 wrong ? wrong : "there is none", out.err, out.sent);
	return text;
}
