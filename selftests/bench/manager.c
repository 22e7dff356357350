// SPDX-License-Identifier: GPL-2.0-only
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pair.h"
#include "sections.h"

#define GOAL_KIB	1024
#define PROGRAM_MIB	16
#define SETTLE_US	500000

static _Noreturn void be_manager(void)
{
	pid_t child;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	child = fork();
	if (child == 0)
		for (;;)
			pause();
	fkill_manage(child);
	die("manage");
}

static long resident_kib(pid_t pid)
{
	char name[64], line[128];
	long kib = -1;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/smaps_rollup", pid);
	f = fopen(name, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Rss: %ld", &kib) == 1)
			break;
	if (kib < 0)
		die(name);
	fclose(f);
	return kib;
}

/* The program that wants to be managed is a big one; its copy is not. */
void bench_manager(int rounds)
{
	size_t size = PROGRAM_MIB << 20;
	char *memory = malloc(size);
	pid_t manager;

	(void)rounds;
	if (!memory)
		die("malloc");
	memset(memory, 1, size);
	printf("\nResident memory of an idle manager in a program of %d MiB\n",
	       PROGRAM_MIB);
	manager = fork();
	if (manager == 0)
		be_manager();
	usleep(SETTLE_US);
	printf("%-26s %7ld KiB%*s < %d\n", "fkill_manage",
	       resident_kib(manager), 63, "", GOAL_KIB);
	kill(manager, SIGKILL);
	waitpid(manager, NULL, 0);
	free(memory);
}
