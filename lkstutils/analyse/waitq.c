// SPDX-License-Identifier: GPL-2.0-only
/*
 * waitq.c - measure 15: wait delay: how long tasks stay in a wait queue.
 */
#include "la.h"

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;
	lkst_u64 key;

	for (; n--; event++) {
		key = event->arg[0] ^ event->arg[1] * 0x9e3779b97f4a7c15ULL;
		if (event->id == LKST_EV_PROCESS_ADD_WQ) {
			/* Waiters in a loop enter again and again without having left. */
			if (!lkst_pair_find(&la->pairs, key))
				lkst_pair_push(&la->pairs, key, event, event->arg[0]);
			continue;
		}
		begin = lkst_pair_end(&la->pairs, key);
		if (begin)
			la_span(la, la_object(la, begin->aux), begin, event);
	}
}

const struct la_measure la_waitq = {
	.name = "waitq", .number = 15, .what = "time that tasks stay in a wait queue",
	.key_what = "wait queue, numbered as they appear", .key = LA_KEY_OBJECT,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_PROCESS_ADD_WQ, LKST_EV_PROCESS_REM_WQ },
	.batch = batch,
};
