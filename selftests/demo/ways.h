/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways to end all that a program has started. */
#ifndef WAYS_H
#define WAYS_H

#include <stdbool.h>
#include <sys/types.h>

#include "table.h"

#define ASK_MS		200	/* how long a process may take over SIGTERM */
#define LIMIT_MS	1000	/* how long a way tries */

/* What the caller knows about those it wants to end. */
struct target {
	pid_t pgid;
	uid_t uid;
	int cgroup;
};

struct way {
	struct label label;
	bool root;		/* cannot be used without */
	bool subreaper;		/* the caller must be one */
	/*
	 * One round: signals everybody it can find, and may wait for them for
	 * @ms. Returns 0 when nobody is left as far as it can tell, 1 when
	 * somebody was or is, -1 when it was refused.
	 */
	int (*strike)(const struct target *t, int sig, int ms);
};

extern const struct way ways[];
extern const int ways_size;

/* Uses @way as its user would, round after round; returns 0 or an errno. */
int way_use(const struct way *way, const struct target *t, bool ask_first);

#endif /* WAYS_H */
