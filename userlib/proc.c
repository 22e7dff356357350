// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the commands read in /proc, to show it. */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

/* Whoever chose a name could also have chosen what a terminal obeys. */
void printable(char *text)
{
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text))
			*text = '?';
	}
}

bool proc_status_at(int dir, const char *name, char *buf, size_t size)
{
	int fd = openat(dir, "status", O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	size_t len = strlen(name);
	bool found = false;
	char line[256];

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

bool proc_status(pid_t pid, const char *name, char *buf, size_t size)
{
	int dir = fkill_open(pid);
	bool found;

	if (dir < 0)
		return false;
	found = proc_status_at(dir, name, buf, size);
	close(dir);
	return found;
}

void proc_name(pid_t pid, char *buf, size_t size)
{
	if (!proc_status(pid, "Name", buf, size))
		snprintf(buf, size, "?");
	printable(buf);
}
