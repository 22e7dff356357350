// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module leaves and comes back, many times, while everything that it adds
 * is in use by others. Each of them checks that it is told nothing but what
 * is right with the module or without it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <fkill.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "harness.h"
#include "common.h"
#include "modctl.h"

/* On a slow machine no more than there is time for. */
#define ROUNDS		20
#define LEAST_ROUNDS	3
#define ENOUGH_MS	120000

/* What a worker has seen, for the test to read. */
struct worker {
	const char *name;
	int (*work)(void);	/* 0, ENOENT: not there; else it is an error */
	pid_t pid;
	atomic_bool stop;
	atomic_int with;
	atomic_int without;
	atomic_int wrong;	/* the last error */
};

static int open_and_probe(void)
{
	int err = write_at(AT_FDCWD, "/proc/self/kill", "0");

	nap();
	return err;
}

static int hold_path(void)
{
	int fd = open("/proc/self/kill", O_PATH | O_CLOEXEC);

	if (fd < 0) {
		nap();
		return errno;
	}
	nap();
	close(fd);
	return 0;
}

/* A name more or a name less, and each only once. */
static int list(void)
{
	DIR *dir = opendir("/proc/self");
	int names = 0, kills = 0, status = 0;
	struct dirent *d;

	if (!dir)
		return errno;
	while ((d = readdir(dir))) {
		names++;
		kills += !strcmp(d->d_name, "kill");
		status += !strcmp(d->d_name, "status");
	}
	closedir(dir);
	nap();
	if (names < 10 || kills > 1 || status != 1)
		return EBADMSG;
	return kills ? 0 : ENOENT;
}

/* The other names of the directory never go away. */
static int look_up_others(void)
{
	if (access("/proc/self/status", F_OK) ||
	    access("/proc/self/killl", F_OK) != -1)
		return EBADMSG;
	return errno_of(access("/proc/self/kill", F_OK));
}

static int kill_through_file(void)
{
	pid_t pid = spawn_sleeper();
	int fd = open_proc(pid, "kill", O_WRONLY);
	int err = fd < 0 ? errno : write_text(fd, "9");

	if (fd >= 0)
		close(fd);
	if (err)
		kill_and_reap(pid);
	else if (!died_of(pid, SIGKILL))
		err = EBADMSG;
	nap();
	return err;
}

/* A program of its own each time, so that the device is not kept open. */
static int walk(void *arg)
{
	pid_t pid = spawn_sleeper();
	int ret = killbelow(SIGKILL, DEADLINE_MS);
	int err = errno_of(ret);

	(void)arg;
	if (err)
		kill_and_reap(pid);
	else if (ret || !died_of(pid, SIGKILL))
		err = EBADMSG;
	return err;
}

static int kill_below(void)
{
	int err = run_child(walk, NULL);

	nap();
	return err == ENOSYS ? ENOENT : err;
}

static int work(void *arg)
{
	struct worker *w = arg;

	while (!w->stop) {
		int err = w->work();

		if (!err)
			w->with++;
		else if (err == ENOENT)
			w->without++;
		else
			w->wrong = err;
	}
	return 0;
}

static const struct worker workers[] = {
	{ .name = "open", .work = open_and_probe },
	{ .name = "hold", .work = hold_path },
	{ .name = "list", .work = list },
	{ .name = "look up", .work = look_up_others },
	{ .name = "kill", .work = kill_through_file },
	{ .name = "walk", .work = kill_below },
};

#define WORKERS	ARRAY_SIZE(workers)

FIXTURE(busy)
{
	struct worker *worker;
};

FIXTURE_SETUP(busy)
{
	size_t i;

	/* to be told that the module is not there */
	ASSERT_EQ(0, setenv("LIBFKILL_BACKEND", "module", 1));
	self->worker = mmap(NULL, sizeof(workers), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)self->worker);
	memcpy(self->worker, workers, sizeof(workers));
	for (i = 0; i < WORKERS; i++) {
		self->worker[i].pid = spawn(work, &self->worker[i]);
		ASSERT_LT(0, self->worker[i].pid);
	}
}

FIXTURE_TEARDOWN(busy)
{
	size_t i;

	for (i = 0; i < WORKERS; i++) {
		self->worker[i].stop = true;
		EXPECT_EQ(0, reap(self->worker[i].pid));
	}
	if (!*module_word(MODULE_STATE))
		EXPECT_EQ(0, module_load());
	EXPECT_TRUE(wait_until(module_is_idle()));
}

/* Has everybody done something since @seen with the module? Without it? */
static bool all_past(const struct worker *worker, bool with, const int *seen)
{
	size_t i;

	for (i = 0; i < WORKERS; i++)
		if ((with ? worker[i].with : worker[i].without) <= seen[i])
			return false;
	return true;
}

static bool all_go_on(const struct worker *worker, bool with)
{
	int seen[WORKERS];
	size_t i;

	for (i = 0; i < WORKERS; i++)
		seen[i] = with ? worker[i].with : worker[i].without;
	return wait_until(all_past(worker, with, seen));
}

TEST_F_TIMEOUT(busy, unload_and_load, 300)
{
	long enough = now_ms() + ENOUGH_MS;
	size_t i;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		if (round >= LEAST_ROUNDS && now_ms() > enough)
			break;
		ASSERT_TRUE(all_go_on(self->worker, true));
		ASSERT_TRUE(module_unload_patiently());
		ASSERT_TRUE(all_go_on(self->worker, false));
		ASSERT_EQ(0, module_load());
	}
	TH_LOG("%d rounds", round);
	for (i = 0; i < WORKERS; i++) {
		EXPECT_EQ(0, self->worker[i].wrong)
			TH_LOG("%s: errno %d", workers[i].name,
			       self->worker[i].wrong);
	}
}

TEST_HARNESS_MAIN
