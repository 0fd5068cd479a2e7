// SPDX-License-Identifier: GPL-2.0-only
/*
 * lockhold.c - measure 12: how long locks are held, by lock. The lock of a run queue is taken by one task and let go by
 * the one that is switched to: spin locks are paired by CPU.
 */
#include "la.h"

static void start(struct la *la)
{
	la->pairs_stay = lkst_held_locks_spin(&la->trace->names);
}

const struct la_measure la_lockhold = {
	.name = "lockhold", .number = 12, .what = "how long locks are held",
	.key_what = "lock, numbered as they appear", .key = LA_KEY_OBJECT,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_LOCK_ACQUIRE, LKST_EV_LOCK_RELEASE },
	.start = start, .batch = la_batch_of_locks,
};
