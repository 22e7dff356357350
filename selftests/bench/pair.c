// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "pair.h"

#define MAX_ROUNDS	64
#define CALLS		500

void die(const char *what)
{
	fflush(stdout);
	fprintf(stderr, "bench: ");
	perror(what);
	exit(2);
}

double per_call(int (*op)(void))
{
	long long begin = now_ns();
	int i;

	for (i = 0; i < CALLS; i++)
		if (op() < 0)
			die("call");
	return (double)(now_ns() - begin) / CALLS;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double quantile(double *sorted, int n, double q)
{
	return sorted[(int)(q * (n - 1) + 0.5)];
}

static const char *duration(double ns, char *text, size_t size)
{
	if (ns < 1e5)
		snprintf(text, size, "%.2f us", ns / 1e3);
	else
		snprintf(text, size, "%.2f ms", ns / 1e6);
	return text;
}

void pair_print_head(void)
{
	printf("%-26s %10s  %-26s %10s %7s %-12s %s\n", "", "median", "peer",
	       "median", "ratio", " quartiles", "goal");
}

static void print(const struct pair *pair, double *ours, double *peer,
		  double *ratio, int n)
{
	char a[16], b[16];

	qsort(ours, n, sizeof(*ours), ascending);
	qsort(peer, n, sizeof(*peer), ascending);
	qsort(ratio, n, sizeof(*ratio), ascending);
	printf("%-26s %10s  %-26s %10s %7.3f %.3f-%.3f ", pair->ours.name,
	       duration(quantile(ours, n, 0.5), a, sizeof(a)), pair->peer.name,
	       duration(quantile(peer, n, 0.5), b, sizeof(b)),
	       quantile(ratio, n, 0.5), quantile(ratio, n, 0.25),
	       quantile(ratio, n, 0.75));
	if (pair->goal)
		printf(" <= %.2f\n", pair->goal);
	else
		printf(" -\n");
}

/* Whoever goes first changes from round to round, in case that matters. */
static void run(const struct pair *pair, int rounds)
{
	double ours[MAX_ROUNDS], peer[MAX_ROUNDS], ratio[MAX_ROUNDS];
	int i;

	if (rounds > MAX_ROUNDS)
		rounds = MAX_ROUNDS;
	for (i = 0; i < rounds; i++) {
		if (i % 2)
			ours[i] = pair->ours.measure(pair->ours.op);
		peer[i] = pair->peer.measure(pair->peer.op);
		if (i % 2 == 0)
			ours[i] = pair->ours.measure(pair->ours.op);
		ratio[i] = ours[i] / peer[i];
	}
	print(pair, ours, peer, ratio, rounds);
}

void pairs_run(const struct pair *pairs, size_t n, int rounds)
{
	for (; n--; pairs++)
		run(pairs, rounds);
}
