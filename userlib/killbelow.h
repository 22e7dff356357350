/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the command killbelow know of each other. */
#ifndef KILLBELOW_H
#define KILLBELOW_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "fkill.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Exit statuses; run has those of timeout(1). */
#define END_LEFT	1
#define END_TROUBLE	2

#define RUN_TIMED_OUT	124
#define RUN_TROUBLE	125
#define RUN_NO_EXEC	126
#define RUN_NOT_FOUND	127
#define RUN_KILLED	137

/* What trouble ends with: END_TROUBLE or RUN_TROUBLE. */
extern int trouble;

/* The subcommands: each returns an exit status. */
int cmd_run(int argc, char **argv);
int cmd_kill(int argc, char **argv);
int cmd_user(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_owner(int argc, char **argv);

/*
 * The long options of all subcommands, each standing for a letter; and what a
 * subcommand does with a letter that is not its own: --help, --version, or an
 * end.
 */
extern const struct option long_options[];
void __attribute__((noreturn)) other_option(int letter);

/* The one argument that there must be after the options. */
const char *only_argument(int argc, char **argv, const char *what);

/* End because a call of the library has failed. */
void __attribute__((noreturn)) library_failed(const char *what);

/* parse.c: or end, saying what is wrong */
int parse_signal(const char *text);
long long parse_time(const char *text);	/* in ms */
int open_pid(const char *text);		/* as fkill_open() */
uid_t parse_user(const char *text);

/* proc.c: what only /proc knows */
void proc_name(pid_t pid, char *buf, size_t size);
bool proc_status(pid_t pid, const char *name, char *buf, size_t size);

/* user.c */
long user_id(const char *name);		/* or -1 */
const char *user_name(uid_t uid);	/* good until the next call */

/* list.c: all of them; to be freed. NULL if the call has failed. */
struct fkill_process *list_below(int top, unsigned int flags, int *count);

/* left.c: say on stderr who is left after @sig, and why; how many there are */
int tell_left_below(int top, unsigned int flags, int sig);
int tell_left_of_user(uid_t uid, int sig);
bool tell_left(pid_t pid, int sig);

#endif /* KILLBELOW_H */
