// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_threads.c - rings under real concurrency: each has a thread that writes, one reader thread serves them all, and timer
 * signals come between the writers' own steps and write too, up to three deep.
 *
 *	test_threads [EVENTS]	by each of the 20 writers; 100000 when not given, 5000 under ThreadSanitizer
 *
 * Built with ThreadSanitizer too. In discard mode nothing is excluded from it. In overwrite mode the reader's copy is: there a
 * writer may take the place while it is being copied, which is found out afterwards (lkst_ring_put()) and the copy thrown
 * away; the race is the design, and all other accesses stay checked.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "ring.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

#define WRITERS		20
#define S		4096UL
#define SLOTS		8
#define DEPTH		4	/* the thread itself, and three signals */
#define MIN_NESTED	5000	/* records written between the steps of another, all rings */
#define PERIOD_NS	50000
#define TOO_LONG	60	/* seconds for one test */

enum pace { FREE, PACED };

struct cpu {
	struct lkst_ring ring;
	struct lkst_slot slot[SLOTS];
	u64 memory[SLOTS * S / 8];
	pthread_t thread;
	/* the writer's own */
	unsigned int depth;
	unsigned int inside[DEPTH];	/* between the first and the last step of a record */
	unsigned int produced[DEPTH];
	unsigned int nested;
	/* the reader's own */
	unsigned int next[DEPTH];	/* serial that can come next */
	u64 seen;
	u64 last_time;
	u64 last_lost;
	u64 stale;
};

static struct cpu cpu[WRITERS];
static __thread struct cpu *self __attribute__((tls_model("initial-exec")));
#ifdef __SANITIZE_THREAD__
static unsigned int events = 5000;
#else
static unsigned int events = 100000;
#endif
static unsigned int running;
static unsigned int nested_total;
static enum pace pace;
static const char *volatile wrong;

void lkst_ring_entered(struct lkst_ring *ring, u64 now, unsigned long records)
{
	(void)ring;
	(void)now;
	(void)records;
}

/* Makes the windows wider than the machine would: most signals are to hit one. */
void ring_step(unsigned int n)
{
	struct cpu *c = self;
	volatile unsigned int i;

	if (!c)
		return;
	c->inside[c->depth] = n != 4;
	for (i = 0; i < 20; i++)
		;
}

static u64 word(unsigned int serial, unsigned int depth, unsigned int i)
{
	return (serial * 256ULL + depth * 32 + i + 1) * 0x9e3779b97f4a7c15ULL;
}

static void write_one(struct cpu *c)
{
	unsigned int depth = c->depth, serial = c->produced[depth]++, units = 2 + serial % 6, i;
	u64 args[8];

	args[0] = serial;
	for (i = 1; i < units; i++)
		args[i] = word(serial, depth, i);
	lkst_ring_write(&c->ring, LKST_REC_HEAD(depth + 1, units) | 77ULL << LKST_PID_SHIFT, units, args);
	c->inside[depth] = 0;
}

static int too_fast(struct cpu *c)
{
	return pace == PACED && (lkst_read_once(c->ring.offset) >> c->ring.shift) - lkst_read_once(c->ring.read_seq) > SLOTS / 2;
}

static void on_signal(int sig)
{
	struct cpu *c = self;
	unsigned int i;

	(void)sig;
	if (!c || c->depth + 1 >= DEPTH || too_fast(c))
		return;
	if (c->inside[c->depth])
		c->nested += 2;
	c->depth++;
	for (i = 0; i < 2; i++)
		write_one(c);
	if (c->produced[c->depth] % 64 == 0)
		lkst_ring_flush(&c->ring);
	c->depth--;
}

static void sleep_a_little(void)
{
	const struct timespec t = { 0, 20000 };

	nanosleep(&t, NULL);
}


