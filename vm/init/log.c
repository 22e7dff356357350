// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "port.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define RACE_TITLE	"BUG: KCSAN: "
#define RACE_END	"=========="

/* What the kernel prints when it, or one of its checkers, finds a fault. */
static const char * const complaints[] = {
	"BUG:|BUG at|WARNING:|Oops|Kernel panic|Call Trace|cut here",
	"general protection|double fault|stack segment|invalid opcode",
	"divide error|[Uu]nable to handle|unchecked MSR",
	"soft lockup|hard LOCKUP|blocked for more than",
	"rcu:.*stall|rcu.*detected stalls|suspicious RCU usage",
	"INFO: possible|possible .*(locking|deadlock)|bad unlock balance",
	"inconsistent lock state|held lock freed|lock held when returning",
	"while atomic|invalid context",
	"KASAN|KCSAN|KFENCE|KMSAN|UBSAN|ODEBUG|suspected memory leak",
	"refcount_t:|list_(add|del) corruption|Bad page|Bad rss",
	"[Oo]ut of memory:|page allocation failure",
	"ftrace failed|kprobes?: .*[Ff]ail",
};

/* A report of KCSAN that is being read: all its lines so far. */
static struct {
	char lines[8192];
	size_t len;
	bool interrupted;
	bool ours;
} race;

static regex_t complaint[ARRAY_SIZE(complaints)];
static int kmsg;

void open_log(void)
{
	size_t i;

	kmsg = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0)
		give_up("open the kernel log");
	for (i = 0; i < ARRAY_SIZE(complaints); i++) {
		if (regcomp(&complaint[i], complaints[i],
			    REG_EXTENDED | REG_NOSUB))
			give_up(complaints[i]);
	}
}

void mark_log(const char *name)
{
	char mark[256];
	int len = snprintf(mark, sizeof(mark), "<4>fkill-vm: %s\n", name);

	if (write(kmsg, mark, len) != len)
		give_up("write to the kernel log");
}

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool is_complaint(const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(complaints); i++) {
		if (!regexec(&complaint[i], text, 0, NULL, 0))
			return true;
	}
	return false;
}

/* Where allocations fail on purpose the kernel shows whose they were. */
static bool is_failed_allocation(const char *text)
{
	static bool trace_follows;

	if (strstr(text, "vmalloc error: ")) {
		trace_follows = true;
	} else if (trace_follows && starts(text, "Call Trace:")) {
		trace_follows = false;
		return true;
	}
	return false;
}

/* Whatever ran when an interrupt came has no part in what that does. */
static bool is_interrupted(const char *text)
{
	if (strstr(text, " bytes by "))
		return false;		/* a stack begins */
	return race.interrupted || starts(text, " asm_sysvec_") ||
	       starts(text, " asm_common_interrupt");
}

static void race_add(const char *text)
{
	int room = sizeof(race.lines) - race.len;
	int len = snprintf(race.lines + race.len, room, "# kernel: %s\n", text);

	race.len += len < room ? len : room - 1;
	race.interrupted = is_interrupted(text);
	race.ours |= !race.interrupted && strstr(text, "[fkill]");
}

/* False: it is about the module. */
static bool race_end(void)
{
	const char *title = strstr(race.lines, RACE_TITLE);
	bool ours = race.ours;

	if (ours)
		fputs(race.lines, port);
	else
		fprintf(port, "note the kernel's own: %.*s\n",
			(int)strcspn(title, "\n"), title);
	memset(&race, 0, sizeof(race));
	return !ours;
}

static bool check_line(const char *text)
{
	if (starts(text, RACE_TITLE)) {
		race_add(text);
		return true;
	}
	if (is_failed_allocation(text))
		return true;
	if (is_complaint(text)) {
		fprintf(port, "# kernel: %s\n", text);
		return false;
	}
	if (!race.len)
		return true;
	race_add(text);
	return !starts(text, RACE_END) || race_end();
}

/* A record is "level,sequence,time,flags;text", and more lines after it. */
static bool check_record(char *record)
{
	char *text = strchr(record, ';');

	if (!text)
		return true;
	*strchrnul(++text, '\n') = '\0';
	return check_line(text);
}

bool log_is_clean(void)
{
	char record[8192];
	bool clean = true;
	ssize_t n;

	for (;;) {
		n = read(kmsg, record, sizeof(record) - 1);
		if (n > 0) {
			record[n] = '\0';
			clean &= check_record(record);
		} else if (errno == EPIPE) {
			fprintf(port, "# kernel log overflowed\n");
			clean = false;
		} else if (errno == EAGAIN && race.len) {
			usleep(10000);	/* the rest of it is being printed */
		} else {
			return clean && errno == EAGAIN;
		}
	}
}
