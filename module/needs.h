/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel must be configured with, and why. README has the same list.
 */
#ifndef FKILL_NEEDS_H
#define FKILL_NEEDS_H

#ifndef CONFIG_PROC_FS
#error "fkill needs CONFIG_PROC_FS: its kill files are in /proc/<pid>"
#endif

#ifndef CONFIG_KPROBES
#error "fkill needs CONFIG_KPROBES: to find functions that are not exported"
#endif

#ifndef CONFIG_DYNAMIC_FTRACE
#error "fkill needs CONFIG_DYNAMIC_FTRACE: to hook functions while it is loaded"
#endif

#if !defined(CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS) && \
	!defined(CONFIG_DYNAMIC_FTRACE_WITH_REGS)
#error "fkill needs CONFIG_DYNAMIC_FTRACE_WITH_ARGS or _REGS: to divert a call"
#endif

#endif /* FKILL_NEEDS_H */
