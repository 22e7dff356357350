// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/kill written by io_uring, whose workers write in the name of
 * somebody else. (Of 5.10 the stable releases from 5.10.162 on; before, they
 * were kernel threads, which the module refuses.)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "harness.h"
#include "common.h"

/* A ring for one request at a time. */
struct ring {
	int fd;
	struct io_uring_params params;
	struct io_uring_sqe *sqe;
	char *sq, *cq;
};

static void *ring_map(const struct ring *ring, size_t size, off_t what)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, ring->fd, what);
}

static bool ring_init(struct ring *ring)
{
	memset(ring, 0, sizeof(*ring));
	ring->fd = syscall(SYS_io_uring_setup, 1, &ring->params);
	if (ring->fd < 0)
		return false;
	ring->sqe = ring_map(ring, sizeof(*ring->sqe), IORING_OFF_SQES);
	ring->sq = ring_map(ring, 4096, IORING_OFF_SQ_RING);
	ring->cq = ring_map(ring, 4096, IORING_OFF_CQ_RING);
	return ring->sqe != MAP_FAILED && ring->sq != MAP_FAILED &&
	       ring->cq != MAP_FAILED;
}

static unsigned int *word(char *ring, unsigned int offset)
{
	return (unsigned int *)(ring + offset);
}

static int take_answer(const struct ring *ring)
{
	unsigned int *head = word(ring->cq, ring->params.cq_off.head);
	const struct io_uring_cqe *cqe;

	cqe = (void *)(ring->cq + ring->params.cq_off.cqes);
	cqe += *head & *word(ring->cq, ring->params.cq_off.ring_mask);
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return cqe->res;
}

/* Have a worker write, and wait: 0 or an errno. */
static int ring_write(struct ring *ring, int fd, const char *text)
{
	unsigned int *tail = word(ring->sq, ring->params.sq_off.tail);
	const int len = strlen(text);
	int res;

	*ring->sqe = (struct io_uring_sqe) {
		.opcode = IORING_OP_WRITE,
		.flags = IOSQE_ASYNC,
		.fd = fd,
		.addr = (uintptr_t)text,
		.len = len,
	};
	*word(ring->sq, ring->params.sq_off.array) = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1)
		return EIO;
	res = take_answer(ring);
	if (res < 0)
		return -res;
	return res == len ? 0 : EIO;
}

struct order {
	int fd;
	const char *text;
};

static int write_by_ring(void *arg)
{
	const struct order *order = arg;
	struct ring ring;

	return ring_init(&ring) ? ring_write(&ring, order->fd, order->text) :
				  255;
}

FIXTURE(uring)
{
	pid_t pid;
	struct order order;
};

FIXTURE_SETUP(uring)
{
	struct ring ring;

	if (!ring_init(&ring))
		SKIP(return, "no io_uring here");
	close(ring.fd);
	self->pid = spawn_sleeper();
	ASSERT_LT(0, self->pid);
	self->order.fd = open_proc(self->pid, "kill", O_WRONLY);
	ASSERT_LE(0, self->order.fd);
	self->order.text = "9";
}

FIXTURE_TEARDOWN(uring)
{
	close(self->order.fd);
	kill_and_reap(self->pid);
}

TEST_F(uring, kills)
{
	EXPECT_EQ(0, write_by_ring(&self->order));
	EXPECT_TRUE(died_of(self->pid, SIGKILL));
}

TEST_F(uring, is_judged_as_who_asked)
{
	EXPECT_EQ(EPERM, run_as(NOBODY, write_by_ring, &self->order));
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_F(uring, does_not_leave_the_namespace)
{
	int status = reap(spawn_flags(CLONE_NEWPID, write_by_ring,
				      &self->order));

	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(EINVAL, WEXITSTATUS(status));
	EXPECT_TRUE(is_left_alone(self->pid));
}

TEST_HARNESS_MAIN
