// SPDX-License-Identifier: GPL-2.0-only
/*
 * native.c - times the record path in user space (kmod/ring.c and kmod/record.h as they are) beside a bare clock read with a
 * store, and beside LTTng-UST, in one process, one way after the other, again and again.
 *
 *	native REPETITIONS EVENTS	prints: val TAB native TAB ROW TAB ns per event
 *
 * CPU time of the thread, which stays on one CPU. Whether LTTng-UST records is for who starts it to see to: its row comes only
 * when a session listens.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <lkst/event.h>
#include "ring.h"
#include "record.h"
#ifdef BENCH_UST
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "ust_tp.h"
#endif

#define SUBBUF_SIZE	(16 * 1024UL)
#define NR_SUBBUFS	64
#define RING_BYTES	(SUBBUF_SIZE * NR_SUBBUFS)

static u8 record_all[LKST_NR_EVENTS], record_none[LKST_NR_EVENTS];
const u8 *lkst_active;
__thread struct lkst_ring *lkst_ring_now;
__thread struct bench_task *bench_current;
__thread unsigned int bench_preempt_count;

static struct lkst_ring ring;
static struct lkst_slot slots[NR_SUBBUFS];
static u64 bare_ring[RING_BYTES / 8];

static void die(const char *what)
{
	fprintf(stderr, "native: %s\n", what);
	exit(1);
}

/* ---- what the module brings beside ring.c ---- */

void bench_reschedule(void)
{
	die("recording: the preemption count went to zero, which it cannot here");
}

/* The work of control.c's at each sub-buffer switch, and no limit. */
void lkst_ring_entered(struct lkst_ring *r, u64 now, unsigned long records)
{
	static volatile u64 window = 4000000, cost = 30, limit;

	r->window_records += records;
	if (now - r->window < window)
		return;
	records = r->window_records;
	r->window_records = 0;
	if (limit && records * cost * 100 > (now - r->window) * limit)
		die("recording: the breaker tripped, which it cannot here");
	r->window = now;
}

void lkst_handle(const u8 *table, unsigned int event, unsigned int units, const u64 *args)
{
	(void)units;
	(void)args;
	if (table[event] != LKST_HANDLER_NONE)
		die("recording: a handler nobody set");
}

__attribute__((noinline)) void lkst_event(unsigned int event, unsigned int units, const u64 *args)
{
	lkst_event_here(event, units, args);
}

void lkst_event_one_slow(unsigned int event, u64 arg)
{
	lkst_event(event, 1, &arg);
}

/* ---- the ways. Each is a function of its own, as a probe is: what calls it keeps nothing in registers for it. ---- */

static u64 serial;

#define WAY	static __attribute__((noinline)) void

WAY bare_clock(u64 arg)
{
	(void)arg;
	lkst_clock();
}

static u64 bare_at;

WAY bare_store(u64 arg)
{
	u64 now = lkst_clock(), *p = &bare_ring[bare_at & (RING_BYTES / 8 - 1)];

	p[0] = now;
	p[1] = arg;
	bare_at += 2;
}

WAY lkst_one(u64 arg)
{
	lkst_emit_hot(SYSCALL_ENTRY, arg);
}

WAY lkst_two(u64 arg)
{
	lkst_emit(TIMER_ADD, arg, arg);
}

#ifdef BENCH_UST
WAY ust_two(u64 arg)
{
	lttng_ust_tracepoint(lkst_bench, two, arg, arg);
}
#endif

static const struct way {
	const char *name;
	void (*one)(u64 arg);
	const u8 *table;
	unsigned int units;	/* of the LKST record that must have come of it */
} ways[] = {
	{ "clock", bare_clock, record_none, 0 },
	{ "store", bare_store, record_none, 0 },
	{ "lkst-off", lkst_one, record_none, 0 },
	{ "lkst-one", lkst_one, record_all, 1 },
	{ "lkst-two", lkst_two, record_all, 2 },
#ifdef BENCH_UST
	{ "ust", ust_two, record_none, 0 },
#endif
};
#define NR_WAYS	(sizeof(ways) / sizeof(ways[0]))

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* The newest complete sub-buffer must end in the records just written. */
static void check_payload(const struct way *way)
{
	struct lkst_subbuf subbuf;
	const u64 *p, *end;
	u64 last = 0;

	lkst_ring_flush(&ring);
	while (lkst_ring_get(&ring, &subbuf)) {
		p = (const u64 *)(slots[subbuf.index].base + LKST_RING_HEADER);
		end = (const u64 *)(slots[subbuf.index].base + subbuf.size);
		for (; p < end; p += 1 + lkst_rec_units(*p)) {
			if (lkst_rec_event(*p) == LKST_EV_TIME)
				continue;
			if (lkst_rec_units(*p) == way->units) {
				if (last && p[1] != last + 1)
					die("checking the buffer: a record is missing or damaged");
				last = p[1];
			}
		}
		if (!lkst_ring_put(&ring, &subbuf))
			die("checking the buffer: somebody else wrote into it");
	}
	if (last != serial - 1)
		die("checking the buffer: the newest record is not there");
}

static void run(const struct way *way, unsigned long events, int tell)
{
	u64 before = lkst_ring_stored(&ring);
	unsigned long i;
	double start, spent;

	lkst_active = way->table;
	serial = 1;
	start = cpu_ns();
	for (i = 0; i < events; i++)
		way->one(serial++);
	spent = cpu_ns() - start;
	if (lkst_ring_stored(&ring) - before != (way->units ? events : 0) || ring.lost)
		die("checking the accounts: records are missing");
	if (way->units)
		check_payload(way);
	if (tell)
		printf("val\tnative\t%s\t%.3f\n", way->name, spent / events);
}

static void prepare(void)
{
	static struct bench_task task;
	unsigned char *memory = aligned_alloc(4096, RING_BYTES);
	cpu_set_t set;
	unsigned int i;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	if (sched_setaffinity(0, sizeof(set), &set) || !memory)
		die("preparing: cannot stay on one CPU, or no memory");
	memset(memory, 0, RING_BYTES);
	memset(bare_ring, 1, sizeof(bare_ring));
	memset(record_all, LKST_HANDLER_RECORD, sizeof(record_all));
	memset(record_none, LKST_HANDLER_NONE, sizeof(record_none));
	for (i = 0; i < NR_SUBBUFS; i++)
		slots[i].base = memory + i * SUBBUF_SIZE;
	lkst_ring_init(&ring, slots, SUBBUF_SIZE, NR_SUBBUFS, 1);
	lkst_ring_now = &ring;
	task.pid = getpid();
	bench_current = &task;
	bench_preempt_count = 1;
}

static int listened_to(const struct way *way)
{
#ifdef BENCH_UST
	if (way->one == ust_two)
		return lttng_ust_tracepoint_enabled(lkst_bench, two);
#endif
	(void)way;
	return 1;
}

int main(int argc, char **argv)
{
	unsigned long reps = argc == 3 ? strtoul(argv[1], NULL, 10) : 0, events = reps ? strtoul(argv[2], NULL, 10) : 0, rep;
	const struct way *way;

	if (!events) {
		fprintf(stderr, "native: reading the arguments: give repetitions and events\n");
		return 2;
	}
	prepare();
	for (rep = 0; rep <= reps; rep++)
		for (way = ways; way < ways + NR_WAYS; way++) {
			if (listened_to(way))
				run(way, rep ? events : events / 10, rep > 0);
			else if (!rep)
				printf("none\tnative\t%s\tno session listens\n", way->name);
		}
	return 0;
}
