// SPDX-License-Identifier: GPL-2.0-only
/*
 * fkill: /proc/<pid>/kill and /dev/fkill. Load and unload, step by step.
 */
#include <linux/module.h>

#include "device.h"
#include "ksyms.h"
#include "owner.h"
#include "proc_kill.h"
#include "selfcheck.h"

/*
 * Functions are found before anything is changed. The device comes last:
 * whoever opens it keeps the module, which then must not fail to load.
 */
static int __init fkill_init(void)
{
	int err;

	err = ksyms_init() ?: selfcheck();
	if (err)
		return err;
	err = proc_kill_init();
	if (err)
		return err;
	err = owner_init();
	if (err)
		goto err_owner;
	err = device_init();
	if (err)
		goto err_device;
	return 0;

err_device:
	owner_exit();
err_owner:
	proc_kill_exit();
	return err;
}

static void __exit fkill_exit(void)
{
	device_exit();
	owner_exit();
	proc_kill_exit();
}

module_init(fkill_init);
module_exit(fkill_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Signal one process without a race, or everything below one at once");
MODULE_VERSION("0.1");
