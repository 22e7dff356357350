// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/kill: the file, its name in the directory, its line in a listing.
 *
 * Who keeps what alive:
 *
 *   open file -> dentry -> inode -> struct pid. The inode got its reference to
 *   the pid from proc_pid_make_inode(), so i_private needs none of its own.
 *
 *   Each dentry holds one reference to the module, from the lookup that made
 *   it to d_release. It is never left behind unused in the dcache (d_delete).
 *   A watcher may keep the inode for longer, but nobody can open an inode.
 */
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/pid_namespace.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>

#include "compat.h"
#include "deliver.h"
#include "hook.h"
#include "ksyms.h"
#include "proc_kill.h"
#include "target.h"

#define KILL_NAME "kill"
#define KILL_NAME_LEN (sizeof(KILL_NAME) - 1)

/* The longest command; white space makes the difference to "64". */
#define COMMAND_MAX 32

/*
 * Inode numbers that fs/proc does not give out, and that fit 32 bits: a pid
 * has 22. Unique within a mount, and the same in stat() and in a listing.
 */
#define KILL_INO(nr) (0xE0000000UL + (nr))

/* A listing's position behind the last entry; no table of fs/proc is so long. */
#define KILL_LISTED INT_MAX

/* The file */

/* Digits alone: kstrtouint() would take a plus sign as well. */
static int parse_signal(char *command, size_t len)
{
	unsigned int sig;
	char *number;

	if (strnlen(command, len) != len)
		return -EINVAL;
	number = strim(command);
	if (!isdigit(*number) || kstrtouint(number, 10, &sig) ||
	    !valid_signal(sig))
		return -EINVAL;
	return sig;
}

/* There is room for one byte more behind the command. */
static ssize_t obey(struct file *file, char *command, size_t len)
{
	struct pid *pid = file->private_data;
	int sig, err;

	command[len] = '\0';
	sig = parse_signal(command, len);
	if (sig < 0)
		return sig;
	if (!pid || !target_in_namespace(pid))
		return -EINVAL;
	err = deliver_through_file(file, pid, sig);
	return err ?: len;
}

/*
 * The quick way, for write(2). That there are two also keeps the kernel itself
 * from writing here, as acct(2) would have it do.
 */
static ssize_t proc_kill_write(struct file *file, const char __user *buf,
			       size_t len, loff_t *pos)
{
	char command[COMMAND_MAX + 1];

	if (len > COMMAND_MAX)
		return -EINVAL;
	if (copy_from_user(command, buf, len))
		return -EFAULT;
	return obey(file, command, len);
}

/* All of it is one command, in however many pieces it comes: writev(2). */
static ssize_t proc_kill_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	size_t len = iov_iter_count(from);
	char command[COMMAND_MAX + 1];

	if (len > COMMAND_MAX)
		return -EINVAL;
	if (!copy_from_iter_full(command, len, from))
		return -EFAULT;
	return obey(iocb->ki_filp, command, len);
}

/* private_data stays empty if the opener may not name the process. */
static int proc_kill_open(struct inode *inode, struct file *file)
{
	struct pid *pid = inode->i_private;

	if (target_in_namespace(pid))
		file->private_data = pid;
	return nonseekable_open(inode, file);
}

const struct file_operations proc_kill_fops = {
	.owner = THIS_MODULE,
	.open = proc_kill_open,
	.write = proc_kill_write,
	.write_iter = proc_kill_write_iter,
};

/* Its name in the directory */

/* Under RCU alone an inode that goes may have let go of its pid. */
static COMPAT_D_REVALIDATE(kill_d_revalidate)
{
	if (flags & LOOKUP_RCU)
		return -ECHILD;
	return pid_has_task(d_inode(dentry)->i_private, PIDTYPE_TGID);
}

static int kill_d_delete(const struct dentry *dentry)
{
	return 1;
}

static void kill_d_release(struct dentry *dentry)
{
	module_put(THIS_MODULE);
}

static const struct dentry_operations kill_dentry_operations = {
	.d_revalidate = kill_d_revalidate,
	.d_delete = kill_d_delete,
	.d_release = kill_d_release,
};

static unsigned long kill_ino(struct super_block *sb, struct pid *pid)
{
	return KILL_INO(pid_nr_ns(pid, proc_pid_ns(sb)));
}

/*
 * The inode takes its reference from the leader's pid. An exec by another
 * thread hands that pid over to the thread, once and for good: so if the
 * leader has it still, the inode has it too. ERR_PTR(-EAGAIN): it has not.
 */
static struct inode *inode_by_leader(struct super_block *sb, struct pid *pid)
{
	struct task_struct *leader = get_pid_task(pid, PIDTYPE_TGID);
	struct inode *inode;

	if (!leader)
		return NULL;
	inode = KSYM(proc_pid_make_inode)(sb, leader, S_IFREG | 0222);
	if (inode && task_pid(leader) != pid) {
		iput(inode);
		inode = ERR_PTR(-EAGAIN);
	}
	put_task_struct(leader);
	return inode;
}

