// SPDX-License-Identifier: GPL-2.0-only
/*
 * lockhold.c - measure 12: how long locks are held, by lock.
 */
#include "la.h"

const struct la_measure la_lockhold = {
	.name = "lockhold", .number = 12, .what = "how long locks are held",
	.key_what = "lock, numbered as they appear", .key = LA_KEY_OBJECT,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_LOCK_ACQUIRE, LKST_EV_LOCK_RELEASE },
	.batch = la_batch_of_locks,
};
