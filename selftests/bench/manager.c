// SPDX-License-Identifier: GPL-2.0-only
#include <fkill.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contest.h"
#include "report.h"
#include "sections.h"

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
void bench_manager(void)
{
	size_t size = PROGRAM_MIB << 20;
	char *memory = malloc(size);
	pid_t manager;

	if (!memory)
		die("malloc");
	memset(memory, 1, size);
	manager = fork();
	if (manager == 0)
		be_manager();
	usleep(SETTLE_US);
	report_amount(&(struct amount) {
		.section = "memory",
		.work = "an idle manager in a program of 16 MiB",
		.amount = resident_kib(manager),
		.unit = "KiB",
		.goal = 1024,
	});
	kill(manager, SIGKILL);
	waitpid(manager, NULL, 0);
	free(memory);
}