/* Again if it was in the middle of an exec; each try costs it a whole one. */
static struct inode *kill_inode(struct super_block *sb, struct pid *pid)
{
	struct inode *inode;

	do
		inode = inode_by_leader(sb, pid);
	while (IS_ERR(inode));
	if (!inode)
		return NULL;

	inode->i_fop = &proc_kill_fops;
	inode->i_private = pid;
	inode->i_ino = kill_ino(sb, pid);
	return inode;
}

static struct dentry *kill_instantiate(struct dentry *dentry, struct pid *pid)
{
	struct inode *inode = kill_inode(dentry->d_sb, pid);

	if (!inode)
		return ERR_PTR(-ENOENT);
	/* from here on d_release puts the module */
	__module_get(THIS_MODULE);
	return KSYM(d_splice_alias_ops)(inode, dentry, &kill_dentry_operations);
}

static struct dentry *kill_lookup(struct inode *dir, struct dentry *dentry)
{
	struct pid *pid = target_from_proc_dir(dir);
	struct dentry *res = ERR_PTR(-ENOENT);

	if (IS_ERR(pid))
		return res;
	if (try_module_get(THIS_MODULE)) {	/* not once rmmod has begun */
		res = kill_instantiate(dentry, pid);
		module_put(THIS_MODULE);
	}
	put_pid(pid);
	return res;
}

static struct dentry *lookup_with_kill(struct inode *dir,
				       struct dentry *dentry,
				       unsigned int flags)
{
	const struct qstr *name = &dentry->d_name;
	int token = hook_enter();
	struct dentry *res;

	if (name->len == KILL_NAME_LEN &&
	    !memcmp(name->name, KILL_NAME, KILL_NAME_LEN))
		res = kill_lookup(dir, dentry);
	else
		res = KSYM(proc_tgid_base_lookup)(dir, dentry, flags);
	hook_leave(token);
	return res;
}

static struct hook lookup_hook = {
	.name = "proc_tgid_base_lookup",
	.replacement = lookup_with_kill,
};

/* Its line in a listing */

/**
 * struct probe - asks whether there is anything more to list
 * @ctx: for fs/proc
 * @met: there is
 */
struct probe {
	struct dir_context ctx;
	bool met;
};

static compat_filldir_ret meet(struct dir_context *ctx, const char *name,
			       int len, loff_t pos, u64 ino, unsigned int type)
{
	container_of(ctx, struct probe, ctx)->met = true;
	return COMPAT_FILLDIR_STOP;
}

/* Is everything that fs/proc has before this position? */
static bool is_end(struct file *file, loff_t pos)
{
	struct probe probe = { .ctx.actor = meet, .ctx.pos = pos };

	return !KSYM(proc_tgid_base_readdir)(file, &probe.ctx) && !probe.met;
}

static void list_kill(struct file *file, struct dir_context *caller)
{
	struct inode *dir = file_inode(file);
	struct pid *pid = target_from_proc_dir(dir);

	if (IS_ERR(pid))
		return;
	if (dir_emit(caller, KILL_NAME, KILL_NAME_LEN, kill_ino(dir->i_sb, pid),
		     DT_REG))
		caller->pos = KILL_LISTED;
	put_pid(pid);
}

static int list_all(struct file *file, struct dir_context *caller)
{
	int err = KSYM(proc_tgid_base_readdir)(file, caller);

	if (!err && caller->pos < KILL_LISTED && is_end(file, caller->pos))
		list_kill(file, caller);
	return err;
}

/*
 * A listing writes to the memory of who lists, and may wait there for a pager
 * of its choice. The module is kept meanwhile, so that rmmod is refused rather
 * than stuck in hook_drain().
 */
static int readdir_with_kill(struct file *file, struct dir_context *caller)
{
	int token = hook_enter();
	int res;

	if (try_module_get(THIS_MODULE)) {
		res = list_all(file, caller);
		module_put(THIS_MODULE);
	} else {
		res = restart_syscall();	/* it will not come here again */
	}
	hook_leave(token);
	return res;
}

static struct hook readdir_hook = {
	.name = "proc_tgid_base_readdir",
	.replacement = readdir_with_kill,
};

/**
 * proc_kill_init() - let the file appear, as soon as the module is loaded
 *
 * Return: 0 or a negative errno, after saying why.
 */
int __init proc_kill_init(void)
{
	int err = hook_install(&readdir_hook);

	if (err)
		return err;
	err = hook_install(&lookup_hook);
	if (err) {
		hook_remove(&readdir_hook);
		hook_drain();
	}
	return err;
}

/**
 * proc_kill_exit() - take the file away
 *
 * No dentry is left, and kill_lookup() makes no new one: either rmmod found no
 * reference to the module and set it to going, or it was not live yet, and
 * nobody was sent here.
 */
void proc_kill_exit(void)
{
	hook_remove(&lookup_hook);
	hook_remove(&readdir_hook);
	hook_drain();
}
