/* SPDX-License-Identifier: GPL-2.0-only */
/* The first table: a program wants all gone that it has started. */
#ifndef HUNT_H
#define HUNT_H

/*
 * Measures and prints it. Returns 0 when killbelow() left nobody, 1 when it
 * left somebody, 2 when the demo itself did not work.
 */
int hunt(void);

#endif /* HUNT_H */
