/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that the host wants to know goes through a serial port of its own, one
 * line each:
 *
 *   ok N - ..., not ok N - ...	results, numbered through
 *   # ...			output of programs
 *   note ...			worth knowing, though nothing failed
 *   gcov ...			which lines of the module were executed
 *   .				still there
 *   verdict ...		the last line, written after the last check
 */
#ifndef VM_PORT_H
#define VM_PORT_H

#include <stdbool.h>
#include <stdio.h>

#define HEARTBEAT_MS	5000

#define __noreturn	__attribute__((noreturn))
#define __printf(a, b)	__attribute__((format(printf, a, b)))

enum outcome { PASSED, FAILED, SKIPPED };

extern FILE *port;

const char *port_name(void);

void open_port(void);

/* However busy the machine is: the host takes silence for a hang. */
void heartbeat(void);

void __printf(2, 3) result(enum outcome outcome, const char *fmt, ...);

void check(bool good, const char *what);

void __noreturn power_off(void);
void __noreturn give_verdict(void);
void __noreturn give_up(const char *what);

long long now_ms(void);

#endif
