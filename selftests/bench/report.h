/* SPDX-License-Identifier: GPL-2.0-only */
/* What was measured, a line of JSON each. */
#ifndef REPORT_H
#define REPORT_H

struct spread {
	double low;		/* a quarter is below it */
	double median;
	double high;		/* a quarter is above it */
};

struct ratio {
	const char *section;
	const char *work;
	int size;
	const char *figure;
	const char *ours;
	double ours_ns;
	const char *peer;
	double peer_ns;
	struct spread ratio;
	double goal;
};

/* A figure that is compared with nothing but a goal, if there is one. */
struct amount {
	const char *section;
	const char *work;
	double amount;
	const char *unit;
	double goal;
};

/* How time is told in all that follows: "virtual" or "wall". */
void report_boot(const char *clock);

void report_ratio(const struct ratio *ratio);
void report_amount(const struct amount *amount);

#endif /* REPORT_H */
