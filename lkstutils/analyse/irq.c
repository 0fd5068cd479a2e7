// SPDX-License-Identifier: GPL-2.0-only
/*
 * irq.c - time in the handlers of device interrupts. Handlers that share an interrupt run one after the other,
 * each on its own.
 */
#include "la.h"

static void start(struct la *la)
{
	la->pairs_stay = 1;
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;
	lkst_u64 irq;

	for (; n--; event++) {
		irq = event->id == LKST_EV_INTERRUPT_ENTRY ? event->arg[0] & 0xffff : event->arg[0] & 0xffffffff;
		if (event->id == LKST_EV_INTERRUPT_ENTRY) {
			lkst_pair_begin(&la->pairs, la_cpu_key(event, irq), event, 0);
			continue;
		}
		begin = lkst_pair_end(&la->pairs, la_cpu_key(event, irq));
		if (begin)
			la_span(la, irq, begin, event);
	}
}

const struct la_measure la_irq = {
	.name = "irq", .what = "time in interrupt handlers",
	.key_what = "interrupt", .key = LA_KEY_IRQ,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_INTERRUPT_ENTRY, LKST_EV_INTERRUPT_EXIT },
	.start = start, .batch = batch,
};
