/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * clock.h - from ticks of a trace to nanoseconds of the monotonic clock.
 *
 * Between two samples the line through both, before the first and after the last the mean slope (all samples,
 * when they lie a second apart, else the nominal rate). Every result is the floor of the exact quotient: no
 * drift, no rounding that depends on the order of questions.
 */
#ifndef LKST_CLOCK_H
#define LKST_CLOCK_H

#include "wide.h"

/* ns = base + ticks * whole + floor(ticks * part / dt), ticks counted from the start of the piece */
struct lkst_clock_piece {
	lkst_u64 start;		/* first tick of the piece */
	lkst_u64 last;		/* last tick of the piece */
	lkst_u64 base;		/* ns at start */
	lkst_u64 whole;
	lkst_u64 part;		/* below dt */
	lkst_u64 dt;
	lkst_u64 inverse;	/* floor(part * 2^64 / dt) */
};

struct lkst_clock_sample {
	lkst_u64 ticks;
	lkst_u64 mono_ns;
	lkst_u64 real_ns;
};

struct lkst_clock {
	struct lkst_clock_sample *sample;
	unsigned int nr_samples;
	struct lkst_clock_piece *piece;
	unsigned int nr_pieces;
	const struct lkst_clock_piece *now;	/* the piece used last */
};

/**
 * lkst_clock_add - one more moment that was read on all clocks
 * @clock: all zero at first
 * @ticks: counter
 * @mono_ns: CLOCK_MONOTONIC
 * @real_ns: CLOCK_REALTIME
 */
void lkst_clock_add(struct lkst_clock *clock, lkst_u64 ticks, lkst_u64 mono_ns, lkst_u64 real_ns);

/**
 * lkst_clock_ready - after the last lkst_clock_add(): make the pieces
 * @clock: with any samples, also none or senseless ones; those that go backwards are dropped
 * @tick_hz: nominal rate, not 0
 */
void lkst_clock_ready(struct lkst_clock *clock, lkst_u64 tick_hz);

/* Finds the piece for @ticks; for lkst_clock_ns() only. */
void lkst_clock_seek(struct lkst_clock *clock, lkst_u64 ticks);

/* Gives back samples and pieces. */
void lkst_clock_free(struct lkst_clock *clock);

/**
 * lkst_clock_ns - monotonic time of a moment
 * @clock: after lkst_clock_ready()
 * @ticks: counter
 *
 * Return: nanoseconds; 0 for moments before the machine's start.
 */
static inline lkst_u64 lkst_clock_ns(struct lkst_clock *clock, lkst_u64 ticks)
{
	const struct lkst_clock_piece *p = clock->now;
	lkst_u64 d, low, q;

	if (__builtin_expect(ticks < p->start || ticks > p->last, 0)) {
		lkst_clock_seek(clock, ticks);
		p = clock->now;
		if (ticks < p->start)
			return p->base;
	}
	d = ticks - p->start;
	/* The estimate by the inverse is the floor or one less: its error is d / 2^64, below 1. */
	q = lkst_mul64(d, p->inverse, &low);
	if (d * p->part - q * p->dt >= p->dt)
		q++;
	return p->base + d * p->whole + q;
}

#endif
