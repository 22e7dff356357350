// SPDX-License-Identifier: GPL-2.0-only
/*
 * fkill: /proc/<pid>/kill. Load and unload, step by step.
 */
#include <linux/module.h>

#include "ksyms.h"
#include "proc_kill.h"

/*
 * Functions are found before anything is changed.
 */
static int __init fkill_init(void)
{
	int err;

	err = ksyms_init();
	if (err)
		return err;
	return proc_kill_init();
}

static void __exit fkill_exit(void)
{
	proc_kill_exit();
}

module_init(fkill_init);
module_exit(fkill_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Signal one process without a race, or everything below one at once");
MODULE_VERSION("0.1");
