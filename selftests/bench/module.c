// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "contest.h"
#include "module.h"

#define PAUSE_US	10000

void module_load(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		die(file);
	close(fd);
}

void module_unload(void)
{
	while (syscall(SYS_delete_module, "fkill", O_NONBLOCK)) {
		if (errno != EAGAIN)
			die("delete_module");
		usleep(PAUSE_US);
	}
}
