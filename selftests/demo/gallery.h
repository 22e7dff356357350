/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes that do not want to die. */
#ifndef GALLERY_H
#define GALLERY_H

#include <stdatomic.h>
#include <stdbool.h>

/* What everybody in an exhibit is called, so that killall finds them. */
#define EXHIBIT_NAME	"exhibit"

struct exhibit {
	const char *name;
	const char *what;
	int size;		/* how many processes report to be in place */
	bool foreign;		/* runs under a uid that is not the caller's */
	bool ask_first;		/* is asked with SIGTERM before SIGKILL */
	void (*run)(void);	/* may return: then its first process exits */
	int starts;		/* how many children of an owner run it */
};

extern const struct exhibit gallery[];
extern const int gallery_size;

/* Those that are left behind when their owner is killed. */
extern const struct exhibit families[];
extern const int families_size;

/*
 * Turns the calling process into the first one of exhibit @e. @in_place lies
 * in shared memory and counts those that are where they want to be.
 */
void exhibit_run(const struct exhibit *e, atomic_int *in_place);

#endif /* GALLERY_H */
