// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_large.c - drives lkstla over large traces: the memory it takes, and that two threads find what one finds.
 */
#include "crc32c.h"
#include "la-test.h"

#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* More keys than any cache holds: each value comes to its key, the last ones, too. */
static void many_keys(void **unused)
{
	unsigned int i;

	(void)unused;
	begin();
	for (i = 0; i < 3 * 2000; i++) {
		MK(&t, 0, S + 20 * US * i, 50, LOCK_ACQUIRE, .lock = 0x1000 + i % 2000);
		MK(&t, 0, S + 20 * US * i + (1 + i % 2000), 50, LOCK_RELEASE, .lock = 0x1000 + i % 2000);
	}
	end();
	redirect = "| awk '!/^#/ && $3 == 3 && int($4 * 1e9 + 0.5) == 3 * $1 && int($6 * 1e9 + 0.5) == $1' | wc -l";
	assert_int_equal(run("lockhold %s"), 0);
	redirect = "2>&1";
	expect("2000\n");
}

/* Whether a program that is begun next may use one of the CPUs that this one may use, or all of them. */
static void use_cpus(int one)
{
	static cpu_set_t all, first;
	int cpu = 0;

	if (!CPU_COUNT(&all)) {
		assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
		while (!CPU_ISSET(cpu, &all))
			cpu++;
		CPU_SET(cpu, &first);
	}
	assert_int_equal(sched_setaffinity(0, sizeof(all), one ? &first : &all), 0);
}

/* Greatest memory of one run of "lkstla MEASURE TRACE", kB. */
static long memory_of(const char *measure, int one)
{
	const char *program = getenv("LKSTLA") ? getenv("LKSTLA") : "build/unit/lkstla";
	char file[64];
	struct rusage used;
	int status;
	pid_t pid;

	sprintf(file, "%s/t", dir);
	malloc_trim(0);		/* what this program has counts, too, until it becomes the other one */
	use_cpus(one);
	pid = fork();
	if (!pid) {
		if (freopen("/dev/null", "w", stdout))
			execl(program, program, measure, file, (char *)NULL);
		_exit(127);
	}
	use_cpus(0);
	assert_int_equal(wait4(pid, &status, 0, &used), pid);
	assert_int_equal(status, 0);
	return used.ru_maxrss;
}

/* One more pair of a measure's events, for key @i of ten thousand; CPUs take turns. */
static lkst_u64 one_of_ten_thousand(unsigned int measure, unsigned int i, lkst_u64 time)
{
	lkst_u64 key = i % 10000, end = time + (50ULL << (i / 10000 % 14));
	unsigned int cpu = i % 4;

	switch (measure) {
	case 0:
		MK(&t, cpu, time, 50, LOCK_ACQUIRE, .lock = 0x1000 + key);
		MK(&t, cpu, end, 50, LOCK_RELEASE, .lock = 0x1000 + key);
		break;
	case 1:
		MK(&t, cpu, time, 50, LOCK_WAIT_BEGIN, .lock = 0x1000 + key);
		MK(&t, cpu, end, 50, LOCK_WAIT_END, .lock = 0x1000 + key);
		break;
	case 2:
		MK(&t, cpu, time, 50, PROCESS_ADD_WQ, .wqh = 0x1000 + key, .entry = 1);
		MK(&t, cpu, end, 50, PROCESS_REM_WQ, .wqh = 0x1000 + key, .entry = 1);
		break;
	default:
		MK(&t, cpu, time, 50, BLOCK_ISSUE, .dev = key, .rq = 1);
		MK(&t, cpu, end, 50, BLOCK_COMPLETE, .dev = key, .rq = 1);
	}
	return end + 50;
}

/*
 * Ten thousand keys with durations of fourteen octaves, of one measure and of six (queues and disks have two). 150
 * times as many events, which an index of each of their packets would show, and twelve more octaves of each key cost
 * nothing.
 */
