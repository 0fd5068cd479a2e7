// SPDX-License-Identifier: GPL-2.0-only
/*
 * waitqlen.c - measure 14: wait queue tendency: tasks in a wait queue, whenever one more enters.
 */
#include "la.h"

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;
	lkst_u64 key;

	for (; n--; event++) {
		key = event->arg[0] ^ event->arg[1] * 0x9e3779b97f4a7c15ULL;
		if (event->id == LKST_EV_PROCESS_ADD_WQ) {
			if (lkst_pair_find(&la->pairs, key))
				continue;
			lkst_pair_push(&la->pairs, key, event, event->arg[0]);
			la_sample(la, la_object(la, event->arg[0]), event->pid, event->cpu, event->ns,
				  la_lengths_add(la, event->arg[0]));
			continue;
		}
		begin = lkst_pair_end(&la->pairs, key);
		if (begin)
			la_fall(la, la_object(la, begin->aux), event, la_lengths_sub(la, begin->aux));
	}
}

const struct la_measure la_waitqlen = {
	.name = "waitqlen", .number = 14, .what = "tasks in a wait queue, when one more enters",
	.key_what = "wait queue, numbered as they appear", .key = LA_KEY_OBJECT,
	.value = LA_NUMBER, .value_name = "tasks", .by = LA_BY_KEY,
	.needs = { LKST_EV_PROCESS_ADD_WQ, LKST_EV_PROCESS_REM_WQ },
	.batch = batch,
};
