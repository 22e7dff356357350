// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which process is meant, is it the caller's business, and does it still run.
 *
 * A process is kept as the struct pid of its thread group. That is the same
 * one through every exec, and no other process ever gets it.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "ksyms.h"
#include "target.h"

/*
 * The pid behind a /proc/<pid> directory that only the inode is known of. The
 * file of an O_PATH descriptor has no f_op of its own, and struct proc_inode
 * is private to fs/proc, and its layout random; but tgid_pidfd_to_pid() reads
 * no more of a file than f_op and f_inode.
 */
static struct pid *proc_dir_pid(struct inode *dir)
{
	struct file file = { .f_op = dir->i_fop, .f_inode = dir };

	return KSYM(tgid_pidfd_to_pid)(&file);
}

static struct pid *path_pid(struct file *file)
{
	struct inode *inode = file_inode(file);

	if (inode->i_fop == &proc_kill_fops)
		return inode->i_private;
	return proc_dir_pid(inode);
}

static struct pid *open_pid(struct file *file)
{
	struct pid *pid;

	if (file->f_op == &proc_kill_fops)
		return file_inode(file)->i_private;
	pid = KSYM(tgid_pidfd_to_pid)(file);
	if (!IS_ERR(pid))
		return pid;
	pid = KSYM(pidfd_pid)(file);
	if (!IS_ERR(pid) && file->f_flags & PIDFD_THREAD)
		return ERR_PTR(-EINVAL);
	return pid;
}

/*
 * The process that a thread belongs to, with a reference. A thread that is
 * being released may still be found, and have no process any more.
 */
static struct pid *process_of(struct pid *pid)
{
	struct task_struct *task;
	struct pid *process = NULL;

	if (pid_has_task(pid, PIDTYPE_TGID))
		return get_pid(pid);
	rcu_read_lock();
	task = pid_task(pid, PIDTYPE_PID);
	if (task)
		process = get_pid(task_tgid(task));
	rcu_read_unlock();
	return process ?: ERR_PTR(-ESRCH);
}

/**
 * target_in_namespace() - may the caller name this process at all?
 * @pid: a process or a thread
 *
 * Return: true if it is in the caller's pid namespace or one below it. That
 * never changes, neither for a struct pid nor for a caller.
 */
bool target_in_namespace(struct pid *pid)
{
	/* a kernel thread writing for somebody else (io_uring before 5.12) */
	if (current->flags & PF_KTHREAD)
		return false;
	return ns_of_pid(pid) == ns_of_pid(task_pid(current)) ||
	       pid_vnr(pid) != 0;
}

static struct pid *nameable_process(struct pid *pid)
{
	if (IS_ERR(pid))
		return pid;
	return target_in_namespace(pid) ? process_of(pid) : ERR_PTR(-EINVAL);
}

/* For those that fdget() does not give out: opened with O_PATH. */
static struct pid *target_from_path_fd(int fd)
{
	struct file *file = fget_raw(fd);
	struct pid *pid;

	if (!file)
		return ERR_PTR(-EBADF);
	pid = nameable_process(path_pid(file));
	fput(file);
	return pid;
}

/**
 * target_from_fd() - the process that a descriptor of the caller stands for
 * @fd: a /proc/<pid> directory, a /proc/<pid>/kill file or a pidfd
 *
 * Return: the pid of the process, with a reference; or an ERR_PTR: -EBADF if
 * the descriptor is nothing of that kind, -EINVAL if it stands for one thread
 * or the process is outside the caller's namespace, -ESRCH if it was reaped.
 */
struct pid *target_from_fd(int fd)
{
	struct fd f = fdget(fd);
	struct pid *pid;

	if (!compat_fd_file(f))
		return target_from_path_fd(fd);
	pid = nameable_process(open_pid(compat_fd_file(f)));
	fdput(f);
	return pid;
}

/**
 * target_from_proc_dir() - the process that a directory of /proc is about
 * @dir: the inode of a /proc/<pid> directory, which the caller keeps alive
 *
 * Return: as target_from_fd(), whatever the namespace.
 */
struct pid *target_from_proc_dir(struct inode *dir)
{
	struct pid *pid = proc_dir_pid(dir);

	return IS_ERR(pid) ? pid : process_of(pid);
}

/**
 * target_has_thread() - is any thread of a process still alive?
 * @leader: any thread of it; under RCU or with a reference held
 */
bool target_has_thread(struct task_struct *leader)
{
	struct task_struct *thread;
	bool running = false;

	rcu_read_lock();
	for_each_thread(leader, thread) {
		/*
		 * A new thread is put at the end of the list before the one
		 * that made it can end: who sees the latter's exit_state must
		 * see the former too.
		 */
		if (!smp_load_acquire(&thread->exit_state)) {
			running = true;
			break;
		}
	}
	rcu_read_unlock();
	return running;
}

/**
 * target_pid_is_running() - the same, by pid
 * @pid: a process; the caller holds a reference
 */
bool target_pid_is_running(struct pid *pid)
{
	struct task_struct *leader;
	bool running;

	rcu_read_lock();
	leader = pid_task(pid, PIDTYPE_TGID);
	running = leader && target_is_running(leader);
	rcu_read_unlock();
	return running;
}
