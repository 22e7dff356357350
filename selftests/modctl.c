// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common.h"
#include "modctl.h"

#define NAME	"fkill"

int module_unload(void)
{
	return errno_of(syscall(SYS_delete_module, NAME, O_NONBLOCK));
}

int module_load(void)
{
	int fd = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno;
	err = errno_of(syscall(SYS_finit_module, fd, "", 0));
	close(fd);
	return err;
}

bool module_unload_patiently(void)
{
	int err;

	return wait_until((err = module_unload()) != EAGAIN) && !err;
}

static bool module_line(char *line, int size)
{
	FILE *file = fopen("/proc/modules", "re");
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, size, file))
		found = !strncmp(line, NAME " ", sizeof(NAME));
	fclose(file);
	return found;
}

const char *module_word(int n)
{
	static char line[256];
	char *save, *word;

	if (!module_line(line, sizeof(line)))
		return "";
	word = strtok_r(line, " \n", &save);
	while (word && n--)
		word = strtok_r(NULL, " \n", &save);
	return word ? word : "";
}

bool module_is_idle(void)
{
	return !strcmp(module_word(MODULE_STATE), "Live") &&
	       !strcmp(module_word(MODULE_REFS), "0");
}