static void ten_thousand_keys(void **unused)
{
	static const struct {
		const char *what;
		unsigned int measures, pairs;
	} run[] = { { "lockhold", 1, 20000 }, { "lockhold", 1, 3000000 }, { "all", 4, 600000 } };
	long memory[3], most[3] = { 20 << 10, 20 << 10, 64 << 10 }, more = 160;
	unsigned int i, k;
	lkst_u64 time;

	(void)unused;
	for (k = 0; k < 3; k++) {
		begin();
		for (i = 0, time = S; i < run[k].pairs; i++)
			time = one_of_ten_thousand(i % run[k].measures, i / run[k].measures, time);
		end();
		memory[k] = memory_of(run[k].what, run[k].measures == 1);
#ifdef __SANITIZE_ADDRESS__
		most[k] = more = 1L << 30;	/* it keeps what was freed */
#endif
		assert_in_range(memory[k], 1, most[k]);
	}
	assert_in_range(memory[1], 1, memory[0] + more);
}

/* Runs lkstla, the checksum of its output in @sum, on one of the CPUs that this program may use or on all of them. */
static void run_on(int one, const char *arguments, char *sum, size_t size)
{
	use_cpus(one);
	redirect = "2>&1 | cksum";
	run(arguments);
	redirect = "2>&1";
	use_cpus(0);
	assert_true(strtoul(strchr(output, ' '), NULL, 10) > 300);	/* bytes: a table, not a line of complaint */
	snprintf(sum, size, "%.60s", output);
}

/*
 * With two CPUs a large trace is read and measured by two threads: to the same end. Every task has a name of its
 * own for a while, which a list must show as it was then, and records are lost in between.
 */
static void the_same_by_two_threads(void **unused)
{
	static const char *const ways[] = {
		"lifetime -l %s", "lifetime %s", "syscall -l %s", "syscall %s", "all %s", "all --by=key,pid %s",
		"count %s", "all --by=process,key %s", "budget %s", "print %s", "overlay lifetime syscall -l %s",
		"state --by=process,key %s", "overlay syscall:3 lifetime %s"
	};
	char one[64], two[64];
	unsigned int i;
	cpu_set_t cpus;

	(void)unused;
	if (!sched_getaffinity(0, sizeof(cpus), &cpus) && CPU_COUNT(&cpus) < 2)
		skip();		/* one thread would be compared with itself */
	begin();
	for (i = 0; i < 60000; i++) {
		MK(&t, i & 1, S + 10 * US * i, 50, PROCESS_CONTEXTSWITCH, .next_pid = 100 + i % 999);
		MK(&t, i & 1, S + 10 * US * i + 1 * US, 50, SYSCALL_ENTRY, .nr = i % 7);
		if (i % 50 == 1)
			MK(&t, i & 1, S + 10 * US * i + 2 * US, 50, PROCESS_FORK, .child_pid = 100 + i % 999,
			   .child_tgid = 100 + i % 99);
		if (i % 50 == 2)
			MK(&t, i & 1, S + 10 * US * i + 2 * US, 50, PROCESS_NAME, .target_pid = 100 + (i - 1) % 999,
			   .name0 = 0x6161616161LL + i);
		if (i % 20000 == 700)
			mk_lose(&t, i & 1, 5);
		MK(&t, i & 1, S + 10 * US * i + 3 * US, 50, SYSCALL_EXIT, .nr = i % 7);
		MK(&t, i & 1, S + 10 * US * i + 4 * US, 50, LKST_MARK, .text0 = 0x6968, .text1 = 0);
		if (i % 50 == 49)
			MK(&t, i & 1, S + 10 * US * i + 5 * US, 100 + (i - 48) % 999, PROCESS_EXIT, .tgid = 50);
	}
	end();
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		run_on(1, ways[i], one, sizeof(one));
		run_on(0, ways[i], two, sizeof(two));
		assert_string_equal(one, two);
	}
}

/* Writes over one place of a trace, at so many 64ths of it: 100 bytes, or all that follows is cut off. */
static void damage(unsigned int at, int cut)
{
	static const char junk[] = "----------------------------------------------------------------------------------";
	char file[64];
	long place;
	FILE *f;

	snprintf(file, sizeof(file), "%s/t", dir);
	f = fopen(file, "r+");
	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	place = ftell(f) / 64 * at;
	if (cut) {
		assert_int_equal(ftruncate(fileno(f), place), 0);
	} else {
		assert_int_equal(fseek(f, place, SEEK_SET), 0);
		assert_int_equal(fwrite(junk, sizeof(junk), 1, f), 1);
	}
	assert_int_equal(fclose(f), 0);
}

