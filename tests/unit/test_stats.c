// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_stats.c - checksum, clock, statistics, pairs and the catalogue's text, each against something computed
 * another way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue-text.h"
#include "clock.h"
#include "crc32c.h"
#include "pairs.h"
#include "stats.h"

static uint64_t state = 88172645463325252ULL;

static uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* RFC 3720, B.4 */
static void crc32c_vectors(void **unused)
{
	unsigned char data[48] = { 0 };
	static const unsigned char read10[48] = {
		0x01, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18,
		0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00
	};
	unsigned int i;

	(void)unused;
	assert_int_equal(lkst_crc32c(0, data, 32), 0x8a9136aa);
	memset(data, 0xff, 32);
	assert_int_equal(lkst_crc32c(0, data, 32), 0x62a8ab43);
	for (i = 0; i < 32; i++)
		data[i] = i;
	assert_int_equal(lkst_crc32c(0, data, 32), 0x46dd794e);
	for (i = 0; i < 32; i++)
		data[i] = 31 - i;
	assert_int_equal(lkst_crc32c(0, data, 32), 0x113fdb5c);
	assert_int_equal(lkst_crc32c(0, read10, 48), 0xd9963a56);
	for (i = 0; i <= 48; i++)
		assert_int_equal(lkst_crc32c(lkst_crc32c(0, read10, i), read10 + i, 48 - i), 0xd9963a56);
}

