// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "table.h"

#define ROW_WIDTH	16
#define CELL_WIDTH	16

static const char *duration(long long us)
{
	static char text[16];

	if (us < 1000)
		snprintf(text, sizeof(text), "<1 ms");
	else if (us < 999500)
		snprintf(text, sizeof(text), "%lld ms", (us + 500) / 1000);
	else
		snprintf(text, sizeof(text), "%.1f s", us / 1e6);
	return text;
}

static void print_legend(const struct table *t)
{
	int i;

	printf("\n%s:\n", t->rows_are);
	for (i = 0; i < t->nr_rows; i++)
		printf("  %-*s%s\n", ROW_WIDTH, t->rows[i].name,
		       t->rows[i].what);
	printf("\n%s:\n", t->columns_are);
	for (i = 0; i < t->nr_columns; i++)
		printf("  %-*s%s\n", ROW_WIDTH, t->label(i)->name,
		       t->label(i)->how);
	printf("\n%s (the worst of %d tries):\n\n", t->cells_are, STAGE_TRIES);
}

static void print_head(const struct table *t)
{
	int i;

	printf("%-*s", ROW_WIDTH, "");
	for (i = 0; i < t->nr_columns; i++)
		printf("%*s", CELL_WIDTH, t->label(i)->name);
	printf("\n%-*s", ROW_WIDTH, "needs");
	for (i = 0; i < t->nr_columns; i++)
		printf("%*s", CELL_WIDTH, t->label(i)->needs);
	printf("\n");
}

static void print_cell(const struct cell *c)
{
	char text[64];

	if (!c->left)
		snprintf(text, sizeof(text), "gone %6s", duration(c->us));
	else if (c->error)
		snprintf(text, sizeof(text), "%d left %s", c->left,
			 strerrorname_np(c->error));
	else
		snprintf(text, sizeof(text), "%d left %5s", c->left,
			 duration(c->us));
	printf("%*s", CELL_WIDTH, text);
}

static int run_row(struct table *t, int row)
{
	struct cell *cell = t->cells[row];
	int col;

	printf("%-*s", ROW_WIDTH, t->rows[row].name);
	for (col = 0; col < t->nr_columns; col++, cell++) {
		if (t->measure(cell, &t->rows[row], col))
			return -1;
		print_cell(cell);
	}
	printf("\n");
	return 0;
}

int table_run(struct table *t)
{
	int row;

	print_legend(t);
	print_head(t);
	for (row = 0; row < t->nr_rows; row++)
		if (run_row(t, row))
			return -1;
	return 0;
}

int table_cleared(const struct table *t, int column)
{
	int row, n = 0;

	for (row = 0; row < t->nr_rows; row++)
		n += !t->cells[row][column].left;
	return n;
}

const char *table_slowest(const struct table *t, int column)
{
	const struct cell *c;
	long long max = 0;
	int row;

	for (row = 0; row < t->nr_rows; row++) {
		c = &t->cells[row][column];
		if (!c->left && c->us > max)
			max = c->us;
	}
	return duration(max);
}

void table_print_others(const struct table *t, int column)
{
	const char *lead = "";
	int other;

	for (other = 0; other < t->nr_columns; other++) {
		if (other == column)
			continue;
		printf("%s%s %d", lead, t->label(other)->name,
		       table_cleared(t, other));
		lead = ", ";
	}
}
