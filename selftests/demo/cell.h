/* SPDX-License-Identifier: GPL-2.0-only */
/* One way against one exhibit. */
#ifndef CELL_H
#define CELL_H

#include "gallery.h"
#include "ways.h"

struct cell {
	int left;	/* processes that still ran at the end */
	int error;	/* why the way was refused, or 0 */
	long long us;	/* until nobody ran, or until the way gave up */
};

/*
 * The slowest of 3 tries, or the first that left somebody: a way that cannot
 * be relied on has lost. Returns 0, or -1 after saying what did not work on
 * the demo's own side.
 */
int cell_measure(struct cell *cell, const struct exhibit *e,
		 const struct way *way);

#endif /* CELL_H */
