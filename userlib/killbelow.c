// SPDX-License-Identifier: LGPL-2.1-or-later
/* killbelow: libfkill for the shell. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "killbelow.h"

static const char help[] =
"usage: killbelow run [-s SIG] [-t TIME] [-k TIME] [--] CMD [ARG...]\n"
"       killbelow kill [-i] [-s SIG] [-t TIME] PID\n"
"       killbelow user [-s SIG] [-t TIME] USER\n"
"       killbelow list [-i] [--plain] PID\n"
"       killbelow owner PID\n"
"\n"
"Below a process are its children, their children and so on, in whatever\n"
"session or group, of whatever user. Orphans stay below a child subreaper.\n"
"\n"
"run: run CMD, and end when CMD and all that it has started are gone.\n"
"  -t, --time=TIME        then everything below gets SIG; 0: no limit (default)\n"
"  -s, --signal=SIG       default TERM\n"
"  -k, --kill-after=TIME  so much later SIGKILL; default 10s, 0: never\n"
"\n"
"  Daemons that CMD leaves behind are waited for like CMD itself. If killbelow\n"
"  dies, even of SIGKILL, everything below it dies first (with the module).\n"
"  HUP, INT, QUIT, TERM, TSTP and CONT are passed on to everything below, other\n"
"  signals to CMD; not what the terminal has sent to the whole job. A stop stops\n"
"  killbelow too, and then the time is looked at when it goes on.\n"
"  What killbelow inherits by exec is below it like what CMD starts.\n"
"\n"
"  Exit status, as of timeout(1): 124 the time was up; 125 killbelow failed;\n"
"  126 CMD cannot be run; 127 CMD was not found; 137 SIGKILL was needed or was\n"
"  SIG; else that of CMD, whose signal killbelow dies of likewise.\n"
"\n"
"kill: signal everything below PID, and wait until none of it runs.\n"
"user: the same for all processes of USER: real, effective or saved.\n"
"  -s, --signal=SIG       default TERM; 0 only waits\n"
"  -t, --time=TIME        how long to wait; 0: not at all. Default 10s if SIG is\n"
"                         one to end processes (0 HUP INT QUIT KILL TERM), else 0\n"
"  -i, --include-top      and PID itself\n"
"\n"
"  killbelow itself is never signalled. Who is left after the wait is told on\n"
"  stderr: pid, state, name, and why.\n"
"\n"
"list: PID and all below it as a tree: pid, user, state, name.\n"
"  --plain                a line for each: pid, parent, owner, uid, state, name;\n"
"                         parents first, PID itself only with -i\n"
"\n"
"owner: print the pid of the nearest ancestor of PID that has registered itself\n"
"as owner of what is below it.\n"
"\n"
"Exit status but for run: 0 done; 1 somebody is left, or could not be\n"
"signalled, or there is no owner; 2 trouble, such as a bad argument.\n"
"\n"
"SIG is a name (TERM, SIGTERM) or a number. TIME is a number, which may have a\n"
"fraction, in seconds or with a suffix: ms s m h d. USER is a name in\n"
"/etc/passwd or a uid. -h, --help and --version are understood everywhere.\n";

struct command {
	const char *word;
	char *name;		/* for getopt() to complain as */
	int (*run)(int argc, char **argv);
	int trouble;
};

static const struct command commands[] = {
	{ "run", "killbelow run", cmd_run, RUN_TROUBLE },
	{ "kill", "killbelow kill", cmd_kill, END_TROUBLE },
	{ "user", "killbelow user", cmd_user, END_TROUBLE },
	{ "list", "killbelow list", cmd_list, END_TROUBLE },
	{ "owner", "killbelow owner", cmd_owner, END_TROUBLE },
};

const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "include-top", no_argument, NULL, 'i' },
	{ "kill-after", required_argument, NULL, 'k' },
	{ "plain", no_argument, NULL, 'p' },
	{ "signal", required_argument, NULL, 's' },
	{ "time", required_argument, NULL, 't' },
	{ "version", no_argument, NULL, 'V' },
	{ }
};

void other_option(int letter)
{
	if (letter == 'h')
		print_and_exit(help);
	if (letter == 'V')
		print_version("killbelow");
	if (letter != '?')	/* else getopt() has said it */
		errx(trouble, "option '%c' is of no use here (--help tells more)",
		     letter);
	exit(trouble);
}

const char *only_argument(int argc, char **argv, const char *what)
{
	if (optind == argc)
		errx(trouble, "%s is missing (--help tells more)", what);
	if (optind < argc - 1)
		errx(trouble, "one %s, and nothing after it: '%s'", what,
		     argv[optind + 1]);
	return argv[optind];
}

static const struct command *find_command(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(commands[i].word, word))
			return &commands[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *command;
	int letter = getopt_long(argc, argv, "+h", long_options, NULL);

	if (letter != -1)
		other_option(letter);
	if (optind == argc)
		errx(trouble, "run, kill, user, list or owner? (--help tells more)");
	command = find_command(argv[optind]);
	if (!command)
		errx(trouble, "no command '%s' (--help tells more)",
		     argv[optind]);
	argc -= optind;
	argv += optind;
	argv[0] = command->name;
	trouble = command->trouble;
	optind = 0;		/* glibc's way to start anew */
	return command->run(argc, argv);
}
