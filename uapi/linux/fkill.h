/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * fkill: signal one process without a race, or everything below one at once.
 *
 * This header is the whole interface of /dev/fkill and its manual. Programs
 * are better served by libfkill, <fkill.h>.
 *
 * Beside the device the module adds one file to every process:
 *
 *   /proc/<pid>/kill	(mode 0222)
 *
 *	One write is one command: a decimal signal number, white space around
 *	it allowed. The process that the file was opened for gets the signal,
 *	for as long as the file stays open, and never another one that took
 *	over its number. 0 sends nothing and only asks whether a signal could
 *	be sent. Whoever opened the file and whoever writes must both be
 *	allowed to send this signal, so that a privileged program which is
 *	tricked into printing "9" to it lends its rights to nobody. That a
 *	process may send SIGCONT within its session counts for the writer
 *	alone. The file gives nobody more power than kill(2) does.
 *
 *	EINVAL	not a number, not a signal, more than 32 bytes; or the process
 *		is outside the pid namespace of opener or writer
 *	EPERM	opener or writer may not send this signal (a security module's
 *		refusal has its own number, most often EACCES)
 *	ESRCH	the process has been reaped; a zombie takes signals and does
 *		nothing with them, as with kill(2)
 *	EFAULT	the bytes could not be read
 *
 * Conventions of the ioctls of /dev/fkill
 * ---------------------------------------
 *
 * The argument is a pointer to a struct, whose size is part of the command.
 * Structs grow at the end, and zero means "as it was before that field came",
 * so that old programs run on new modules and new ones on old modules:
 *
 *   shorter than the first version	EINVAL
 *   shorter than what the module knows	the rest counts as zero
 *   longer, and the rest is zero	accepted
 *   longer, and the rest is not zero	E2BIG
 *
 * Every field has the same size and place for 32-bit and 64-bit callers.
 *
 * Refusals come in this order, and nothing is signalled when there is one:
 *
 *   ENOTTY	no such command
 *   EINVAL	the struct is too short
 *   E2BIG	the struct holds something that this module does not know
 *   EFAULT	the struct cannot be read; BELOW and USER try here whether it
 *		can be written, too, all others find out last
 *   EINVAL	an unknown flag, no such signal (0 to 64 are), a negative
 *		timeout
 *   EBADF	the descriptor does not stand for a process
 *   EINVAL	it stands for one thread (PIDFD_THREAD), or for a process that
 *		is not in the caller's pid namespace or below it
 *   ESRCH	the process has been reaped, or the thread of a /proc/<tid>
 *		directory is gone
 *
 * What stands for a process: a /proc/<pid> directory, opened with O_PATH too;
 * a /proc/<pid>/kill file; a pidfd. It stands for the same process for ever.
 * A /proc/<tid> directory stands for the process that the thread belongs to,
 * as long as the thread is there.
 */
#ifndef _UAPI_LINUX_FKILL_H
#define _UAPI_LINUX_FKILL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define FKILL_DEVICE	"/dev/fkill"

/* The type byte of all commands; see ioctl-number.rst of the kernel. */
#define FKILL_IOC_TYPE	0xF7

/*
 * FKILL_IOC_INFO - what does this module know?
 *
 * @abi:      FKILL_ABI of the header that the module was built with. It grows
 *            when meanings change, not when structs or features are added.
 * @reserved: zero
 * @features: FKILL_FEATURE_* bits
 *
 * Nothing is read. Fields that this module does not know are set to zero.
 */
#define FKILL_ABI	1

#define FKILL_FEATURE_PROC_KILL	0x1	/* /proc/<pid>/kill */
#define FKILL_FEATURE_KILL	0x2	/* FKILL_IOC_KILL */
#define FKILL_FEATURE_BELOW	0x4	/* FKILL_IOC_BELOW */
#define FKILL_FEATURE_OWN	0x8	/* FKILL_IOC_OWN, _DISOWN, _OWNED, _OWNER */
#define FKILL_FEATURE_LIST	0x10	/* FKILL_IOC_LIST */
#define FKILL_FEATURE_USER	0x20	/* FKILL_IOC_USER */

struct fkill_info {
	__u32 abi;
	__u32 reserved;
	__u64 features;
};

#define FKILL_INFO_SIZE_VER0	16
#define FKILL_IOC_INFO	_IOR(FKILL_IOC_TYPE, 0x00, struct fkill_info)

/*
 * FKILL_IOC_KILL - signal the process that a descriptor stands for
 *
 * @fd:    the descriptor
 * @sig:   the signal; 0 sends nothing and only asks
 * @flags: must be zero
 *
 * Rights are those of kill(2), judged by the credentials of the caller alone,
 * whoever opened the descriptor.
 *
 * Returns 0, or beside the refusals above:
 *
 *   EPERM	the caller may not send this signal (or what a security module
 *		answers)
 */
