// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prove the means before they are trusted: a function of our own is found,
 * called and replaced in the way in which the kernel's are going to be.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/printk.h>

#include "hook.h"
#include "ksyms.h"
#include "selfcheck.h"

/* How far an entry may be from the address: a landing pad, a global entry. */
#define ENTRY_MAX 16

/* What the compiler must not see through. */
noinline int selfcheck_probe(int arg)
{
	OPTIMIZER_HIDE_VAR(arg);
	return arg;
}

static noinline int probe_replaced(int arg)
{
	OPTIMIZER_HIDE_VAR(arg);
	return -arg;
}

static struct hook probe_hook = {
	.name = "selfcheck_probe",
	.replacement = probe_replaced,
	.own_calls = true,
};

static bool __init is_found(void)
{
	unsigned long entry = (unsigned long)selfcheck_probe;

	return ksyms_find("selfcheck_probe") - entry <= ENTRY_MAX;
}

static int __init failed(const char *what)
{
	pr_err("self-check: %s: this kernel is not one that is known\n", what);
	return -ENOEXEC;
}

/**
 * selfcheck() - do finder, call and hook work on this kernel?
 *
 * Return: 0 or a negative errno, after saying what does not.
 */
int __init selfcheck(void)
{
	int answer, err;

	if (!is_found())
		return failed("kprobes find a function where it is not");
	if (KSYM(selfcheck_probe)(1) != 1)
		return failed("a static call does not reach its function");
	err = hook_install(&probe_hook);
	if (err)
		return err;
	answer = KSYM(selfcheck_probe)(1);
	hook_remove(&probe_hook);	/* nobody else is in it */
	if (answer != -1)
		return failed("ftrace does not divert a call");
	if (KSYM(selfcheck_probe)(1) != 1)
		return failed("a hook stays when it is removed");
	return 0;
}
