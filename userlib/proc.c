// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the command reads in /proc, to show it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "killbelow.h"

/* Whoever chose a name could also have chosen what a terminal obeys. */
void printable(char *text)
{
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text))
			*text = '?';
	}
}

bool proc_status(pid_t pid, const char *name, char *buf, size_t size)
{
	size_t len = strlen(name);
	bool found = false;
	char line[256];
	FILE *file;

	snprintf(line, sizeof(line), "/proc/%d/status", pid);
	file = fopen(line, "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, len) || strncmp(line + len, ":\t", 2))
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(buf, size, "%s", line + len + 2);
		found = true;
	}
	fclose(file);
	return found;
}

void proc_name(pid_t pid, char *buf, size_t size)
{
	if (!proc_status(pid, "Name", buf, size))
		snprintf(buf, size, "?");
	printable(buf);
}
