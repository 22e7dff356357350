// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "contest.h"
#include "report.h"

#define MAX_ROUNDS	32
#define MAX_WAYS	16
#define CALLS		500
#define LONG		1000	/* whose work is of that size takes a while */

static double ns[MAX_WAYS][MAX_ROUNDS][FIGURES];

void die(const char *what)
{
	fflush(stdout);
	fprintf(stderr, "bench: ");
	perror(what);
	exit(2);
}

void per_call(const struct way *way, double *figure)
{
	int calls = way->calls ? way->calls : CALLS;
	long long begin = now_ns();
	int i;

	for (i = 0; i < calls; i++)
		if (way->op() < 0)
			die(way->name);
	*figure = (double)(now_ns() - begin) / calls;
}

void in_child(const struct way *way, double *figure,
	      void (*measure)(const struct way *way, double *ns))
{
	size_t size = FIGURES * sizeof(*figure);
	int result[2], status = 1;

	fflush(stdout);
	if (pipe(result))
		die("pipe");
	if (fork() == 0) {
		measure(way, figure);
		_exit(write(result[1], figure, size) != (ssize_t)size);
	}
	if (wait(&status) < 0 || status ||
	    read(result[0], figure, size) != (ssize_t)size)
		die(way->name);
	close(result[0]);
	close(result[1]);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct spread spread_of(double *values, int n)
{
	qsort(values, n, sizeof(*values), ascending);
	return (struct spread) {
		.low = values[(int)(0.25 * (n - 1) + 0.5)],
		.median = values[(int)(0.5 * (n - 1) + 0.5)],
		.high = values[(int)(0.75 * (n - 1) + 0.5)],
	};
}

static struct spread times_of(int way, int figure, int rounds)
{
	double times[MAX_ROUNDS];
	int i;

	for (i = 0; i < rounds; i++)
		times[i] = ns[way][i][figure];
	return spread_of(times, rounds);
}

/* Only what was measured in the same round is compared. */
static struct spread ratios_of(const struct contest *c, int way, int figure)
{
	double ratios[MAX_ROUNDS];
	int i;

	for (i = 0; i < c->rounds; i++) {
		ratios[i] = ns[way][i][figure] / ns[0][i][figure];
		if (c->first_is_ours)
			ratios[i] = 1 / ratios[i];
	}
	return spread_of(ratios, c->rounds);
}

static void compare(const struct contest *c, int way, int figure)
{
	struct spread ratio = ratios_of(c, way, figure);
	int ours = c->first_is_ours ? 0 : way;
	int peer = c->first_is_ours ? way : 0;

	report_ratio(&(struct ratio) {
		.section = c->section,
		.work = c->work,
		.size = c->size,
		.figure = c->figures[figure],
		.ours = c->ways[ours].name,
		.ours_ns = times_of(ours, figure, c->rounds).median,
		.peer = c->ways[peer].name,
		.peer_ns = times_of(peer, figure, c->rounds).median,
		.ratio = ratio,
		.goal = c->ways[way].goal[figure],
	});
}

/* Who goes first changes from round to round, in case that matters. */
static void play_round(const struct contest *c, int round)
{
	size_t i, way;

	for (i = 0; i < c->count; i++) {
		way = (i + round) % c->count;
		if (c->size >= LONG)
			fprintf(stderr, "%s %d: %s\n", c->work, c->size,
				c->ways[way].name);
		memset(ns[way][round], 0, sizeof(ns[way][round]));
		c->ways[way].measure(&c->ways[way], ns[way][round]);
	}
}

void contest_run(const struct contest *c)
{
	size_t way, figure;
	int round;

	if (c->rounds > MAX_ROUNDS || c->count > MAX_WAYS)
		abort();
	for (round = 0; round < c->rounds; round++)
		play_round(c, round);
	for (figure = 0; figure < FIGURES && c->figures[figure]; figure++)
		for (way = 1; way < c->count; way++)
			if (ns[way][0][figure] && ns[0][0][figure])
				compare(c, way, figure);
}
