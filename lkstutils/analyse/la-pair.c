// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-pair.c - pairing loops that several measures share. What they have in common: .needs of the measure holds the
 * beginning and the end of one kind, then those of the next, and a task may begin again before it has ended.
 */
#include "la.h"

/* Place of an event in .needs: even for beginnings; the half of it is the kind. */
static unsigned int place(const struct la_measure *measure, unsigned int id)
{
	unsigned int i = 0;

	while (measure->needs[i] != id)
		i++;
	return i;
}

void la_batch_of_tasks(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;
	unsigned int i;
	lkst_u64 key;

	for (; n--; event++) {
		i = place(la->measure, event->id);
		key = la_task_key(event) << 1 | i >> 1;
		if (!(i & 1)) {
			lkst_pair_push(&la->pairs, key, event, 0);
			continue;
		}
		begin = lkst_pair_end(&la->pairs, key);
		if (begin)
			la_span(la, i >> 1, begin, event);
	}
}

void la_batch_of_locks(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;
	lkst_u64 key;

	for (; n--; event++) {
		/* One lock under one task, or on one CPU; a read lock may be there several times. */
		key = la->pairs_stay ? event->cpu : la_task_key(event);
		key = event->arg[0] ^ key * 0x9e3779b97f4a7c15ULL;
		if (event->id == la->measure->needs[0]) {
			lkst_pair_push(&la->pairs, key, event, event->arg[0]);
			continue;
		}
		begin = lkst_pair_end(&la->pairs, key);
		if (begin)
			la_span(la, la_object(la, begin->aux), begin, event);
	}
}
