/* SPDX-License-Identifier: GPL-2.0-only */
/* Exhibits against what is tried on them, one cell each. */
#ifndef TABLE_H
#define TABLE_H

#include "gallery.h"
#include "stage.h"

#define MAX_ROWS	8
#define MAX_COLUMNS	8

/* What stands above a column. */
struct label {
	const char *name;
	const char *needs;
	const char *how;
};

struct table {
	const char *rows_are;
	const char *columns_are;
	const char *cells_are;
	const struct exhibit *rows;
	int nr_rows;
	const struct label *(*label)(int column);
	int nr_columns;
	/* Returns 0, or -1 when the demo itself did not work. */
	int (*measure)(struct cell *cell, const struct exhibit *e, int column);
	struct cell cells[MAX_ROWS][MAX_COLUMNS];
};

/* Measures all cells and prints them as they come; returns as measure(). */
int table_run(struct table *t);

/* In how many exhibits did @column leave nobody? */
int table_cleared(const struct table *t, int column);

/* The longest time that @column took where it left nobody, as text. */
const char *table_slowest(const struct table *t, int column);

/* Prints for each column but @column in how many exhibits it left nobody. */
void table_print_others(const struct table *t, int column);

#endif /* TABLE_H */
