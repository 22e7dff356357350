/* SPDX-License-Identifier: GPL-2.0-only */
/* Several ways to do the same work, measured in turns. */
#ifndef CONTEST_H
#define CONTEST_H

#include <stddef.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define FIGURES 3

struct way {
	const char *name;
	/*
	 * Does it once, and fills in the figures of the contest: ns. One that
	 * stays zero is none of this way.
	 */
	void (*measure)(const struct way *way, double *ns);
	int (*op)(void);	/* for measure */
	const void *data;	/* likewise */
	int calls;		/* for per_call(); 0: so many as usual */
	double goal[FIGURES];	/* the ratio should not be higher; 0: none */
};

/*
 * The figures of all ways are compared with those of the first one: how much
 * of its time each other takes; or with @first_is_ours the other way round.
 */
struct contest {
	const char *section;
	const char *work;
	int size;		/* of the work; 0 if it has none */
	const char *figures[FIGURES];
	const struct way *ways;
	size_t count;
	int rounds;
	int first_is_ours;
};

/* Reports a line for each figure of each way but the first. */
void contest_run(const struct contest *contest);

/* Measures ns a call, over many. */
void per_call(const struct way *way, double *ns);

/* Measures in a process of its own, by @measure. */
void in_child(const struct way *way, double *ns,
	      void (*measure)(const struct way *way, double *ns));

/* Says that @what failed, with errno, and ends the program. */
_Noreturn void die(const char *what);

#endif /* CONTEST_H */
