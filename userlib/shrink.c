// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * After a fork() the pages of a big program belong to the copy, too, and stay
 * when the program itself frees or changes them.
 *
 * Large anonymous memory is dropped: heap, stacks, what was mapped. What the
 * C library still needs is near the stack pointer and the thread pointer.
 * Variables are left alone: they are memory of files, or in small mappings if
 * they start as zero. Program text comes back from its file when it is needed,
 * which is less than starting up has used of it.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shrink.h"

#define LARGE	(256 * 1024UL)
#define NEAR	(16 * 1024UL)

struct range {
	uintptr_t start;
	uintptr_t end;
};

/* Whole pages: what is dropped is, too. */
static struct range near(const void *p)
{
	uintptr_t page = sysconf(_SC_PAGESIZE);

	return (struct range) {
		.start = ((uintptr_t)p - NEAR) & ~(page - 1),
		.end = ((uintptr_t)p + NEAR + page) & ~(page - 1),
	};
}

static void drop(uintptr_t start, uintptr_t end)
{
	if (start < end)
		madvise((void *)start, end - start, MADV_DONTNEED);
}

/* All of @range but @keep, which are in order. */
static void drop_around(struct range range, const struct range keep[2])
{
	uintptr_t start = range.start;
	int i;

	for (i = 0; i < 2; i++) {
		if (keep[i].end <= start || keep[i].start >= range.end)
			continue;
		drop(start, keep[i].start);
		start = keep[i].end;
	}
	drop(start, range.end);
}

/* The beginning of "start-end perms offset major:minor inode path". */
static const char *parse_range(const char *line, struct range *range)
{
	char *p;

	range->start = strtoul(line, &p, 16);
	if (*p != '-')
		return NULL;
	range->end = strtoul(p + 1, &p, 16);
	return p;
}

/* Private, and no file's. */
static bool is_anonymous(const char *rest)
{
	return !strncmp(rest, " rw-p 00000000 00:00 0", 22) &&
	       (rest[22] == ' ' || rest[22] == '\n');
}

static bool is_text(const char *rest)
{
	return !strncmp(rest, " r-xp ", 6) && strchr(rest, '/');
}

static void consider_map(const char *line, const struct range *keep)
{
	struct range range;
	const char *rest = parse_range(line, &range);

	if (!rest)
		return;
	if (is_text(rest))
		drop(range.start, range.end);
	else if (keep && is_anonymous(rest) && range.end - range.start >= LARGE)
		drop_around(range, keep);
}

/*
 * The file is read line by line with a buffer of our own: any other would lie
 * in memory that is dropped. Of a long line the beginning will do.
 */
static void read_maps(int fd, const struct range *keep)
{
	char buf[1024], line[128];
	size_t len = 0;
	ssize_t n, i;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++) {
			if (len < sizeof(line) - 1)
				line[len++] = buf[i];
			if (buf[i] != '\n')
				continue;
			line[len] = '\0';
			consider_map(line, keep);
			len = 0;
		}
	}
}

static void consider_maps(const struct range *keep)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	read_maps(fd, keep);
	close(fd);
}

void shrink_text(void)
{
	consider_maps(NULL);
}

void shrink(void)
{
	struct range stack = near(__builtin_frame_address(0));
	struct range thread = near(__builtin_thread_pointer());
	bool stack_first = stack.start < thread.start;
	const struct range keep[2] = {
		stack_first ? stack : thread,
		stack_first ? thread : stack,
	};

	consider_maps(keep);
}
