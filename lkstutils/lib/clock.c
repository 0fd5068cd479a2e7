// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * clock.c - pieces of the line from ticks to nanoseconds.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"

#define NS_PER_S	1000000000ULL

void lkst_clock_add(struct lkst_clock *clock, lkst_u64 ticks, lkst_u64 mono_ns, lkst_u64 real_ns)
{
	unsigned int n = clock->nr_samples;

	/* The capacity is the next power of 2. */
	if (!(n & (n - 1)))
		clock->sample = lkst_xrealloc(clock->sample, (n ? 2 * n : 1) * sizeof(*clock->sample));
	clock->sample[n].ticks = ticks;
	clock->sample[n].mono_ns = mono_ns;
	clock->sample[n].real_ns = real_ns;
	clock->nr_samples++;
}

static int by_ticks(const void *a, const void *b)
{
	const struct lkst_clock_sample *x = a, *y = b;

	if (x->ticks != y->ticks)
		return x->ticks < y->ticks ? -1 : 1;
	return (x->mono_ns > y->mono_ns) - (x->mono_ns < y->mono_ns);
}

/* floor(part * 2^64 / dt) for part < dt < 2^63, bit by bit: done once a piece. */
static lkst_u64 inverse(lkst_u64 part, lkst_u64 dt)
{
	lkst_u64 q = 0;
	int i;

	for (i = 0; i < 64; i++) {
		part <<= 1;
		q <<= 1;
		if (part >= dt) {
			part -= dt;
			q |= 1;
		}
	}
	return q;
}

static void piece(struct lkst_clock *clock, lkst_u64 start, lkst_u64 last, lkst_u64 base, lkst_u64 dt, lkst_u64 dn)
{
	struct lkst_clock_piece *p = &clock->piece[clock->nr_pieces++];

	p->start = start;
	p->last = last;
	p->base = base;
	p->dt = dt;
	p->whole = dn / dt;
	p->part = dn % dt;
	p->inverse = inverse(p->part, dt);
}

/* Samples in order, each later than the one before on both clocks. */
static void tidy(struct lkst_clock *clock)
{
	struct lkst_clock_sample *s = clock->sample;
	unsigned int i, kept = 0;

	if (clock->nr_samples)
		qsort(s, clock->nr_samples, sizeof(*s), by_ticks);
	for (i = 0; i < clock->nr_samples; i++)
		if (!kept || (s[i].ticks > s[kept - 1].ticks && s[i].mono_ns > s[kept - 1].mono_ns &&
			      s[i].ticks - s[kept - 1].ticks < 1ULL << 62))
			s[kept++] = s[i];
	clock->nr_samples = kept;
}

/* floor(a * b / c), or the largest number when that does not fit; c < 2^63. */
static lkst_u64 muldiv(lkst_u64 a, lkst_u64 b, lkst_u64 c)
{
	lkst_u64 low, rest = lkst_mul64(a, b, &low);
	int i;

	if (rest >= c)
		return ~0ULL;
	for (i = 0; i < 64; i++) {
		rest = rest << 1 | low >> 63;
		low <<= 1;
		if (rest >= c) {
			rest -= c;
			low |= 1;
		}
	}
	return low;
}

/*
 * The piece before the first sample reaches back to tick 0, or to where the clock showed 0. It meets the sample
 * from below by less than a nanosecond.
 */
static void before(struct lkst_clock *clock, lkst_u64 dt, lkst_u64 dn)
{
	const struct lkst_clock_sample *s = clock->sample;
	lkst_u64 back = muldiv(s->ticks, dn, dt);

	if (!s->ticks)
		return;
	if (back < s->mono_ns)
		piece(clock, 0, s->ticks - 1, s->mono_ns - back - 1, dt, dn);
	else if (dn < 1ULL << 63 && muldiv(s->mono_ns, dt, dn) > 0)
		piece(clock, s->ticks - muldiv(s->mono_ns, dt, dn), s->ticks - 1, 0, dt, dn);
}

void lkst_clock_ready(struct lkst_clock *clock, lkst_u64 tick_hz)
{
	lkst_u64 dt = tick_hz, dn = NS_PER_S;
	const struct lkst_clock_sample *s, *end;
	unsigned int i;

	tidy(clock);
	if (!clock->nr_samples)
		lkst_clock_add(clock, 0, 0, 0);
	s = clock->sample;
	end = &s[clock->nr_samples - 1];
	if (end->mono_ns - s->mono_ns >= NS_PER_S && end->ticks - s->ticks < 1ULL << 62) {
		dt = end->ticks - s->ticks;
		dn = end->mono_ns - s->mono_ns;
	}
	if (dt >= 1ULL << 63)
		dt = 1;
	clock->piece = lkst_xmalloc((clock->nr_samples + 1) * sizeof(*clock->piece));
	clock->nr_pieces = 0;
	before(clock, dt, dn);
	for (i = 0; i + 1 < clock->nr_samples; i++)
		piece(clock, s[i].ticks, s[i + 1].ticks - 1, s[i].mono_ns, s[i + 1].ticks - s[i].ticks,
		      s[i + 1].mono_ns - s[i].mono_ns);
	piece(clock, end->ticks, ~0ULL, end->mono_ns, dt, dn);
	clock->now = clock->piece;
}

void lkst_clock_seek(struct lkst_clock *clock, lkst_u64 ticks)
{
	unsigned int low = 0, high = clock->nr_pieces - 1, mid;

	while (low < high) {
		mid = (low + high + 1) / 2;
		if (clock->piece[mid].start <= ticks)
			low = mid;
		else
			high = mid - 1;
	}
	clock->now = &clock->piece[low];
}

void lkst_clock_free(struct lkst_clock *clock)
{
	free(clock->sample);
	free(clock->piece);
	memset(clock, 0, sizeof(*clock));
}
