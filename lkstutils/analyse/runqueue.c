// SPDX-License-Identifier: GPL-2.0-only
/*
 * runqueue.c - measure 13: run queue tendency: runnable tasks of a CPU after each change.
 */
#include "la.h"

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const union lkst_args_SCHED_RUNQUEUE *rq;

	for (; n--; event++) {
		rq = (const union lkst_args_SCHED_RUNQUEUE *)event->arg;
		la_sample(la, rq->a.cpu, event->pid, event->cpu, event->ns, rq->a.nr_running);
	}
}

const struct la_measure la_runqueue = {
	.name = "runqueue", .number = 13, .what = "runnable tasks of a CPU, at each change",
	.key_what = "CPU of the run queue", .key = LA_KEY_CPU,
	.value = LA_NUMBER, .value_name = "tasks", .by = LA_BY_KEY,
	.needs = { LKST_EV_SCHED_RUNQUEUE },
	.batch = batch,
};
