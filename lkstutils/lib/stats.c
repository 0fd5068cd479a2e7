// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stats.c - what is asked seldom; adding a value is in stats.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "stats.h"

static unsigned int places(const struct lkst_stats *stats)
{
	return lkst_stats_below(stats, LKST_STATS_OCTAVES);
}

static size_t size_of(const struct lkst_stats *stats, unsigned int octaves)
{
	return octaves * LKST_STATS_STEPS * (1 + (stats->wide ? sizeof(lkst_u32) : 0));
}

static lkst_u32 *rounds_of(const struct lkst_stats *stats, unsigned int octaves)
{
	return (lkst_u32 *)(void *)(stats->counts + octaves * LKST_STATS_STEPS);
}

/* Makes a hole of @size bytes at @at in what has @length. */
static void part(void *base, size_t length, size_t at, size_t size)
{
	char *to = (char *)base + at;

	memmove(to + size, to, length - at);
	memset(to, 0, size);
}

void lkst_stats_octave(struct lkst_stats *stats, unsigned int octave)
{
	unsigned int n = places(stats), at = lkst_stats_below(stats, octave);
	size_t counts = n * LKST_STATS_STEPS, rounds = size_of(stats, n) - counts;

	stats->counts = lkst_xrealloc(stats->counts, size_of(stats, n + 1));
	if (stats->wide) {
		memmove(rounds_of(stats, n + 1), rounds_of(stats, n), rounds);
		part(rounds_of(stats, n + 1), rounds, at * LKST_STATS_STEPS * sizeof(lkst_u32),
		     LKST_STATS_STEPS * sizeof(lkst_u32));
	}
	part(stats->counts, counts, at * LKST_STATS_STEPS, LKST_STATS_STEPS);
	stats->octaves |= 1ULL << octave;
	stats->last = 0;	/* its place may be another now */
}

void lkst_stats_round(struct lkst_stats *stats, unsigned int place, unsigned int step, lkst_u64 rounds)
{
	unsigned int n = places(stats);

	if (!stats->wide) {
		stats->wide = 1;
		stats->counts = lkst_xrealloc(stats->counts, size_of(stats, n));
		memset(rounds_of(stats, n), 0, n * LKST_STATS_STEPS * sizeof(lkst_u32));
	}
	rounds_of(stats, n)[place * LKST_STATS_STEPS + step] += (lkst_u32)rounds;
}

/* How many values are in a step. */
static lkst_u64 count_of(const struct lkst_stats *stats, unsigned int octave, unsigned int step)
{
	unsigned int at = lkst_stats_below(stats, octave) * LKST_STATS_STEPS + step;
	lkst_u64 count;

	if (!(stats->octaves >> octave & 1))
		return 0;
	count = stats->counts[at];
	if (stats->wide)
		count += (lkst_u64)rounds_of(stats, places(stats))[at] << 8;
	return count;
}

void lkst_stats_merge(struct lkst_stats *stats, const struct lkst_stats *more)
{
	unsigned int octave, step, place;
	lkst_u64 count;
	lkst_u8 *to;

	if (!more->count)
		return;
	for (octave = 0; octave < LKST_STATS_OCTAVES; octave++) {
		if (!(more->octaves >> octave & 1))
			continue;
		if (!(stats->octaves >> octave & 1))
			lkst_stats_octave(stats, octave);
		place = lkst_stats_below(stats, octave);
		for (step = 0; step < LKST_STATS_STEPS; step++) {
			to = &stats->counts[place * LKST_STATS_STEPS + step];
			count = *to + count_of(more, octave, step);
			*to = (lkst_u8)count;
			if (count >> 8)
				lkst_stats_round(stats, place, step, count >> 8);
		}
	}
	if (!stats->count || more->min < stats->min)
		stats->min = more->min;
	if (more->max > stats->max)
		stats->max = more->max;
	stats->count += more->count;
	stats->total += more->total;
	stats->squares_low += more->squares_low;
	stats->squares_high += more->squares_high + (stats->squares_low < more->squares_low);
}

/* ceil(count * share / 100000) without overflow, at least 1. */
static lkst_u64 rank(lkst_u64 count, unsigned int share)
{
	lkst_u64 r = count / 100000 * share + (count % 100000 * share + 99999) / 100000;

	return r ? r : 1;
}

static lkst_u64 least(unsigned int octave, unsigned int step)
{
	return octave ? (lkst_u64)(LKST_STATS_STEPS + step) << (octave - 1) : step;
}

/* How many values a step of an octave is for. */
static lkst_u64 width(unsigned int octave)
{
	return octave ? 1ULL << (octave - 1) : 1;
}

static lkst_u64 middle(unsigned int octave, unsigned int step)
{
	return least(octave, step) + ((width(octave) - 1) >> 1);
}

lkst_u64 lkst_stats_range(const struct lkst_stats *stats, unsigned int *at, unsigned int steps, lkst_u64 *low,
			  lkst_u64 *high)
{
	unsigned int octave, step, last;
	lkst_u64 count = 0;

	for (; *at < LKST_STATS_OCTAVES * LKST_STATS_STEPS && !count; *at += steps) {
		octave = *at / LKST_STATS_STEPS;
		step = *at % LKST_STATS_STEPS;
		last = step + steps - 1;
		*low = least(octave, step);
		*high = least(octave, last) + width(octave) - 1;
		for (; stats->octaves >> octave & 1 && step <= last; step++)
			count += count_of(stats, octave, step);
	}
	return count;
}

static lkst_u64 between(const struct lkst_stats *stats, lkst_u64 value)
{
	if (value < stats->min)
		return stats->min;
	return value > stats->max ? stats->max : value;
}

void lkst_stats_quantiles(const struct lkst_stats *stats, const unsigned int *per_100000, unsigned int n,
			  lkst_u64 *value)
{
	unsigned int octave, step, done = 0, place = 0;
	lkst_u64 count = 0, next = rank(stats->count, per_100000[0]);
	const lkst_u32 *rounds = stats->wide ? rounds_of(stats, places(stats)) : NULL;

	for (octave = 0; octave < LKST_STATS_OCTAVES && next < stats->count; octave++) {
		if (!(stats->octaves >> octave & 1))
			continue;
		for (step = 0; step < LKST_STATS_STEPS; step++, place++) {
			count += stats->counts[place];
			if (rounds)
				count += (lkst_u64)rounds[place] << 8;
			for (; next <= count && next < stats->count; next = rank(stats->count, per_100000[done])) {
				value[done] = between(stats, middle(octave, step));
				if (++done == n)
					return;
			}
		}
	}
	while (done < n)
		value[done++] = stats->max;
}

lkst_u64 lkst_stats_quantile(const struct lkst_stats *stats, unsigned int per_100000)
{
	lkst_u64 value;

	lkst_stats_quantiles(stats, &per_100000, 1, &value);
	return value;
}

double lkst_stats_mean(const struct lkst_stats *stats)
{
	return stats->count ? (double)((long double)stats->total / (long double)stats->count) : 0;
}

double lkst_stats_deviation(const struct lkst_stats *stats)
{
	long double mean, squares, variance;

	if (!stats->count || stats->min == stats->max)
		return 0;
	mean = (long double)stats->total / (long double)stats->count;
	squares = (long double)stats->squares_high * 18446744073709551616.0L + (long double)stats->squares_low;
	variance = squares / (long double)stats->count - mean * mean;
	return variance > 0 ? (double)sqrtl(variance) : 0;
}

void lkst_stats_free(struct lkst_stats *stats)
{
	free(stats->counts);
	memset(stats, 0, sizeof(*stats));
}
