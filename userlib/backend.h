/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who does the work: see fkill_backend() and LIBFKILL_BACKEND in fkill.h. */
#ifndef LIBFKILL_BACKEND_H
#define LIBFKILL_BACKEND_H

#include <errno.h>
#include <stdbool.h>

/* May the module be asked? */
bool backend_allows_module(void);

/* Is the device to be had at any cost? Else a refusal to open it is an answer. */
bool backend_insists_on_module(void);

/* The module was not there when it was asked: is the fallback to be used? */
bool backend_replaces_module(void);

/* Likewise, after a call to the module that returned @ret and set errno. */
static inline bool backend_falls_back(int ret)
{
	return ret < 0 && errno == ENOSYS && backend_replaces_module();
}

/* Is all of /proc to be looked through, as if there were no lists of children? */
bool backend_scans(void);

#endif /* LIBFKILL_BACKEND_H */