struct fkill_kill {
	__s32 fd;
	__s32 sig;
	__u32 flags;
};

#define FKILL_KILL_SIZE_VER0	12
#define FKILL_IOC_KILL	_IOW(FKILL_IOC_TYPE, 0x01, struct fkill_kill)

/*
 * FKILL_IOC_BELOW - signal every process below another, and wait for them
 *
 * @fd:        the top: a descriptor that stands for a process, or FKILL_SELF
 * @sig:       the signal; 0 sends nothing and only waits
 * @flags:     FKILL_INCLUDE_TOP, FKILL_NO_LIMIT
 * @timeout:   how long to wait, in milliseconds of CLOCK_MONOTONIC; 0 does not
 *             wait, nor look again: who ran when the signal was sent counts
 *             as running still
 * @resume:    zero. When the wait is interrupted the module leaves a number
 *             here, by which the kernel's restart of the call finds its wait
 *             again. A call made with that number sends nothing and goes on
 *             waiting, to the deadline of the first call.
 * @signalled: out: how many processes were sent the signal
 * @refused:   out: how many could not be signalled for want of rights
 * @running:   out: how many still ran at the end (see @timeout)
 * @first:     out: the pid, in the caller's namespace, of the first of those
 *             that still ran which the caller may see; 0 when there is none
 *
 * Below means: a chain of living parents leads to the top. Orphans stay below
 * only if the top, or a process between, was a child subreaper when their
 * parent died: prctl(PR_SET_CHILD_SUBREAPER, 1) first, or a process that forks
 * twice has left. The call does not make anybody a subreaper. In another pid
 * namespace orphans go to its init: it is below, unless setns() led there.
 *
 * All of them are found and signalled in one walk under the kernel's
 * tasklist_lock. A process that forks at that moment is either seen with its
 * child, or its fork is over after the signal; the signal reaches both. What
 * is never signalled nor waited for: the caller, kernel threads, zombies.
 *
 * When the top is the caller, or was below it at the moment of the walk, a
 * process that kill(2) would refuse for its uid alone is signalled all the
 * same, if the module's parameter cross_uid lets the signal through:
 *
 *   terminate	(default) SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGSTOP, SIGTSTP,
 *		SIGCONT
 *   kill	SIGKILL
 *   all	every signal
 *   none	no signal
 *
 * What a security module refuses stays refused. A daemon that a setuid program
 * starts below a user's subreaper is below that user, and dies with the rest.
 * Anybody else's tree is signalled with the rights of kill(2), each process
 * judged for itself.
 *
 * The call then waits until none of those that it saw is running, wherever
 * they were reparented to meanwhile, and until a further walk finds nobody
 * below. The caller's SIGCHLDs are held back during the wait: every death may
 * send one. A stop and continue, a tracer and the freezer neither end the
 * wait, nor start its clock anew, nor send anything twice; but a SIGCHLD
 * handler may run at that moment.
 *
 * Returns
 *
 *   0		nobody is left running
 *   1		the time is up and at least one is left; without a wait, there
 *		was somebody; or there was no room to remember everybody, and
 *		one may be left that is no longer below. To a caller that is a
 *		child subreaper and the top the last happens only when somebody
 *		was in another pid namespace.
 *   EINTR	a signal handler ran; the signals were sent. The out fields are
 *		filled as they are for 0 and 1. Or the wait of @resume is over
 *		or was given up: they are zero.
 *   EINVAL	beside the above: FKILL_INCLUDE_TOP with the caller itself for
 *		a top; a number in @resume that was never given out on this
 *		file, or whose wait is another thread's
 */
#define FKILL_SELF		(-10001)	/* not -1: that is a failed open() */

#define FKILL_INCLUDE_TOP	0x1	/* the top gets the signal too */
#define FKILL_NO_LIMIT		0x2	/* wait for ever; @timeout is 0 */

struct fkill_below {
	__s32 fd;
	__s32 sig;
	__u32 flags;
	__s32 timeout;
	__u32 resume;
	__u32 signalled;
	__u32 refused;
	__u32 running;
	__s32 first;
};

#define FKILL_BELOW_SIZE_VER0	36
#define FKILL_IOC_BELOW	_IOWR(FKILL_IOC_TYPE, 0x02, struct fkill_below)

