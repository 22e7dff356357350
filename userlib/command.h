/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the commands fkill and killbelow share. */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "fkill.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Exit statuses. */
#define END_LEFT	1
#define END_TROUBLE	2

/* What trouble ends with; END_TROUBLE unless somebody changes it. */
extern int trouble;

/* command.c: these end */
void __attribute__((noreturn)) print_and_exit(const char *text);
void __attribute__((noreturn)) print_version(const char *command);
void __attribute__((noreturn)) library_failed(const char *what);
/* Flush stdout: 0, or end. */
int flush(void);
long long now_ms(void);			/* on a clock that nobody sets */

/* parse.c: or end, saying what is wrong */
int parse_signal(const char *text);
long long parse_time(const char *text);	/* in ms */
pid_t parse_pid(const char *text);
int open_pid(const char *text);		/* as fkill_open() */
uid_t parse_user(const char *text);

/* signal.c */
int signal_number(const char *name);	/* or -1 */
const char *signal_name(int sig);	/* good until the next call */

/* proc.c: what only /proc knows */
void printable(char *text);
void proc_name(pid_t pid, char *buf, size_t size);
bool proc_status(pid_t pid, const char *name, char *buf, size_t size);
/* Of the process whose directory is open. */
bool proc_status_at(int dir, const char *name, char *buf, size_t size);

/* user.c */
long user_id(const char *name);		/* or -1 */
const char *user_name(uid_t uid);	/* good until the next call */

/* why.c: say on stderr that somebody is left after @sig, and why */
void tell_left_after(long long ms);
bool tell_left(pid_t pid, int sig);

#endif /* COMMAND_H */
