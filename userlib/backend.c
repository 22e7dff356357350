// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fkill.h>

#include "backend.h"
#include "device.h"
#include "fkill.h"

enum choice { NOT_READ, FREE, MODULE, FALLBACK, SCAN, UNKNOWN };

static enum choice read_choice(void)
{
	const char *text = secure_getenv("LIBFKILL_BACKEND");

	if (!text || !*text)
		return FREE;
	if (!strcmp(text, "module"))
		return MODULE;
	if (!strcmp(text, "fallback"))
		return FALLBACK;
	return strcmp(text, "scan") ? UNKNOWN : SCAN;
}

/* Read once: other threads may change the environment. */
static enum choice choice(void)
{
	static atomic_int cache;
	enum choice c = atomic_load(&cache);

	if (c == NOT_READ) {
		c = read_choice();
		atomic_store(&cache, c);
	}
	return c;
}

bool backend_allows_module(void)
{
	return choice() == FREE || choice() == MODULE;
}

bool backend_insists_on_module(void)
{
	return choice() == MODULE;
}

bool backend_replaces_module(void)
{
	return choice() == FREE || choice() == FALLBACK || choice() == SCAN;
}

bool backend_scans(void)
{
	return choice() == SCAN;
}

int fkill_backend(void)
{
	struct fkill_info info;
	int ret = device_ioctl(FKILL_IOC_INFO, &info);

	if (backend_falls_back(ret))
		return FKILL_BACKEND_FALLBACK;
	return ret < 0 ? -1 : FKILL_BACKEND_MODULE;
}
