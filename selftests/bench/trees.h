/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TREES_H
#define TREES_H

#include "contest.h"
#include "forest.h"

/* What tree_kill() measures. */
#define TREE_FIGURES { "to return", "until nobody runs", "until all are reaped" }

/* Gets ready for trees of this shape, which stays as it is for a while. */
void trees_begin(const struct shape *shape);
void trees_end(void);

/* Measures killbelow(SIGKILL), ns a process. */
void measure_killbelow(const struct way *way, double *ns);

#endif /* TREES_H */
