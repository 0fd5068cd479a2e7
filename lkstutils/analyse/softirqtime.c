// SPDX-License-Identifier: GPL-2.0-only
/*
 * softirqtime.c - time in the handlers of soft interrupts.
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
			lkst_pair_begin(&la->pairs, key, event, 0);
			continue;
		}
		begin = lkst_pair_end(&la->pairs, key);
		if (begin)
			la_span(la, event->arg[0] & 0xffff, begin, event);
	}
}

const struct la_measure la_softirqtime = {
	.name = "softirqtime", .what = "time in soft interrupt handlers",
	.key_what = "soft interrupt", .key = LA_KEY_SOFTIRQ,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_SOFTIRQ_ENTRY, LKST_EV_SOFTIRQ_EXIT },
	.start = start, .batch = batch,
};
