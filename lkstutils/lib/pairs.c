// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * pairs.c - a chained hash table whose entries are also a list by age.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "pairs.h"

static void hash_in(struct lkst_pairs *pairs, lkst_u32 i)
{
	lkst_u32 *bucket = &pairs->bucket[lkst_pairs_hash(pairs, pairs->entry[i - 1].key)];

	pairs->entry[i - 1].chain = *bucket;
	*bucket = i;
}

static void grow(struct lkst_pairs *pairs)
{
	lkst_u32 old = pairs->size, i;

	pairs->size = old ? 2 * old : 1024;
	if (pairs->limit && pairs->size > pairs->limit)
		pairs->size = pairs->limit;
	pairs->entry = lkst_xrealloc(pairs->entry, pairs->size * sizeof(*pairs->entry));
	pairs->bucket = lkst_xrealloc(pairs->bucket, pairs->size * sizeof(*pairs->bucket));
	memset(pairs->bucket, 0, pairs->size * sizeof(*pairs->bucket));		/* see map.c */
	for (i = pairs->size; i > old; i--) {
		pairs->entry[i - 1].chain = pairs->free;
		pairs->free = i;
	}
	/* From the oldest on, so that the newest comes first in its chain. */
	for (i = pairs->oldest; i; i = pairs->entry[i - 1].newer)
		hash_in(pairs, i);
}

static void take_out(struct lkst_pairs *pairs, lkst_u32 i)
{
	struct lkst_open *e = &pairs->entry[i - 1];
	lkst_u32 *link = &pairs->bucket[lkst_pairs_hash(pairs, e->key)];

	while (*link != i)
		link = &pairs->entry[*link - 1].chain;
	*link = e->chain;
	if (e->older)
		pairs->entry[e->older - 1].newer = e->newer;
	else
		pairs->oldest = e->newer;
	if (e->newer)
		pairs->entry[e->newer - 1].older = e->older;
	else
		pairs->newest = e->older;
	e->chain = pairs->free;
	pairs->free = i;
	pairs->count--;
}

struct lkst_open *lkst_pair_push(struct lkst_pairs *pairs, lkst_u64 key, const struct lkst_event *event, lkst_u64 aux)
{
	lkst_u32 limit = pairs->limit ? pairs->limit : LKST_PAIRS_MAX, i;
	struct lkst_open *e;

	if (!pairs->free && pairs->size < limit)
		grow(pairs);
	if (!pairs->free) {
		pairs->evicted++;
		take_out(pairs, pairs->oldest);
	}
	i = pairs->free;
	e = &pairs->entry[i - 1];
	pairs->free = e->chain;
	e->key = key;
	e->start = event->ns;
	e->aux = aux;
	e->cpu = event->cpu;
	e->pid = event->pid;
	e->older = pairs->newest;
	e->newer = 0;
	if (pairs->newest)
		pairs->entry[pairs->newest - 1].newer = i;
	else
		pairs->oldest = i;
	pairs->newest = i;
	pairs->count++;
	hash_in(pairs, i);
	return e;
}

const struct lkst_open *lkst_pair_take(struct lkst_pairs *pairs, lkst_u64 key)
{
	struct lkst_open *e = lkst_pair_find(pairs, key);

	if (!e)
		return NULL;
	pairs->closed = *e;
	take_out(pairs, (lkst_u32)(e - pairs->entry) + 1);
	return &pairs->closed;
}

void lkst_pairs_cut(struct lkst_pairs *pairs, int cpu)
{
	lkst_u32 i, newer;

	for (i = pairs->oldest; i; i = newer) {
		newer = pairs->entry[i - 1].newer;
		if (cpu >= 0 && pairs->entry[i - 1].cpu != (lkst_u32)cpu)
			continue;
		take_out(pairs, i);
		pairs->cut++;
	}
}

void lkst_pairs_free(struct lkst_pairs *pairs)
{
	free(pairs->entry);
	free(pairs->bucket);
	memset(pairs, 0, sizeof(*pairs));
}
