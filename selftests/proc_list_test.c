// SPDX-License-Identifier: GPL-2.0-only
/* The listing of /proc/<pid>, in which "kill" is one name among others. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "harness.h"
#include "common.h"

#define ENTRIES_MAX	256

/* Room for any one entry of /proc/<pid>, and for not much more. */
#define SMALL_BUFFER	48

struct listing {
	int len;
	struct entry {
		char name[NAME_MAX + 1];
		unsigned long ino;
		long next;	/* position of the entry after this */
		unsigned char type;
	} entry[ENTRIES_MAX];
};

/* Add what one getdents64() gives: how many bytes, or an errno, negative. */
static int read_some(int dir, size_t size, struct listing *list)
{
	char buf[8192] __attribute__((aligned(8)));
	int end = syscall(SYS_getdents64, dir, buf, size);
	struct dirent64 *d;
	int pos;

	if (end < 0)
		return -errno;
	for (pos = 0; pos < end && list->len < ENTRIES_MAX;
	     pos += d->d_reclen) {
		struct entry *entry = &list->entry[list->len++];

		d = (struct dirent64 *)(buf + pos);
		snprintf(entry->name, sizeof(entry->name), "%s", d->d_name);
		entry->ino = d->d_ino;
		entry->next = d->d_off;
		entry->type = d->d_type;
	}
	return end;
}

static int read_rest(int dir, size_t size, struct listing *list)
{
	int ret;

	do
		ret = read_some(dir, size, list);
	while (ret > 0 && list->len < ENTRIES_MAX);
	return ret;
}

static int count(const struct listing *list, const char *name)
{
	int n = 0;
	int i;

	for (i = 0; i < list->len; i++)
		n += !strcmp(list->entry[i].name, name);
	return n;
}

static const struct entry *find(const struct listing *list, const char *name)
{
	int i;

	for (i = 0; i < list->len; i++)
		if (!strcmp(list->entry[i].name, name))
			return &list->entry[i];
	return NULL;
}

/* Is @part, name by name, what @whole holds from @from on? */
static bool is_tail(const struct listing *part, const struct listing *whole,
		    int from)
{
	int i;

	if (part->len != whole->len - from)
		return false;
	for (i = 0; i < part->len; i++)
		if (strcmp(part->entry[i].name, whole->entry[from + i].name))
			return false;
	return true;
}

static int list_path(const char *path, struct listing *list)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret;

	list->len = 0;
	if (dir < 0)
		return -errno;
	ret = read_rest(dir, 8192, list);
	close(dir);
	return ret;
}

FIXTURE(list)
{
	pid_t pid;
	int dir;
	struct listing whole;
	struct listing part;
};

FIXTURE_SETUP(list)
{
	char path[32];

	self->pid = spawn_sleeper();
	ASSERT_LT(0, self->pid);
	snprintf(path, sizeof(path), "/proc/%d", self->pid);
	self->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, self->dir);
	self->whole.len = 0;
	self->part.len = 0;
	ASSERT_EQ(0, read_rest(self->dir, 8192, &self->whole));
	ASSERT_LT(self->whole.len, ENTRIES_MAX);
}

FIXTURE_TEARDOWN(list)
{
	close(self->dir);
	kill_and_reap(self->pid);
}

TEST_F(list, every_name_once)
{
	static const char *const names[] = {
		".", "..", "kill", "task", "fd", "status", "exe", "cgroup",
	};
	size_t i;
	int j;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(1, count(&self->whole, names[i]))
			TH_LOG("%s", names[i]);
	}
	for (j = 0; j < self->whole.len; j++) {
		EXPECT_EQ(1, count(&self->whole, self->whole.entry[j].name))
			TH_LOG("%s", self->whole.entry[j].name);
	}
}

TEST_F(list, nothing_after_the_end)
{
	EXPECT_EQ(0, read_some(self->dir, 8192, &self->part));
	EXPECT_EQ(0, read_some(self->dir, SMALL_BUFFER, &self->part));
	EXPECT_EQ(0, self->part.len);
}

/* However the listing is cut into calls, it is the same listing. */
TEST_F(list, small_buffers)
{
	size_t size;

	for (size = SMALL_BUFFER; size <= 512; size += 8) {
		self->part.len = 0;
		ASSERT_EQ(0, lseek(self->dir, 0, SEEK_SET));
		ASSERT_EQ(0, read_rest(self->dir, size, &self->part));
		EXPECT_TRUE(is_tail(&self->part, &self->whole, 0))
			TH_LOG("%zu bytes: %d entries of %d", size,
			       self->part.len, self->whole.len);
	}
}

TEST_F(list, a_buffer_too_small_for_the_next_name)
{
	const struct entry *kill = find(&self->whole, "kill");
	long before = kill > self->whole.entry ? kill[-1].next : 0;

	ASSERT_NE(NULL, kill);
	ASSERT_EQ(before, lseek(self->dir, before, SEEK_SET));
	EXPECT_EQ(-EINVAL, read_some(self->dir, 16, &self->part));
	EXPECT_EQ(0, self->part.len);
	/* The name is not lost by that. */
	EXPECT_LT(0, read_some(self->dir, SMALL_BUFFER, &self->part));
	ASSERT_LT(0, self->part.len);
	EXPECT_STREQ("kill", self->part.entry[0].name);
}

TEST_F(list, seek_to_every_position)
{
	long pos;
	int i;

	for (i = 0; i < self->whole.len; i++) {
		pos = self->whole.entry[i].next;
		self->part.len = 0;
		ASSERT_EQ(pos, lseek(self->dir, pos, SEEK_SET));
		ASSERT_EQ(0, read_rest(self->dir, SMALL_BUFFER, &self->part));
		EXPECT_TRUE(is_tail(&self->part, &self->whole, i + 1))
			TH_LOG("after %s", self->whole.entry[i].name);
	}
}

