// SPDX-License-Identifier: GPL-2.0-only
/*
 * schedtime.c - measure 16: processing time of the scheduler, by CPU: entered under one task, left under another.
 */
#include "la.h"

static void start(struct la *la)
{
	la->pairs_stay = 1;
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;

	for (; n--; event++) {
		if (event->id == LKST_EV_PROCESS_SCHED_ENTER) {
			/* An entry that switched to nobody has no exit. */
			lkst_pair_take(&la->pairs, event->cpu);
			lkst_pair_push(&la->pairs, event->cpu, event, 0);
			continue;
		}
		begin = lkst_pair_end(&la->pairs, event->cpu);
		if (begin)
			la_span(la, event->cpu, begin, event);
	}
}

const struct la_measure la_schedtime = {
	.name = "schedtime", .number = 16, .what = "processing time of the scheduler",
	.key_what = "CPU", .key = LA_KEY_CPU,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_PROCESS_SCHED_ENTER, LKST_EV_PROCESS_SCHED_EXIT },
	.start = start, .batch = batch,
};
