// SPDX-License-Identifier: GPL-2.0-only
/*
 * biotime.c - measure 7: processing time of block I/O, from the issue of a request to the driver to its completion.
 */
#include "la.h"

/*
 * Drivers may complete a request in parts; the last part ends it, and is all that 2.4 and 2.6 tell of. A request issued
 * again starts again.
 */
static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	int parts = lkst_requests_end_in_parts(&la->trace->names);
	const union lkst_args_BLOCK_COMPLETE *done;
	const union lkst_args_BLOCK_ISSUE *issue;
	struct lkst_open *open;

	for (; n--; event++) {
		if (event->id == LKST_EV_BLOCK_ISSUE) {
			issue = (const union lkst_args_BLOCK_ISSUE *)event->arg;
			lkst_pair_begin(&la->pairs, issue->a.rq, event, issue->a.bytes);
			continue;
		}
		done = (const union lkst_args_BLOCK_COMPLETE *)event->arg;
		open = lkst_pair_find(&la->pairs, done->a.rq);
		if (!open) {
			la->pairs.no_begin++;
		} else if (parts && open->aux > done->a.bytes && done->a.bytes) {
			open->aux -= done->a.bytes;
		} else {
			la_span(la, done->a.dev, open, event);
			lkst_pair_take(&la->pairs, done->a.rq);
		}
	}
}

const struct la_measure la_biotime = {
	.name = "biotime", .number = 7, .what = "processing time of block I/O, from issue to completion",
	.key_what = "disk", .key = LA_KEY_DEV,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_BLOCK_ISSUE, LKST_EV_BLOCK_COMPLETE },
	.batch = batch,
};
