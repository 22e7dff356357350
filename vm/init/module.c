// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"
#include "port.h"

#define MODULE		"/fkill.ko"

static bool is_bare(void)
{
	return getenv("fkill_bare");
}

static bool is_live(void)
{
	FILE *f = fopen("/sys/module/fkill/initstate", "r");
	char state[16] = "";

	if (!f)
		return false;
	if (!fgets(state, sizeof(state), f))
		state[0] = '\0';
	fclose(f);
	return !strcmp(state, "live\n");
}

bool module_is_as_wanted(void)
{
	return is_live() != is_bare();
}

void load_module(void)
{
	int fd;

	if (is_bare())
		return;
	fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		give_up("load the module");
	close(fd);
	check(is_live(), "module loaded");
}

/* Refused with EAGAIN while somebody is inside, so try for a while. */
void unload_module(void)
{
	long long end = now_ms() + 30000;

	if (is_bare())
		return;
	while (syscall(SYS_delete_module, "fkill", O_NONBLOCK)) {
		if (errno != EAGAIN || now_ms() > end)
			give_up("unload the module");
		usleep(100000);
	}
	check(access("/sys/module/fkill", F_OK) &&
	      access("/dev/fkill", F_OK) && access("/proc/1/kill", F_OK),
	      "module unloaded, nothing of it left");
}
