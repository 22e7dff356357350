/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libfkill: signal one process without a race, or everything below one at
 * once. It speaks to the kernel module fkill through /dev/fkill; and where that
 * is not there, or is kept from the caller, it does what can be done without.
 *
 * Every function returns -1 and sets errno when it fails. Beside what each one
 * lists: EMFILE, ENFILE when /dev/fkill cannot be opened for want of room, and
 * ENOSYS for what cannot be done here (see below).
 *
 * All functions may be called from several threads at a time.
 *
 * Without the module
 * ------------------
 *
 * fkill() uses pidfd_send_signal(2), and is as safe as with the module: no
 * signal is ever sent to a bare pid. It wants Linux 5.3; a /proc/<pid>/kill
 * file is EBADF.
 *
 * fkillbelow() and killbelow() stop everybody (SIGSTOP), look through /proc
 * until a pass finds nobody new, send the signal, and continue whom they have
 * stopped. In a caller that is a child subreaper, does not ignore SIGCHLD, and
 * has no thread that forks or reaps meanwhile, nobody of its own uid gets away
 * by forking. But:
 *
 * - Other uids are refused as by kill(2), and may fork on.
 * - Who is quicker than the look through /proc is looked for until the time is
 *   up, but for 2 s at least; then the answer is 1, never 0. A fork bomb that
 *   still grows, when all processors are busy with it, can be.
 * - With a timeout of 0 it looks once more, and who is gone by then does not
 *   count.
 * - A stop shows: parents get SIGCHLD and see CLD_STOPPED and CLD_CONTINUED,
 *   handlers of SIGCONT run, system calls like nanosleep(2) are restarted. Who
 *   was stopped before stays so. SIGTSTP, SIGTTIN and SIGTTOU are sent after
 *   the continuation, so somebody may fork before them.
 * - If the caller gets SIGKILL in that moment, they all stay stopped; two
 *   callers with the same people below may leave somebody stopped.
 * - Another process as the top goes on while what is below it is looked for.
 * - It takes a descriptor for each process, for which the soft limit is raised
 *   up to the hard one meanwhile; EMFILE, ENFILE and ENOMEM mean that nothing
 *   was sent. /proc must be mounted, of the caller's own pid namespace, else
 *   ENOSYS; whom hidepid hides is not found.
 * - Signals that the caller gets are held back during the look.
 *
 * killuser() goes the same way over all of /proc. Who forks and exits is hard
 * to meet there, and a process of the same uid can stop or kill the caller.
 *
 * fkill_list() tells what /proc shows, but not of one moment, and no owners.
 *
 * fkill_own(), fkill_disown() and fkill_owner() are ENOSYS: nothing else can
 * see to a subtree when its owner dies. So fkill_manage() works, but if the
 * manager gets SIGKILL, its subtree is left behind.
 */
#ifndef FKILL_H
#define FKILL_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The caller itself, as the top of fkillbelow(). */
#define FKILL_SELF		(-10001)

/* Flag of fkillbelow(): the top gets the signal too. */
#define FKILL_INCLUDE_TOP	0x1

/* What fkillbelow() did, and who is left. */
struct fkill_report {
	unsigned int signalled;	/* processes that were sent the signal */
	unsigned int refused;	/* processes that the caller may not signal */
	unsigned int running;	/* processes that still ran at the end, or
				 * with a timeout of 0 when they were signalled
				 */
	pid_t first;		/* the first of those that the caller may see,
				 * or 0
				 */
};

/* What fkill_backend() answers. Others may come. */
#define FKILL_BACKEND_MODULE	1
#define FKILL_BACKEND_FALLBACK	2

/**
 * fkill_backend() - who does what is asked for: the module, or the fallback?
 *
 * It is looked for at each call, so that a module that is loaded later is used
 * from then on.
 *
 * LIBFKILL_BACKEND in the environment chooses one for tests, unless the program
 * is setuid: "module", "fallback", or "scan", a fallback that does not use the
 * kernel's lists of children (CONFIG_PROC_CHILDREN). It is read once.
 *
 * Returns one of the above. ENOSYS: "module" was chosen and is not there, or
 * the choice is none of these; all other functions say the same then. EACCES,
 * EPERM: "module" was chosen, and /dev/fkill may not be opened.
 */
int fkill_backend(void);

/**
 * fkill_open() - a descriptor to check a process by, and then kill it through
 * @pid: the process
 *
 * Opens the directory /proc/<pid>, close-on-exec. Look at "exe", "status" and
 * the rest with openat(2) below it: it is the same process that fkill() then
 * signals, and never another one that took over its number.
 *
 * Returns the descriptor. EINVAL: @pid is not positive. ESRCH: no such
 * process. Else what open(2) says.
 */
int fkill_open(pid_t pid);

/**
 * fkill() - signal the process that a descriptor stands for
 * @fd: a /proc/<pid> directory (O_PATH too), a /proc/<pid>/kill file, or a
 *      pidfd
 * @sig: the signal; 0 sends nothing and only asks
 *
 * Returns 0. EBADF: @fd is no such descriptor. EINVAL: no such signal, or a
 * process outside the caller's pid namespace. EPERM: as kill(2). ESRCH: the
 * process has been reaped.
 */
int fkill(int fd, int sig);