/* The instruction, where there is one, and the tables. */
static void crc32c_both_ways(void **unused)
{
	unsigned char data[4099];
	unsigned int i, at, n;

	(void)unused;
	for (i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)rnd();
	for (i = 0; i < sizeof(data); i += 1 + i / 8) {
		at = i % 9;
		n = i - (i < at ? i : at);
		assert_int_equal(lkst_crc32c(i, data + at, n), lkst_crc32c_by_table(i, data + at, n));
	}
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

#define N	20000

static void quantiles_against_sort(void **unused)
{
	static const unsigned int shares[] = { 1, 1000, 50000, 90000, 99000, 99900, 99999, 100000 };
	static uint64_t v[N];
	unsigned int round, i, k;
	struct lkst_stats s = { 0 };
	long double sum, squares;
	lkst_u64 got[8];
	uint64_t exact;

	(void)unused;
	for (round = 0; round < 6; round++) {
		sum = squares = 0;
		for (i = 0; i < N; i++) {
			v[i] = round == 0 ? rnd() % 100 : rnd() >> (20 + rnd() % (round * 8 + 1));
			lkst_stats_add(&s, v[i]);
			sum += v[i];
		}
		for (i = 0; i < N; i++)
			squares += (v[i] - sum / N) * (v[i] - sum / N);
		qsort(v, N, sizeof(v[0]), by_value);
		assert_int_equal(s.count, N);
		assert_true(s.min == v[0] && s.max == v[N - 1]);
		assert_true(fabs(lkst_stats_mean(&s) - (double)(sum / N)) <= 1e-9 * (double)(sum / N));
		assert_true(fabs(lkst_stats_deviation(&s) / (double)sqrtl(squares / N) - 1) < 1e-9);
		lkst_stats_quantiles(&s, shares, 8, got);
		for (k = 0; k < 8; k++) {
			i = (unsigned int)(((uint64_t)N * shares[k] + 99999) / 100000);
			exact = v[i ? i - 1 : 0];
			assert_true(fabs((double)got[k] - (double)exact) <= 0.008 * (double)exact);
			if (exact < 128)
				assert_int_equal(got[k], exact);
			assert_int_equal(lkst_stats_quantile(&s, shares[k]), got[k]);
		}
		lkst_stats_free(&s);
	}
}

static void merged_is_the_same(void **unused)
{
	struct lkst_stats part[3], all, sum;
	unsigned int i, k;
	uint64_t value;

	(void)unused;
	memset(part, 0, sizeof(part));
	memset(&all, 0, sizeof(all));
	memset(&sum, 0, sizeof(sum));
	for (i = 0; i < 30000; i++) {
		value = rnd() >> (rnd() % 64);
		lkst_stats_add(&part[i % 3], value);
		lkst_stats_add(&all, value);
	}
	for (i = 3; i-- > 0;)
		lkst_stats_merge(&sum, &part[i]);
	assert_memory_equal(&sum, &all, offsetof(struct lkst_stats, row));
	for (k = 0; k <= 100000; k += 500)
		assert_int_equal(lkst_stats_quantile(&sum, k), lkst_stats_quantile(&all, k));
	assert_true(lkst_stats_deviation(&sum) == lkst_stats_deviation(&all));
	for (i = 0; i < 3; i++)
		lkst_stats_free(&part[i]);
	lkst_stats_free(&all);
	lkst_stats_free(&sum);
}

/* A step counts 255 in its byte: beyond that, by merging, and in octaves that come between two others afterwards. */
static void more_than_a_byte_of_one_value(void **unused)
{
	struct lkst_stats a = { 0 }, b = { 0 };
	lkst_u64 low, high;
	unsigned int i, at;

	(void)unused;
	for (i = 0; i < 200000; i++)
		lkst_stats_add(&a, 1000);
	lkst_stats_add(&a, 2000);
	for (i = 0; i < 40000; i++)
		lkst_stats_add(&b, 2000);
	lkst_stats_merge(&a, &b);
	lkst_stats_merge(&a, &b);
	/* Octaves below those, between them and above them come when they count in more than a byte. */
	for (i = 0; i < 300; i++) {
		lkst_stats_add(&a, 4);
		lkst_stats_add(&a, 100000);
	}
	at = 0;
	assert_int_equal(lkst_stats_range(&a, &at, 1, &low, &high), 300);
	assert_true(low == 4 && high == 4);
	assert_int_equal(lkst_stats_range(&a, &at, 1, &low, &high), 200000);
	assert_true(low <= 1000 && 1000 <= high);
	assert_int_equal(lkst_stats_range(&a, &at, 1, &low, &high), 80001);
	assert_int_equal(lkst_stats_range(&a, &at, 1, &low, &high), 300);
	assert_true(low <= 100000 && 100000 <= high);
	assert_int_equal(lkst_stats_range(&a, &at, 1, &low, &high), 0);
	/* 200300 of 280601 are 71.38 % */
	assert_in_range(lkst_stats_quantile(&a, 71370), 992, 1008);
	assert_in_range(lkst_stats_quantile(&a, 71390), 1984, 2016);
	lkst_stats_free(&a);
	lkst_stats_free(&b);
}

static void statistics_of_nothing_and_extremes(void **unused)
{
	struct lkst_stats s = { 0 };

	(void)unused;
	assert_int_equal(lkst_stats_quantile(&s, 50000), 0);
	assert_true(lkst_stats_mean(&s) == 0 && lkst_stats_deviation(&s) == 0);
	lkst_stats_add(&s, 0);
	lkst_stats_add(&s, ~0ULL);
	assert_true(s.min == 0 && s.max == ~0ULL);
	assert_true(lkst_stats_quantile(&s, 100000) == ~0ULL);
	lkst_stats_free(&s);
}

/* Against 128-bit division. */
static void clock_is_exact(void **unused)
{
	static const uint64_t hz[] = { 1000000000, 2399999773, 3000000000ULL, 1193182, 1000000, 999999937,
		4100000001ULL };
	struct lkst_clock clock;
	unsigned int k, i, round;
	uint64_t t[5], n[5], tick, ns, last;

	(void)unused;
	for (k = 0; k < 7; k++)
		for (round = 0; round < 20; round++) {
			memset(&clock, 0, sizeof(clock));
			t[0] = rnd() % (1000 * hz[k]);
			n[0] = 2000000000000ULL + rnd() % 1000000000000ULL;
			for (i = 1; i < 5; i++) {
				t[i] = t[i - 1] + hz[k] / 2 + rnd() % (60 * hz[k]);
				n[i] = n[i - 1] + (uint64_t)((unsigned __int128)(t[i] - t[i - 1]) * 1000000000 / hz[k]) + rnd() % 100;
			}
			for (i = 5; i-- > 0;)
				lkst_clock_add(&clock, t[i], n[i], 0);
			/* Senseless ones change nothing. */
			lkst_clock_add(&clock, t[2] + 1, n[0], 0);
			lkst_clock_ready(&clock, hz[k]);
			for (i = 0, last = 0; i < 400; i++) {
				tick = t[i / 100] + (t[i / 100 + 1] - t[i / 100]) / 100 * (i % 100);
				ns = lkst_clock_ns(&clock, tick);
				assert_int_equal(ns, n[i / 100] + (uint64_t)((unsigned __int128)(tick - t[i / 100]) *
						 (n[i / 100 + 1] - n[i / 100]) / (t[i / 100 + 1] - t[i / 100])));
				assert_true(ns >= last);
				last = ns;
			}
			/* Outside: the mean slope, without a step at the first sample. */
			assert_true(lkst_clock_ns(&clock, t[4] + hz[k]) - n[4] - 1000000000 + 1000 < 2000);
			assert_true(n[0] - lkst_clock_ns(&clock, t[0] - 1) <= 1 + 1000000000 / hz[k] + 1);
			assert_true(lkst_clock_ns(&clock, 0) <= lkst_clock_ns(&clock, t[0] / 2));
			lkst_clock_free(&clock);
		}
}

static void clock_with_one_sample(void **unused)
{
	struct lkst_clock clock = { 0 };

	(void)unused;
	lkst_clock_add(&clock, 1000000, 5000000000ULL, 0);
	lkst_clock_ready(&clock, 1000000);
	assert_int_equal(lkst_clock_ns(&clock, 1000000), 5000000000ULL);
	assert_int_equal(lkst_clock_ns(&clock, 1000001), 5000001000ULL);
	assert_int_equal(lkst_clock_ns(&clock, 3000000), 7000000000ULL);
	assert_in_range(lkst_clock_ns(&clock, 999999), 4999998999ULL, 4999999000ULL);
	lkst_clock_free(&clock);
	lkst_clock_ready(&clock, 1000000000);
	assert_int_equal(lkst_clock_ns(&clock, 123456789), 123456789);
	lkst_clock_free(&clock);
}

/* The place that the table computes is the bit-field's: set one argument, find it and nothing else. */
static volatile lkst_u64 pattern = 0xa5c3e1f00f1e3c5aULL;

#define LKST_ARG(field, type, unit, text) \
	memset(&args, 0, sizeof(args)); \
	args.a.field = pattern; \
	assert_string_equal(event->arg[i].name, #field); \
	assert_true(lkst_arg_value(&event->arg[i], args.u) == (lkst_u64)(lkst_s64)args.a.field); \
	for (k = 0; k < event->nr_args; k++) \
		if (k != i) \
			assert_int_equal(lkst_arg_value(&event->arg[k], args.u), 0); \
	i++;
#define LKST_EVENT(number, NAME, group, set, arguments, stock, hook26, hook24, meaning) \
static void place_##NAME(void) \
{ \
	const struct lkst_event_desc *event = lkst_event_by_id(number); \
	union lkst_args_##NAME args; \
	unsigned int i = 0, k; \
\
	arguments \
	assert_int_equal(i, event->nr_args); \
	assert_int_equal(event->units, LKST_UNITS_##NAME); \
	assert_string_equal(event->name, #NAME); \
	assert_ptr_equal(lkst_event_by_name(#NAME), event); \
}
#include <lkst/events.def>
#undef LKST_EVENT

static void catalogue_places(void **unused)
{
	(void)unused;
#define LKST_EVENT(id, NAME, group, set, arguments, stock, hook26, hook24, meaning)	place_##NAME();
#include <lkst/events.def>
#undef LKST_EVENT
}

static void catalogue_text_and_back(void **unused)
{
	size_t size;
	char *text = lkst_catalogue_text(&size), *rest = text, *line, again[LKST_EVENT_LINE], ours[LKST_EVENT_LINE];
	unsigned int count, i, k;
	const struct lkst_event_desc *event = lkst_catalogue(&count);
	struct lkst_event_desc parsed;

	(void)unused;
	for (i = 0; i < count; i++, event++) {
		line = strsep(&rest, "\n");
		assert_int_equal(lkst_event_parse(line, &parsed), 0);
		assert_int_equal(parsed.id, event->id);
		assert_int_equal(parsed.units, event->units);
		assert_int_equal(parsed.group, event->group);
		for (k = 0; k < event->nr_args; k++) {
			assert_int_equal(parsed.arg[k].word, event->arg[k].word);
			assert_int_equal(parsed.arg[k].shift, event->arg[k].shift);
			assert_int_equal(parsed.arg[k].bits, event->arg[k].bits);
			assert_int_equal(parsed.arg[k].is_signed, event->arg[k].is_signed);
			assert_int_equal(parsed.arg[k].unit, event->arg[k].unit);
		}
		lkst_event_args_text(event, ours);
		lkst_event_args_text(&parsed, again);
		assert_string_equal(ours, again);
	}
	assert_string_equal(rest, "");
	free(text);
}

static void bad_catalogue_lines(void **unused)
{
	static const char *const bad[] = {
		"", "0x001", "0x001\tA", "0x001\tA\tPROCESS", "zz\tA\tPROCESS\t", "0x1000\tA\tPROCESS\t", "0x001\t\tPROCESS\t",
		"0x001\tA\tPROCESS\tx", "0x001\tA\tPROCESS\tx:u32", "0x001\tA\tPROCESS\tx:u33:none",
		"0x001\tA\tPROCESS\tx:u32:none,"
		"y:u64:none", "0x001\tA\"\tPROCESS\t", "0x001\tA\tPROCESS\tx\033:u32:none",
		"0x001\tA\tPROCESS\ta:u64:none,b:u64:none,c:u64:none,d:u64:none,e:u64:none,f:u64:none,g:u64:none,"
		"h:u64:none,i:u64:none",
	};
	struct lkst_event_desc event;
	char line[256];
	unsigned int i;

	(void)unused;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		strcpy(line, bad[i]);
		assert_int_equal(lkst_event_parse(line, &event), -1);
	}
	strcpy(line, "0xffe\tNEW\tFUTURE\ta:u16:furlongs,b:s48:text");
	assert_int_equal(lkst_event_parse(line, &event), 0);
	assert_int_equal(event.arg[1].shift, 16);
}

static void pairs_stack_and_evict(void **unused)
{
	struct lkst_pairs p = { .limit = 4 };
	struct lkst_event e = { 0 };
	const struct lkst_open *o;
	unsigned int i;

	(void)unused;
	for (i = 0; i < 6; i++) {
		e.ns = i;
		e.cpu = i & 1;
		lkst_pair_push(&p, i / 2, &e, 0);
	}
	assert_int_equal(p.evicted, 2);
	assert_int_equal(p.count, 4);
	assert_null(lkst_pair_end(&p, 0));
	assert_int_equal(p.no_begin, 1);
	o = lkst_pair_end(&p, 1);
	assert_int_equal(o->start, 3);
	o = lkst_pair_end(&p, 1);
	assert_int_equal(o->start, 2);
	lkst_pairs_cut(&p, 1);
	assert_int_equal(p.cut, 1);
	o = lkst_pair_end(&p, 2);
	assert_int_equal(o->start, 4);
	lkst_pair_begin(&p, 7, &e, 0);
	lkst_pair_begin(&p, 7, &e, 0);
	assert_int_equal(p.no_end, 1);
	assert_int_equal(p.count, 1);
	lkst_pairs_free(&p);
}

/* Against a plain array, many times. */
static void pairs_at_random(void **unused)
{
	static uint64_t open[3000];
	struct lkst_pairs p = { 0 };
	struct lkst_event e = { 0 };
	const struct lkst_open *o;
	unsigned int i, k;

	(void)unused;
	for (i = 1; i < 300000; i++) {
		k = rnd() % 3000;
		e.ns = i;
		if (!open[k]) {
			lkst_pair_push(&p, k * 4096ULL, &e, k);
			open[k] = i;
			continue;
		}
		o = lkst_pair_take(&p, k * 4096ULL);
		assert_non_null(o);
		assert_true(o->start == open[k] && o->aux == k);
		open[k] = 0;
	}
	lkst_pairs_free(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc32c_vectors),
		cmocka_unit_test(crc32c_both_ways),
		cmocka_unit_test(quantiles_against_sort),
		cmocka_unit_test(merged_is_the_same),
		cmocka_unit_test(more_than_a_byte_of_one_value),
		cmocka_unit_test(statistics_of_nothing_and_extremes),
		cmocka_unit_test(clock_is_exact),
		cmocka_unit_test(clock_with_one_sample),
		cmocka_unit_test(catalogue_places),
		cmocka_unit_test(catalogue_text_and_back),
		cmocka_unit_test(bad_catalogue_lines),
		cmocka_unit_test(pairs_stack_and_evict),
		cmocka_unit_test(pairs_at_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
