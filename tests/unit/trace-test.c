// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace-test.c - what the tests of the reader share.
 */
#include "trace-test.h"

uint64_t rnd(void)
{
	static uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

void file_set(struct file *f, const void *data, size_t size)
{
	if (!f->fd)
		f->fd = memfd_create("trace", 0);
	assert_true(f->fd > 0);
	assert_int_equal(ftruncate(f->fd, 0), 0);
	assert_int_equal(pwrite(f->fd, data, size, 0), size);
	sprintf(f->path, "/proc/self/fd/%d", f->fd);
}

struct lkst_trace *open_trace(const struct mktrace *t)
{
	static struct file f;
	const char *path = f.path;
	char error[512];
	struct lkst_trace *trace;

	file_set(&f, t->data, t->size);
	trace = lkst_trace_open(&path, 1, error);
	if (!trace)
		print_error("%s\n", error);
	assert_non_null(trace);
	return trace;
}

unsigned int drain(struct lkst_trace *trace, unsigned char *seen, size_t size)
{
	const struct lkst_event *e;
	const union lkst_args_LKST_TEST *test;
	unsigned int n, i, count = 0;
	lkst_u64 last = 0;

	while ((n = lkst_trace_next(trace, &e)))
		for (i = 0; i < n; i++, e++) {
			assert_true(e->ns >= last);
			last = e->ns;
			if (e->id >= LKST_EV_LOSS_BEGIN) {
				assert_int_equal(n, 1);
				continue;
			}
			count++;
			if (!seen || e->id != LKST_EV_LKST_TEST)
				continue;
			test = (const union lkst_args_LKST_TEST *)e->arg;
			/* Nothing that was not written may come out. */
			assert_true(test->a.serial < size);
			assert_int_equal(test->a.payload, test->a.serial * 7919ULL + test->a.writer);
			assert_int_equal(seen[test->a.serial]++, 0);
		}
	return count;
}

void test_record(struct mktrace *t, unsigned int cpu, lkst_u64 time, unsigned int serial)
{
	MK(t, cpu, time, 100 + cpu, LKST_TEST, .writer = cpu, .serial = serial, .payload = serial * 7919ULL + cpu);
}
