/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VM_PROGRAM_H
#define VM_PROGRAM_H

void watch_children(void);

/* Every program in a folder; they all speak TAP. */
void run_tests(const char *dir);

/* The script /command, whose output is passed on. */
void run_command(void);

/* A shell on the port; ends the machine. */
void run_shell(void);

#endif
