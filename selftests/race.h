/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests share that play many rounds of a race. */
#ifndef RACE_H
#define RACE_H

#include <stdbool.h>

#include "tree.h"

/* Nobody takes so long to die: who is left has got away. */
#define LONG_MS		60000

/* For the handler of a failed assertion. */
#define log_round(round)						\
	TH_LOG("in round %d: answer %d, errno %d, %u signalled, %u running", \
	       round, tree->ret, tree->err, tree->report.signalled,	\
	       tree->report.running)

/*
 * Is there time for round number @round of @rounds? A slow machine plays fewer
 * of them.
 */
bool play_on(int round, int rounds);

/* Another moment each round, anywhere within the time of a few forks. */
void reach_moment(int round);

/*
 * Nobody runs. Exact at once for processes of one thread; a thread can be in
 * the way of reaping its dead leader for a moment longer. Who has got away
 * stays beyond every deadline.
 */
bool all_gone_soon(void);

#endif /* RACE_H */
