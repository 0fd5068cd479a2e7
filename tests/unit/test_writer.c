// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_writer.c - the trace writer: whole packets whatever happens - kill -9 in mid-write, no space left,
 * another file there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crc32c.h"
#include "textaddr.h"
#include "writer.h"

#define RECORDS_BYTES	16320

static char dir[] = "/tmp/lkst-writer-XXXXXX";
static char path[64];
static char payload[RECORDS_BYTES];

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir + sizeof(dir) - 7, "XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/t", dir);
	memset(payload, 0x5a, sizeof(payload));
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void start(struct lkst_writer *w, int flags)
{
	struct lkst_file_header header;

	memset(&header, 0, sizeof(header));
	header.tick_hz = 1000000000;
	assert_int_equal(lkst_writer_open(w, path, flags, &header), 0);
	assert_int_equal(lkst_writer_commit(w), 0);
}

static int put(struct lkst_writer *w, lkst_u64 seq)
{
	struct lkst_packet p = { .type = LKST_PKT_RECORDS, .seq = seq, .records = 7 };

	return lkst_writer_packet(w, &p, payload, sizeof(payload));
}

struct check {
	unsigned int packets, torn, ended, fillers;
	char comment[128];
	lkst_u64 records, seq;
};

/* Reads the file as file.h describes it, in the simplest way there is. */
static void check_file(struct check *c)
{
	struct lkst_file_header header;
	struct lkst_packet p;
	static char data[LKST_MAX_PACKET];
	lkst_u32 crc;
	FILE *f = fopen(path, "r");

	memset(c, 0, sizeof(*c));
	assert_non_null(f);
	assert_int_equal(fread(&header, sizeof(header), 1, f), 1);
	assert_memory_equal(header.magic, LKST_FILE_MAGIC, 8);
	assert_int_equal(header.header_size, 512);
	crc = header.crc;
	header.crc = 0;
	assert_int_equal(crc, lkst_crc32c(0, &header, sizeof(header)));
	while (fread(&p, 1, sizeof(p), f) == sizeof(p)) {
		assert_int_equal(p.magic, LKST_PACKET_MAGIC);
		assert_int_equal(p.size % 8, 0);
		assert_true(p.size >= sizeof(p) && p.size <= LKST_MAX_PACKET);
		if (fread(data, 1, p.size - sizeof(p), f) != p.size - sizeof(p)) {
			c->torn = 1;
			break;
		}
		crc = p.crc;
		p.crc = 0;
		assert_int_equal(crc, lkst_crc32c(lkst_crc32c(0, &p, sizeof(p)), data, p.size - sizeof(p)));
		if (p.type == LKST_PKT_COMMENT && (p.size == sizeof(p) || !data[0])) {
			c->fillers++;
			continue;
		}
		if (p.type == LKST_PKT_COMMENT)
			snprintf(c->comment, sizeof(c->comment), "%.*s", (int)(p.size - sizeof(p)), data);
		c->packets++;
		c->records += p.records;
		c->ended |= p.type == LKST_PKT_END;
		if (p.type == LKST_PKT_RECORDS) {
			assert_int_equal(p.seq, c->seq);
			c->seq++;
		}
	}
	fclose(f);
}

static void writes_valid_packets(void **state)
{
	struct lkst_writer w;
	struct lkst_text t;
	struct check c;
	struct stat st;
	int i;

	(void)state;
	start(&w, 0);
	lkst_text_begin(&t, &w, LKST_PKT_COMMENT);
	lkst_text_line(&t, "key\tvalue\nwith a line end");
	lkst_text_end(&t);
	for (i = 0; i < 23; i++)
		assert_int_equal(put(&w, (lkst_u64)i), 0);
	assert_int_equal(lkst_writer_close(&w), 0);
	check_file(&c);
	assert_int_equal(c.packets, 25);
	assert_int_equal(c.records, 23 * 7);
	assert_true(c.ended);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, w.size);
}

static void splits_long_text(void **state)
{
	struct lkst_writer w;
	struct lkst_text t;
	struct check c;
	int i;

	(void)state;
	start(&w, 0);
	lkst_text_begin(&t, &w, LKST_PKT_SYMBOLS);
	for (i = 0; i < 10007; i++)
		lkst_text_line(&t, "0x%x\t0\tsymbol_%d", i, i);
	lkst_text_end(&t);
	assert_true(w.text_packets > 1);
	assert_int_equal(lkst_writer_close(&w), 0);
	check_file(&c);
	assert_int_equal(c.packets, w.text_packets + 1);
}

