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
 * The pid behind a /proc/<pid> directory. struct proc_inode is private to
 * fs/proc, and its layout random; but tgid_pidfd_to_pid() reads no more of a
 * file than f_op and f_inode. An O_PATH descriptor has no f_op of its own,
 * which is why the inode is asked rather than the file.
 */
static struct pid *proc_dir_pid(struct inode *dir)
{
	struct file file = { .f_op = dir->i_fop, .f_inode = dir };

	return KSYM(tgid_pidfd_to_pid)(&file);
}

static struct pid *file_pid(struct file *file)
{
	struct inode *inode = file_inode(file);
	struct pid *pid;

	if (inode->i_fop == &proc_kill_fops)
		return inode->i_private;
	pid = KSYM(pidfd_pid)(file);
	if (IS_ERR(pid))
		return proc_dir_pid(inode);
	return file->f_flags & PIDFD_THREAD ? ERR_PTR(-EINVAL) : pid;
}

/* The process that a thread belongs to, with a reference. */
static struct pid *process_of(struct pid *pid)
{
	struct task_struct *task;
	struct pid *process = ERR_PTR(-ESRCH);

	rcu_read_lock();
	task = pid_task(pid, PIDTYPE_PID);
	if (task)
		process = get_pid(task_tgid(task));
	rcu_read_unlock();
	return process;
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
	return pid_vnr(pid) != 0;
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
	struct file *file = fget_raw(fd);
	struct pid *pid;

	if (!file)
		return ERR_PTR(-EBADF);
	pid = file_pid(file);
	if (!IS_ERR(pid))
		pid = target_in_namespace(pid) ? process_of(pid) :
						 ERR_PTR(-EINVAL);
	fput(file);
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
 * target_is_running() - is any thread of a process still alive?
 * @leader: any thread of it; under RCU or with a reference held
 *
 * A leader that has ended may have left threads behind, and a thread held by a
 * tracer may stay a zombie beside it: only all of them tell.
 */
bool target_is_running(struct task_struct *leader)
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
