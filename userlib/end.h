/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LIBFKILL_END_H
#define LIBFKILL_END_H

/*
 * end_as() - end the way another process has ended
 * @status: what waitpid() told of it
 *
 * By the same exit status or signal, without a second core dump. Nothing that
 * was registered with atexit() is run.
 */
void __attribute__((noreturn)) end_as(int status);

#endif /* LIBFKILL_END_H */
