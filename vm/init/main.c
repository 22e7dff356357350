// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process 1 of the test machine: loads the module, runs programs, unloads the
 * module, looks at what watched the kernel, gives a verdict and powers off.
 *
 * The kernel hands parameters that it does not know to process 1 as its
 * environment. These are understood:
 *
 *   fkill_probe=1      only show that the machine runs
 *   fkill_tests=DIR    run every program in DIR, which all speak TAP
 *   fkill_run=1        run the script /command, whose output is passed on
 *   fkill_shell=1      run a shell on the port
 *   fkill_bare=1       do without the module
 *   fkill_timeout=S    how long a program may take, in seconds
 *   fkill_port=FILE    the port for results; /dev/ttyS1 unless told
 */
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "checkers.h"
#include "module.h"
#include "port.h"
#include "program.h"

static void mount_at(const char *type, const char *dir, bool needed)
{
	mkdir(dir, 0755);
	if (mount(type, dir, type, 0, NULL) && needed)
		give_up(dir);
}

static void set_up(void)
{
	mount_at("proc", "/proc", true);
	mount_at("sysfs", "/sys", true);
	mount_at("devpts", "/dev/pts", true);
	mount_at("tmpfs", "/dev/shm", true);
	mount_at("tmpfs", "/tmp", true);
	chmod("/tmp", 01777);
	mount_at("cgroup2", "/sys/fs/cgroup", true);
	mount_at("tracefs", "/sys/kernel/tracing", false);
	mount_at("debugfs", "/sys/kernel/debug", false);
	setenv("PATH", "/bin:/sbin:/tests", 1);
	setenv("HOME", "/", 1);
	watch_children();
	open_checkers();
}

static void run(void)
{
	if (getenv("fkill_shell"))
		run_shell();
	else if (getenv("fkill_run"))
		run_command();
	else
		run_tests(getenv("fkill_tests") ?: "/tests/smp");
}

int main(void)
{
	open_port();
	if (getenv("fkill_probe")) {
		check(true, "machine runs");
		give_verdict();
	}
	set_up();
	load_module();
	run();
	unload_module();
	judge_machine();
	give_verdict();
}
