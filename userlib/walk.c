// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend.h"
#include "fallback.h"
#include "pidfd.h"
#include "walk.h"

#define PIDS		(4 << 20)	/* what the kernel has at most */
#define FIRST_ROOM	512
#define SPARE		4	/* descriptors to look in /proc with */

/* By pages, not from the heap: a signal handler may be what calls. */
static void *get_memory(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static bool make_room(struct walk *walk)
{
	size_t size = walk->room * sizeof(*walk->members);
	void *p;

	if (walk->count < walk->room)
		return true;
	p = mremap(walk->members, size, 2 * size, MREMAP_MAYMOVE);
	if (p == MAP_FAILED)
		return false;
	walk->members = p;
	walk->room *= 2;
	return true;
}

static bool is_seen(const struct walk *walk, pid_t pid)
{
	return walk->seen[pid / 8] >> pid % 8 & 1;
}

static void set_seen(struct walk *walk, pid_t pid)
{
	walk->seen[pid / 8] |= 1 << pid % 8;
}

/* Would the next look in /proc fail? */
static bool is_short(const struct walk *walk, int fd)
{
	rlim_t limit = walk->raised ? walk->limit.rlim_max :
				      walk->limit.rlim_cur;

	return fd < 0 ? errno == EMFILE : (rlim_t)fd + SPARE > limit;
}

/* To what the program could do itself, for as long as the walk lasts. */
static bool raise_limit(struct walk *walk)
{
	struct rlimit limit = walk->limit;

	limit.rlim_cur = limit.rlim_max;
	if (!walk->raised)
		walk->raised = !setrlimit(RLIMIT_NOFILE, &limit);
	return walk->raised;
}

static int open_member(struct walk *walk, pid_t pid)
{
	int fd = pidfd_of(pid);

	if (is_short(walk, fd) && raise_limit(walk) && fd < 0)
		fd = pidfd_of(pid);
	if (fd >= 0 && is_short(walk, fd)) {
		close(fd);
		fd = -1;
		errno = EMFILE;
	}
	if (fd < 0 && errno != ESRCH)
		walk->error = errno;
	return fd;
}

static bool add(struct walk *walk, const struct member *member)
{
	if (!make_room(walk)) {
		walk->error = ENOMEM;
		return false;
	}
	walk->members[walk->count++] = *member;
	return true;
}

static bool is_of_user(pid_t pid, uid_t uid)
{
	uid_t uids[3];

	return proc_uids(pid, uids) &&
	       (uids[0] == uid || uids[1] == uid || uids[2] == uid);
}

/* Is it the child of a member that has not been reaped meanwhile? */
static bool is_below(const struct walk *walk, const struct member *m)
{
	const struct member *parent = &walk->members[m->parent];

	return m->stat.parent == parent->pid &&
	       (parent->pidfd < 0 || !pidfd_is_reaped(parent->pidfd));
}

/*
 * Who cannot be looked at for want of something is not overlooked for it; nor
 * who is not there for a moment, because another thread of it execs.
 */
static bool can_be_seen(struct walk *walk, struct member *m)
{
	int tries;

	for (tries = 0; tries < 5; tries++)
		if (proc_stat(m->pid, 0, &m->stat))
			return true;
	if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
		walk->error = errno;
	return false;
}

static bool belongs(struct walk *walk, struct member *m)
{
	if (!can_be_seen(walk, m) || m->stat.kernel_thread)
		return false;
	return walk->of_user ? is_of_user(m->pid, walk->uid) :
			       is_below(walk, m);
}

/* Its threads may run on, or be zombies, too, which a tracer keeps. */
static bool is_dead(const struct member *m)
{
	return m->stat.state == 'Z' && !proc_has_thread_but(m->pid, "ZX");
}

/* A signal that finds nobody tells that what was looked at is another. */
static bool admit(struct walk *walk, struct member *m)
{
	bool is_caller = m->pid == getpid();
	int sig = is_caller ? 0 : walk->found_sig;
	int ret = pidfd_send(m->pidfd, sig);

	if (ret && errno == ESRCH)
		return false;
	m->spared = is_caller;
	m->halted = sig && !ret;
	return true;
}

/* It will not be another one the next time either. */
static bool is_no_concern(const struct member *m)
{
	return m->stat.kernel_thread ||
	       (!m->stat.state && !pidfd_is_reaped(m->pidfd));
}

/* Who is seen is not looked at again, but has made this pass fresh. */
static void consider_held(struct walk *walk, struct member *m)
{
	m->pidfd = open_member(walk, m->pid);
	if (m->pidfd < 0)
		return;
	if (!belongs(walk, m)) {
		if (is_no_concern(m))
			set_seen(walk, m->pid);
	} else if (is_dead(m)) {
		set_seen(walk, m->pid);
	} else if (admit(walk, m)) {
		set_seen(walk, m->pid);
		if (add(walk, m))
			return;
	}
	close(m->pidfd);
}

/*
 * Those who fork and exit for ever leave so many that whoever opens each of
 * them never comes to the one that lives.
 */
static bool is_own_zombie(pid_t pid)
{
	siginfo_t info = { };

	return !waitid(P_PID, pid, &info,
		       WEXITED | WNOHANG | WNOWAIT | __WALL) &&
	       info.si_pid == pid;
}

static void consider(struct walk *walk, pid_t pid, int parent)
{
	struct member m = { .pid = pid, .parent = parent, .pidfd = -1 };

	if (pid >= PIDS || is_seen(walk, pid) || walk->error)
		return;
	walk->fresh = true;
	if (walk->holds && is_own_zombie(pid)) {
		set_seen(walk, pid);
	} else if (walk->holds) {
		consider_held(walk, &m);
	} else if (belongs(walk, &m)) {
		set_seen(walk, pid);
		add(walk, &m);
	}
}

static void consider_child(pid_t pid, void *arg)
{
	struct walk *walk = arg;

	consider(walk, pid, walk->place);
}

static void look_at_thread(pid_t tid, void *arg)
{
	struct walk *walk = arg;

	proc_each_child(walk->members[walk->place].pid, tid, consider_child,
			walk);
}

/* Only those who match: everybody else is here, too. */
static void consider_anybody(pid_t pid, void *arg)
{
	struct walk *walk = arg;
	struct proc_stat stat;
	int i;

	if (is_seen(walk, pid))
		return;
	if (walk->of_user) {
		if (pid != 1 && pid != getpid() && is_of_user(pid, walk->uid))
			consider(walk, pid, -1);
		return;
	}
	if (!proc_stat(pid, 0, &stat) || !is_seen(walk, stat.parent))
		return;
	for (i = 0; i < walk->count; i++) {
		if (walk->members[i].pid == stat.parent)
			consider(walk, pid, i);
	}
}

void walk_pass(struct walk *walk)
{
	walk->fresh = false;
	if (walk->scans) {
		proc_each(consider_anybody, walk);
		return;
	}
	for (walk->place = 0; walk->place < walk->count; walk->place++)
		proc_each_thread(walk->members[walk->place].pid,
				 look_at_thread, walk);
}

/* Numbers of another namespace would be those of other processes. */
static int check_proc(void)
{
	if (proc_is_ours())
		return 0;
	errno = ENOSYS;
	return -1;
}

int walk_begin(struct walk *walk)
{
	walk->scans = walk->of_user || backend_scans() || !proc_has_children();
	walk->room = FIRST_ROOM;
	walk->members = get_memory(FIRST_ROOM * sizeof(*walk->members));
	walk->seen = get_memory(PIDS / 8);
	getrlimit(RLIMIT_NOFILE, &walk->limit);
	if (!walk->members || !walk->seen) {
		errno = ENOMEM;
		return -1;
	}
	return walk->of_user ? check_proc() : 0;
}

/* A directory has it in "status"; a pidfd, in what /proc tells of it. */
static pid_t process_of(int fd)
{
	char path[64];
	long pid = proc_number(fd, "status", "Tgid");

	if (pid > 0)
		return pid;
	snprintf(path, sizeof(path), "/proc/thread-self/fdinfo/%d", fd);
	return proc_number(AT_FDCWD, path, "Pid");
}

static int set_top(struct walk *walk, struct member *top)
{
	if (!proc_stat(top->pid, 0, &top->stat)) {
		errno = ESRCH;
		return -1;
	}
	top->spared |= top->stat.kernel_thread;
	set_seen(walk, top->pid);
	add(walk, top);
	return 0;
}

/* If @fd still stands for a process in the end, its number was not another's. */
int walk_add_top(struct walk *walk, int fd, bool spared)
{
	struct member top = {
		.pid = getpid(), .parent = -1, .pidfd = -1, .spared = spared,
	};

	if (fd != FKILL_SELF && fallback_kill(fd, 0) && errno != EPERM)
		return -1;
	if (check_proc())
		return -1;
	if (fd == FKILL_SELF)
		return set_top(walk, &top);
	top.pid = process_of(fd);
	if (top.pid == getpid())
		return set_top(walk, &top);
	top.pidfd = top.pid > 0 ? open_member(walk, top.pid) : -1;
	if (top.pidfd < 0) {
		errno = walk->error ? walk->error : ESRCH;
		return -1;
	}
	if (set_top(walk, &top)) {
		close(top.pidfd);
		return -1;
	}
	return fallback_kill(fd, 0) && errno != EPERM ? -1 : 0;
}

static bool is_top(const struct walk *walk, int i)
{
	return i == 0 && !walk->of_user;
}

/* What has not been touched costs nothing. */
static void clear_seen(struct walk *walk)
{
	madvise(walk->seen, PIDS / 8, MADV_DONTNEED);
}

void walk_forget(struct walk *walk)
{
	int i;

	for (i = 0; i < walk->count; i++) {
		if (!is_top(walk, i) && walk->members[i].pidfd >= 0)
			close(walk->members[i].pidfd);
	}
	clear_seen(walk);
	walk->count = 0;
	if (!walk->of_user) {
		walk->count = 1;
		set_seen(walk, walk->members[0].pid);
	}
}

void walk_end(struct walk *walk)
{
	int i, error = errno;

	for (i = 0; i < walk->count; i++) {
		if (walk->members[i].pidfd >= 0)
			close(walk->members[i].pidfd);
	}
	if (walk->members)
		munmap(walk->members, walk->room * sizeof(*walk->members));
	if (walk->seen)
		munmap(walk->seen, PIDS / 8);
	if (walk->raised)
		setrlimit(RLIMIT_NOFILE, &walk->limit);
	errno = error;
}
