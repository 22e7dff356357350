/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LIBFKILL_SHRINK_H
#define LIBFKILL_SHRINK_H

/*
 * shrink() - give back the memory that a copy of a program does not need
 *
 * For a process that has one thread and will never return to the program it is
 * a copy of: what the program knew is lost. From here on, no allocation and no
 * stdio; plain system calls only.
 */
void shrink(void);

/* shrink_text() - the same for program text alone: nothing is lost */
void shrink_text(void);

#endif /* LIBFKILL_SHRINK_H */
