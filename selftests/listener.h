/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Children that count what they are sent of LISTENER_SIGNAL: a real-time
 * signal queues, so that one which is sent twice is heard twice.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <signal.h>
#include <sys/types.h>

#define LISTENER_SIGNAL	SIGRTMIN

/* 0 or an errno; the first one belongs to NOBODY. */
int listeners_begin(int count);
void listeners_end(void);

pid_t listener_pid(int i);

/*
 * Since the last question: how many signals were heard in all, and by the one
 * that heard most? Both are -1 when somebody does not answer.
 */
void listeners_ask(int *all, int *most);

#endif /* LISTENER_H */
