// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_trace.c - the reader of traces: order, names, losses, damage of every kind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "catalogue-text.h"
#include "crc32c.h"
#include "mktrace.h"
#include "trace.h"

static uint64_t state = 88172645463325252ULL;

static uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* A file that is only memory, under a name. */
struct file {
	int fd;
	char path[32];
};

static void file_set(struct file *f, const void *data, size_t size)
{
	if (!f->fd)
		f->fd = memfd_create("trace", 0);
	assert_true(f->fd > 0);
	assert_int_equal(ftruncate(f->fd, 0), 0);
	assert_int_equal(pwrite(f->fd, data, size, 0), size);
	sprintf(f->path, "/proc/self/fd/%d", f->fd);
}

static struct lkst_trace *open_trace(const struct mktrace *t)
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

/* Reads to the end; checks that time never goes back; counts by serial number when @seen is given. */
static unsigned int drain(struct lkst_trace *trace, unsigned char *seen, size_t size)
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

static void test_record(struct mktrace *t, unsigned int cpu, lkst_u64 time, unsigned int serial)
{
	MK(t, cpu, time, 100 + cpu, LKST_TEST, .writer = cpu, .serial = serial, .payload = serial * 7919ULL + cpu);
}

static void order_across_cpus(void **unused)
{
	static unsigned char seen[20000];
	struct lkst_trace *trace;
	struct mktrace t;
	lkst_u64 time = 1ULL << 40;
	unsigned int i;

	(void)unused;
	mk_start(&t, 4096);
	for (i = 0; i < sizeof(seen); i++) {
		/* Sometimes the same moment, sometimes a gap that the low bits cannot hold. */
		time += rnd() % 4 ? rnd() % 1000 : rnd() % 100 ? 0 : 1ULL << (25 + rnd() % 8);
		test_record(&t, rnd() % MK_CPUS, time, i);
	}
	mk_end(&t);
	memset(seen, 0, sizeof(seen));
	trace = open_trace(&t);
	assert_int_equal(drain(trace, seen, sizeof(seen)), sizeof(seen));
	assert_false(lkst_trace_flawed(trace));
	assert_int_equal(trace->report.records, sizeof(seen));
	lkst_trace_close(trace);
	mk_free(&t);
}

/* Packets may stand in a file in any order, however far from their place: none comes too late. */
static void packets_in_any_order(void **unused)
{
	static unsigned char seen[20000];
	struct { unsigned char *at; size_t size; } packet[2000], swap;
	struct lkst_packet head;
	struct lkst_trace *trace;
	unsigned char *copy, *to;
	unsigned int i, k, n = 0;
	struct mktrace t;

	(void)unused;
	mk_start(&t, 4096);
	for (i = 0; i < sizeof(seen); i++)
		test_record(&t, i % MK_CPUS, 1000000 + i * 100, i);
	for (i = 0; i < MK_CPUS; i++)
		mk_flush(&t, i);
	copy = malloc(t.size);
	memcpy(copy, t.data, t.size);
	for (to = copy + sizeof(t.header); to < copy + t.size; to += head.size, n++) {
		memcpy(&head, to, sizeof(head));
		assert_in_range(n, 0, 1999);
		packet[n].at = to;
		packet[n].size = head.size;
	}
	assert_in_range(n, 100, 1999);
	for (i = n - 1; i; i--) {
		k = rnd() % (i + 1);
		swap = packet[i];
		packet[i] = packet[k];
		packet[k] = swap;
	}
	to = t.data + sizeof(t.header);
	for (i = 0; i < n; to += packet[i++].size)
		memcpy(to, packet[i].at, packet[i].size);
	free(copy);
	mk_end(&t);
	memset(seen, 0, sizeof(seen));
	trace = open_trace(&t);
	assert_int_equal(drain(trace, seen, sizeof(seen)), sizeof(seen));
	assert_false(lkst_trace_flawed(trace));
	lkst_trace_close(trace);
	mk_free(&t);
}

static void exact_times_and_ties(void **unused)
{
	struct lkst_trace *trace;
	const struct lkst_event *e;
	unsigned int n, i, count = 0;
	struct mktrace t;

	(void)unused;
	mk_start(&t, 4096);
	for (i = 0; i < 30; i++) {
		test_record(&t, 2, 1000 + (lkst_u64)i * 100000000, 3 * i + 2);
		test_record(&t, 0, 1000 + (lkst_u64)i * 100000000, 3 * i);
		test_record(&t, 1, 1000 + (lkst_u64)i * 100000000, 3 * i + 1);
	}
	mk_end(&t);
	trace = open_trace(&t);
	while ((n = lkst_trace_next(trace, &e)))
		for (i = 0; i < n; i++, e++, count++) {
			assert_int_equal(e->ns, 1000 + (lkst_u64)(count / 3) * 100000000);
			assert_int_equal(e->cpu, count % 3);
			assert_int_equal(e->pid, 100 + count % 3);
			assert_int_equal(((const union lkst_args_LKST_TEST *)e->arg)->a.serial, count);
		}
	assert_int_equal(count, 90);
	lkst_trace_close(trace);
	mk_free(&t);
}

