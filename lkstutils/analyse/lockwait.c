// SPDX-License-Identifier: GPL-2.0-only
/*
 * lockwait.c - measure 11: contention tendency of locks: how long tasks wait, by lock.
 */
#include "la.h"

const struct la_measure la_lockwait = {
	.name = "lockwait", .number = 11, .what = "waiting time for contended locks",
	.key_what = "lock, numbered as they appear", .key = LA_KEY_OBJECT,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_LOCK_WAIT_BEGIN, LKST_EV_LOCK_WAIT_END },
	.batch = la_batch_of_locks,
};
