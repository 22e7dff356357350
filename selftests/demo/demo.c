// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every way to end processes against processes that do not want to die, each
 * one measured. Exits with 0 when killbelow() left nobody, with 1 when it
 * left somebody, with 2 when the demo itself did not work.
 */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cell.h"

#define ROW_WIDTH	16
#define CELL_WIDTH	14
#define MAX_ROWS	8
#define MAX_COLUMNS	8

static struct cell cells[MAX_ROWS][MAX_COLUMNS];

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

static void print_legend(void)
{
	struct utsname u;
	int i;

	uname(&u);
	printf("Who can end all that a program has started?  (Linux %s, %ld CPUs)\n",
	       u.release, sysconf(_SC_NPROCESSORS_ONLN));
	printf("\nProcesses that do not want to die:\n");
	for (i = 0; i < gallery_size; i++)
		printf("  %-*s%s\n", ROW_WIDTH, gallery[i].name,
		       gallery[i].what);
	printf("\nWays to kill them:\n");
	for (i = 0; i < ways_size; i++)
		printf("  %-*s%s\n", ROW_WIDTH, ways[i].name, ways[i].how);
	printf("\nHow many are left, and after what time (the worst of 3 tries):\n\n");
}

static void print_head(void)
{
	int i;

	printf("%-*s", ROW_WIDTH, "");
	for (i = 0; i < ways_size; i++)
		printf("%*s", CELL_WIDTH, ways[i].name);
	printf("\n%-*s", ROW_WIDTH, "needs");
	for (i = 0; i < ways_size; i++)
		printf("%*s", CELL_WIDTH, ways[i].needs);
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

static int measure_all(void)
{
	int row, col;

	for (row = 0; row < gallery_size; row++) {
		printf("%-*s", ROW_WIDTH, gallery[row].name);
		for (col = 0; col < ways_size; col++) {
			if (cell_measure(&cells[row][col], &gallery[row],
					 &ways[col]))
				return -1;
			print_cell(&cells[row][col]);
		}
		printf("\n");
	}
	return 0;
}

/* In how many exhibits did way @col leave nobody? */
static int cleared(int col)
{
	int row, n = 0;

	for (row = 0; row < gallery_size; row++)
		n += !cells[row][col].left;
	return n;
}

static bool only_way(int row, int col)
{
	int other;

	for (other = 0; other < ways_size; other++)
		if (other != col && !cells[row][other].left)
			return false;
	return !cells[row][col].left;
}

static long long slowest(int col)
{
	long long max = 0;
	int row;

	for (row = 0; row < gallery_size; row++)
		if (!cells[row][col].left && cells[row][col].us > max)
			max = cells[row][col].us;
	return max;
}

static void print_others(int col)
{
	const char *lead = "The other ways left nobody in: ";
	int other;

	for (other = 0; other < ways_size; other++) {
		if (other == col)
			continue;
		printf("%s%s %d", lead, ways[other].name, cleared(other));
		lead = ", ";
	}
	printf(".\n");
}

static void print_only(int col)
{
	const char *lead = "No other way ended: ";
	int row;

	for (row = 0; row < gallery_size; row++) {
		if (!only_way(row, col))
			continue;
		printf("%s%s", lead, gallery[row].name);
		lead = ", ";
	}
	if (*lead == ',')
		printf(".\n");
}

static void conclude(int col)
{
	printf("\n%s%s left nobody in %d of %d exhibits; the slowest took %s.\n",
	       ways[col].name, ways[col].root ? "" : ", without root,",
	       cleared(col), gallery_size, duration(slowest(col)));
	print_others(col);
	print_only(col);
}

int main(void)
{
	int last = ways_size - 1;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (geteuid()) {
		fprintf(stderr, "demo: must be root to play every part\n");
		return 2;
	}
	print_legend();
	print_head();
	if (measure_all())
		return 2;
	conclude(last);
	return cleared(last) == gallery_size ? 0 : 1;
}
