// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_damage.c - the reader of traces before files that are torn, changed or made up.
 */
#include "trace-test.h"

#define SMALL	60

static void small_trace(struct mktrace *t)
{
	unsigned int i;

	mk_start(t, 256);
	mk_text(t, LKST_PKT_CLOCK, "0\t0\t0\n");
	mk_text(t, LKST_PKT_TASKS, "5\t5\t1\tsh\n");
	for (i = 0; i < SMALL; i++)
		test_record(t, i % 2, 10000 + i * 1000, i);
	mk_text(t, LKST_PKT_CLOCK, "5000000000\t5000000000\t0\n");
	mk_end(t);
}

/* Opens what may be no trace at all; returns how many events came out. */
static int try_trace(const void *data, size_t size, unsigned char *seen, int *flawed)
{
	static struct file f;
	const char *path = f.path;
	char error[512];
	struct lkst_trace *trace;
	int n;

	file_set(&f, data, size);
	trace = lkst_trace_open(&path, 1, error);
	if (!trace)
		return -1;
	memset(seen, 0, SMALL);
	n = (int)drain(trace, seen, SMALL);
	*flawed = lkst_trace_flawed(trace);
	lkst_trace_close(trace);
	return n;
}

static void torn_at_every_byte(void **unused)
{
	unsigned char seen[SMALL];
	struct mktrace t;
	size_t size, at, whole;
	int n, flawed, expected;

	(void)unused;
	small_trace(&t);
	for (size = 0; size < t.size; size++) {
		expected = 0;
		for (at = 512, whole = 0; at < size; at += ((struct lkst_packet *)(t.data + at))->size) {
			struct lkst_packet *p = (struct lkst_packet *)(t.data + at);

			if (at + p->size > size)
				break;
			whole++;
			if (p->type == LKST_PKT_RECORDS)
				expected += p->records;
		}
		n = try_trace(t.data, size, seen, &flawed);
		assert_int_equal(n, size < 512 ? -1 : expected);
		if (n >= 0)
			assert_true(flawed);
	}
	n = try_trace(t.data, size, seen, &flawed);
	assert_int_equal(n, SMALL);
	assert_false(flawed);
	mk_free(&t);
}

static void every_byte_corrupted(void **unused)
{
	unsigned char seen[SMALL];
	struct mktrace t;
	size_t i, at = 512;
	struct lkst_packet *p;
	int n, flawed, hit;

	(void)unused;
	small_trace(&t);
	for (i = 0; i < t.size; i++) {
		while (i >= 512 && i >= at + ((struct lkst_packet *)(t.data + at))->size)
			at += ((struct lkst_packet *)(t.data + at))->size;
		p = (struct lkst_packet *)(t.data + at);
		hit = i >= 512 && p->type == LKST_PKT_RECORDS ? (int)p->records : 0;
		t.data[i] ^= 1 << i % 8;
		n = try_trace(t.data, t.size, seen, &flawed);
		t.data[i] ^= 1 << i % 8;
		/* Exactly that packet is gone, and said to be. */
		assert_int_equal(n, SMALL - hit);
		assert_true(flawed);
	}
	mk_free(&t);
}

/* Checksums repaired, so that the contents are what has to be distrusted. */
static void repair(unsigned char *data, size_t size)
{
	struct lkst_packet p;
	size_t at = 512;

	while (at + sizeof(p) <= size) {
		memcpy(&p, data + at, sizeof(p));
		if (p.size < sizeof(p) || p.size % 8 || p.size > size - at)
			return;
		p.magic = LKST_PACKET_MAGIC;
		p.crc = 0;
		memcpy(data + at, &p, sizeof(p));
		p.crc = lkst_crc32c(0, data + at, p.size);
		memcpy(data + at, &p, sizeof(p));
		at += p.size;
	}
}

static void random_mutations(void **unused)
{
	static struct file f;
	const char *path = f.path;
	struct lkst_trace *trace;
	const struct lkst_event *e;
	struct mktrace t;
	unsigned char *copy;
	unsigned int round, i, n;
	char error[512];
	size_t size;
	lkst_u64 sum = 0, last;

	(void)unused;
	small_trace(&t);
	mk_text(&t, LKST_PKT_EVENTS, "0x700\tNEW\tPROCESS\ta:u64:none,b:u64:none\n");
	mk_text(&t, LKST_PKT_ACCOUNTS, "0\t2\t0\t0\n1\t3\t9\t20\n");
	mk_text(&t, LKST_PKT_SYMBOLS, "0xffffffff81000100\t0x40\tdo_it\n");
	copy = malloc(t.size);
	for (round = 0; round < 100000; round++) {
		memcpy(copy, t.data, t.size);
		size = rnd() % 8 ? t.size : rnd() % t.size;
		for (i = 0; i < 1 + rnd() % 8; i++)
			copy[rnd() % t.size] = (unsigned char)(rnd() % 4 ? rnd() : rnd() % 2 ? 0xff : 0);
		if (rnd() % 4)
			repair(copy, size);
		file_set(&f, copy, size);
		trace = lkst_trace_open(&path, 1, error);
		if (!trace)
			continue;
		last = 0;
		while ((n = lkst_trace_next(trace, &e)))
			for (; n--; e++) {
				for (i = 0; i < e->units; i++)
					sum += e->arg[i];
				assert_true(e->ticks >= last);
				last = e->ticks;
			}
		lkst_trace_close(trace);
	}
	print_message("# sum %llx\n", sum);
	free(copy);
	mk_free(&t);
}

/* Nothing but starts of packets of the greatest size: must not take quadratic time. */
static void hostile_starts(void **unused)
{
	static struct file f;
	const char *path = f.path;
	struct lkst_packet p = { .magic = LKST_PACKET_MAGIC, .size = LKST_MAX_PACKET };
	size_t size = 16 << 20, i;
	unsigned char *data = malloc(size);
	struct lkst_trace *trace;
	struct mktrace t;
	char error[512];

	(void)unused;
	mk_start(&t, 4096);
	memcpy(data, t.data, 512);
	for (i = 512; i + 16 <= size; i += 16)
		memcpy(data + i, &p, 16);
	file_set(&f, data, size);
	alarm(60);
	trace = lkst_trace_open(&path, 1, error);
	alarm(0);
	assert_non_null(trace);
	assert_int_equal(trace->report.packets, 0);
	assert_int_equal(trace->report.skipped, size - 512);
	lkst_trace_close(trace);
	free(data);
	mk_free(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(torn_at_every_byte),
		cmocka_unit_test(every_byte_corrupted),
		cmocka_unit_test(random_mutations),
		cmocka_unit_test(hostile_starts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
