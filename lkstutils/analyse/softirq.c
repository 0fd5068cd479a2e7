// SPDX-License-Identifier: GPL-2.0-only
/*
 * softirq.c - measure 3: execution delay of soft interrupts, from the first request to the handler.
 */
#include "la.h"

static void start(struct la *la)
{
	la->pairs_stay = 1;
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;
	lkst_u64 key;

	for (; n--; event++) {
		key = la_cpu_key(event, event->arg[0] & 0xffff);
		if (event->id == LKST_EV_SOFTIRQ_ENTRY) {
			begin = lkst_pair_end(&la->pairs, key);
			if (begin)
				la_span(la, event->arg[0] & 0xffff, begin, event);
		} else if (!lkst_pair_find(&la->pairs, key)) {
			/* A request while one is pending changes nothing. */
			lkst_pair_push(&la->pairs, key, event, 0);
		}
	}
}

const struct la_measure la_softirq = {
	.name = "softirq", .number = 3, .what = "delay of soft interrupts, from request to run",
	.key_what = "soft interrupt", .key = LA_KEY_SOFTIRQ,
	.value = LA_TIME, .value_name = "delay", .by = LA_BY_KEY, .overlaps = 1,
	.needs = { LKST_EV_SOFTIRQ_RAISE, LKST_EV_SOFTIRQ_ENTRY },
	.start = start, .batch = batch,
};
