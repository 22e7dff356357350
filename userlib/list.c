// SPDX-License-Identifier: LGPL-2.1-or-later
/* killbelow list and owner: who is below a process, and whose it is. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "killbelow.h"

struct fkill_process *list_below(int top, unsigned int flags, int *count)
{
	struct fkill_process *list = NULL;
	int room = 0;

	for (;;) {
		*count = fkill_list(top, list, room, flags);
		if (*count >= 0 && *count <= room && list)
			return list;
		free(list);
		if (*count < 0)
			return NULL;
		room = *count + 16;
		list = calloc(room, sizeof(*list));
		if (!list)
			return NULL;
	}
}

/* A place in the tree that is drawn. */
struct place {
	int parent;		/* number in the list; -1 for the top */
	bool last;		/* no sibling comes after it */
	bool has_child;		/* private to find_places() */
};

/*
 * Each process comes after its parent, depth first: so the parent is the one
 * before, or its parent, and so on. Who has a parent that may not be seen is
 * drawn below the top.
 */
static int find_parent(const struct fkill_process *list,
		       const struct place *places, int i)
{
	int parent = i - 1;

	while (parent > 0 && list[parent].pid != list[i].parent)
		parent = places[parent].parent;
	return parent;
}

static struct place *find_places(const struct fkill_process *list, int count)
{
	struct place *places = calloc(count + 1, sizeof(*places));
	int i;

	if (!places)
		return NULL;
	for (i = 0; i < count; i++)
		places[i].parent = find_parent(list, places, i);
	for (i = count - 1; i > 0; i--) {
		struct place *parent = &places[places[i].parent];

		places[i].last = !parent->has_child;
		parent->has_child = true;
	}
	return places;
}

/* The lines that lead down to who comes after. */
static void draw_trunk(const struct place *places, int i)
{
	if (i <= 0)
		return;
	draw_trunk(places, places[i].parent);
	fputs(places[i].last ? "  " : "| ", stdout);
}

static void draw_process(const struct fkill_process *process)
{
	char name[64];

	proc_name(process->pid, name, sizeof(name));
	printf("%d %s %c %s\n", process->pid, user_name(process->uid),
	       process->state, name);
}

static void draw_tree(const struct fkill_process *list, int count)
{
	struct place *places = find_places(list, count);
	int i;

	if (!places)
		err(trouble, "memory");
	for (i = 0; i < count; i++) {
		draw_trunk(places, places[i].parent);
		if (i > 0)
			fputs(places[i].last ? "`-" : "|-", stdout);
		draw_process(&list[i]);
	}
	free(places);
}

static void print_lines(const struct fkill_process *list, int count)
{
	char name[64];
	int i;

	for (i = 0; i < count; i++) {
		proc_name(list[i].pid, name, sizeof(name));
		printf("%d %d %d %u %c %s\n", list[i].pid, list[i].parent,
		       list[i].owner, list[i].uid, list[i].state, name);
	}
}

int cmd_list(int argc, char **argv)
{
	unsigned int flags = 0;
	struct fkill_process *list;
	bool plain = false;
	int letter, fd, count;

	while ((letter = getopt_long(argc, argv, "hip", long_options,
				     NULL)) != -1) {
		if (letter == 'i')
			flags = FKILL_INCLUDE_TOP;
		else if (letter == 'p')
			plain = true;
		else
			other_option(letter);
	}
	fd = open_pid(only_argument(argc, argv, "PID"));
	list = list_below(fd, plain ? flags : FKILL_INCLUDE_TOP, &count);
	if (!list)
		library_failed("list");
	(plain ? print_lines : draw_tree)(list, count);
	free(list);
	return flush();
}

int cmd_owner(int argc, char **argv)
{
	pid_t owner;
	int letter = getopt_long(argc, argv, "h", long_options, NULL);

	if (letter != -1)
		other_option(letter);
	owner = fkill_owner(open_pid(only_argument(argc, argv, "PID")));
	if (owner < 0)
		library_failed("owner");
	if (!owner)
		return END_LEFT;
	printf("%d\n", owner);
	return flush();
}
