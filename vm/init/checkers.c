// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checkers.h"
#include "log.h"
#include "port.h"

#define DEBUGFS		"/sys/kernel/debug"
#define KMEMLEAK	DEBUGFS "/kmemleak"
#define GCOV		DEBUGFS "/gcov"
#define KCSAN		DEBUGFS "/kcsan"
#define LOCKDEP		"/proc/lockdep_stats"

/* An object is no suspect before it has this age (MSECS_MIN_AGE). */
#define KMEMLEAK_AGE_S	5

static unsigned long taint_at_boot;

static unsigned long taint(void)
{
	FILE *f = fopen("/proc/sys/kernel/tainted", "r");
	unsigned long flags = ~0UL;

	if (f) {
		if (fscanf(f, "%lu", &flags) != 1)
			flags = ~0UL;
		fclose(f);
	}
	return flags;
}

/* An out-of-tree module without a signature leaves these two marks. */
static bool untainted(void)
{
	unsigned long ours = 1UL << 12 | 1UL << 13;

	return !(taint() & ~(taint_at_boot | ours));
}

/* One that found a fault, or ran out of memory, may have ended its watch. */
static bool is_on(const char *path, const char *fmt)
{
	char line[256];
	int on = 0;
	FILE *f = fopen(path, "re");

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, fmt, &on);
	if (f)
		fclose(f);
	return on;
}

static bool kmemleak_scan(void)
{
	int fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, "scan", 4) == 4;

	if (fd >= 0)
		close(fd);
	return done;
}

/* An object is reported by the second scan that finds no pointer to it. */
static bool no_leaks(void)
{
	char line[256];
	bool none = true;
	FILE *f;

	sleep(KMEMLEAK_AGE_S);
	if (!kmemleak_scan() || !kmemleak_scan())
		return false;
	f = fopen(KMEMLEAK, "re");
	if (!f)
		return false;
	for (; fgets(line, sizeof(line), f); none = false)
		fprintf(port, "# %s", line);
	return !fclose(f) && none;
}

static int send_gcda(const char *path, const struct stat *st, int type,
		     struct FTW *ftw)
{
	const char *suffix = strrchr(path, '.');
	FILE *f;
	int c;

	(void)st;
	(void)ftw;
	if (type != FTW_F || !suffix || strcmp(suffix, ".gcda"))
		return 0;
	f = fopen(path, "re");
	if (!f)
		return -1;
	fprintf(port, "gcov %s ", path + strlen(GCOV));
	while ((c = getc(f)) != EOF)
		fprintf(port, "%02x", c);
	fputc('\n', port);
	return fclose(f);
}

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

void open_checkers(void)
{
	open_log();
	taint_at_boot = taint();
}

void judge_machine(void)
{
	if (exists(KMEMLEAK))
		check(no_leaks(), "kmemleak found nothing");
	if (exists(GCOV))
		check(!nftw(GCOV, send_gcda, 8, FTW_PHYS), "coverage sent");
	if (exists(LOCKDEP))
		check(is_on(LOCKDEP, " debug_locks: %d"),
		      "lockdep was on to the end");
	if (exists(KCSAN))
		check(is_on(KCSAN, "enabled: %d"), "KCSAN was on to the end");
	check(untainted(), "kernel not tainted");
	check(log_is_clean(), "kernel log clean to the end");
}
