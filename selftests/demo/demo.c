// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every way to end processes against processes that do not want to die, each
 * one measured. Exits with 0 when killbelow() and exit-kill left nobody, with
 * 1 when they left somebody, with 2 when the demo itself did not work.
 */
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bereave.h"
#include "hunt.h"

static void print_title(void)
{
	struct utsname u;

	uname(&u);
	printf("Who can end all that a program has started?  (Linux %s, %ld CPUs)\n",
	       u.release, sysconf(_SC_NPROCESSORS_ONLN));
}

int main(void)
{
	int hunted, bereaved;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (geteuid()) {
		fprintf(stderr, "demo: must be root to play every part\n");
		return 2;
	}
	print_title();
	hunted = hunt();
	if (hunted == 2)
		return hunted;
	printf("\nWho survives the program that started them?\n");
	bereaved = bereave();
	return hunted > bereaved ? hunted : bereaved;
}
