// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_ring.c - the ring, one thing after the other: what is stored, where, and what the reader gets. No nesting, no threads.
 */
#include <string.h>

#include "model.h"

#define S	4096UL			/* bytes a sub-buffer */
#define ROOM	(S - LKST_RING_HEADER)	/* of them for records */
#define N	4
#define DUE	(1ULL << LKST_TIME_BITS)

static void write_many(unsigned int count, unsigned int units)
{
	while (count--)
		model_write(units);
}

/* Get one sub-buffer, check its figures, put it back. */
static void expect_subbuf(u64 seq, unsigned int size, unsigned int records)
{
	assert_true(lkst_ring_ready(&m.ring));
	assert_true(model_get());
	assert_int_equal(m.held.seq, seq);
	assert_int_equal(m.held.index, seq % N);
	assert_int_equal(m.held.size, size);
	assert_int_equal(m.held.records, records);
	assert_int_equal(m.held.flags, 0);
	assert_true(model_put());
}

static void expect_nothing(void)
{
	assert_true(!lkst_ring_ready(&m.ring));
	assert_true(!model_get());
}

static void test_empty(void **state)
{
	unsigned int mode;

	(void)state;
	for (mode = 0; mode < 2; mode++) {
		model_init(S, N, mode, 0);
		expect_nothing();
		model_flush();
		expect_nothing();
		assert_int_equal(m.ring.switches, 0);
		model_settle();
		assert_int_equal(m.seen, 0);
	}
}

static void test_nothing_taken(void **state)
{
	(void)state;
	model_init(S, N, 1, 0);
	memset(&m.ring, 0, sizeof(m.ring));
	write_many(3000, 1);
	assert_int_equal(m.lost, 3000);
	model_settle();
}

static void test_every_size(void **state)
{
	unsigned int units, bytes = LKST_RING_HEADER;

	(void)state;
	model_init(1 << 14, N, 0, 0);
	for (units = 0; units <= LKST_MAX_UNITS; units++) {
		assert_true(model_write(units));
		bytes += 8 + 8 * units;
		assert_int_equal(m.ring.offset, bytes);
	}
	expect_nothing();
	model_flush();
	expect_subbuf(0, bytes, LKST_MAX_UNITS + 1);
	model_settle();
	assert_int_equal(m.seen, LKST_MAX_UNITS + 1);
}

static void test_exact_fill(void **state)
{
	unsigned int mode;

	(void)state;
	for (mode = 0; mode < 2; mode++) {
		model_init(S, N, mode, 0);
		write_many(ROOM / 32 - 1, 3);
		expect_nothing();
		model_write(3);
		assert_int_equal(m.ring.offset, S);
		/* Nothing is left to close: no empty sub-buffer may come of it. */
		model_flush();
		assert_int_equal(m.ring.offset, S);
		expect_subbuf(0, S, ROOM / 32);
		expect_nothing();
		model_write(3);
		assert_int_equal(m.ring.offset, S + LKST_RING_HEADER + 32);
		assert_int_equal(m.ring.switches, 2);
		model_settle();
	}
}

static void test_padding(void **state)
{
	(void)state;
	model_init(S, N, 0, 0);
	write_many(ROOM / 32 - 1, 3);
	model_write(2);			/* 8 bytes are left now */
	expect_nothing();
	model_write(1);			/* 16 do not fit */
	expect_subbuf(0, S - 8, ROOM / 32);
	model_write(0);
	model_flush();
	expect_subbuf(1, LKST_RING_HEADER + 24, 2);
	model_settle();
}

static void test_flush(void **state)
{
	unsigned int i;

	(void)state;
	model_init(S, N, 0, 0);
	for (i = 0; i < 3 * N; i++) {
		write_many(2, 1);
		model_flush();
		model_flush();
		assert_int_equal(m.ring.offset, (i + 1) * S);
		expect_subbuf(i, LKST_RING_HEADER + 32, 2);
		expect_nothing();
	}
	assert_int_equal(m.ring.switches, 3 * N);
	model_settle();
	assert_int_equal(m.lost, 0);
}

static void test_discard_full(void **state)
{
	const unsigned int each = ROOM / 32;

	(void)state;
	model_init(S, N, 0, 0);
	write_many(N * each, 3);
	assert_int_equal(m.lost, 0);
	write_many(1500, 3);
	assert_int_equal(m.lost, 1500);
	expect_subbuf(0, S, each);
	assert_true(model_write(3));
	assert_int_equal(m.lost, 1500);
	model_drain();
	assert_int_equal(m.last_lost, 0);	/* the new one is not closed yet */
	model_flush();
	expect_subbuf(N, LKST_RING_HEADER + 32, 1);
	assert_int_equal(m.last_lost, 1500);
	model_settle();
	assert_int_equal(m.seen, N * each + 1);
}

/* A shorter one would still fit; it would stand behind the loss in a sub-buffer whose header knows nothing of it. */
static void test_discard_loss_closes(void **state)
{
	(void)state;
	model_init(S, N, 0, 0);
	write_many(N * (ROOM / 32) - 1, 3);
	assert_true(model_write(1));
	assert_true(!model_write(3));
	assert_true(!model_write(1));
	assert_int_equal(model_drain(), N);
	assert_true(model_write(0));
	model_settle();
	assert_int_equal(m.lost, 2);
	assert_int_equal(m.last_lost, 2);
}

