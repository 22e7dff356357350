/* SPDX-License-Identifier: GPL-2.0-only */
/* Two ways to do the same, measured in turns: only their ratio is told. */
#ifndef PAIR_H
#define PAIR_H

#include <stddef.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* An operation, and how it is measured: in ns each time it is done. */
struct side {
	const char *name;
	double (*measure)(int (*op)(void));
	int (*op)(void);
};

struct pair {
	struct side ours;
	struct side peer;
	double goal;		/* the ratio should not be higher; 0: no goal */
};

/* Measures each of @n pairs @rounds times, and prints a line for it. */
void pairs_run(const struct pair *pairs, size_t n, int rounds);

void pair_print_head(void);

/* A measure for what is quick: the mean of many. */
double per_call(int (*op)(void));

/* Says that @what failed, with errno, and ends the program. */
_Noreturn void die(const char *what);

#endif /* PAIR_H */
