/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECTIONS_H
#define SECTIONS_H

/* Cost, in virtual time */

void bench_calls(void);		/* one signal to one process */
void bench_trees(void);		/* a whole tree */
void bench_hold(void);		/* how long tasklist_lock is held */
void bench_owner(void);		/* whose is a process? */
void bench_list(void);		/* everybody below a process */
void bench_load(void);		/* what all others pay for the module */
void bench_memory(void);	/* what a wait takes up, and the module */
void bench_manager(void);	/* what an idle manager takes up */

/* Contention, in wall time on two processors */

void bench_fork_delay(void);	/* a fork elsewhere, while many are signalled */

/* All that another module may have changed */
void bench_compare(const char *other_module);

#endif /* SECTIONS_H */
