// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe.c - where the probes of the places are: as many as can be become jumps of five bytes, which cost a fifth of a
 * breakpoint. A body runs at another instruction than its own only where that makes no difference to it.
 */
#include <stdlib.h>

#include "cli.h"
#include "source.h"
#include "way.h"

enum {
	MAX_BACK = 16,		/* bytes before the access that a probe may be */
	SHORTEST = 5		/* bytes of a jump */
};

static uint16_t registers(const struct klasy_planned *p)
{
	uint16_t regs = p->regs;

	if (p->match->base != KLASY_NO_REG)
		regs |= 1 << p->match->base;
	if (p->match->index != KLASY_NO_REG)
		regs |= 1 << p->match->index;
	return regs;
}

static int by_pc(const void *a, const void *b)
{
	const struct klasy_planned *x = *(struct klasy_planned *const *)a, *y = *(struct klasy_planned *const *)b;

	return (x->match->pc > y->match->pc) - (x->match->pc < y->match->pc);
}

/* The probe before and the bytes that its jump takes. */
struct taken {
	uint64_t pc;
	unsigned int size;
};

/* Looks for an instruction from the access backwards where the probe can be a jump that ends before the one behind. */
static void choose(struct klasy_way *w, struct klasy_planned *p, struct taken *last)
{
	uint16_t regs = registers(p);
	enum klasy_obstacle obstacle;
	uint64_t at = p->match->pc;
	unsigned int size = SHORTEST;

	p->obstacle = KLASY_FREE;
	for (; at && p->match->pc - at <= MAX_BACK; at = klasy_way_before(w, at, regs)) {
		obstacle = klasy_way_jump(w, at, &size);
		if (obstacle == KLASY_FREE && ((at > last->pc && at < last->pc + last->size) ||
					       (p->behind && at + size > p->behind)))
			obstacle = KLASY_NEIGHBOUR;
		if (obstacle == KLASY_FREE && at >= last->pc) {
			p->obstacle = KLASY_FREE;
			p->back = (uint8_t)(p->match->pc - at);
			*last = (struct taken){ at, size };
			return;
		}
		if (!p->obstacle)
			p->obstacle = obstacle;
		if (at <= last->pc)
			break;
	}
	*last = (struct taken){ p->match->pc, size };
}

/* Bodies before and behind the access. Of a short one both are jumps, or the kernel steps through it. */
static void choose_both(struct klasy_way *w, struct klasy_planned *p, struct taken *last)
{
	struct taken before = *last;

	choose(w, p, last);
	if (p->obstacle && p->match->length < SHORTEST) {
		*last = before;
		p->behind = 0;
	}
}

/* Of the probe behind the access, when the one before it has none. */
static void find_obstacle_behind(struct klasy_way *w, struct klasy_planned *p, const struct taken *last)
{
	unsigned int size;

	if (p->obstacle)
		return;
	if (p->behind > last->pc && p->behind < last->pc + last->size)
		p->obstacle = KLASY_NEIGHBOUR;
	else
		p->obstacle = klasy_way_jump(w, p->behind, &size);
}

void klasy_probes(struct klasy_source *s)
{
	struct klasy_planned **site = lkst_xmalloc((s->site.n + 1) * sizeof(*site));
	struct klasy_way *w = klasy_way_new(s->object);
	struct taken last = { 0, 0 };
	size_t i;

	for (i = 0; i < s->site.n; i++)
		site[i] = &s->site.at[i];
	qsort(site, s->site.n, sizeof(*site), by_pc);
	for (i = 0; i < s->site.n; i++) {
		const struct klasy_advice *a = &s->aspect.advice[site[i]->advice];
		struct klasy_planned *p = site[i];

		if (a->after.text)
			p->behind = klasy_way_behind(w, p->match->pc, registers(p), p->memory);
		if (a->before.text && p->behind)
			choose_both(w, p, &last);
		else if (!a->after.text && p->match->class != KLASY_ENTRY)
			choose(w, p, &last);
		if (a->after.text) {
			if (!p->behind)
				p->obstacle = KLASY_STEPPED;
			find_obstacle_behind(w, p, &last);
			last = (struct taken){ p->behind ? p->behind : p->match->pc, SHORTEST };
		}
	}
	klasy_way_free(w);
	free(site);
}
