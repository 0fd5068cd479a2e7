// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stats.c - what is asked seldom; adding a value is in stats.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "stats.h"

lkst_u16 *lkst_stats_octave(struct lkst_stats *stats, unsigned int octave)
{
	stats->octave[octave] = lkst_xmalloc(LKST_STATS_STEPS * sizeof(*stats->octave[0]));
	return stats->octave[octave];
}

void lkst_stats_round(struct lkst_stats *stats, unsigned int octave, unsigned int step, lkst_u64 rounds)
{
	if (!stats->rounds)
		stats->rounds = lkst_xmalloc(LKST_STATS_OCTAVES * sizeof(*stats->rounds));
	if (!stats->rounds[octave])
		stats->rounds[octave] = lkst_xmalloc(LKST_STATS_STEPS * sizeof(**stats->rounds));
	stats->rounds[octave][step] += rounds;
}

/* How many values are in a step. */
static lkst_u64 count_of(const struct lkst_stats *stats, unsigned int octave, unsigned int step)
{
	lkst_u64 count = stats->octave[octave] ? stats->octave[octave][step] : 0;

	if (stats->rounds && stats->rounds[octave])
		count += stats->rounds[octave][step] << 16;
	return count;
}

void lkst_stats_merge(struct lkst_stats *stats, const struct lkst_stats *more)
{
	unsigned int octave, step;
	lkst_u64 count;
	lkst_u16 *to;

	if (!more->count)
		return;
	for (octave = 0; octave < LKST_STATS_OCTAVES; octave++) {
		if (!more->octave[octave])
			continue;
		to = stats->octave[octave] ? stats->octave[octave] : lkst_stats_octave(stats, octave);
		for (step = 0; step < LKST_STATS_STEPS; step++) {
			count = to[step] + count_of(more, octave, step);
			to[step] = (lkst_u16)count;
			if (count >> 16)
				lkst_stats_round(stats, octave, step, count >> 16);
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
		for (; stats->octave[octave] && step <= last; step++)
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
	unsigned int octave, step, done = 0;
	lkst_u64 count = 0, next = rank(stats->count, per_100000[0]);

	for (octave = 0; octave < LKST_STATS_OCTAVES && next < stats->count; octave++)
		for (step = 0; stats->octave[octave] && step < LKST_STATS_STEPS; step++) {
			count += count_of(stats, octave, step);
			for (; next <= count && next < stats->count; next = rank(stats->count, per_100000[done])) {
				value[done] = between(stats, middle(octave, step));
				if (++done == n)
					return;
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
	unsigned int octave;

	for (octave = 0; octave < LKST_STATS_OCTAVES; octave++) {
		free(stats->octave[octave]);
		if (stats->rounds)
			free(stats->rounds[octave]);
	}
	free(stats->rounds);
	memset(stats, 0, sizeof(*stats));
}
