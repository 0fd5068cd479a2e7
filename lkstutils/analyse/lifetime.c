// SPDX-License-Identifier: GPL-2.0-only
/*
 * lifetime.c - measure 17: the life of processes and threads, from fork to exit.
 */
#include "la.h"

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const union lkst_args_PROCESS_FORK *fork;
	const struct lkst_open *begin;

	for (; n--; event++)
		if (event->id == LKST_EV_PROCESS_FORK) {
			fork = (const union lkst_args_PROCESS_FORK *)event->arg;
			lkst_pair_begin(&la->pairs, fork->a.child_pid, event, 0);
		} else if (event->id == LKST_EV_PROCESS_EXIT) {
			begin = lkst_pair_end(&la->pairs, event->pid);
			if (begin)
				la_sample(la, event->pid, event->pid, begin->cpu, begin->start,
					  event->ns - begin->start);
		}
}

const struct la_measure la_lifetime = {
	.name = "lifetime", .number = 17, .what = "life of tasks, from fork to exit",
	.key_what = "task", .key = LA_KEY_PID,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_PROCESS_FORK, LKST_EV_PROCESS_EXIT },
	.batch = batch,
};
