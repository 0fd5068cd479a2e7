// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stats.c - what is asked seldom; adding a value is in stats.h.
 */
#include <math.h>
#include <string.h>

#include "pieces.h"
#include "stats.h"

const lkst_u8 lkst_stats_first[] = { 0, 1, 16, 24, 32, LKST_STATS_OCTAVES };

/* Bytes of a piece. */
static size_t size_of(unsigned int piece)
{
	return (size_t)(lkst_stats_first[piece + 1] - lkst_stats_first[piece]) * LKST_STATS_STEPS;
}

void lkst_stats_octave(struct lkst_stats *stats, unsigned int octave)
{
	unsigned int piece = lkst_stats_piece(stats->octaves);

	stats->place[octave] = ++stats->octaves;
	if (!stats->piece[piece])
		stats->piece[piece] = lkst_piece(size_of(piece));
}

static struct lkst_stats_rounds *rounds_of(struct lkst_stats *stats, unsigned int octave, unsigned int level)
{
	struct lkst_stats_rounds *r;

	for (r = stats->rounds; r; r = r->next)
		if (r->octave == octave && r->level == level)
			return r;
	r = lkst_piece(sizeof(*r));
	r->octave = (lkst_u8)octave;
	r->level = (lkst_u8)level;
	r->next = stats->rounds;
	stats->rounds = r;
	return r;
}

void lkst_stats_round(struct lkst_stats *stats, unsigned int octave, unsigned int step, lkst_u64 rounds)
{
	struct lkst_stats_rounds *r;
	unsigned int level;

	for (level = 1; rounds; level++, rounds >>= 8) {
		r = rounds_of(stats, octave, level);
		rounds += r->rounds[step];
		r->rounds[step] = (lkst_u8)rounds;
	}
}

/* How many values are in each step of an octave that has counts. */
static void counts_of(const struct lkst_stats *stats, unsigned int octave, lkst_u64 *count)
{
	const lkst_u8 *row = lkst_stats_row(stats, octave);
	const struct lkst_stats_rounds *r;
	unsigned int step;

	for (step = 0; step < LKST_STATS_STEPS; step++)
		count[step] = row[step];
	for (r = stats->rounds; r; r = r->next)
		for (step = 0; r->octave == octave && step < LKST_STATS_STEPS; step++)
			count[step] += (lkst_u64)r->rounds[step] << 8 * r->level;
}

void lkst_stats_merge(struct lkst_stats *stats, const struct lkst_stats *more)
{
	lkst_u64 count[LKST_STATS_STEPS];
	unsigned int octave, step;
	lkst_u8 *to;

	if (!more->count)
		return;
	for (octave = 0; octave < LKST_STATS_OCTAVES; octave++) {
		if (!more->place[octave])
			continue;
		if (!stats->place[octave])
			lkst_stats_octave(stats, octave);
		to = lkst_stats_row(stats, octave);
		counts_of(more, octave, count);
		for (step = 0; step < LKST_STATS_STEPS; step++) {
			count[step] += to[step];
			to[step] = (lkst_u8)count[step];
			lkst_stats_round(stats, octave, step, count[step] >> 8);
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
	lkst_u64 count = 0, counts[LKST_STATS_STEPS];
	unsigned int octave, step, last;

	for (; *at < LKST_STATS_OCTAVES * LKST_STATS_STEPS && !count; *at += steps) {
		octave = *at / LKST_STATS_STEPS;
		step = *at % LKST_STATS_STEPS;
		last = step + steps - 1;
		*low = least(octave, step);
		*high = least(octave, last) + width(octave) - 1;
		if (!stats->place[octave])
			continue;
		counts_of(stats, octave, counts);
		for (; step <= last; step++)
			count += counts[step];
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
	lkst_u64 count = 0, next = rank(stats->count, per_100000[0]), counts[LKST_STATS_STEPS];

	for (octave = 0; octave < LKST_STATS_OCTAVES && next < stats->count; octave++) {
		if (!stats->place[octave])
			continue;
		counts_of(stats, octave, counts);
		for (step = 0; step < LKST_STATS_STEPS; step++) {
			count += counts[step];
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
	struct lkst_stats_rounds *r;
	unsigned int i;

	for (i = 0; i < LKST_STATS_PIECES; i++)
		lkst_piece_free(stats->piece[i], size_of(i));
	while ((r = stats->rounds)) {
		stats->rounds = r->next;
		lkst_piece_free(r, sizeof(*r));
	}
	memset(stats, 0, sizeof(*stats));
}