static void survives_kill(void **state)
{
	struct timespec ts = { 0, 0 };
	struct lkst_writer w;
	struct check c;
	pid_t child;
	int round;

	(void)state;
	for (round = 0; round < 23; round++) {
		unlink(path);
		child = fork();
		if (!child) {
			start(&w, 0);
			for (;;)
				put(&w, w.packets);
		}
		assert_true(child > 0);
		ts.tv_nsec = 1000000 + round * 700001;
		nanosleep(&ts, NULL);
		while (access(path, F_OK))
			nanosleep(&ts, NULL);
		nanosleep(&ts, NULL);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		check_file(&c);	/* fails at any packet that is whole in length but not in content */
		assert_true(c.packets > 0);
		assert_false(c.ended);
	}
}

static void cuts_off_what_does_not_fit(void **state)
{
	struct rlimit old, limit;
	struct lkst_writer w;
	struct check c;
	struct stat st;

	(void)state;
	getrlimit(RLIMIT_FSIZE, &old);
	start(&w, 0);
	limit = old;
	limit.rlim_cur = w.size + 100000;	/* six packets and a piece */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	while (!put(&w, w.packets))
		assert_true(w.packets < 100);
	assert_int_equal(w.error, EFBIG);
	assert_int_equal(w.dropped_packets, 1);
	assert_int_equal(w.dropped_records, 7);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, w.size);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	/* Not tried again at once, then all is well. */
	assert_int_equal(put(&w, w.packets), -1);
	w.retry_ms = 0;
	assert_int_equal(put(&w, w.packets), 0);
	assert_int_equal(w.error, 0);
	assert_int_equal(lkst_writer_close(&w), 0);
	check_file(&c);
	assert_int_equal(c.packets, 8);
	assert_true(c.ended);
}

static void keeps_files_of_others(void **state)
{
	struct lkst_file_header header;
	struct lkst_writer w;
	struct check c;
	FILE *f = fopen(path, "w");
	char old[80];

	(void)state;
	snprintf(old, sizeof(old), "%s.old", path);
	fputs("a letter\n", f);
	fclose(f);
	memset(&header, 0, sizeof(header));
	assert_int_equal(lkst_writer_open(&w, path, 0, &header), -1);
	assert_int_equal(errno, EEXIST);
	start(&w, LKST_WRITER_FORCE);
	assert_int_equal(put(&w, 0), 0);
	assert_int_equal(lkst_writer_close(&w), 0);
	/* A trace makes room, but not before there is another one. */
	assert_int_equal(lkst_writer_open(&w, path, 0, &header), 0);
	check_file(&c);
	assert_int_equal(c.records, 7);
	lkst_writer_abandon(&w);
	check_file(&c);
	assert_int_equal(c.records, 7);
	start(&w, 0);
	assert_int_equal(lkst_writer_close(&w), 0);
	check_file(&c);
	assert_int_equal(c.packets, 1);
	assert_int_equal(c.records, 0);
	/* It is kept, and only the last one. */
	assert_int_equal(rename(old, path), 0);
	check_file(&c);
	assert_int_equal(c.records, 7);
	start(&w, 0);
	assert_int_equal(lkst_writer_close(&w), 0);
	start(&w, 0);
	assert_int_equal(lkst_writer_close(&w), 0);
	assert_int_equal(rename(old, path), 0);
	check_file(&c);
	assert_int_equal(c.records, 0);
	/* With force it is not, nor is what is no trace ever lost for it. */
	start(&w, LKST_WRITER_FORCE);
	assert_int_equal(lkst_writer_close(&w), 0);
	assert_int_equal(access(old, F_OK), -1);
	f = fopen(old, "w");
	fputs("a letter\n", f);
	fclose(f);
	assert_int_equal(lkst_writer_open(&w, path, 0, &header), -1);
	assert_int_equal(errno, ENOTUNIQ);
	assert_int_equal(access(path, F_OK), 0);
	unlink(old);
}

