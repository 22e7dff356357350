// SPDX-License-Identifier: GPL-2.0-only
/* An owner that dumps core: the dump comes first, and whole. */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "common.h"
#include "harness.h"
#include "modctl.h"
#include "owned.h"
#include "race.h"
#include "tree.h"

#define CORE_PATTERN	"/proc/sys/kernel/core_pattern"
#define CORE		"/tmp/fkill-core"
#define HANDLER		"/tmp/fkill-core-handler"
#define GO		"/tmp/fkill-core-go"
#define DUMPED		0x80
#define THREADS		4

/* Written by a program that does not begin before it is told to. */
static const char handler[] =
	"#!/bin/sh\n"
	"while [ ! -e " GO " ]; do usleep 2000; done\n"
	"cat > " CORE "\n";

FIXTURE(core) {
	char before[128];
};

FIXTURE_VARIANT(core) {
	const char *pattern;
};

FIXTURE_VARIANT_ADD(core, to_a_file) {
	.pattern = CORE,
};

FIXTURE_VARIANT_ADD(core, to_a_program) {
	.pattern = "|" HANDLER,
};

static int write_handler(void)
{
	int fd = open(HANDLER, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	int err = fd < 0 ? errno : write_text(fd, handler);

	close(fd);
	return err;
}

FIXTURE_SETUP(core)
{
	const struct rlimit whole = { RLIM_INFINITY, RLIM_INFINITY };

	ASSERT_EQ(0, tree_begin());
	ASSERT_EQ(0, setrlimit(RLIMIT_CORE, &whole));
	ASSERT_EQ(0, write_handler());
	ASSERT_EQ(0, read_file(CORE_PATTERN, self->before,
			       sizeof(self->before)));
	ASSERT_EQ(0, write_file(CORE_PATTERN, variant->pattern));
}

FIXTURE_TEARDOWN(core)
{
	write_file(CORE_PATTERN, self->before);
	tree_end();
	unlink(HANDLER);
	unlink(GO);
	unlink(CORE);
	EXPECT_TRUE(wait_until(module_is_idle()));
}

/* Its headers say how long a core file is. */
static long length_by_headers(int fd)
{
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;
	long end = 0;
	int i;

	if (pread(fd, &ehdr, sizeof(ehdr), 0) != sizeof(ehdr) ||
	    memcmp(ehdr.e_ident, ELFMAG, SELFMAG) || ehdr.e_type != ET_CORE)
		return -1;
	for (i = 0; i < ehdr.e_phnum; i++) {
		if (pread(fd, &phdr, sizeof(phdr), ehdr.e_phoff +
			  i * sizeof(phdr)) != sizeof(phdr))
			return -1;
		if ((long)(phdr.p_offset + phdr.p_filesz) > end)
			end = phdr.p_offset + phdr.p_filesz;
	}
	return end;
}

static bool core_is_whole(void)
{
	int fd = open(CORE, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool whole;

	if (fd < 0)
		return false;
	whole = !fstat(fd, &st) && st.st_size && st.st_size ==
		length_by_headers(fd);
	close(fd);
	return whole;
}

#define BALLAST	(8 << 20)

static void end_by_fault(void)
{
	char *ballast = malloc(BALLAST);

	memset(ballast, 0x5a, BALLAST);
	*(volatile int *)NULL = ballast[BALLAST - 1];
}

static void *sleep_in_thread(void *arg)
{
	tree_sleeper();
	sleep_for_ever(NULL);
	return arg;
}

static void *fault_in_thread(void *arg)
{
	end_by_fault();
	return arg;
}

static bool grow_threads(void)
{
	int ready = tree->ready;
	pthread_t thread;
	int i;

	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, sleep_in_thread, NULL))
			return false;
	return tree_is_ready(ready + THREADS);
}

static void end_by_fault_in_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, fault_in_thread, NULL);
	sleep_for_ever(NULL);
}

static void check_dump(struct __test_metadata *_metadata,
		       const struct estate *estate, int count)
{
	pid_t owner = spawn_owner(estate);

	ASSERT_LT(0, owner);
	ASSERT_EQ(0, mknod(GO, S_IFREG | 0600, 0));
	EXPECT_EQ(SIGSEGV | DUMPED, reap(owner));
	/* The program that writes the core is nobody's child. */
	EXPECT_TRUE(wait_until(core_is_whole()));
	EXPECT_EQ(count, reap_all());
}

TEST_F(core, one_thread)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_sleeper,
		.end = end_by_fault,
	};

	check_dump(_metadata, &estate, 1);
}

TEST_F(core, threads_with_children)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_threads,
		.end = end_by_fault_in_thread,
	};

	check_dump(_metadata, &estate, THREADS);
}

/* What is below lives as long as the core is being written. */
TEST_F(core, comes_before_the_kill)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_sleeper,
		.end = end_by_fault,
	};
	pid_t owner;
	int i;

	if (variant->pattern[0] != '|')
		SKIP(return, "a core in a file takes no time to be written");
	owner = spawn_owner(&estate);
	ASSERT_LT(0, owner);
	for (i = 0; i < 50; i++)
		nap();
	EXPECT_TRUE(is_running(owner));
	EXPECT_TRUE(is_left_alone(tree->pid[0]));
	ASSERT_EQ(0, mknod(GO, S_IFREG | 0600, 0));
	EXPECT_EQ(SIGSEGV | DUMPED, reap(owner));
	EXPECT_EQ(1, reap_all());
	EXPECT_TRUE(wait_until(core_is_whole()));
}

/* One below holds the pipe that a third reads from; the dump goes its way. */
static int write_to_pipe(void *arg)
{
	const struct gate *gate = arg;

	tree_ready();
	for (;;)
		gate_open(gate);
	return 0;
}

static bool grow_writers(void)
{
	int ready = tree->ready;
	struct gate gate;
	int i;

	if (gate_init(&gate))
		return false;
	for (i = 0; i < THREADS; i++)
		tree_spawn(write_to_pipe, &gate);
	return tree_is_ready(ready + THREADS);
}

TEST_F(core, those_below_write_to_a_pipe)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_writers,
		.end = end_by_fault,
	};

	check_dump(_metadata, &estate, THREADS);
}

/*
 * A child in the owner's memory dumps core. Some kernels (5.10) kill all who
 * share that memory, and so the owner; either way its end is that of an owner.
 * There the dump waits until the owner lets go of the memory, and so lasts
 * longer than any linger.
 */
static int fault_in_clone(void *arg)
{
	(void)arg;
	raise(SIGSEGV);
	return 0;
}

static void end_after_fault_of_clone(void)
{
	reap(tree_spawn_thin(fault_in_clone, NULL));
}

TEST_F(core, of_a_child_in_the_same_memory)
{
	const struct estate estate = {
		.linger = LONG_LINGER,
		.grow = grow_sleeper,
		.end = end_after_fault_of_clone,
	};
	pid_t owner = spawn_owner(&estate);
	int status;

	ASSERT_LT(0, owner);
	ASSERT_EQ(0, mknod(GO, S_IFREG | 0600, 0));
	status = reap(owner);
	EXPECT_TRUE(status == OWNER_LEAVES << 8 || WIFSIGNALED(status))
		TH_LOG("status %#x", status);
	EXPECT_TRUE(all_gone_soon());
}

TEST_HARNESS_MAIN
