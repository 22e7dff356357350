// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kprobes.h>
#include <linux/printk.h>
#include <linux/stringify.h>

#include "ksyms.h"

struct ksym {
	const char *name;
	void (*bind)(unsigned long address);
};

/* Never called before it is bound: ksyms_init() comes first, or no load. */
#define KSYM_DEFINE(name)						\
	DEFINE_STATIC_CALL_NULL(ksym_##name, name);			\
	static void bind_##name(unsigned long address)			\
	{								\
		static_call_update(ksym_##name, (typeof(name) *)address); \
	}

/* Where the headers, or compat.h, have what this kernel cannot be asked for. */
#define KSYM_INLINE(name) DEFINE_STATIC_CALL(ksym_##name, name)

#define KSYM_ENTRY(name) { __stringify(name), bind_##name }

KSYM_DEFINE(walk_process_tree)
KSYM_DEFINE(group_send_sig_info)
KSYM_DEFINE(do_send_sig_info)
KSYM_DEFINE(ptrace_may_access)
#ifdef CONFIG_SECURITY
KSYM_DEFINE(security_task_kill)
#else
KSYM_INLINE(security_task_kill);
#endif
KSYM_DEFINE(exit_signals)
KSYM_DEFINE(ftrace_free_filter)
KSYM_DEFINE(pidfd_pid)
KSYM_DEFINE(tgid_pidfd_to_pid)
#ifdef COMPAT_HAS_D_SPLICE_ALIAS_OPS
KSYM_DEFINE(d_splice_alias_ops)
#else
KSYM_INLINE(d_splice_alias_ops);
#endif
KSYM_DEFINE(proc_pid_make_inode)
KSYM_DEFINE(proc_tgid_base_lookup)
KSYM_DEFINE(proc_tgid_base_readdir)
KSYM_DEFINE(selfcheck_probe)

static const struct ksym ksyms[] = {
	KSYM_ENTRY(walk_process_tree),
	KSYM_ENTRY(group_send_sig_info),
	KSYM_ENTRY(do_send_sig_info),
	KSYM_ENTRY(ptrace_may_access),
#ifdef CONFIG_SECURITY
	KSYM_ENTRY(security_task_kill),
#endif
	KSYM_ENTRY(exit_signals),
	KSYM_ENTRY(ftrace_free_filter),
	KSYM_ENTRY(pidfd_pid),
	KSYM_ENTRY(tgid_pidfd_to_pid),
#ifdef COMPAT_HAS_D_SPLICE_ALIAS_OPS
	KSYM_ENTRY(d_splice_alias_ops),
#endif
	KSYM_ENTRY(proc_pid_make_inode),
	KSYM_ENTRY(proc_tgid_base_lookup),
	KSYM_ENTRY(proc_tgid_base_readdir),
	KSYM_ENTRY(selfcheck_probe),
};

/**
 * ksyms_find() - address of a kernel function
 * @name: the function
 *
 * A kprobe knows the address of any symbol that may be probed. It is
 * registered disabled, so that no text is patched just to learn it. On kernels
 * with IBT the address is that behind the ENDBR, which is fine for a direct
 * call and is where ftrace has its hook.
 *
 * Return: the address, or 0.
 */
unsigned long ksyms_find(const char *name)
{
	struct kprobe probe = {
		.symbol_name = name,
		.flags = KPROBE_FLAG_DISABLED,
	};
	unsigned long address;

	if (register_kprobe(&probe))
		return 0;
	address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return address;
}

/**
 * ksyms_init() - find every function that KSYM() calls, then bind them all
 *
 * Return: 0, or -ENOENT after naming each one that this kernel does not have.
 */
int ksyms_init(void)
{
	unsigned long address[ARRAY_SIZE(ksyms)];
	int missing = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ksyms); i++) {
		address[i] = ksyms_find(ksyms[i].name);
		if (address[i])
			continue;
		pr_err("this kernel has no %s() that can be found\n",
		       ksyms[i].name);
		missing++;
	}
	if (missing)
		return -ENOENT;
	for (i = 0; i < ARRAY_SIZE(ksyms); i++)
		ksyms[i].bind(address[i]);
	return 0;
}