/* A comment with whole packets in it: those from @start on. */
static void comment_of_packets(size_t start)
{
	const struct lkst_packet comment = { .type = LKST_PKT_COMMENT };
	size_t size = t.size - start;
	char *copy = malloc(size);

	assert_non_null(copy);
	memcpy(copy, t.data + start, size);
	mk_packet(&t, &comment, copy, size);
	free(copy);
}

/* A comment at whose end a packet begins that is whole, and has for its text the next one, which is not. */
static void comment_over_its_end(size_t start)
{
	enum { BLANK = 1 << 20, TEXT = 8192 };
	const struct lkst_packet comment = { .type = LKST_PKT_COMMENT };
	struct lkst_packet head, over = { .magic = LKST_PACKET_MAGIC, .type = LKST_PKT_COMMENT };
	char *text = calloc(1, BLANK + sizeof(over)), packet[TEXT];

	assert_non_null(text);
	memcpy(&head, t.data + start, sizeof(head));
	assert_in_range(head.size, sizeof(head) + 1, sizeof(packet));
	memcpy(packet, t.data + start, head.size);
	packet[sizeof(head)] ^= 1;
	over.size = (lkst_u32)sizeof(over) + head.size;
	over.crc = lkst_crc32c(lkst_crc32c(0, &over, sizeof(over)), packet, head.size);
	memcpy(text + BLANK, &over, sizeof(over));
	mk_packet(&t, &comment, text, BLANK + sizeof(over));
	packet[sizeof(head)] ^= 1;
	mk_packet(&t, &head, packet + sizeof(head), head.size - sizeof(head));
	t.data[t.size - head.size + sizeof(head)] ^= 1;
	free(text);
}

/*
 * The packets of a large file are checked from the beginning and from the middle: to the same end, whatever is there. A
 * comment in the middle holds packets that must not be taken for some of the file's.
 */
static void the_same_of_damaged_files(void **unused)
{
	static const struct {
		void (*comment)(size_t start);
		unsigned int at[3];	/* 64ths, 64: none */
		int cut;
	} file[] = {
		{ NULL, { 64, 64, 64 }, 0 }, { comment_of_packets, { 64, 64, 64 }, 0 },
		{ comment_over_its_end, { 64, 64, 64 }, 0 },
		{ NULL, { 1, 64, 64 }, 0 }, { NULL, { 32, 64, 64 }, 0 }, { NULL, { 33, 50, 64 }, 0 },
		{ NULL, { 20, 31, 63 }, 0 }, { comment_of_packets, { 28, 40, 64 }, 0 }, { NULL, { 20, 40, 60 }, 1 },
		{ comment_of_packets, { 50, 64, 64 }, 1 }, { NULL, { 0, 64, 64 }, 0 }
	};
	char one[64], two[64];
	unsigned int i, k, n;
	size_t start = 0;
	int whole;

	(void)unused;
	for (k = 0; k < sizeof(file) / sizeof(file[0]); k++) {
		begin();
		for (i = 0; i < 120000; i++) {
			if (i == 30000 || i == 60000)
				mk_flush(&t, 0);
			if (i == 30000)
				start = t.size;
			if (i == 60000 && file[k].comment)
				file[k].comment(start);
			MK(&t, 0, S + 2 * US * i, 50, SYSCALL_ENTRY, .nr = i % 7);
			MK(&t, 0, S + 2 * US * i + US, 50, SYSCALL_EXIT, .nr = i % 7);
		}
		end();
		for (n = 0; n < 3; n++)
			if (file[k].at[n] < 64)
				damage(file[k].at[n], n == 0 && file[k].cut);
		run_on(1, "syscall %s", one, sizeof(one));
		run_on(0, "syscall %s", two, sizeof(two));
		assert_string_equal(one, two);
		whole = file[k].at[0] == 64 && file[k].comment != comment_over_its_end;
		assert_int_equal(run("count %s"), whole ? 0 : 3);
		if (whole)
			has(" 120000 ");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_keys),
		cmocka_unit_test(ten_thousand_keys),
		cmocka_unit_test(the_same_by_two_threads),
		cmocka_unit_test(the_same_of_damaged_files),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
