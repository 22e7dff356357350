/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the selftests share. Helpers that can fail return 0 or an errno, so
 * that they run in a child as well, where the assertions of the harness do
 * not reach.
 */
#ifndef COMMON_H
#define COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Emulated machines are slow: how long a condition may take to come true. */
#define DEADLINE_MS	60000

#define NOBODY		65534

long now_ms(void);
void nap(void);

/* Did @cond come true before the deadline? */
#define wait_until(cond) ({						\
	long until_ = now_ms() + DEADLINE_MS;				\
	bool held_;							\
									\
	while (!(held_ = (cond)) && now_ms() < until_)			\
		nap();							\
	held_;								\
})

/* The errno of a call that returns -1, else 0. */
int errno_of(long ret);

/*
 * Children. Each dies with the thread that started it, so a test that fails
 * leaves nobody behind; the exit status is what @fn returned.
 */
pid_t spawn(int (*fn)(void *arg), void *arg);
pid_t spawn_sleeper(void);
pid_t spawn_sleeper_as(uid_t uid);
pid_t spawn_zombie(void);
/* The same with flags of clone3(2), or with a pid that is free. */
pid_t spawn_flags(unsigned long flags, int (*fn)(void *arg), void *arg);
pid_t spawn_at(pid_t pid, int (*fn)(void *arg), void *arg);
/* For @fn: sleep until a signal ends it. */
int sleep_for_ever(void *arg);

/* Wait for a child: its wait status, or -1. */
int reap(pid_t pid);
/* Kill a child and wait for it. */
void kill_and_reap(pid_t pid);
/* Did a child die of @sig before the deadline? Reaps it then. */
bool died_of(pid_t pid, int sig);

/* Run @fn in a child, and give back what it returned (0 to 255), or -1. */
int run_child(int (*fn)(void *arg), void *arg);
int run_as(uid_t uid, int (*fn)(void *arg), void *arg);

/* All of the real, effective and saved ids; no capability is left. */
int drop_to(uid_t uid);

/* The state letter of /proc/<pid>/status; 0 when there is no such process. */
char state_of(pid_t pid);
/* There, and neither a zombie nor dead. */
bool is_running(pid_t pid);
/*
 * Was a sleeper sent nothing? A process that a signal kills is still there for
 * a while, so it must be asleep with nothing on its way to it.
 */
bool is_left_alone(pid_t pid);
/* One line of /proc/<pid>/status, without its name: 0 or an errno. */
int status_line(pid_t pid, const char *name, char *buf, size_t size);
/* The first number of such a line, in @base; -1 when there is none. */
long status_number(pid_t pid, const char *name, int base);

/* Whole files: 0 or an errno. Read text ends in '\0'. */
int write_file(const char *path, const char *text);
int read_file(const char *path, char *buf, size_t size);
/* Open @name below @dir, write @text at once, close: 0 or an errno. */
int write_at(int dir, const char *name, const char *text);
/* One write(2) of @text: 0, an errno, or EIO when it was not taken whole. */
int write_text(int fd, const char *text);
/* Open /proc/<pid>/<name>. */
int open_proc(pid_t pid, const char *name, int flags);

/* A gate that one process waits at until another opens it. */
struct gate {
	int fd[2];
};

int gate_init(struct gate *gate);
void gate_open(const struct gate *gate);
void gate_wait(const struct gate *gate);
void gate_close(const struct gate *gate);

/* To write to a kill file: of @pid, or one that is open already. */
struct kill_order {
	pid_t pid;
	int fd;
	const char *text;
};

int open_and_write(void *order);
int only_write(void *order);

/* Body of a thread: tells its tid through a pipe, and sleeps. */
void *tell_tid(void *out_pipe);

#endif /* COMMON_H */
