// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who is left though they were signalled and waited for. What is said here is
 * for people: it is read in /proc, some time after.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "killbelow.h"

int tell_left_below(int top, unsigned int flags, int sig)
{
	int i, count, told = 0;
	struct fkill_process *list = list_below(top, flags, &count);

	for (i = 0; list && i < count; i++)
		told += tell_left(list[i].pid, sig);
	free(list);
	return told;
}

/* Real, effective or saved. */
static bool is_of_user(pid_t pid, uid_t uid)
{
	uid_t ids[3];
	char line[64];

	return proc_status(pid, "Uid", line, sizeof(line)) &&
	       sscanf(line, "%u %u %u", &ids[0], &ids[1], &ids[2]) == 3 &&
	       (ids[0] == uid || ids[1] == uid || ids[2] == uid);
}

int tell_left_of_user(uid_t uid, int sig)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int told = 0;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);

		if (pid > 1 && pid != getpid() && is_of_user(pid, uid))
			told += tell_left(pid, sig);
	}
	if (proc)
		closedir(proc);
	return told;
}
