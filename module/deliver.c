// SPDX-License-Identifier: GPL-2.0-only
/*
 * May this signal be sent, by whom; and the only place that sends.
 *
 * Every signal goes out with SEND_SIG_NOINFO: the kernel then fills in pid and
 * uid of the sender as the target's own namespaces see them, and lets an
 * ancestor namespace kill the init of another.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/string.h>

#include "deliver.h"
#include "ksyms.h"

/*
 * Signals that cross uids in the caller's own subtree. They end a process or
 * stop and continue it; what dumps core or runs a handler that was not written
 * for strangers is not among them by default.
 */
struct cross_uid_policy {
	const char *name;
	u64 signals;
};

/* As in a sigset_t: there is no signal 0, and 64 is the last one. */
#define SIGNAL(sig) BIT_ULL((sig) - 1)

static const struct cross_uid_policy policies[] = {
	{ "none", 0 },
	{ "kill", SIGNAL(SIGKILL) },
	{ "terminate", SIGNAL(SIGKILL) | SIGNAL(SIGTERM) | SIGNAL(SIGINT) |
		       SIGNAL(SIGHUP) | SIGNAL(SIGSTOP) | SIGNAL(SIGTSTP) |
		       SIGNAL(SIGCONT) },
	{ "all", ~0ULL },
};

static const struct cross_uid_policy *cross_uid = &policies[2];

static int cross_uid_set(const char *val, const struct kernel_param *kp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		if (!sysfs_streq(val, policies[i].name))
			continue;
		WRITE_ONCE(cross_uid, &policies[i]);
		return 0;
	}
	return -EINVAL;
}

static int cross_uid_get(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%s\n", READ_ONCE(cross_uid)->name);
}

static const struct kernel_param_ops cross_uid_ops = {
	.set = cross_uid_set,
	.get = cross_uid_get,
};

module_param_cb(cross_uid, &cross_uid_ops, NULL, 0644);
MODULE_PARM_DESC(cross_uid, "Signals that reach other uids below the caller: none, kill, terminate (default: KILL TERM INT HUP STOP TSTP CONT), all");

static bool crosses_uids(int sig)
{
	return READ_ONCE(cross_uid)->signals & SIGNAL(sig);
}

/**
 * deliver() - kill(2) for the process itself
 * @pid: the process; the caller holds a reference and knows that it may be
 *       named (target_in_namespace())
 * @sig: a valid signal, or 0 to ask
 *
 * Return: 0, -EPERM or what a security module says, -ESRCH.
 */
int deliver(struct pid *pid, int sig)
{
	return kill_pid(pid, sig, 0);
}

static bool same_user(const struct cred *cred, const struct cred *target)
{
	return uid_eq(cred->euid, target->suid) ||
	       uid_eq(cred->euid, target->uid) ||
	       uid_eq(cred->uid, target->suid) ||
	       uid_eq(cred->uid, target->uid);
}

/*
 * kill(2)'s judgement over the opener. Not by borrowing the opener's
 * credentials for a kill with signal 0: that always lets a process signal
 * itself, and the target may be the very program that was tricked into
 * writing. Neither does the opener's session count, for SIGCONT: it is the
 * writer's that the kernel would look at.
 */
static int judge_opener(const struct file *file, struct task_struct *leader,
			int sig)
{
	const struct cred *target = __task_cred(leader);

	if (!same_user(file->f_cred, target) &&
	    !file_ns_capable(file, target->user_ns, CAP_KILL))
		return -EPERM;
	return KSYM(security_task_kill)(leader, SEND_SIG_NOINFO, sig,
					file->f_cred);
}

/*
 * With the very credentials of the opener the writer is judged as the opener
 * would be. Not so for SIGCONT, where the writer's session counts, nor for the
 * writer's own process, which may always signal itself.
 */
static bool writer_is_as_opener(const struct file *file, struct pid *pid,
				int sig)
{
	return file->f_cred == current_cred() && sig != SIGCONT &&
	       pid != task_tgid(current);
}

static int judge(const struct file *file, struct pid *pid, int sig)
{
	struct task_struct *leader;
	int err = -ESRCH;

	rcu_read_lock();
	leader = pid_task(pid, PIDTYPE_TGID);
	if (leader)
		err = judge_opener(file, leader, sig);
	rcu_read_unlock();
	return err;
}

/**
 * deliver_through_file() - signal for two: who opened a file, and who writes
 * @file: opened by the one; the caller is the other
 * @pid: as for deliver()
 * @sig: as for deliver()
 *
 * Return: 0 if both may; else as deliver().
 */
int deliver_through_file(const struct file *file, struct pid *pid, int sig)
{
	int err = 0;

	if (!writer_is_as_opener(file, pid, sig))
		err = judge(file, pid, sig);
	return err ?: deliver(pid, sig);
}

/**
 * deliver_in_walk() - signal one process among many
 * @leader: leader of the process, which the walk keeps in place
 * @sig: a valid signal, not 0
 * @own: it is below the caller, so that its uid alone protects it from no
 *       signal that cross_uid lets through
 *
 * PIDTYPE_MAX marks the signal as one to several processes: the kernel then
 * hands it also to children that are being forked at this moment, and would
 * be born without it otherwise.
 *
 * When the first try fails for the uid, no security module has been asked yet;
 * when it failed for such a module, that refuses again here.
 *
 * Context: under tasklist_lock. Does not sleep.
 * Return: 0, -EPERM or what a security module says.
 */
int deliver_in_walk(struct task_struct *leader, int sig, bool own)
{
	int err;

	err = KSYM(group_send_sig_info)(sig, SEND_SIG_NOINFO, leader,
					PIDTYPE_MAX);
	if (err != -EPERM || !own || !crosses_uids(sig))
		return err;
	err = KSYM(security_task_kill)(leader, SEND_SIG_NOINFO, sig, NULL);
	if (err)
		return err;
	return KSYM(do_send_sig_info)(sig, SEND_SIG_NOINFO, leader,
				      PIDTYPE_MAX);
}