static void test_overwrite_laps(void **state)
{
	const unsigned int each = ROOM / 32;
	unsigned int laps, extra;

	(void)state;
	for (laps = 1; laps < 4; laps++) {
		for (extra = 0; extra < 2 * each; extra += each / 3) {
			model_init(S, N, 1, 0);
			write_many(laps * N * each + extra, 3);
			assert_int_equal(m.lost, 0);
			/* Whole sub-buffers go, the oldest first, one for each that was entered beyond N. */
			assert_int_equal(m.ring.overwritten, ((laps - 1) * N + (extra + each - 1) / each) * each);
			assert_int_equal(m.ring.read_seq, m.ring.overwritten / each);
			model_settle();
			assert_int_equal(m.record[m.produced - 1].fate, MODEL_SEEN);
		}
	}
}

static void test_overwritten_while_held(void **state)
{
	const unsigned int each = ROOM / 32;

	(void)state;
	model_init(S, N, 1, 0);
	write_many(N * each, 3);
	assert_true(model_get());
	assert_int_equal(m.held.seq, 0);
	write_many(1, 3);
	assert_true(!model_put());
	assert_int_equal(m.stale, 1);
	assert_int_equal(m.ring.overwritten, each);
	assert_int_equal(m.ring.read, 0);
	/* One that was put back is in the reader's account, whatever the writer does next. */
	assert_true(model_get());
	assert_int_equal(m.held.seq, 1);
	assert_true(model_put());
	write_many(each, 3);
	assert_int_equal(m.ring.overwritten, each);
	assert_int_equal(m.ring.read, each);
	model_settle();
}

/* A record at a given time. Returns by how much the position moved. */
static unsigned long write_at(u64 time, unsigned int units)
{
	unsigned long before = m.ring.offset;

	m.tick = 0;
	m.now = time;
	assert_true(model_write(units));
	return m.ring.offset - before;
}

static void test_time(void **state)
{
	(void)state;
	model_init(S, N, 0, 0);
	assert_int_equal(write_at(5 * DUE - 1, 1), LKST_RING_HEADER + 16);
	assert_int_equal(write_at(5 * DUE - 1, 1), 16);		/* the same time again */
	assert_int_equal(write_at(5 * DUE, 1), 16 + 16);	/* by one tick over the edge */
	assert_int_equal(write_at(6 * DUE - 1, 1), 16);		/* the most that the low bits hold */
	assert_int_equal(write_at(7 * DUE - 1, 1), 16 + 16);	/* low bits the same, one round later */
	assert_int_equal(write_at(9 * DUE, 0), 16 + 8);
	assert_int_equal(write_at(1ULL << 57, 0), 16 + 8);	/* where 32 high bits wrap */
	assert_int_equal(write_at((1ULL << 57) + 3, 0), 8);
	assert_int_equal(write_at(~0ULL, 0), 16 + 8);
	model_flush();
	expect_subbuf(0, LKST_RING_HEADER + 9 * 8 + 5 * 8 + 5 * 16, 9);
	model_settle();
}

static void test_time_at_the_end(void **state)
{
	unsigned int left;

	(void)state;
	for (left = 0; left <= 64; left += 8) {
		model_init(S, N, 0, 0);
		write_many((ROOM - 64) / 32, 3);
		if (left < 64)
			model_write((64 - left) / 8 - 1);
		assert_int_equal(m.ring.offset, S - left);
		/* 24 bytes and a full time, or the next sub-buffer, which brings its own. */
		assert_int_equal(write_at(8 * DUE, 2), left >= 40 ? 40 : left + LKST_RING_HEADER + 24);
		assert_int_equal(write_at(8 * DUE + 1, 0), left == 40 ? LKST_RING_HEADER + 8 : 8);
		model_settle();
	}
}

static void test_wrap(void **state)
{
	unsigned int mode, laps, i;

	(void)state;
	for (mode = 0; mode < 2; mode++) {
		for (laps = 1; laps < 4; laps++) {
			model_init(256, N, mode, laps);
			assert_true((long)m.ring.offset < 0);
			for (i = 0; i < 8 * N * laps; i++) {
				write_many(7, 2);
				if (i % 3 == 2)
					model_drain();
			}
			assert_true((long)m.ring.offset > 0);
			model_settle();
			assert_int_equal(m.lost, 0);
			assert_int_equal(m.ring.overwritten, 0);
			/* 64 bits wide and without a hole: the model has checked each. */
			assert_true(m.next_seq > ~0UL >> m.ring.shift);
		}
	}
}

static void test_wrap_unread(void **state)
{
	unsigned int mode;

	(void)state;
	for (mode = 0; mode < 2; mode++) {
		model_init(256, N, mode, 1);
		write_many(8 * N - 3, 2);	/* the first lap, not read */
		write_many(8 * 3 * N, 2);
		assert_int_equal(m.lost, mode ? 0 : 8 * 3 * N - 3);
		assert_int_equal(m.ring.overwritten, mode ? 8 * 3 * N : 0);
		model_settle();
		write_many(8 * N, 2);
		model_settle();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_nothing_taken),
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_exact_fill),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_flush),
		cmocka_unit_test(test_discard_full),
		cmocka_unit_test(test_discard_loss_closes),
		cmocka_unit_test(test_overwrite_laps),
		cmocka_unit_test(test_overwritten_while_held),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_time_at_the_end),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_wrap_unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
