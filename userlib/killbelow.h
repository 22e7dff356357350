/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the command killbelow know of each other. */
#ifndef KILLBELOW_H
#define KILLBELOW_H

#include <getopt.h>

#include "command.h"

/* Exit statuses of run: those of timeout(1). */
#define RUN_TIMED_OUT	124
#define RUN_TROUBLE	125
#define RUN_NO_EXEC	126
#define RUN_NOT_FOUND	127
#define RUN_KILLED	137

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

/* list.c: all of them; to be freed. NULL if the call has failed. */
struct fkill_process *list_below(int top, unsigned int flags, int *count);

/* left.c: say on stderr who is left after @sig, and why; how many there are */
int tell_left_below(int top, unsigned int flags, int sig);
int tell_left_of_user(uid_t uid, int sig);

#endif /* KILLBELOW_H */
