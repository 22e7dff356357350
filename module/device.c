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

static long do_info(void __user *uarg, size_t usize)
{
	const struct fkill_info info = {
		.abi = FKILL_ABI,
		.features = FKILL_FEATURE_PROC_KILL | FKILL_FEATURE_KILL |
			    FKILL_FEATURE_BELOW,
	};
	size_t size = min(usize, sizeof(info));

	BUILD_BUG_ON(_IOC_SIZE(FKILL_IOC_INFO) != sizeof(info));
	BUILD_BUG_ON(sizeof(info) < FKILL_INFO_SIZE_VER0);

	if (usize < FKILL_INFO_SIZE_VER0)
		return -EINVAL;
	if (clear_user(uarg + size, usize - size))
		return -EFAULT;
	return put_arg(uarg, usize, &info, sizeof(info));
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

static int check_below(const struct fkill_below *arg)
{
	if (arg->flags & ~(FKILL_INCLUDE_TOP | FKILL_NO_LIMIT))
		return -EINVAL;
	if (!valid_signal(arg->sig) || arg->timeout < 0)
		return -EINVAL;
	if (arg->flags & FKILL_NO_LIMIT && arg->timeout)
		return -EINVAL;
	return 0;
}

static struct pid *below_top(int fd)
{
	return fd == FKILL_SELF ? get_pid(task_tgid(current)) :
				  target_from_fd(fd);
}

static int start_below(const struct fkill_below *arg, struct subtree_kill *kill)
{
	struct pid *top = below_top(arg->fd);
	int err;

	if (IS_ERR(top))
		return PTR_ERR(top);
	*kill = (struct subtree_kill) {
		.top = top,
		.sig = arg->sig,
		.include_top = arg->flags & FKILL_INCLUDE_TOP,
		.deadline = arg->flags & FKILL_NO_LIMIT ? KTIME_MAX :
			    ktime_add_ms(ktime_get(), arg->timeout),
	};
	err = subtree_kill(kill);
	if (err)
		subtree_kill_free(kill);
	return err;
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

/*
 * Wait, and leave in @arg what is to be told. Without the memory to be
 * restarted, the call ends as if a handler had run.
 */
static int wait_below(struct parked *parked, struct fkill_below *arg,
		      struct subtree_kill *kill)
{
	int ret = subtree_wait(kill);

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

static long do_below(struct parked *parked, void __user *uarg, size_t usize)
{
	struct fkill_below arg;
	struct subtree_kill kill;
	int ret;

	BUILD_BUG_ON(_IOC_SIZE(FKILL_IOC_BELOW) != sizeof(arg));
	BUILD_BUG_ON(sizeof(arg) < FKILL_BELOW_SIZE_VER0);

	ret = get_arg(&arg, sizeof(arg), FKILL_BELOW_SIZE_VER0, uarg, usize) ?:
	      clear_report(&arg, uarg, usize) ?:
	      check_below(&arg);
	if (ret)
		return ret;
	if (arg.resume) {
		ret = parked_take(parked, arg.resume, &kill);
	} else {
		parked_tidy(parked);
		ret = start_below(&arg, &kill);
	}
	if (ret)
		return ret;
	ret = wait_below(parked, &arg, &kill);
	return put_arg(uarg, usize, &arg, sizeof(arg)) ?: ret;
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
	default:
		return -ENOTTY;
	}
}

static int device_open(struct inode *inode, struct file *file)
{
	struct parked *parked = kzalloc(sizeof(*parked), GFP_KERNEL_ACCOUNT);

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
