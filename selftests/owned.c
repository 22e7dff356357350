// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"
#include "owned.h"
#include "tree.h"

/* What an owner is born with. */
struct birth {
	const struct estate *estate;
	struct gate grown;
};

static bool take_possession(const struct estate *estate)
{
	unsigned int flags = estate->found_only ? 0 : FKILL_OWN_EXIT_KILL;

	if (estate->subreaper && prctl(PR_SET_CHILD_SUBREAPER, 1))
		return false;
	if (fkill_own(flags, estate->linger))
		return false;
	return !estate->grow || estate->grow();
}

static int own(void *arg)
{
	const struct birth *birth = arg;

	if (!take_possession(birth->estate))
		return 255;
	gate_open(&birth->grown);
	gate_close(&birth->grown);
	if (birth->estate->end)
		birth->estate->end();
	return OWNER_LEAVES;
}

pid_t spawn_owner(const struct estate *estate)
{
	struct birth birth = { .estate = estate };
	char byte;
	pid_t owner;
	bool grown;

	if (gate_init(&birth.grown))
		return -1;
	owner = tree_spawn(own, &birth);
	close(birth.grown.fd[1]);
	grown = read(birth.grown.fd[0], &byte, 1) == 1;
	close(birth.grown.fd[0]);
	return grown ? owner : -1;
}

bool grow_sleeper(void)
{
	tree->pid[0] = tree_sleeper();
	return tree->pid[0] > 0;
}

void end_by_others(void)
{
	sleep_for_ever(NULL);
}

bool seize(pid_t pid)
{
	return !ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXIT);
}

bool stops_at_exit(pid_t pid)
{
	int status;

	return waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status) &&
	       status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8);
}

bool let_go(pid_t pid)
{
	return !ptrace(PTRACE_CONT, pid, NULL, NULL);
}

bool runs_program(pid_t pid, const char *name)
{
	char line[32];

	if (status_line(pid, "Name", line, sizeof(line)))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return !strcmp(line, name);
}

int reap_owner(pid_t owner, int *count)
{
	int status = reap(owner);

	*count = reap_all();
	return status;
}
