/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own harness, with the patience that emulation asks for, and with
 * a choice of the library's backend.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <kselftest_harness.h>

#include "backend.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	120

#define TESTS_MAX	128

typedef void test_fn(struct __test_metadata *,
		     struct __fixture_variant_metadata *);

static struct {
	struct __test_metadata *test;
	test_fn *fn;
} wrapped[TESTS_MAX];

static inline void run_or_skip(struct __test_metadata *_metadata,
			       struct __fixture_variant_metadata *variant)
{
	const char *why = backend_difference(_metadata->fixture->name,
					     variant->name, _metadata->name);
	int i = 0;

	if (why)
		SKIP(return, "without the module %s", why);
	while (wrapped[i].test != _metadata)
		i++;
	wrapped[i].fn(_metadata, variant);
}

static inline void wrap_tests(void)
{
	struct __fixture_metadata *f;
	struct __test_metadata *t;
	int i = 0;

	for (f = __fixture_list; f; f = f->next) {
		for (t = f->tests; t && i < TESTS_MAX; t = t->next) {
			wrapped[i].test = t;
			wrapped[i++].fn = t->fn;
			t->fn = run_or_skip;
		}
	}
}

#define test_harness_run(argc, argv)					\
	(backend_choose((argv)[0]), wrap_tests(),			\
	 test_harness_run((argc), (argv)))

#endif /* HARNESS_H */
