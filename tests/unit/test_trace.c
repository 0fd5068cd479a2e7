// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_trace.c - the reader of traces: order, names, losses, what is no trace.
 */
#include "trace-test.h"

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

/* A CPU that is met again after more and more packets of others, text, and such as say nothing. */
static void busy_and_quiet(void **unused)
{
	enum { MOST = 150 };
	static unsigned char seen[3 * MOST * MOST];
	struct lkst_packet empty = { .type = LKST_PKT_RECORDS, .cpu = 1 };
	unsigned int gap, i, n = 0;
	struct lkst_trace *trace;
	struct mktrace t;

	(void)unused;
	mk_start(&t, 256);
	for (gap = 0; gap < MOST; gap++) {
		for (i = 0; i < gap; i++) {
			empty.time = 1000 * (n + 1);
			empty.buffer = t.buffer = (gap + i) % 3;
			if (i % 50 == 3)
				mk_text(&t, LKST_PKT_COMMENT, "key\tvalue\n");
			if (i % 50 == 4)
				mk_packet(&t, &empty, "", 0);
			test_record(&t, 2 * (i % 2), 1000 * (n + 1), n);
			n++;
			mk_flush(&t, 2 * (i % 2));
		}
		for (i = 0; i < 1 + gap % 2; i++, n++) {
			test_record(&t, 1, 1000 * (n + 1), n);
			mk_flush(&t, 1);
		}
	}
	mk_end(&t);
	assert_in_range(n, 2 * MOST, sizeof(seen));
	memset(seen, 0, sizeof(seen));
	trace = open_trace(&t);
	assert_int_equal(drain(trace, seen, sizeof(seen)), n);
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
	static struct file f[3], boot[3];
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
	/* Another start of the machine, if both say which theirs was. */
	for (k = 0; k < 3; k++) {
		struct mktrace part;

		mk_start(&part, 4096);
		memset(part.header.boot, k, sizeof(part.header.boot));
		mk_header(&part);
		file_set(&boot[k], part.data, part.size);
		path[k] = boot[k].path;
		mk_free(&part);
	}
	trace = lkst_trace_open(path, 2, error);
	assert_non_null(trace);
	lkst_trace_close(trace);
	assert_null(lkst_trace_open(path + 1, 2, error));
	assert_non_null(strstr(error, "the machine was started anew between it and "));
	assert_null(lkst_trace_open(path, 3, error));
	assert_non_null(strstr(error, "the machine was started anew between it and "));
	path[0] = f[2].path;
	path[1] = f[0].path;
	/* One left out: its sub-buffers are missing, and that is said. */
	trace = lkst_trace_open(path, 2, error);
	memset(seen, 0, sizeof(seen));
	assert_int_equal(drain(trace, seen, sizeof(seen)), 2000);
	assert_true(lkst_trace_flawed(trace));
	assert_true(trace->report.missing > 0);
	lkst_trace_close(trace);
	mk_free(&t);
}

static void too_many_files(void **unused)
{
	enum { MOST = 1 << LKST_FILE_BITS };
	static const char *path[MOST + 1];
	static struct file f;
	char error[512];
	struct mktrace t;
	unsigned int i;

	(void)unused;
	mk_start(&t, 4096);
	mk_header(&t);
	file_set(&f, t.data, t.size);
	mk_free(&t);
	for (i = 0; i <= MOST; i++)
		path[i] = f.path;
	assert_null(lkst_trace_open(path, MOST + 1, error));
	assert_string_equal(error, "opening 4097 files: 4096 are the most");
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_across_cpus),
		cmocka_unit_test(packets_in_any_order),
		cmocka_unit_test(busy_and_quiet),
		cmocka_unit_test(exact_times_and_ties),
		cmocka_unit_test(rotated_files_in_any_order),
		cmocka_unit_test(too_many_files),
		cmocka_unit_test(losses_in_place),
		cmocka_unit_test(unwritten),
		cmocka_unit_test(flight_recorder),
		cmocka_unit_test(names),
		cmocka_unit_test(foreign_events),
		cmocka_unit_test(not_a_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
