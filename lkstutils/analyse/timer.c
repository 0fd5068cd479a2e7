// SPDX-License-Identifier: GPL-2.0-only
/*
 * timer.c - measure 4: responsiveness of soft interrupts: from the timer interrupt that requests the timers'
 * soft interrupt to the moment it runs.
 */
#include "la.h"

static void start(struct la *la)
{
	la->pairs_stay = 1;
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	unsigned int vec = lkst_softirq_of_timers(&la->trace->names);
	const struct lkst_open *begin;
	struct lkst_open *open;

	for (; n--; event++) {
		open = lkst_pair_find(&la->pairs, event->cpu);
		switch (event->id) {
		case LKST_EV_INTERRUPT_TIMER_ENTRY:
			/* One that asked for nothing gives way; one whose request is pending stays. */
			if (open && open->aux)
				break;
			lkst_pair_take(&la->pairs, event->cpu);
			lkst_pair_push(&la->pairs, event->cpu, event, 0);
			break;
		case LKST_EV_SOFTIRQ_RAISE:
			if (open && event->arg[0] == vec)
				open->aux = 1;
			break;
		case LKST_EV_INTERRUPT_TIMER_EXIT:
			if (open && !open->aux)
				lkst_pair_take(&la->pairs, event->cpu);
			break;
		case LKST_EV_SOFTIRQ_ENTRY:
			if (event->arg[0] != vec || !open || !open->aux)
				break;
			begin = lkst_pair_take(&la->pairs, event->cpu);
			la_span(la, event->cpu, begin, event);
			break;
		}
	}
}

const struct la_measure la_timer = {
	.name = "timer", .number = 4, .what = "responsiveness: from the timer interrupt to the run of soft timers",
	.key_what = "CPU", .key = LA_KEY_CPU,
	.value = LA_TIME, .value_name = "delay", .by = LA_BY_KEY, .overlaps = 1,
	.needs = { LKST_EV_INTERRUPT_TIMER_ENTRY, LKST_EV_SOFTIRQ_RAISE, LKST_EV_SOFTIRQ_ENTRY },
	.also = { LKST_EV_INTERRUPT_TIMER_EXIT },
	.start = start, .batch = batch,
};