static void rotated_files_in_any_order(void **unused)
{
	static struct file f[3];
	static unsigned char seen[3000];
	const char *path[4];
	struct lkst_trace *trace;
	struct mktrace t;
	char error[512];
	unsigned int i, k, cut[4];

	(void)unused;
	mk_start(&t, 4096);
	/* One recording, cut into three files; packets keep their numbers. */
	cut[0] = 512;
	for (k = 0; k < 3; k++) {
		for (i = k * 1000; i < (k + 1) * 1000; i++)
			test_record(&t, i % 3, 1000000 + i * 100, i);
		for (i = 0; i < MK_CPUS; i++)
			mk_flush(&t, i);
		mk_text(&t, LKST_PKT_TASKS, k ? "5\t5\t1\tlater\n" : "5\t5\t1\tfirst\n");
		mk_text(&t, LKST_PKT_END, "");
		cut[k + 1] = t.size;
	}
	for (k = 0; k < 3; k++) {
		struct mktrace part;

		mk_start(&part, 4096);
		part.header.ticks = part.header.mono_ns = part.header.real_ns = 1000000 + 100000 * k;
		mk_header(&part);
		part.data = realloc(part.data, 512 + t.size);
		memcpy(part.data + 512, t.data + cut[k], cut[k + 1] - cut[k]);
		file_set(&f[k], part.data, 512 + cut[k + 1] - cut[k]);
		mk_free(&part);
	}
	path[0] = f[2].path;
	path[1] = f[0].path;
	path[2] = f[1].path;
	path[3] = f[0].path;	/* and one of them twice */
	trace = lkst_trace_open(path, 4, error);
	assert_non_null(trace);
	memset(seen, 0, sizeof(seen));
	assert_int_equal(drain(trace, seen, sizeof(seen)), 3000);
	assert_false(lkst_trace_flawed(trace));
	assert_true(trace->report.duplicates > 0);
	assert_string_equal(lkst_task_name(&trace->names, 5), "first");
	lkst_trace_close(trace);
	/* One left out: its sub-buffers are missing, and that is said. */
	trace = lkst_trace_open(path, 2, error);
	memset(seen, 0, sizeof(seen));
	assert_int_equal(drain(trace, seen, sizeof(seen)), 2000);
	assert_true(lkst_trace_flawed(trace));
	assert_true(trace->report.missing > 0);
	lkst_trace_close(trace);
	mk_free(&t);
}

static void losses_in_place(void **unused)
{
	static const unsigned int ids[] = {
		LKST_EV_LKST_TEST, LKST_EV_LKST_TEST, LKST_EV_LOSS_BEGIN, LKST_EV_LKST_TEST, LKST_EV_LOSS_END,
			LKST_EV_LKST_TEST,
		LKST_EV_LOSS_BEGIN, LKST_EV_LOSS_END, LKST_EV_LKST_TEST
	};
	struct lkst_trace *trace;
	const struct lkst_event *e;
	unsigned int n, i, count = 0;
	struct mktrace t;

	(void)unused;
	mk_start(&t, 4096);
	test_record(&t, 0, 1000, 0);
	test_record(&t, 1, 1100, 1);
	mk_lose(&t, 1, 7);
	test_record(&t, 0, 1200, 2);
	test_record(&t, 1, 1300, 3);
	mk_skip(&t, 1, 2);
	test_record(&t, 1, 1400, 4);
	mk_flush(&t, 0);
	mk_flush(&t, 1);
	mk_text(&t, LKST_PKT_ACCOUNTS, "0\t2\t0\t0\n1\t3\t9\t20\n");
	mk_end(&t);
	trace = open_trace(&t);
	while ((n = lkst_trace_next(trace, &e)))
		for (i = 0; i < n; i++, e++) {
			assert_int_equal(e->id, ids[count]);
			if (count == 2)
				assert_int_equal(e->ns, 1100);
			if (count == 4)
				assert_true(e->ns == 1300 && e->arg[0] == 7 && e->arg[1] == 0 && e->cpu == 1);
			if (count == 7)
				assert_true(e->arg[0] == 0 && e->arg[1] == 2);
			count++;
		}
	assert_int_equal(count, 9);
	assert_int_equal(trace->report.lost, 9);
	assert_int_equal(trace->report.missing, 2);
	lkst_trace_close(trace);
	mk_free(&t);
}