/*
 * FKILL_IOC_USER - signal every process of a user, and wait for them
 *
 * As FKILL_IOC_BELOW with another scope: every process in the caller's pid
 * namespace or below it whose real, effective or saved uid is the one given,
 * the caller and the namespace's init excepted. Each is judged as by kill(2);
 * cross_uid plays no part. The caller keeps its own uid, so that nobody of
 * them can strike back at it.
 *
 * @fd:    the uid, in the caller's user namespace
 * @flags: FKILL_NO_LIMIT
 * and the rest as above.
 *
 * Returns as FKILL_IOC_BELOW; 0 also if there is nobody; and
 *
 *   EPERM	there was somebody, and nobody could be signalled. The out
 *		fields are filled, and nobody was waited for.
 *   EINVAL	beside the above: no such uid
 */
#define FKILL_IOC_USER	_IOWR(FKILL_IOC_TYPE, 0x03, struct fkill_below)

/*
 * Owners of subtrees
 *
 * A process registers itself as the owner of all that is below it. The
 * registration is not inherited by fork(), outlives exec(), and is void while
 * the process has other credentials than it had then (user and group ids,
 * permitted capabilities). The module cannot be unloaded while there is an
 * owner.
 *
 * FKILL_OWN_EXIT_KILL: when the owner dies, of whatever cause, everything
 * below it gets SIGKILL in one walk, before any of it can be reparented away;
 * with the rights of the owner, by the rules of FKILL_IOC_BELOW. The owner's
 * exit then waits until nobody below is running, at most for @linger, so that
 * its parent's wait() means that the subtree is gone. Its exit status stays
 * what it was. A core dump comes first.
 */
#define FKILL_OWN_EXIT_KILL	0x1

/*
 * FKILL_IOC_OWN - register the calling process, or change its registration
 * FKILL_IOC_OWNED - what is the calling process registered as?
 *
 * @flags:  FKILL_OWN_EXIT_KILL, or 0 for an owner that is only found
 * @linger: in milliseconds; 0 does not wait. At exit the module's parameter
 *          linger_max bounds it; FKILL_IOC_OWNED reports what is in force.
 *
 * Returns 0, or
 *
 *   EINVAL	unknown flag; @linger without FKILL_OWN_EXIT_KILL
 *   EPERM	OWN: the caller is the init of a pid namespace
 *   ENOMEM	OWN: no memory
 *   ENOENT	OWNED: it is not registered, or that is void
 */
struct fkill_own {
	__u32 flags;
	__u32 linger;
};

#define FKILL_OWN_SIZE_VER0	8
#define FKILL_IOC_OWN	_IOW(FKILL_IOC_TYPE, 0x04, struct fkill_own)
#define FKILL_IOC_OWNED	_IOR(FKILL_IOC_TYPE, 0x04, struct fkill_own)

/*
 * FKILL_IOC_DISOWN - give the registration up; there is no argument
 *
 * Returns 0, or ENOENT if the caller is not registered.
 */
#define FKILL_IOC_DISOWN	_IO(FKILL_IOC_TYPE, 0x05)

/*
 * FKILL_IOC_OWNER - whose is a process?
 *
 * @fd:    a descriptor that stands for the process, or FKILL_SELF
 * @owner: out: the pid, in the caller's namespace, of the nearest ancestor that
 *         is registered; 0 if there is none, or it is outside
 */
struct fkill_owner {
	__s32 fd;
	__s32 owner;
};

#define FKILL_OWNER_SIZE_VER0	8
#define FKILL_IOC_OWNER	_IOWR(FKILL_IOC_TYPE, 0x06, struct fkill_owner)

/*
 * FKILL_IOC_LIST - everybody below a process, as of one moment
 *
 * @fd:      the top: a descriptor that stands for a process, or FKILL_SELF
 * @flags:   FKILL_INCLUDE_TOP
 * @entries: pointer to an array of struct fkill_entry
 * @count:   in: for how many it has room; out: how many there are, of which the
 *           first are in the array. Call again with more room if it was short.
 * @reserved: must be zero
 *
 * Depth first: each process comes after its parent. Zombies are listed, kernel
 * threads are not. Of another's tree, what the caller could see in a /proc
 * mounted with hidepid.
 *
 * Returns 0, or ENOMEM, EFAULT beside the refusals above.
 */
struct fkill_entry {
	__s32 pid;
	__s32 parent;
	__s32 owner;	/* as FKILL_IOC_OWNER */
	__u32 uid;	/* real, as the caller's user namespace has it */
	__u32 state;	/* the letter of /proc/<pid>/stat: R S D T t Z X I */
};

struct fkill_list {
	__s32 fd;
	__u32 flags;
	__u64 entries;
	__u32 count;
	__u32 reserved;
};

#define FKILL_LIST_SIZE_VER0	24
#define FKILL_IOC_LIST	_IOWR(FKILL_IOC_TYPE, 0x07, struct fkill_list)

#endif /* _UAPI_LINUX_FKILL_H */
