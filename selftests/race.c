// SPDX-License-Identifier: GPL-2.0-only
#include <time.h>

#include "common.h"
#include "race.h"
#include "tree.h"

/* Of one test, and rounds that it has played in any case. */
#define BUDGET_MS	12000
#define LEAST_ROUNDS	10

bool play_on(int round, int rounds)
{
	static long end;

	if (round == 0)
		end = now_ms() + BUDGET_MS;
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
