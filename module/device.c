// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/fkill: one handler for each command of <linux/fkill.h>, which is also
 * the manual of what they do. No handler changes anything before all of its
 * argument has been looked at.
 */
#include <linux/err.h>
#include <linux/fkill.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "deliver.h"
#include "device.h"
#include "list.h"
#include "owner.h"
#include "parked.h"
#include "subtree.h"
#include "target.h"

/*
 * The struct of a command, of whatever age; see "Conventions" in fkill.h. Most
 * callers are of the module's age. Inline, so that the size is a constant.
 */
static __always_inline int get_arg(void *arg, size_t size, size_t first_size,
				   const void __user *uarg, size_t usize)
{
	if (likely(usize == size))
		return copy_from_user(arg, uarg, size) ? -EFAULT : 0;
	if (usize < first_size)
		return -EINVAL;
	return copy_struct_from_user(arg, size, uarg, usize);
}

/* Fields that an old caller does not have are left out. */
static int put_arg(void __user *uarg, size_t usize, const void *arg,
		   size_t size)
{
	return copy_to_user(uarg, arg, min(size, usize)) ? -EFAULT : 0;
}

/* A struct that is written only; what the module does not know of it is zero. */
static int put_whole_arg(void __user *uarg, size_t usize, const void *arg,
			 size_t size, size_t first_size)
{
	if (usize < first_size)
		return -EINVAL;
	if (usize > size && clear_user(uarg + size, usize - size))
		return -EFAULT;
	return put_arg(uarg, usize, arg, size);
}

static long do_info(void __user *uarg, size_t usize)
{
	const struct fkill_info info = {
		.abi = FKILL_ABI,
		.features = FKILL_FEATURE_PROC_KILL | FKILL_FEATURE_KILL |
			    FKILL_FEATURE_BELOW | FKILL_FEATURE_OWN |
			    FKILL_FEATURE_LIST | FKILL_FEATURE_USER,
	};

	BUILD_BUG_ON(_IOC_SIZE(FKILL_IOC_INFO) != sizeof(info));
	BUILD_BUG_ON(sizeof(info) < FKILL_INFO_SIZE_VER0);

	return put_whole_arg(uarg, usize, &info, sizeof(info),
			     FKILL_INFO_SIZE_VER0);
}

static long do_kill(void __user *uarg, size_t usize)
{
	struct fkill_kill arg;
	struct pid *pid;
	int err;

	BUILD_BUG_ON(_IOC_SIZE(FKILL_IOC_KILL) != sizeof(arg));
	BUILD_BUG_ON(sizeof(arg) < FKILL_KILL_SIZE_VER0);

	err = get_arg(&arg, sizeof(arg), FKILL_KILL_SIZE_VER0, uarg, usize);
	if (err)
		return err;
	if (arg.flags || !valid_signal(arg.sig))
		return -EINVAL;

	pid = target_from_fd(arg.fd);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	err = deliver(pid, arg.sig);
	put_pid(pid);
	return err;
}

static struct pid *top_of(int fd)
{
	return fd == FKILL_SELF ? get_pid(task_tgid(current)) :
				  target_from_fd(fd);
}

/* What a scope holds is given back with it, by subtree_kill_free() or here. */
static int below_scope(struct scope *scope, int fd, u32 flags)
{
	struct pid *top = top_of(fd);

	if (IS_ERR(top))
		return PTR_ERR(top);
	*scope = (struct scope) {
		.top = top,
		.include_top = flags & FKILL_INCLUDE_TOP,
	};
	return 0;
}

static int user_scope(struct scope *scope, u32 uid)
{
	*scope = (struct scope) {
		.by_uid = true,
		.uid = make_kuid(current_user_ns(), uid),
	};
	return uid_valid(scope->uid) ? 0 : -EINVAL;
}

static int check_kill_many(const struct fkill_below *arg, u32 flags)
{
	if (arg->flags & ~flags)
		return -EINVAL;
	if (!valid_signal(arg->sig) || arg->timeout < 0)
		return -EINVAL;
	if (arg->flags & FKILL_NO_LIMIT && arg->timeout)
		return -EINVAL;
	return 0;
}

static int start_kill(const struct fkill_below *arg, const struct scope *scope,
		      struct subtree_kill *kill)
{
	int err;

