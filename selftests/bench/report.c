// SPDX-License-Identifier: GPL-2.0-only
/* No name in it needs to be quoted for JSON. */
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "report.h"

void report_boot(const char *clock)
{
	struct utsname u;

	uname(&u);
	printf("{\"clock\":\"%s\",\"kernel\":\"%s\",\"machine\":\"%s\",\"processors\":%ld}\n",
	       clock, u.release, u.machine, sysconf(_SC_NPROCESSORS_ONLN));
}

void report_ratio(const struct ratio *r)
{
	printf("{\"section\":\"%s\",\"work\":\"%s\",\"size\":%d,\"figure\":\"%s\",",
	       r->section, r->work, r->size, r->figure);
	printf("\"ours\":\"%s\",\"ours_ns\":%.1f,\"peer\":\"%s\",\"peer_ns\":%.1f,",
	       r->ours, r->ours_ns, r->peer, r->peer_ns);
	printf("\"ratio\":%.4f,\"low\":%.4f,\"high\":%.4f,\"goal\":%.2f}\n",
	       r->ratio.median, r->ratio.low, r->ratio.high, r->goal);
}

void report_amount(const struct amount *a)
{
	printf("{\"section\":\"%s\",\"work\":\"%s\",\"amount\":%.2f,",
	       a->section, a->work, a->amount);
	printf("\"unit\":\"%s\",\"goal\":%.2f}\n", a->unit, a->goal);
}
