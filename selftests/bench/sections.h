/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECTIONS_H
#define SECTIONS_H

/* One signal to one process. */
void bench_calls(int rounds);

/* A whole tree. */
void bench_trees(int rounds);

/* What a wait for a whole tree takes up. */
void bench_memory(int rounds);

/* Whose is a process? */
void bench_owner(int rounds);

/* Everybody below a process. */
void bench_list(int rounds);

/* What an idle manager takes up. */
void bench_manager(int rounds);

/* What the rest of the system pays for the module being loaded. */
void bench_load(int rounds);

#endif /* SECTIONS_H */