	*kill = (struct subtree_kill) {
		.scope = *scope,
		.sig = arg->sig,
		.no_wait = !arg->timeout && !(arg->flags & FKILL_NO_LIMIT),
		.deadline = arg->flags & FKILL_NO_LIMIT ? KTIME_MAX :
			    ktime_add_ms(ktime_get(), arg->timeout),
	};
	err = subtree_kill(kill);
	if (err)
		subtree_kill_free(kill);
	return err;
}

static int start_below(const struct fkill_below *arg, struct subtree_kill *kill)
{
	struct scope scope;

	return below_scope(&scope, arg->fd, arg->flags) ?:
	       start_kill(arg, &scope, kill);
}

static int start_user(const struct fkill_below *arg, struct subtree_kill *kill)
{
	struct scope scope;

	return user_scope(&scope, arg->fd) ?: start_kill(arg, &scope, kill);
}

static void report_below(struct fkill_below *arg,
			 const struct subtree_kill *kill)
{
	arg->signalled = kill->signalled;
	arg->refused = kill->refused;
	arg->running = kill->running;
	arg->first = kill->first;
}

/*
 * Write before anything is done, so that an argument that cannot be written is
 * refused before anybody is signalled.
 */
static int clear_report(struct fkill_below *arg, void __user *uarg,
			size_t usize)
{
	const struct subtree_kill nothing = {};

	report_below(arg, &nothing);
	return put_arg(uarg, usize, arg, sizeof(*arg));
}

typedef int (*start_fn)(const struct fkill_below *arg,
			struct subtree_kill *kill);

/* Of a user's processes nobody could be reached: not worth a wait. */
static bool in_vain(const struct subtree_kill *kill)
{
	return kill->scope.by_uid && kill->refused && !kill->signalled;
}

/*
 * Wait, and leave in @arg what is to be told. Without the memory to be
 * restarted, the call ends as if a handler had run.
 */
static int wait_kill(struct parked *parked, struct fkill_below *arg,
		     struct subtree_kill *kill)
{
	bool vain = in_vain(kill);
	int ret;

	if (vain)
		kill->deadline = 0;
	ret = subtree_wait(kill);
	if (vain)
		ret = -EPERM;
	report_below(arg, kill);
	arg->resume = 0;
	if (ret == -ERESTARTNOHAND) {
		if (!parked_put(parked, kill, &arg->resume))
			return ret;
		ret = -EINTR;
	}
	subtree_kill_free(kill);
	return ret;
}

static long kill_many(struct parked *parked, void __user *uarg, size_t usize,
		      u32 flags, start_fn start)
{
	struct fkill_below arg;
	struct subtree_kill kill;
	int ret;

	BUILD_BUG_ON(_IOC_SIZE(FKILL_IOC_BELOW) != sizeof(arg));
	BUILD_BUG_ON(sizeof(arg) < FKILL_BELOW_SIZE_VER0);

	ret = get_arg(&arg, sizeof(arg), FKILL_BELOW_SIZE_VER0, uarg, usize) ?:
	      clear_report(&arg, uarg, usize) ?:
	      check_kill_many(&arg, flags);
	if (ret)
		return ret;
	if (arg.resume) {
		ret = parked_take(parked, arg.resume, &kill);
	} else {
		parked_tidy(parked);
		ret = start(&arg, &kill);
	}
	if (ret)
		return ret;
	ret = wait_kill(parked, &arg, &kill);
	return put_arg(uarg, usize, &arg, sizeof(arg)) ?: ret;
}

static long do_below(struct parked *parked, void __user *uarg, size_t usize)
{
	return kill_many(parked, uarg, usize,
			 FKILL_INCLUDE_TOP | FKILL_NO_LIMIT, start_below);
}

static long do_user(struct parked *parked, void __user *uarg, size_t usize)
{
	return kill_many(parked, uarg, usize, FKILL_NO_LIMIT, start_user);
}

static long do_own(void __user *uarg, size_t usize)
{
	struct fkill_own arg;
	int err;

	BUILD_BUG_ON(_IOC_SIZE(FKILL_IOC_OWN) != sizeof(arg));
	BUILD_BUG_ON(sizeof(arg) < FKILL_OWN_SIZE_VER0);

	err = get_arg(&arg, sizeof(arg), FKILL_OWN_SIZE_VER0, uarg, usize);
	if (err)
		return err;
	if (arg.flags & ~FKILL_OWN_EXIT_KILL || (arg.linger && !arg.flags))
		return -EINVAL;
	return owner_register(arg.flags, arg.linger);
}

