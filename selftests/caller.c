// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "caller.h"
#include "common.h"
#include "tree.h"

void count_caught(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	tree->caught++;
}

static int catcher_below_sleeper(void *arg)
{
	tree->pid[0] = tree_catcher(SIGUSR1);
	return sleep_on(arg);
}

int leave_in_turn(void *arg)
{
	signal(SIGUSR1, SIG_IGN);
	tree_ready();
	while (tree->turn < (long)arg)
		nap();
	return 0;
}

int call_by_plan(void *arg)
{
	const struct plan *plan = arg;
	long i;

	if (plan->catches)
		on_signal(plan->catches, count_caught, plan->flags);
	if (plan->orphan)
		tree_spawn(catcher_below_sleeper, NULL);
	else
		tree->pid[0] = tree_catcher(SIGUSR1);
	for (i = 1; i <= plan->children; i++)
		tree->pid[i] = tree_spawn(leave_in_turn, (void *)i);
	if (!tree_is_ready(1 + plan->orphan + plan->children))
		return 255;
	call_below(SIGUSR1, plan->timeout);
	return tree->left;
}

bool waits(pid_t caller)
{
	return wait_until(tree->handled && state_of(caller) == 'S');
}

bool orphan_has_moved(void)
{
	return wait_until(status_number(tree->pid[0], "PPid", 10) == getpid());
}

bool turn_has_left(int turn)
{
	tree->turn = turn;
	return wait_until(!is_running(tree->pid[turn]));
}

bool still_waits(void)
{
	int i;

	for (i = 0; i < 20; i++)
		nap();
	return !tree->called;
}

bool ends_with_the_last(pid_t caller)
{
	int status;

	tree->go = true;
	status = reap(caller);
	return answered(0) && WIFEXITED(status) && WEXITSTATUS(status) == 1 &&
	       tree->handled == 1;
}

bool stop(pid_t caller)
{
	return !kill(caller, SIGSTOP) && wait_until(state_of(caller) == 'T');
}

bool go_on(pid_t caller)
{
	return !kill(caller, SIGCONT) && wait_until(state_of(caller) != 'T');
}
