// SPDX-License-Identifier: GPL-2.0-only
/*
 * bioqueue.c - measure 8: request queue length: requests of a disk that are queued or in its driver, whenever
 * one more comes.
 *
 * Requests that were there before the trace began are not known, so the first lengths may be too small.
 */
#include "la.h"

static void come(struct la *la, const struct lkst_event *event, lkst_u64 rq, lkst_u64 dev)
{
	/* Inserted first and issued later: it is counted already. */
	if (lkst_pair_find(&la->pairs, rq))
		return;
	lkst_pair_push(&la->pairs, rq, event, dev);
	la_sample(la, dev, event->pid, event->cpu, event->ns, la_lengths_add(la, dev));
}

static void go(struct la *la, const struct lkst_event *event)
{
	const union lkst_args_BLOCK_COMPLETE *done = (const union lkst_args_BLOCK_COMPLETE *)event->arg;
	const struct lkst_open *begin = lkst_pair_end(&la->pairs, done->a.rq);

	if (begin)
		la_fall(la, begin->aux, event, la_lengths_sub(la, begin->aux));
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	for (; n--; event++)
		if (event->id == LKST_EV_BLOCK_COMPLETE)
			go(la, event);
		else	/* _INSERT and _ISSUE have rq in the same place */
			come(la, event, event->arg[2], event->arg[0] & 0xffffffff);
}

const struct la_measure la_bioqueue = {
	.name = "bioqueue", .number = 8, .what = "requests of a disk in queue and driver, when one more comes",
	.key_what = "disk", .key = LA_KEY_DEV,
	.value = LA_NUMBER, .value_name = "length", .by = LA_BY_KEY,
	.needs = { LKST_EV_BLOCK_ISSUE, LKST_EV_BLOCK_COMPLETE },
	.also = { LKST_EV_BLOCK_INSERT },
	.batch = batch,
};
