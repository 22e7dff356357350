// SPDX-License-Identifier: GPL-2.0-only
#include <time.h>

#include "backend.h"
#include "common.h"
#include "race.h"
#include "tree.h"

/* Rounds that a test has played in any case. */
#define LEAST_ROUNDS	4

/* Of one test. Without the module a round takes longer, and shows less. */
static long budget_ms(void)
{
	return backend_is_fallback() ? 2000 : 9000;
}

bool play_on(int round, int rounds)
{
	static long end;

	if (round == 0)
		end = now_ms() + budget_ms();
	return round < LEAST_ROUNDS || (round < rounds && now_ms() < end);
}

static long now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000L + ts.tv_nsec / 1000;
}

void reach_moment(int round)
{
	long end = now_us() + round * 379L % 4001;

	while (now_us() < end)
		;
}

bool all_gone_soon(void)
{
	return wait_until(reap_all() >= 0);
}