static long do_owned(void __user *uarg, size_t usize)
{
	struct fkill_own arg = {};
	int err;

	err = put_whole_arg(uarg, usize, &arg, sizeof(arg),
			    FKILL_OWN_SIZE_VER0) ?:
	      owner_ask(&arg.flags, &arg.linger);
	return err ?: put_arg(uarg, usize, &arg, sizeof(arg));
}

static pid_t owner_of_pid(struct pid *pid)
{
	struct task_struct *leader;
	pid_t owner = -ESRCH;

	rcu_read_lock();
	leader = pid_task(pid, PIDTYPE_TGID);
	if (leader)
		owner = owner_of(leader);
	rcu_read_unlock();
	return owner;
}

static long do_owner(void __user *uarg, size_t usize)
{
	struct fkill_owner arg;
	struct pid *pid;
	int err;

	BUILD_BUG_ON(_IOC_SIZE(FKILL_IOC_OWNER) != sizeof(arg));
	BUILD_BUG_ON(sizeof(arg) < FKILL_OWNER_SIZE_VER0);

	err = get_arg(&arg, sizeof(arg), FKILL_OWNER_SIZE_VER0, uarg, usize);
	if (err)
		return err;
	pid = top_of(arg.fd);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	arg.owner = owner_of_pid(pid);
	put_pid(pid);
	if (arg.owner < 0)
		return arg.owner;
	return put_arg(uarg, usize, &arg, sizeof(arg));
}

static long do_list(void __user *uarg, size_t usize)
{
	struct fkill_list arg;
	struct scope scope;
	int err;

	BUILD_BUG_ON(_IOC_SIZE(FKILL_IOC_LIST) != sizeof(arg));
	BUILD_BUG_ON(sizeof(arg) < FKILL_LIST_SIZE_VER0);

	err = get_arg(&arg, sizeof(arg), FKILL_LIST_SIZE_VER0, uarg, usize);
	if (err)
		return err;
	if (arg.flags & ~FKILL_INCLUDE_TOP || arg.reserved)
		return -EINVAL;
	err = below_scope(&scope, arg.fd, arg.flags);
	if (err)
		return err;
	err = list_scope(&scope, u64_to_user_ptr(arg.entries), arg.count,
			 &arg.count);
	put_pid(scope.top);
	return err ?: put_arg(uarg, usize, &arg, sizeof(arg));
}

/* A command without its size, which get_arg() and put_arg() look after. */
#define UNSIZED(cmd) ((cmd) & ~IOCSIZE_MASK)

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = (void __user *)arg;

	switch (UNSIZED(cmd)) {
	case UNSIZED(FKILL_IOC_INFO):
		return do_info(uarg, _IOC_SIZE(cmd));
	case UNSIZED(FKILL_IOC_KILL):
		return do_kill(uarg, _IOC_SIZE(cmd));
	case UNSIZED(FKILL_IOC_BELOW):
		return do_below(file->private_data, uarg, _IOC_SIZE(cmd));
	case UNSIZED(FKILL_IOC_USER):
		return do_user(file->private_data, uarg, _IOC_SIZE(cmd));
	case UNSIZED(FKILL_IOC_OWN):
		return do_own(uarg, _IOC_SIZE(cmd));
	case UNSIZED(FKILL_IOC_OWNED):
		return do_owned(uarg, _IOC_SIZE(cmd));
	case FKILL_IOC_DISOWN:
		return owner_unregister();
	case UNSIZED(FKILL_IOC_OWNER):
		return do_owner(uarg, _IOC_SIZE(cmd));
	case UNSIZED(FKILL_IOC_LIST):
		return do_list(uarg, _IOC_SIZE(cmd));
	default:
		return -ENOTTY;
	}
}

/* It is there before the module is live: no owner's exit is seen yet. */
static int device_open(struct inode *inode, struct file *file)
{
	struct parked *parked;

	if (READ_ONCE(THIS_MODULE->state) != MODULE_STATE_LIVE)
		return -ENODEV;
	parked = kzalloc(sizeof(*parked), GFP_KERNEL_ACCOUNT);
	if (!parked)
		return -ENOMEM;
	parked_init(parked);
	file->private_data = parked;
	return nonseekable_open(inode, file);
}

static int device_release(struct inode *inode, struct file *file)
{
	struct parked *parked = file->private_data;

	parked_destroy(parked);
	kfree(parked);
	return 0;
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fkill",
	.mode = 0666,
	.fops = &device_fops,
};

int __init device_init(void)
{
	return misc_register(&device);
}

void device_exit(void)
{
	misc_deregister(&device);
}