/* What the writer could not write it says; every comment counts what came since the one before. */
static void unwritten(void **unused)
{
	struct lkst_trace *trace;
	const struct lkst_event *e;
	unsigned int n, begun = 0;
	struct mktrace t;

	(void)unused;
	mk_start(&t, 4096);
	test_record(&t, 0, 1000, 0);
	test_record(&t, 1, 1100, 1);
	test_record(&t, 0, 1200, 2);
	mk_text(&t, LKST_PKT_COMMENT, "");
	mk_text(&t, LKST_PKT_COMMENT, "maskset\tdropped\ndropped\t23 records could not be written\n");
	mk_text(&t, LKST_PKT_COMMENT,
		"dropped\t1000 records could not be written: No space left on device\ndropped\tmany\n");
	mk_end(&t);
	trace = open_trace(&t);
	while ((n = lkst_trace_next(trace, &e)))
		begun += e->id == LKST_EV_LOSS_BEGIN;
	assert_int_equal(trace->report.unwritten, 1023);
	assert_int_equal(trace->report.torn, 0);
	assert_true(lkst_trace_flawed(trace));
	assert_int_equal(begun, 1);	/* CPU 1 may have gone on after its last record */
	lkst_trace_close(trace);
	mk_free(&t);
}

/* What a flight recorder overwrote before the trace begins is no loss. */
static void flight_recorder(void **unused)
{
	struct lkst_trace *trace;
	struct mktrace t;

	(void)unused;
	mk_start(&t, 4096);
	mk_skip(&t, 0, 100);
	test_record(&t, 0, 1000, 0);
	mk_end(&t);
	trace = open_trace(&t);
	assert_int_equal(drain(trace, NULL, 0), 1);
	assert_false(lkst_trace_flawed(trace));
	assert_int_equal(trace->report.before, 1000);
	lkst_trace_close(trace);
	mk_free(&t);
}

static void names(void **unused)
{
	static const char *const expected[] = { "sh", "sh", "sh", "ls" };
	struct lkst_trace *trace;
	const struct lkst_event *e;
	unsigned int n, i, count = 0;
	char text[LKST_NAME_TEXT];
	struct mktrace t;

	(void)unused;
	mk_start(&t, 4096);
	mk_text(&t, LKST_PKT_TASKS, "5\t5\t1\tsh\n7\t7\t1\tb\033ad\n");
	mk_text(&t, LKST_PKT_IRQS, "14\tata_piix\n");
	mk_text(&t, LKST_PKT_DEVICES, "block\t8388608\tsda\nnet\t1\tlo\n");
	mk_text(&t, LKST_PKT_SYSCALLS, "0\tread\n");
	mk_text(&t, LKST_PKT_SYMBOLS, "0xffffffff81000100\t0x40\tdo_it\n0xffffffff81000200\t0x10\tdone\n");
	mk_text(&t, LKST_PKT_MODULES, "0xffffffffa0000000\t0x4000\text4\n");
	mk_text(&t, LKST_PKT_COMMENT, "command\tmake\n");
	MK(&t, 0, 1000, 5, PROCESS_FORK, .child_pid = 9, .child_tgid = 9);
	MK(&t, 0, 1100, 9, LKST_MASKSET, .from = 1, .to = 2);
	MK(&t, 0, 1200, 9, PROCESS_NAME, .target_pid = 9, .name0 = 0x736c);
	MK(&t, 0, 1300, 9, LKST_MASKSET, .from = 1, .to = 2);
	mk_end(&t);
	trace = open_trace(&t);
	while ((n = lkst_trace_next(trace, &e)))
		for (i = 0; i < n; i++, e++)
			assert_string_equal(lkst_task_name(&trace->names, e->pid), expected[count++]);
	assert_int_equal(count, 4);
	assert_string_equal(lkst_task_name(&trace->names, 7), "b?ad");
	assert_string_equal(lkst_name(&trace->names.irqs, 14), "ata_piix");
	assert_string_equal(lkst_name(&trace->names.blocks, 8388608), "sda");
	assert_string_equal(lkst_name(&trace->names.nets, 1), "lo");
	assert_string_equal(lkst_name(&trace->names.syscalls, 0), "read");
	assert_int_equal(lkst_address_name(&trace->names, 0xffffffff81000112ULL, text), 0);
	assert_string_equal(text, "do_it+0x12");
	assert_int_equal(lkst_address_name(&trace->names, 0xffffffff81000140ULL, text), -1);
	assert_int_equal(lkst_address_name(&trace->names, 0xffffffffa0000010ULL, text), 0);
	assert_string_equal(text, "[ext4]+0x10");
	assert_string_equal(trace->names.comments->value, "make");
	lkst_trace_close(trace);
	/* The same when nobody wants the events that tell the names. */
	trace = open_trace(&t);
	lkst_trace_want(trace, (const lkst_u16[]){ LKST_EV_LKST_MASKSET, 0 });
	for (count = 1; (n = lkst_trace_next(trace, &e)); count += 2) {
		assert_int_equal(n, 1);
		assert_string_equal(lkst_task_name(&trace->names, e->pid), expected[count]);
	}
	assert_int_equal(count, 5);
	lkst_trace_close(trace);
	mk_free(&t);
}

