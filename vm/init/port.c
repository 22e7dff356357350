// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "port.h"

FILE *port;

static unsigned int count[SKIPPED + 1];

long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

const char *port_name(void)
{
	return getenv("fkill_port") ?: "/dev/ttyS1";
}

void open_port(void)
{
	struct termios tio;

	mkdir("/dev", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	port = fopen(port_name(), "we");
	if (!port)
		reboot(RB_POWER_OFF);
	setvbuf(port, NULL, _IOLBF, 0);
	if (getenv("fkill_shell"))
		return;
	tcgetattr(fileno(port), &tio);
	cfmakeraw(&tio);
	tcsetattr(fileno(port), TCSANOW, &tio);
}

void heartbeat(void)
{
	static long long last;

	if (getenv("fkill_shell") || now_ms() - last < HEARTBEAT_MS)
		return;
	last = now_ms();
	fputs(".\n", port);
}

void result(enum outcome outcome, const char *fmt, ...)
{
	va_list args;

	fprintf(port, "%s %u - ", outcome == FAILED ? "not ok" : "ok",
		count[PASSED] + count[FAILED] + count[SKIPPED] + 1);
	va_start(args, fmt);
	vfprintf(port, fmt, args);
	va_end(args);
	fputc('\n', port);
	count[outcome]++;
}

void check(bool good, const char *what)
{
	result(good ? PASSED : FAILED, "%s", what);
}

void power_off(void)
{
	fflush(port);
	tcdrain(fileno(port));
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

void give_verdict(void)
{
	fprintf(port, "verdict %s %u %u %u\n",
		!count[FAILED] && count[PASSED] ? "pass" : "fail",
		count[PASSED], count[FAILED], count[SKIPPED]);
	power_off();
}

void give_up(const char *what)
{
	fprintf(port, "# %s: %s\n", what, strerror(errno));
	check(false, what);
	give_verdict();
}