TEST_F(list, positions_grow)
{
	int i;

	for (i = 1; i < self->whole.len; i++) {
		EXPECT_LT(self->whole.entry[i - 1].next,
			  self->whole.entry[i].next);
	}
}

/* What readdir(3) of 32-bit programs can hold. */
TEST_F(list, positions_fit_31_bits)
{
	const struct entry *last = &self->whole.entry[self->whole.len - 1];

	EXPECT_GE(0x7fffffff, last->next);
	EXPECT_EQ(last->next, lseek(self->dir, 0, SEEK_CUR));
}

TEST_F(list, far_positions_are_the_end)
{
	static const long far[] = { 100000, 0x7ffffffe, 0x7fffffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(far); i++) {
		self->part.len = 0;
		ASSERT_EQ(far[i], lseek(self->dir, far[i], SEEK_SET));
		EXPECT_EQ(0, read_rest(self->dir, 8192, &self->part));
		EXPECT_GE(1, self->part.len);
	}
}

TEST_F(list, telldir_seekdir_rewinddir)
{
	struct dirent *d;
	DIR *dir = fdopendir(dup(self->dir));
	long pos = -1;

	ASSERT_NE(NULL, dir);
	rewinddir(dir);
	while ((d = readdir(dir)) && strcmp(d->d_name, "kill"))
		pos = telldir(dir);
	ASSERT_NE(NULL, d);
	ASSERT_NE(-1, pos);
	while (readdir(dir))
		;
	seekdir(dir, pos);
	d = readdir(dir);
	ASSERT_NE(NULL, d);
	EXPECT_STREQ("kill", d->d_name);
	rewinddir(dir);
	d = readdir(dir);
	ASSERT_NE(NULL, d);
	EXPECT_STREQ(".", d->d_name);
	closedir(dir);
}

TEST_F(list, numbers_are_those_of_the_files)
{
	const struct entry *kill = find(&self->whole, "kill");
	struct stat st;

	ASSERT_NE(NULL, kill);
	EXPECT_EQ(DT_REG, kill->type);
	EXPECT_NE(0, kill->ino);
	ASSERT_EQ(0, fstatat(self->dir, "kill", &st, 0));
	EXPECT_EQ(kill->ino, st.st_ino);
	/* And while the file is open. */
	ASSERT_LE(0, openat(self->dir, "kill", O_WRONLY | O_CLOEXEC));
	lseek(self->dir, 0, SEEK_SET);
	ASSERT_EQ(0, read_rest(self->dir, 8192, &self->part));
	EXPECT_EQ(kill->ino, find(&self->part, "kill")->ino);
	ASSERT_EQ(0, fstatat(self->dir, "kill", &st, 0));
	EXPECT_EQ(kill->ino, st.st_ino);
}

TEST_F(list, no_number_twice)
{
	int i, j;

	for (i = 0; i < self->whole.len; i++)
		for (j = 0; j < i; j++) {
			EXPECT_NE(self->whole.entry[j].ino,
				  self->whole.entry[i].ino)
				TH_LOG("%s and %s",
				       self->whole.entry[j].name,
				       self->whole.entry[i].name);
		}
}

TEST_F(list, every_listed_name_is_there)
{
	struct stat st;
	int i;

	for (i = 0; i < self->whole.len; i++) {
		EXPECT_EQ(0, fstatat(self->dir, self->whole.entry[i].name, &st,
				     AT_SYMLINK_NOFOLLOW))
			TH_LOG("%s", self->whole.entry[i].name);
	}
}

TEST_F(list, a_dead_process_lists_nothing)
{
	kill_and_reap(self->pid);
	ASSERT_EQ(0, lseek(self->dir, 0, SEEK_SET));
	EXPECT_EQ(-ENOENT, read_some(self->dir, 8192, &self->part));
	EXPECT_EQ(0, self->part.len);
}

/* In the middle of the listing, too. */
TEST_F(list, dies_while_it_is_listed)
{
	ASSERT_EQ(0, lseek(self->dir, 0, SEEK_SET));
	ASSERT_LT(0, read_some(self->dir, SMALL_BUFFER, &self->part));
	kill_and_reap(self->pid);
	EXPECT_EQ(-ENOENT, read_rest(self->dir, SMALL_BUFFER, &self->part));
	EXPECT_EQ(0, count(&self->part, "kill"));
}

TEST_F(list, a_zombie_is_listed)
{
	char path[32];
	pid_t pid = spawn_zombie();

	snprintf(path, sizeof(path), "/proc/%d", pid);
	EXPECT_EQ(0, list_path(path, &self->part));
	EXPECT_TRUE(is_tail(&self->part, &self->whole, 0));
	reap(pid);
}

static int list_as_nobody(void *arg)
{
	struct listing list;

	return list_path(arg, &list) || count(&list, "kill") != 1;
}

TEST_F(list, everybody_sees_it)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", self->pid);
	EXPECT_EQ(0, run_as(NOBODY, list_as_nobody, path));
}

TEST_F(list, nowhere_else)
{
	static const char *const paths[] = {
		"/proc", "/proc/thread-self", "/proc/self/task",
		"/proc/self/fd", "/proc/self/ns", "/proc/self/attr",
	};
	struct listing *list = malloc(sizeof(*list));
	size_t i;

	ASSERT_NE(NULL, list);
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		EXPECT_LE(0, list_path(paths[i], list));
		EXPECT_EQ(0, count(list, "kill"))
			TH_LOG("%s", paths[i]);
	}
	free(list);
}

TEST_HARNESS_MAIN