static void names_what_is_in_the_way(void **state)
{
	struct lkst_file_header header;
	char inside[80];
	struct lkst_writer w;
	int reader;

	(void)state;
	memset(&header, 0, sizeof(header));
	assert_int_equal(lkst_writer_open(&w, dir, LKST_WRITER_FORCE, &header), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(symlink("elsewhere", path), 0);
	assert_int_equal(lkst_writer_open(&w, path, LKST_WRITER_FORCE, &header), -1);
	assert_int_equal(errno, ELOOP);
	unlink(path);
	snprintf(inside, sizeof(inside), "%s/none/t", dir);
	assert_int_equal(lkst_writer_open(&w, inside, 0, &header), -1);
	assert_int_equal(errno, ENOENT);
	/* A pipe takes a stream: header first, no reserve, nothing to cut. */
	assert_int_equal(mkfifo(path, 0600), 0);
	reader = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	start(&w, 0);
	assert_int_equal(w.size, sizeof(header));
	assert_false(w.seekable);
	assert_int_equal(lkst_writer_close(&w), 0);
	assert_int_equal(read(reader, &header, sizeof(header)), sizeof(header));
	assert_memory_equal(header.magic, LKST_FILE_MAGIC, 8);
	close(reader);
}

/* After six packets nothing fits any more, nor at the end: what must be told stands in the reserve. */
static void tells_of_a_full_disk(void **state)
{
	struct rlimit old, limit;
	struct lkst_writer w;
	struct lkst_text t;
	struct check c;
	unsigned int i;

	(void)state;
	getrlimit(RLIMIT_FSIZE, &old);
	start(&w, 0);
	for (i = 0; i < 6; i++)
		assert_int_equal(put(&w, w.packets), 0);
	limit = old;
	limit.rlim_cur = w.size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(put(&w, w.packets), -1);
	w.retry_ms = 0;
	lkst_text_begin(&t, &w, LKST_PKT_COMMENT);
	lkst_text_line(&t, "dropped\t7 so far");
	lkst_text_end(&t);
	assert_int_equal(w.text_packets, 0);	/* the reserve is for the end */
	lkst_writer_ending(&w);
	lkst_text_line(&t, "dropped\t7 records");
	lkst_text_end(&t);
	assert_int_equal(w.text_packets, 1);
	lkst_text_begin(&t, &w, LKST_PKT_SYMBOLS);
	for (i = 0; i < 10007; i++)
		lkst_text_line(&t, "0x%x\t0\tsymbol_%u", i, i);
	for (i = 0; i < 10007; i++, lkst_text_end(&t))
		lkst_text_line(&t, "0x%x\t0\tsymbol_%u", i, i);
	assert_int_equal(lkst_writer_close(&w), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(w.why, EFBIG);
	check_file(&c);
	assert_true(c.ended);
	assert_false(c.torn);
	assert_int_equal(c.records, c.seq * 7);
	assert_string_equal(c.comment, "dropped\t7 records\n");
}

static void refuses_too_large_packets(void **state)
{
	struct lkst_packet p = { .type = LKST_PKT_RECORDS, .records = 1 };
	static char big[LKST_MAX_PACKET];
	struct lkst_writer w;

	(void)state;
	start(&w, 0);
	assert_int_equal(lkst_writer_packet(&w, &p, big, LKST_MAX_PACKET - 63), -1);
	assert_int_equal(errno, EMSGSIZE);
	assert_int_equal(lkst_writer_packet(&w, &p, big, LKST_MAX_PACKET - 64), 0);
	assert_int_equal(lkst_writer_close(&w), 0);
}

static void collects_addresses_once(void **state)
{
	struct lkst_text_set set = { NULL, 0, 0 };
	lkst_u64 i;

	(void)state;
	for (i = 0; i < 50000; i++)
		lkst_text_add(&set, 0xffffffff81000000ULL + 16 * (i % 5003));
	lkst_text_add(&set, 0);
	assert_int_equal(set.used, 5003);
	lkst_text_free(&set);
	assert_int_equal(set.used, 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(writes_valid_packets),
		TEST(splits_long_text),
		TEST(survives_kill),
		TEST(cuts_off_what_does_not_fit),
		TEST(keeps_files_of_others),
		TEST(names_what_is_in_the_way),
		TEST(tells_of_a_full_disk),
		TEST(refuses_too_large_packets),
		cmocka_unit_test(collects_addresses_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
