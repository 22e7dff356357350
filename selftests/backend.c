// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <fnmatch.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"

#define OTHER_UIDS	"other uids are refused"
#define OTHER_PROC	"/proc is that of another pid namespace"
#define SHOWN		"whomever /proc shows is told of"
#define OWNERS		"there are no owners"

static bool falls_back;

static const struct {
	const char *test;	/* a pattern: fixture.test or fixture.variant.test */
	const char *why;
} differences[] = {
	{ "process.kill_file*", "there is no kill file" },
	{ "killbelow.unwritable_argument*", "there is no device" },
	{ "killbelow.resume_that*", "there is no device" },
	{ "killbelow.the_device*", "there is no device" },
	{ "killbelow.timeout_0_counts_who_ran", "a call looks again at its end" },
	{ "killbelow.siginfo_has_the_callers_uid", OTHER_UIDS },
	{ "top.descendant_of_an_unprivileged_caller", OTHER_UIDS },
	{ "top.anothers_tree_unprivileged", SHOWN },
	{ "list.of_others_what_may_be_seen", SHOWN },
	{ "list.is_of_one_moment", "a list is not of one moment" },
	{ "list.refusals", "a bad pointer crashes the caller" },
	{ "list.in_a_pid_namespace", OTHER_PROC },
	{ "family.init_of_a_namespace_calls", OTHER_PROC },
	{ "user.within_a_namespace", OTHER_PROC },
	{ "user.spares_the_init", OTHER_PROC },
	{ "user.entered_the_namespace", OTHER_PROC },
	{ "manage.sigkill_at_a_random_moment*", OWNERS },
	{ "run.sigkill_at_a_random_moment*", OWNERS },
	{ "cmd.owner", OWNERS },
	{ "cmd.list_in_plain_lines", OWNERS },
	{ "manage.init_of_a_namespace_is_refused", OWNERS },
};

void backend_choose(const char *program)
{
	const char *name = strrchr(program, '/');
	const char *backend = strchr(name ? name : program, '.');

	if (backend)
		setenv("LIBFKILL_BACKEND", backend + 1, 1);
	backend = getenv("LIBFKILL_BACKEND");
	falls_back = backend && strcmp(backend, "module");
}

bool backend_is_fallback(void)
{
	return falls_back;
}

const char *backend_difference(const char *fixture, const char *variant,
			       const char *test)
{
	char name[256];
	size_t i;

	if (!falls_back)
		return NULL;
	snprintf(name, sizeof(name), "%s%s%s.%s", fixture, *variant ? "." : "",
		 variant, test);
	for (i = 0; i < sizeof(differences) / sizeof(*differences); i++) {
		if (!fnmatch(differences[i].test, name, 0))
			return differences[i].why;
	}
	return NULL;
}