/* Ids of another version of the catalogue. */
static void foreign_events(void **unused)
{
	static const lkst_u64 args[2] = { 1, 2 };
	struct lkst_trace *trace;
	const struct lkst_event *e;
	struct mktrace t;

	(void)unused;
	mk_start(&t, 4096);
	mk_text(&t, LKST_PKT_EVENTS,
		"0x002\tSOMETHING_ELSE\tPROCESS\ta:u64:none\n0x700\tNEW\tPROCESS\ta:u64:none,b:u64:none\n"
		"0x012\tSIGNAL_DELIVER\tSIGNAL\tsig:u16:sig,handler:u48:uaddr,more:u64:none\n");
	mk_record_units(&t, 0, 1000, 1, 0x002, 1, args);
	mk_record_units(&t, 0, 1100, 1, 0x700, 2, args);
	mk_record_units(&t, 0, 1200, 1, 0x701, 2, args);
	mk_record_units(&t, 0, 1300, 1, LKST_EV_SIGNAL_DELIVER, 2, args);
	mk_end(&t);
	trace = open_trace(&t);
	assert_int_equal(lkst_trace_next(trace, &e), 4);
	assert_int_equal(e[0].id, 0x002 | LKST_EV_FOREIGN);
	assert_string_equal(lkst_trace_event_desc(trace, e[0].id)->name, "SOMETHING_ELSE");
	assert_int_equal(e[1].id, 0x700 | LKST_EV_FOREIGN);
	assert_string_equal(lkst_trace_event_desc(trace, e[1].id)->name, "NEW");
	assert_int_equal(e[2].id, 0x701 | LKST_EV_FOREIGN);
	assert_null(lkst_trace_event_desc(trace, e[2].id));
	assert_int_equal(e[3].id, LKST_EV_SIGNAL_DELIVER);
	assert_int_equal(e[3].units, 2);
	lkst_trace_close(trace);
	mk_free(&t);
}

static void not_a_trace(void **unused)
{
	static struct file f;
	const char *path[2] = { "/nonexistent/trace", f.path };
	char error[512];
	struct mktrace t;

	(void)unused;
	assert_null(lkst_trace_open(path, 1, error));
	assert_non_null(strstr(error, "/nonexistent/trace: No such file"));
	path[0] = "/dev/null";
	assert_null(lkst_trace_open(path, 1, error));
	assert_non_null(strstr(error, "not a regular file"));
	file_set(&f, "#!/bin/sh\n", 10);
	assert_null(lkst_trace_open(&path[1], 1, error));
	assert_non_null(strstr(error, "not an LKST trace"));
	mk_start(&t, 4096);
	t.header.version = 2;
	mk_header(&t);
	file_set(&f, t.data, t.size);
	assert_null(lkst_trace_open(&path[1], 1, error));
	assert_non_null(strstr(error, "format version 2"));
	mk_free(&t);
}

/* ---- damage ---- */

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
		cmocka_unit_test(order_across_cpus),
		cmocka_unit_test(packets_in_any_order),
		cmocka_unit_test(exact_times_and_ties),
		cmocka_unit_test(rotated_files_in_any_order),
		cmocka_unit_test(losses_in_place),
		cmocka_unit_test(unwritten),
		cmocka_unit_test(flight_recorder),
		cmocka_unit_test(names),
		cmocka_unit_test(foreign_events),
		cmocka_unit_test(not_a_trace),
		cmocka_unit_test(torn_at_every_byte),
		cmocka_unit_test(every_byte_corrupted),
		cmocka_unit_test(random_mutations),
		cmocka_unit_test(hostile_starts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
