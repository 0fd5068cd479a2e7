// SPDX-License-Identifier: GPL-2.0-only
/*
 * timerlate.c - how late high resolution timers run, by function.
 */
#include "la.h"

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const union lkst_args_HRTIMER_ENTRY *entry;

	for (; n--; event++) {
		entry = (const union lkst_args_HRTIMER_ENTRY *)event->arg;
		if (entry->a.late >= 0)
			la_sample(la, entry->a.func, event->pid, event->cpu, event->ns, (lkst_u64)entry->a.late);
	}
}

const struct la_measure la_timerlate = {
	.name = "timerlate", .what = "how late high resolution timers run",
	.key_what = "function", .key = LA_KEY_FUNCTION,
	.value = LA_TIME, .value_name = "late", .by = LA_BY_KEY, .overlaps = 1,
	.needs = { LKST_EV_HRTIMER_ENTRY },
	.batch = batch,
};