static void *writer(void *arg)
{
	struct cpu *c = arg;
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	const struct itimerspec often = { { 0, PERIOD_NS }, { 0, PERIOD_NS } };
	unsigned int i, counted = 0;
	sigset_t set;
	timer_t timer;

	event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
	self = c;
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_settime(timer, 0, &often, NULL))
		wrong = "no timer";
	/* On until enough was nested, on all rings together: how often a signal comes is the machine's business. */
	for (i = 0; i < events || (__atomic_load_n(&nested_total, __ATOMIC_RELAXED) < MIN_NESTED && i < 100 * events); i++) {
		/* A reader that keeps up: the writer waits when half of the ring is unread, and nothing may be lost. */
		while (too_fast(c))
			sleep_a_little();
		write_one(c);
		if (i % 64 == 0 && pace == FREE)
			sleep_a_little();
		if (i % 256 == 0) {
			__atomic_fetch_add(&nested_total, c->nested - counted, __ATOMIC_RELAXED);
			counted = c->nested;
		}
	}
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	timer_delete(timer);
	lkst_ring_flush(&c->ring);
	self = NULL;
	__atomic_fetch_sub(&running, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void check_record(struct cpu *c, const u64 *p, u64 time)
{
	unsigned int depth = lkst_rec_event(*p) - 1, units = lkst_rec_units(*p), serial = (unsigned int)p[1], i;

	if (depth >= DEPTH || units != 2 + serial % 6 || lkst_rec_pid(*p) != 77) {
		wrong = "a record nobody wrote";
		return;
	}
	for (i = 1; i < units; i++)
		if (p[1 + i] != word(serial, depth, i))
			wrong = "a torn record";
	if (serial < c->next[depth])
		wrong = "a record twice, or out of order";
	if (time < c->last_time)
		wrong = "time goes back";
	c->next[depth] = serial + 1;
	c->last_time = time;
	c->seen++;
}

static void check_subbuf(struct cpu *c, const u64 *copy, const struct lkst_subbuf *subbuf)
{
	const struct lkst_packet *packet = (const struct lkst_packet *)copy;
	const u64 *p = copy + LKST_RING_HEADER / 8, *end = copy + subbuf->size / 8;
	u64 high = packet->time >> LKST_TIME_BITS, before = c->seen;

	if (packet->magic != LKST_PACKET_MAGIC || packet->seq != subbuf->seq || packet->lost < c->last_lost)
		wrong = "a wrong header";
	c->last_lost = packet->lost;
	for (; p < end && !wrong; p += 1 + lkst_rec_units(*p)) {
		if (lkst_rec_event(*p) == LKST_EV_TIME)
			high = p[1] >> LKST_TIME_BITS;
		else
			check_record(c, p, high << LKST_TIME_BITS | lkst_rec_time_low(*p));
	}
	if (c->seen - before != subbuf->records)
		wrong = "a wrong number of records";
}

#ifdef __SANITIZE_THREAD__
__attribute__((no_sanitize("thread"), noinline))
#endif
static void copy_racing(u64 *to, const u64 *from, unsigned int size)
{
	unsigned int i;

	/* Not memcpy(): ThreadSanitizer would see into that. */
	for (i = 0; i < size / 8; i++)
		to[i] = ((const volatile u64 *)from)[i];
}

static void read_one(struct cpu *c)
{
	static u64 copy[S / 8];
	struct lkst_subbuf subbuf;
	const u64 *from;

	if (!lkst_ring_get(&c->ring, &subbuf))
		return;
	from = (const u64 *)c->ring.slot[subbuf.index].base;
	if (c->ring.overwrite)
		copy_racing(copy, from, subbuf.size);
	else
		memcpy(copy, from, subbuf.size);
	if (lkst_ring_put(&c->ring, &subbuf))
		check_subbuf(c, copy, &subbuf);
	else
		c->stale++;
}

static void set_up(unsigned int mode, enum pace how)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART | SA_NODEFER };
	unsigned int i, j;

	sigaction(SIGUSR1, &action, NULL);
	memset(cpu, 0, sizeof(cpu));
	nested_total = 0;
	wrong = NULL;
	pace = how;
	running = WRITERS;
	for (i = 0; i < WRITERS; i++) {
		lkst_ring_init(&cpu[i].ring, cpu[i].slot, S, SLOTS, mode);
		for (j = 0; j < SLOTS; j++)
			cpu[i].slot[j].base = (unsigned char *)cpu[i].memory + j * S;
	}
}

/* The main thread is the reader. */
static void run(unsigned int mode, enum pace how)
{
	struct cpu *c;
	u64 produced, sum[5] = { 0 };
	unsigned int i, depth, last;
	time_t begin = time(NULL);

	set_up(mode, how);
	for (i = 0; i < WRITERS; i++)
		if (pthread_create(&cpu[i].thread, NULL, writer, &cpu[i]))
			fail_msg("no thread");
	do {
		last = !__atomic_load_n(&running, __ATOMIC_ACQUIRE);
		for (c = cpu; c < cpu + WRITERS; c++)
			while (lkst_ring_ready(&c->ring) && !wrong)
				read_one(c);
		if (!last && how == FREE)
			sleep_a_little();
		if (time(NULL) - begin > TOO_LONG || wrong)
			fail_msg("%s", wrong ? wrong : "it takes too long");
	} while (!last);
	for (c = cpu; c < cpu + WRITERS; c++) {
		pthread_join(c->thread, NULL);
		produced = 0;
		for (depth = 0; depth < DEPTH; depth++)
			produced += c->produced[depth];
		assert_true(c->produced[0] >= events);
		assert_int_equal(c->seen, c->ring.read);
		assert_int_equal(produced, c->seen + c->ring.lost + c->ring.overwritten);
		assert_int_equal(lkst_ring_stored(&c->ring), produced - c->ring.lost);
		if (!mode)
			assert_int_equal(c->ring.overwritten, 0);
		if (how == PACED)
			assert_int_equal(c->ring.lost + c->ring.overwritten, 0);
		sum[0] += produced;
		sum[1] += c->seen;
		sum[2] += c->ring.lost;
		sum[3] += c->ring.overwritten;
		sum[4] += c->stale;
	}
	print_message("%llu produced == %llu read + %llu lost + %llu overwritten; %u nested, %llu taken from the reader\n", sum[0],
		      sum[1], sum[2], sum[3], nested_total, sum[4]);
	assert_true(nested_total >= MIN_NESTED);
	assert_true(sum[1] > 0);
}

static void test_discard(void **state)
{
	(void)state;
	run(0, FREE);
}

static void test_overwrite(void **state)
{
	(void)state;
	run(1, FREE);
}

static void test_reader_keeps_up(void **state)
{
	(void)state;
	run(0, PACED);
	run(1, PACED);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_discard),
		cmocka_unit_test(test_overwrite),
		cmocka_unit_test(test_reader_keeps_up),
	};

	if (argc > 1)
		events = (unsigned int)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
