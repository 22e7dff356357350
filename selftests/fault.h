/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault injection: an operation is done again and again; the first time the
 * first allocation (or copy from or to user space) in it fails, then the
 * second, until it is over before the turn comes.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <sys/types.h>

#define FAULT_MISSING	"kernel without fault injection (fail-nth)"

/* Prepare, for the calling thread; false: this kernel cannot. */
bool fault_begin(void);

/* Let the @nth one of this thread fail from now on. */
void fault_arm(int nth);
/* No more; how many were left to go? 0: it has failed. */
int fault_disarm(void);
/* Did it fail in one who has ended since, and is not reaped yet? */
bool fault_hit(pid_t pid);

struct fault_op {
	int (*call)(void);	/* 0 or an errno */
	const int *errors;	/* what it may answer to a fault; 0 is the end */
	int sends;		/* how many listeners get their signal */
	bool may_fail_later;	/* ... and it may fail all the same */
};

/*
 * Walk through all faults of an operation. After each it must work again.
 * Returns NULL, or what went wrong.
 */
const char *fault_walk(const struct fault_op *op);

#endif /* FAULT_H */
