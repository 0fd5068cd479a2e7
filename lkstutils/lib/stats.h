/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stats.h - statistics of a stream of 64-bit values in bounded memory, mergeable in any order with the same result.
 *
 * Count, total, least, greatest and the sum of squares are exact integers. Quantiles come from a histogram:
 * exact below 128, above that 64 equal steps in each octave, so a quantile reported (a step's middle, kept
 * between least and greatest) is within 0.8 % of a value that was there.
 */
#ifndef LKST_STATS_H
#define LKST_STATS_H

#include "wide.h"

#define LKST_STATS_STEP_BITS	6
#define LKST_STATS_STEPS	(1 << LKST_STATS_STEP_BITS)
#define LKST_STATS_OCTAVES	(64 - LKST_STATS_STEP_BITS + 1)

/*
 * Octaves have their counts in the order in which they came. In the first piece of memory is one, the others begin
 * with these. The second one has room for as many as most keys get, so that a key takes as much of a short trace as of
 * a long one.
 */
#define LKST_STATS_PIECES	5
extern const lkst_u8 lkst_stats_first[LKST_STATS_PIECES + 1];

/* How often the counts of an octave's steps came round; on level 2, how often those of level 1 did; and so on. */
struct lkst_stats_rounds {
	struct lkst_stats_rounds *next;
	lkst_u8 octave, level;
	lkst_u8 rounds[LKST_STATS_STEPS];
};

/*
 * All zero holds no value. Ten thousand of these have to fit into little memory: there are counts for octaves that had
 * a value only, a byte each, and for those of them that came round (which few do) how often each did. Nothing moves
 * when it grows.
 */
struct lkst_stats {
	lkst_u64 count;
	lkst_u64 total;
	lkst_u64 min;
	lkst_u64 max;
	lkst_u64 squares_low;
	lkst_u64 squares_high;
	lkst_u8 *row;		/* counts of the octave of the last value */
	lkst_u8 last;		/* that octave, + 1 */
	lkst_u8 octaves;	/* how many have counts */
	lkst_u8 place[LKST_STATS_OCTAVES];	/* of an octave's counts among them, + 1; 0: it has none */
	lkst_u8 *piece[LKST_STATS_PIECES];
	struct lkst_stats_rounds *rounds;
};

/* Makes room for an octave that has none; counts one more round of a step: for lkst_stats_add() only. */
void lkst_stats_octave(struct lkst_stats *stats, unsigned int octave);
void lkst_stats_round(struct lkst_stats *stats, unsigned int octave, unsigned int step, lkst_u64 rounds);

/* The piece of memory that a place is in. */
static inline unsigned int lkst_stats_piece(unsigned int place)
{
	return !place ? 0 : place < 16 ? 1 : place < 32 ? place / 8 : 4;
}

/* The counts of an octave that has some. */
static inline lkst_u8 *lkst_stats_row(const struct lkst_stats *stats, unsigned int octave)
{
	unsigned int place = stats->place[octave] - 1U, piece = lkst_stats_piece(place);

	return stats->piece[piece] + (place - lkst_stats_first[piece]) * LKST_STATS_STEPS;
}

/* Where a value is counted. */
static inline unsigned int lkst_stats_place(lkst_u64 value, unsigned int *step)
{
	unsigned int octave;

	if (value < LKST_STATS_STEPS) {
		*step = (unsigned int)value;
		return 0;
	}
	octave = 63 - LKST_STATS_STEP_BITS + 1 - (unsigned int)__builtin_clzll(value);
	*step = (unsigned int)(value >> (octave - 1)) & (LKST_STATS_STEPS - 1);
	return octave;
}

/**
 * lkst_stats_fetch - have the CPU fetch what lkst_stats_add() will need
 * @stats: statistics
 *
 * Some time later lkst_stats_fetch_more(), and some time after that the value may be added without waiting for memory.
 */
static inline void lkst_stats_fetch(const struct lkst_stats *stats)
{
	__builtin_prefetch(stats, 1);
	__builtin_prefetch(&stats->place, 1);
	__builtin_prefetch(&stats->rounds, 1);
}

/**
 * lkst_stats_fetch_more - the second half of lkst_stats_fetch(), once what that one asked for is there
 * @stats: statistics
 * @value: that will be added
 */
static inline void lkst_stats_fetch_more(const struct lkst_stats *stats, lkst_u64 value)
{
	unsigned int step, octave = lkst_stats_place(value, &step);

	if (stats->place[octave])
		__builtin_prefetch(lkst_stats_row(stats, octave) + step, 1);
}

/**
 * lkst_stats_add - one more value
 * @stats: statistics
 * @value: any; the total wraps beyond 2^64
 */
static inline void lkst_stats_add(struct lkst_stats *stats, lkst_u64 value)
{
	unsigned int step, octave = lkst_stats_place(value, &step);
	lkst_u64 low, high;

	if (stats->last != octave + 1) {
		if (__builtin_expect(!stats->place[octave], 0))
			lkst_stats_octave(stats, octave);
		stats->last = (lkst_u8)(octave + 1);
		stats->row = lkst_stats_row(stats, octave);
	}
	if (__builtin_expect(!++stats->row[step], 0))
		lkst_stats_round(stats, octave, step, 1);
	if (!stats->count++ || value < stats->min)
		stats->min = value;
	if (value > stats->max)
		stats->max = value;
	stats->total += value;
	high = lkst_mul64(value, value, &low);
	stats->squares_low += low;
	stats->squares_high += high + (stats->squares_low < low);
}

/**
 * lkst_stats_merge - add what another one holds
 * @stats: becomes both
 * @more: unchanged
 */
void lkst_stats_merge(struct lkst_stats *stats, const struct lkst_stats *more);

/**
 * lkst_stats_quantile - the least value that at least so many of all values do not exceed
 * @stats: statistics
 * @per_100000: the share: 50000 for the median, 99900 for 99.9 %
 *
 * Return: the value, within 0.8 %; 0 when there are no values.
 */
lkst_u64 lkst_stats_quantile(const struct lkst_stats *stats, unsigned int per_100000);

/**
 * lkst_stats_quantiles - several of them by one walk through the histogram
 * @stats: statistics
 * @per_100000: shares as for lkst_stats_quantile(), none less than the one before it
 * @n: how many
 * @value: set to as many quantiles
 */
void lkst_stats_quantiles(const struct lkst_stats *stats, const unsigned int *per_100000, unsigned int n,
			  lkst_u64 *value);

/**
 * lkst_stats_range - walk the histogram: the next range of values that has some
 * @stats: statistics
 * @at: 0 before the first call
 * @steps: how many steps of an octave make a range, a power of 2 up to LKST_STATS_STEPS
 * @low: set to the least value of the range
 * @high: set to the greatest
 *
 * Return: how many values are in it, 0 at the end.
 */
lkst_u64 lkst_stats_range(const struct lkst_stats *stats, unsigned int *at, unsigned int steps, lkst_u64 *low,
			  lkst_u64 *high);

/* Mean and standard deviation (of all values, not of a sample), 0 without values. */
double lkst_stats_mean(const struct lkst_stats *stats);
double lkst_stats_deviation(const struct lkst_stats *stats);

/* Gives back the histogram. */
void lkst_stats_free(struct lkst_stats *stats);

#endif
