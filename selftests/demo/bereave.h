/* SPDX-License-Identifier: GPL-2.0-only */
/* The second table: the owner of a subtree is killed. */
#ifndef BEREAVE_H
#define BEREAVE_H

/*
 * Measures and prints it. Returns 0 when exit-kill left nobody, 1 when it left
 * somebody, 2 when the demo itself did not work.
 */
int bereave(void);

#endif /* BEREAVE_H */
