// SPDX-License-Identifier: GPL-2.0-only
/*
 * lockwait.c - measure 11: contention tendency of locks: how long tasks wait, by lock.
 */
#include "la.h"

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;
	lkst_u64 key;

	for (; n--; event++) {
		/* One lock under one task; a read lock may be there several times. */
		key = event->arg[0] ^ la_task_key(event) * 0x9e3779b97f4a7c15ULL;
		if (event->id == LKST_EV_LOCK_WAIT_BEGIN) {
			lkst_pair_push(&la->pairs, key, event, event->arg[0]);
			continue;
		}
		begin = lkst_pair_end(&la->pairs, key);
		if (begin)
			la_span(la, la_object(la, begin->aux), begin, event);
	}
}

const struct la_measure la_lockwait = {
	.name = "lockwait", .number = 11, .what = "waiting time for contended locks",
	.key_what = "lock, numbered as they appear", .key = LA_KEY_OBJECT,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_LOCK_WAIT_BEGIN, LKST_EV_LOCK_WAIT_END },
	.batch = batch,
};
