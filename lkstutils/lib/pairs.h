/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pairs.h - what has begun and not ended yet, by a key: a task, a request, a lock... Bounded: when full, the
 * oldest goes.
 *
 * Several beginnings with one key are a stack: the last one is found first. What could not be paired is
 * counted, never guessed.
 */
#ifndef LKST_PAIRS_H
#define LKST_PAIRS_H

#include "trace.h"

#define LKST_PAIRS_MAX	(1U << 20)

struct lkst_open {
	lkst_u64 key;
	lkst_u64 start;		/* ns */
	lkst_u64 aux;		/* the caller's */
	lkst_u32 cpu;
	lkst_u32 pid;
	lkst_u32 chain;		/* next one of the same hash, + 1 */
	lkst_u32 older, newer;	/* + 1 */
};

/* All zero is an empty table. */
struct lkst_pairs {
	struct lkst_open *entry;
	lkst_u32 *bucket;	/* + 1 */
	lkst_u32 size;		/* entries and buckets, a power of 2, or 0 */
	lkst_u32 limit;		/* a power of 2; 0: LKST_PAIRS_MAX */
	lkst_u32 count;
	lkst_u32 free;		/* + 1, chained */
	lkst_u32 oldest, newest;
	struct lkst_open closed;
	lkst_u64 no_begin;	/* ends without a beginning */
	lkst_u64 no_end;	/* beginnings that another one replaced */
	lkst_u64 evicted;
	lkst_u64 cut;		/* dropped because events were lost while they were open */
};

/* For the functions of this file. */
static inline lkst_u32 lkst_pairs_hash(const struct lkst_pairs *pairs, lkst_u64 key)
{
	return (lkst_u32)lkst_hash64(key) & (pairs->size - 1);
}

/* The last beginning with @key, or NULL. */
static inline struct lkst_open *lkst_pair_find(struct lkst_pairs *pairs, lkst_u64 key)
{
	lkst_u32 i;

	if (!pairs->count)
		return NULL;
	for (i = pairs->bucket[lkst_pairs_hash(pairs, key)]; i; i = pairs->entry[i - 1].chain)
		if (pairs->entry[i - 1].key == key)
			return &pairs->entry[i - 1];
	return NULL;
}

/**
 * lkst_pair_push - a beginning, on top of others with this key
 * @pairs: table
 * @key: any
 * @event: its time, CPU and task are kept
 * @aux: kept
 */
struct lkst_open *lkst_pair_push(struct lkst_pairs *pairs, lkst_u64 key, const struct lkst_event *event, lkst_u64 aux);

/**
 * lkst_pair_begin - a beginning that ends any other with this key, which is counted in no_end
 * @pairs: table
 * @key: any
 * @event: its time, CPU and task are kept
 * @aux: kept
 */
static inline struct lkst_open *lkst_pair_begin(struct lkst_pairs *pairs, lkst_u64 key, const struct lkst_event *event,
						lkst_u64 aux)
{
	struct lkst_open *open = lkst_pair_find(pairs, key);

	if (!open)
		return lkst_pair_push(pairs, key, event, aux);
	pairs->no_end++;
	open->start = event->ns;
	open->cpu = event->cpu;
	open->pid = event->pid;
	open->aux = aux;
	return open;
}

/**
 * lkst_pair_take - take a beginning out
 * @pairs: table
 * @key: any
 *
 * Return: it, valid until the next call; NULL when there is none.
 */
const struct lkst_open *lkst_pair_take(struct lkst_pairs *pairs, lkst_u64 key);

/* The same; counted in no_begin when there is none. */
static inline const struct lkst_open *lkst_pair_end(struct lkst_pairs *pairs, lkst_u64 key)
{
	const struct lkst_open *open = lkst_pair_take(pairs, key);

	pairs->no_begin += !open;
	return open;
}

/**
 * lkst_pairs_cut - events are missing here: drop what is open
 * @pairs: table
 * @cpu: only what was begun on this CPU, for keys that never leave it; -1 for all
 */
void lkst_pairs_cut(struct lkst_pairs *pairs, int cpu);

/* Gives back the table. */
void lkst_pairs_free(struct lkst_pairs *pairs);

#endif
