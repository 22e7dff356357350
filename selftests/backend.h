/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that run on each backend of the library: the end of a program's
 * name chooses it, as in killbelow_test.fallback.
 */
#ifndef BACKEND_H
#define BACKEND_H

#include <stdbool.h>

/* Sets LIBFKILL_BACKEND for a program of this name. */
void backend_choose(const char *program);

bool backend_is_fallback(void);

/*
 * Why a test cannot be the same on the chosen backend, or NULL. All that is
 * different is told in backend.c.
 */
const char *backend_difference(const char *fixture, const char *variant,
			       const char *test);

#endif /* BACKEND_H */
