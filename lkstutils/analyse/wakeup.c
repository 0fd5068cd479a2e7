// SPDX-License-Identifier: GPL-2.0-only
/*
 * wakeup.c - wait delay of the scheduler: from the wake-up of a task to the moment it runs.
 *
 * A stock kernel leaves a wake-up to the CPU that the task is to run on, which may have to come out of its sleep for
 * it: PROCESS_WAKEUP is from there, PROCESS_WAKING from where it was asked for. That way is part of the delay.
 */
#include "la.h"

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;
	lkst_u64 pid;

	for (; n--; event++) {
		/* The task concerned stands first in all four. */
		pid = event->arg[0] & 0xffffffff;
		if (event->id != LKST_EV_PROCESS_CONTEXTSWITCH) {
			if (!lkst_pair_find(&la->pairs, pid))
				lkst_pair_push(&la->pairs, pid, event, 0);
			continue;
		}
		/* Woken before it had left its CPU: it never waited. */
		if (event->pid)
			lkst_pair_take(&la->pairs, event->pid);
		begin = pid ? lkst_pair_take(&la->pairs, pid) : NULL;
		if (begin)
			la_sample(la, pid, (lkst_u32)pid, event->cpu, begin->start, event->ns - begin->start);
	}
}

const struct la_measure la_wakeup = {
	.name = "wakeup", .what = "delay from the wake-up of a task to its run",
	.key_what = "task", .key = LA_KEY_PID,
	.value = LA_TIME, .value_name = "delay", .by = LA_BY_KEY,
	.needs = { LKST_EV_PROCESS_WAKEUP, LKST_EV_PROCESS_CONTEXTSWITCH },
	.also = { LKST_EV_PROCESS_WAKING, LKST_EV_PROCESS_WAKEUP_NEW },
	.batch = batch,
};
