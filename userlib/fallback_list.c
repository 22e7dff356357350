// SPDX-License-Identifier: LGPL-2.1-or-later
/* fkill_list() of what /proc shows, one process after the other. */
#include <errno.h>

#include "fallback.h"
#include "walk.h"

/* Who has moved during a pass may be found by the next. */
#define PASSES	3

/* How many there are below each, itself among them. Parents come first. */
static void count_below(struct walk *walk)
{
	struct member *m = walk->members;
	int i;

	for (i = walk->count - 1; i >= 0; i--) {
		m[i].below++;
		if (m[i].parent >= 0)
			m[m[i].parent].below += m[i].below;
	}
}

/* Depth first: after each comes all that is below it. */
static void place_members(struct walk *walk, int first)
{
	struct member *m = walk->members;
	int i;

	m[0].place = first;
	m[0].next = first + 1;
	for (i = 1; i < walk->count; i++) {
		m[i].place = m[m[i].parent].next;
		m[m[i].parent].next += m[i].below;
		m[i].next = m[i].place + 1;
	}
}

static void describe(const struct member *m, struct fkill_process *process)
{
	uid_t uids[3] = { -1, -1, -1 };

	proc_uids(m->pid, uids);
	*process = (struct fkill_process) {
		.pid = m->pid,
		.parent = m->stat.parent,
		.uid = uids[0],
		.state = m->stat.state,
	};
}

static void fill(const struct walk *walk, struct fkill_process *processes,
		 unsigned int count)
{
	const struct member *m;

	for (m = walk->members; m < walk->members + walk->count; m++) {
		if (m->place >= 0 && (unsigned int)m->place < count)
			describe(m, &processes[m->place]);
	}
}

static int list(struct walk *walk, struct fkill_process *processes,
		unsigned int count, bool include)
{
	int passes = PASSES;

	do {
		walk_pass(walk);
	} while (walk->fresh && --passes && !walk->error);
	if (walk->error) {
		errno = walk->error;
		return -1;
	}
	count_below(walk);
	place_members(walk, include ? 0 : -1);
	fill(walk, processes, count);
	return include ? walk->count : walk->count - 1;
}

int fallback_list(int fd, struct fkill_process *processes, unsigned int count,
		  unsigned int flags)
{
	struct walk walk = { };
	bool include = flags & FKILL_INCLUDE_TOP;
	int ret = -1;

	if (flags & ~FKILL_INCLUDE_TOP) {
		errno = EINVAL;
		return -1;
	}
	if (!walk_begin(&walk) && !walk_add_top(&walk, fd, true))
		ret = list(&walk, processes, count, include);
	walk_end(&walk);
	return ret;
}