/**
 * killbelow() - signal every descendant of the caller, and wait for them
 * @sig: the signal; 0 sends nothing and only waits
 * @timeout: how long to wait, in milliseconds; 0 does not wait: the answer is
 *           whether there was anybody
 *
 * Call prctl(PR_SET_CHILD_SUBREAPER, 1) before the first fork, or descendants
 * whose parent dies are no longer below the caller, and get away.
 *
 * All descendants are signalled in one walk, whatever their uid (as far as
 * the module's parameter cross_uid goes) and however they fork. SIGCHLD is
 * held back during the wait.
 *
 * Returns 0 when none is running (zombies do not count, and stay for the
 * caller to reap), 1 when the time is up and at least one is left, or when
 * memory was too short to know. EINVAL: no such signal, or a negative timeout;
 * nothing was sent. EINTR: a signal handler ran; the signals were sent.
 */
int killbelow(int sig, int timeout);

/**
 * fkillbelow() - signal everything below a process, and wait
 * @fd: the top: as for fkill(), or FKILL_SELF
 * @sig: the signal; 0 sends nothing and only waits
 * @timeout: in milliseconds; 0 does not wait (see killbelow()), -1 waits
 *           without limit
 * @flags: 0 or FKILL_INCLUDE_TOP
 * @report: what was done and who is left, or NULL. Filled also when the
 *          answer is EINTR; all zero with any other error.
 *
 * When the top is the caller or below it, uids are no barrier within
 * cross_uid; otherwise each process is judged as by kill(2).
 *
 * Returns as killbelow(). Beside its errors EINVAL: unknown flag,
 * FKILL_INCLUDE_TOP with the caller for a top, or a process outside the
 * caller's pid namespace. EBADF, ESRCH: as fkill().
 */
int fkillbelow(int fd, int sig, int timeout, unsigned int flags,
	       struct fkill_report *report);

/**
 * killuser() - signal every process of a user, and wait for them
 * @uid: real, effective or saved
 * @sig: the signal; 0 sends nothing and only waits
 * @timeout: in milliseconds; 0 does not wait (see killbelow()), -1 waits
 *           without limit
 * @report: as for fkillbelow(), or NULL
 *
 * All of them are found and signalled in one walk, each judged as by kill(2);
 * the caller and the init of its pid namespace excepted. No other process need
 * take on the uid for it, which those could kill.
 *
 * Returns as killbelow(); 0 also if there was nobody. EPERM: there was, and
 * nobody could be signalled (@report is filled). EINVAL: also no such uid.
 */
int killuser(uid_t uid, int sig, int timeout, struct fkill_report *report);

/* Flag of fkill_own(): what is below the owner dies with it. */
#define FKILL_OWN_EXIT_KILL	0x1

/**
 * fkill_own() - make the calling process the owner of all that is below it
 * @flags: 0 or FKILL_OWN_EXIT_KILL
 * @linger: milliseconds that its exit waits at most until nobody below runs;
 *          the module's parameter linger_max bounds it
 *
 * With FKILL_OWN_EXIT_KILL everything below gets SIGKILL when the owner dies,
 * of whatever cause, before any of it is reparented away. Called again it
 * changes the registration. fork() does not inherit it; a change of
 * credentials makes it void.
 *
 * Returns 0. EINVAL: unknown flag, negative linger, or one without
 * FKILL_OWN_EXIT_KILL. EPERM: the caller is the init of a pid namespace.
 */
int fkill_own(unsigned int flags, int linger);

/**
 * fkill_disown() - give that up
 *
 * Returns 0. ENOENT: the calling process is no owner.
 */
int fkill_disown(void);

/**
 * fkill_owner() - whose is a process?
 * @fd: as for fkill(), or FKILL_SELF
 *
 * Returns the pid of the nearest ancestor that is an owner, 0 if there is
 * none. EBADF, EINVAL, ESRCH: as fkill().
 */
pid_t fkill_owner(int fd);

/* What fkill_list() tells of a process. */
struct fkill_process {
	pid_t pid;
	pid_t parent;
	pid_t owner;		/* as fkill_owner() */
	uid_t uid;		/* real */
	unsigned int state;	/* a letter: R S D T t Z X I */
};

/**
 * fkill_list() - everybody below a process, as of one moment
 * @fd: the top: as for fkill(), or FKILL_SELF
 * @processes: filled; each one comes after its parent
 * @count: for how many there is room
 * @flags: 0 or FKILL_INCLUDE_TOP
 *
 * Returns how many there are, of which the first @count are in @processes.
 * Ask again with more room if it was short. EBADF, EINVAL, ESRCH: as fkill().
 * ENOMEM, EFAULT.
 */
int fkill_list(int fd, struct fkill_process *processes, unsigned int count,
	       unsigned int flags);

/**
 * fkill_manage() - become the manager of a child and of all that it starts
 * @child: a child of the caller
 *
 * To be called by a process between the one that waits and the one that works:
 *
 *	manager = fork();
 *	if (manager == 0) {
 *		prctl(PR_SET_CHILD_SUBREAPER, 1);
 *		child = fork();
 *		if (child == 0)
 *			execvp(...);
 *		fkill_manage(child);
 *	}
 *	waitpid(manager, &status, 0);	// the child's status; all are gone
 *
 * The manager stands for the whole subtree until that is empty: it reaps all
 * that is left to it and stays until the last descendant is gone; then it ends
 * as the child has ended, by the same exit status or signal. Whoever kills the
 * manager kills the subtree.
 *
 * It only waits from then on: it closes its descriptors, gives back memory,
 * goes to the root directory and blocks all signals that can be blocked. A
 * Ctrl-Z passes it by. It writes no core dump of its own. Should somebody else
 * have reaped @child, its status is 255.
 *
 * The caller has no other thread and is no vfork() child. What atexit() knows
 * is not run.
 *
 * Returns only on error, having changed nothing. ECHILD: @child is no child of
 * the caller; else what fkill_own() says.
 */
int fkill_manage(pid_t child);

#ifdef __cplusplus
}
#endif

#endif /* FKILL_H */
