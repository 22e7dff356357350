// SPDX-License-Identifier: GPL-2.0-only
/* /proc/<pid>/kill: what may be written, and which process it reaches. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "harness.h"
#include "common.h"

#define COMMAND_MAX	32

/* glibc keeps two signals out of its own calls. */
static void block_all_signals(void)
{
	unsigned long all = ~0UL;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all));
}

static int sleep_blocked(void *arg)
{
	block_all_signals();
	gate_open(arg);
	return sleep_for_ever(NULL);
}

/* The signals that wait for the process as a whole. */
static unsigned long pending(pid_t pid)
{
	return status_number(pid, "ShdPnd", 16);
}

static unsigned long bit(int sig)
{
	return 1UL << (sig - 1);
}

static int command(int fd, const void *text, size_t len)
{
	ssize_t n = write(fd, text, len);

	if (n < 0)
		return errno;
	return n == (ssize_t)len ? 0 : EIO;
}

/* A process that keeps every signal it is sent, and its kill file. */
FIXTURE(target)
{
	pid_t pid;
	int fd;
};

FIXTURE_SETUP(target)
{
	struct gate blocked;

	ASSERT_EQ(0, gate_init(&blocked));
	self->pid = spawn(sleep_blocked, &blocked);
	ASSERT_LT(0, self->pid);
	gate_wait(&blocked);
	gate_close(&blocked);
	self->fd = open_proc(self->pid, "kill", O_WRONLY);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(target)
{
	close(self->fd);
	kill_and_reap(self->pid);
}

TEST_F(target, every_signal_reaches_the_process)
{
	char text[8];
	int sig;

	for (sig = 1; sig <= 64; sig++) {
		if (sig == SIGKILL || sig == SIGSTOP)
			continue;
		snprintf(text, sizeof(text), "%d\n", sig);
		EXPECT_EQ(0, write_text(self->fd, text));
		EXPECT_EQ(bit(sig), pending(self->pid) & bit(sig))
			TH_LOG("signal %d is not pending", sig);
	}
}

TEST_F(target, stop_continue_kill)
{
	EXPECT_EQ(0, write_text(self->fd, "19"));
	EXPECT_TRUE(wait_until(state_of(self->pid) == 'T'));
	EXPECT_EQ(0, write_text(self->fd, "18"));
	EXPECT_TRUE(wait_until(state_of(self->pid) == 'S'));
	EXPECT_EQ(0, write_text(self->fd, "9"));
	EXPECT_TRUE(died_of(self->pid, SIGKILL));
}

TEST_F(target, zero_only_probes)
{
	EXPECT_EQ(0, write_text(self->fd, "0"));
	EXPECT_EQ(0, pending(self->pid));
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(target, white_space_around)
{
	static const char *const texts[] = {
		"10", "10\n", " 10", "\t10 ", "\n \t\v\f\r10\r\f\v\t \n",
		"                              10",
		"10                              ",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		EXPECT_EQ(0, write_text(self->fd, texts[i]))
			TH_LOG("\"%s\" was refused", texts[i]);
		EXPECT_EQ(bit(10), pending(self->pid));
	}
}

TEST_F(target, not_a_signal)
{
	static const char *const texts[] = {
		"", " ", "\n", " \t\n ", "65", "100", "-1", "-9", "-0", "+9",
		"0x9", "x9", "9x", "9.", "9.0", "9e0", "9 9", "9\n9", "9,", "#9",
		"KILL", "SIGKILL", "\xd9\xa9", "4294967296", "4294967305",
		"18446744073709551625", "99999999999999999999999999999999",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		EXPECT_EQ(EINVAL, command(self->fd, texts[i],
					  strlen(texts[i])))
			TH_LOG("\"%s\"", texts[i]);
	}
	EXPECT_EQ(0, pending(self->pid));
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(target, nul_is_no_digit_and_no_white_space)
{
	EXPECT_EQ(EINVAL, command(self->fd, "10\0", 3));
	EXPECT_EQ(EINVAL, command(self->fd, "\0" "10", 3));
	EXPECT_EQ(EINVAL, command(self->fd, "1\0" "0", 3));
	EXPECT_EQ(EINVAL, command(self->fd, "\0", 1));
	EXPECT_EQ(0, pending(self->pid));
}

TEST_F(target, too_long)
{
	static char text[1 << 20];
	size_t len;

	memset(text, ' ', sizeof(text));
	text[0] = '0';
	EXPECT_EQ(0, command(self->fd, text, COMMAND_MAX));
	memcpy(text, "10", 2);
	for (len = COMMAND_MAX + 1; len <= sizeof(text); len *= 2) {
		EXPECT_EQ(EINVAL, command(self->fd, text, len));
	}
	EXPECT_EQ(EINVAL, command(self->fd, text, sizeof(text)));
	EXPECT_EQ(0, pending(self->pid));
}

TEST_F(target, a_vector_is_one_command)
{
	const struct iovec parts[] = {
		{ " ", 1 }, { "1", 1 }, { NULL, 0 }, { "0", 1 }, { "\n", 1 },
	};
	const struct iovec two[] = { { "10 ", 3 }, { "12", 2 } };

	EXPECT_EQ(4, writev(self->fd, parts, ARRAY_SIZE(parts)));
	EXPECT_EQ(bit(10), pending(self->pid));
	EXPECT_EQ(-1, writev(self->fd, two, ARRAY_SIZE(two)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(bit(10), pending(self->pid));
}

TEST_F(target, bytes_that_cannot_be_read)
{
	const long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, mprotect(map + page, page, PROT_NONE));
	map[page - 1] = '1';

	EXPECT_EQ(EFAULT, command(self->fd, map + page, 1));
	/* Not the signal 1 that is left when the second byte is not there. */
	EXPECT_EQ(EFAULT, command(self->fd, map + page - 1, 2));
	EXPECT_EQ(0, pending(self->pid));
	EXPECT_EQ(0, command(self->fd, map + page - 1, 1));
	EXPECT_EQ(bit(1), pending(self->pid));
}

TEST_F(target, every_write_is_a_command)
{
	EXPECT_EQ(0, write_text(self->fd, "10"));
	EXPECT_EQ(EINVAL, write_text(self->fd, "x"));
	EXPECT_EQ(0, write_text(self->fd, "12"));
	EXPECT_EQ(bit(10) | bit(12), pending(self->pid));
}

TEST_F(target, no_position)
{
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pwrite(self->fd, "10", 2, 1));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(0, pending(self->pid));
}

TEST_F(target, status_of_the_file)
{
	struct stat st;

	ASSERT_EQ(0, fstat(self->fd, &st));
	EXPECT_EQ(S_IFREG | 0222, st.st_mode);
	EXPECT_EQ(1, st.st_nlink);
	EXPECT_EQ(0, st.st_size);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	EXPECT_EQ(-1, fchmod(self->fd, 0666));
	EXPECT_EQ(EPERM, errno);
}

static int open_for_reading(void *arg)
{
	int flags = O_RDONLY;

	if (errno_of(open_proc(*(pid_t *)arg, "kill", flags)) != EACCES)
		return 1;
	flags = O_RDWR;
	return errno_of(open_proc(*(pid_t *)arg, "kill", flags)) != EACCES;
}

TEST_F(target, nothing_to_read)
{
	char byte;
	int fd;

	EXPECT_EQ(0, run_as(NOBODY, open_for_reading, &self->pid));
	/* Root passes the mode, and finds nothing. */
	fd = open_proc(self->pid, "kill", O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(EBADF, write_text(fd, "0"));
	close(fd);
}

TEST_F(target, files_cannot_be_made_or_removed)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/kill", self->pid);
	EXPECT_NE(0, unlink(path));
	EXPECT_NE(0, rename(path, "/proc/kill"));
	EXPECT_EQ(-1, open(path, O_WRONLY | O_CREAT | O_EXCL, 0600));
	EXPECT_EQ(EEXIST, errno);
	/* As shells do it. */
	EXPECT_LE(0, open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666));
}

TEST_F(target, through_a_directory_of_any_kind)
{
	char path[32];
	int flags;
	int dir;

	snprintf(path, sizeof(path), "/proc/%d", self->pid);
	for (flags = 0; flags <= O_PATH; flags += O_PATH) {
		dir = open(path, O_DIRECTORY | O_CLOEXEC | flags);
		ASSERT_LE(0, dir);
		EXPECT_EQ(0, write_at(dir, "kill", "0"));
		EXPECT_EQ(0, write_at(dir, "kill", flags ? "10" : "12"));
		close(dir);
	}
	EXPECT_EQ(bit(10) | bit(12), pending(self->pid));
}

TEST_F(target, the_shell)
{
	char line[64];
	pid_t shell;

	snprintf(line, sizeof(line), "echo 10 > /proc/%d/kill", self->pid);
	shell = fork();
	if (!shell) {
		execl("/bin/busybox", "sh", "-c", line, NULL);
		_exit(127);
	}
	EXPECT_EQ(0, reap(shell));
	EXPECT_EQ(bit(10), pending(self->pid));
}

TEST_F(target, a_zombie_takes_signals)
{
	pid_t pid = spawn_zombie();
	int fd = open_proc(pid, "kill", O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ('Z', state_of(pid));
	EXPECT_EQ(0, write_text(fd, "0"));
	EXPECT_EQ(0, write_text(fd, "9"));
	EXPECT_EQ('Z', state_of(pid));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(ESRCH, write_text(fd, "9"));
	close(fd);
}

TEST_F(target, bad_input_is_told_before_a_dead_process)
{
	kill_and_reap(self->pid);
	EXPECT_EQ(ESRCH, write_text(self->fd, "0"));
	EXPECT_EQ(ESRCH, write_text(self->fd, "9"));
	EXPECT_EQ(EINVAL, write_text(self->fd, "65"));
	EXPECT_EQ(EINVAL, write_text(self->fd, "nine"));
}

TEST_F(target, a_reused_pid_is_another_process)
{
	char path[32];
	pid_t again;
	int dir;

	snprintf(path, sizeof(path), "/proc/%d", self->pid);
	dir = open(path, O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, dir);
	kill_and_reap(self->pid);
	again = spawn_at(self->pid, sleep_for_ever, NULL);
	ASSERT_EQ(self->pid, again);

	EXPECT_EQ(ESRCH, write_text(self->fd, "9"));
	EXPECT_EQ(-1, faccessat(dir, "kill", F_OK, 0));
	EXPECT_EQ(ESRCH, write_at(dir, "kill", "9"));
	EXPECT_TRUE(is_left_alone(again));
	/* By its name it is the new one. */
	EXPECT_EQ(0, write_at(AT_FDCWD, strcat(path, "/kill"), "9"));
	EXPECT_TRUE(died_of(again, SIGKILL));
	EXPECT_EQ(ESRCH, write_text(self->fd, "9"));
	close(dir);
}

static int become_busybox(void *arg)
{
	block_all_signals();
	gate_open(arg);
	execl("/bin/busybox", "sleep", "1000", NULL);
	return 127;
}

static bool is_named(pid_t pid, const char *name)
{
	char buf[32];

	if (status_line(pid, "Name", buf, sizeof(buf)))
		return false;
	return !strncmp(buf, name, strlen(name));
}

TEST_F(target, the_same_process_after_exec)
{
	struct gate gate;
	pid_t pid;
	int fd;

	ASSERT_EQ(0, gate_init(&gate));
	pid = spawn(become_busybox, &gate);
	fd = open_proc(pid, "kill", O_WRONLY);
	ASSERT_LE(0, fd);
	gate_wait(&gate);
	EXPECT_TRUE(wait_until(is_named(pid, "busybox")));
	EXPECT_EQ(0, write_text(fd, "10"));
	EXPECT_EQ(bit(10), pending(pid));
	EXPECT_EQ(0, write_text(fd, "9"));
	EXPECT_TRUE(died_of(pid, SIGKILL));
	close(fd);
	gate_close(&gate);
}

/* A process of two threads, of which the other tells its tid. */
static int two_threads(void *arg)
{
	pthread_t thread;

	block_all_signals();
	if (pthread_create(&thread, NULL, tell_tid, arg))
		return 1;
	return sleep_for_ever(NULL);
}

TEST(the_directory_of_a_thread_is_its_process)
{
	char path[64];
	int out[2];
	pid_t pid;
	int tid;

	ASSERT_EQ(0, pipe(out));
	pid = spawn(two_threads, out);
	ASSERT_EQ(sizeof(tid), read(out[0], &tid, sizeof(tid)));
	ASSERT_NE(pid, tid);

	snprintf(path, sizeof(path), "/proc/%d/kill", tid);
	EXPECT_EQ(0, write_at(AT_FDCWD, path, "10"));
	/* To the process as a whole, not to the thread. */
	EXPECT_EQ(bit(10), pending(pid));

	snprintf(path, sizeof(path), "/proc/%d/task/%d/kill", pid, tid);
	EXPECT_EQ(ENOENT, write_at(AT_FDCWD, path, "9"));
	snprintf(path, sizeof(path), "/proc/%d/task/%d/kill", pid, pid);
	EXPECT_EQ(ENOENT, write_at(AT_FDCWD, path, "9"));
	EXPECT_EQ(ENOENT, write_at(AT_FDCWD, "/proc/thread-self/kill", "0"));
	EXPECT_EQ(0, write_at(AT_FDCWD, "/proc/self/kill", "0"));
	EXPECT_EQ(ENOENT, write_at(AT_FDCWD, "/proc/kill", "0"));
	kill_and_reap(pid);
}

TEST(names_that_are_not_kill)
{
	static const char *const names[] = {
		"kil", "kill0", "Kill", "killl", "kill ", ".kill",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(ENOENT, errno_of(open_proc(getpid(), names[i],
						     O_WRONLY)));
	}
	EXPECT_EQ(ENOTDIR, errno_of(open_proc(getpid(), "kill/", O_WRONLY)));
}

TEST_HARNESS_MAIN
