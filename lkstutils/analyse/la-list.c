// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-list.c - samples one a line (-l), in the order in which they began, or the greatest ones first (--top).
 *
 * Samples come in the order of their ends. A heap holds back the last 65536 and lets the earliest go, so a line
 * stands out of order only when its sample lasted longer than 65536 others took to end.
 */
#include <stdlib.h>

#include "cli.h"
#include "la.h"

#define HELD_BACK	65536

struct la_ranked {
	lkst_u64 rank;
	lkst_u64 serial;
	struct la *la;
	struct la_sample sample;
};

static int below(const struct la_ranked *a, const struct la_ranked *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a->serial < b->serial;
}

static void swap(struct la_ranked *a, struct la_ranked *b)
{
	struct la_ranked t = *a;

	*a = *b;
	*b = t;
}

static void sink(struct la_heap *heap, lkst_u32 i)
{
	lkst_u32 child;

	while ((child = 2 * i + 1) < heap->count) {
		if (child + 1 < heap->count && below(&heap->item[child + 1], &heap->item[child]))
			child++;
		if (!below(&heap->item[child], &heap->item[i]))
			break;
		swap(&heap->item[child], &heap->item[i]);
		i = child;
	}
}

static struct la_ranked pop(struct la_heap *heap)
{
	struct la_ranked first = heap->item[0];

	heap->item[0] = heap->item[--heap->count];
	sink(heap, 0);
	return first;
}

static void push(struct la_heap *heap, lkst_u64 rank, lkst_u64 serial, struct la *la, const struct la_sample *sample)
{
	lkst_u32 i = heap->count++;

	heap->item[i].rank = rank;
	heap->item[i].serial = serial;
	heap->item[i].la = la;
	heap->item[i].sample = *sample;
	for (; i && below(&heap->item[i], &heap->item[(i - 1) / 2]); i = (i - 1) / 2)
		swap(&heap->item[i], &heap->item[(i - 1) / 2]);
}

void la_list_add(struct la *la, const struct la_sample *sample)
{
	struct la_heap *heap = la->overlay ? &la->overlay->heap : &la->heap;
	struct la_ranked first;

	if (!heap->item) {
		heap->size = la->opt.top ? la->opt.top : HELD_BACK;
		heap->item = lkst_xmalloc((heap->size + 1UL) * sizeof(*heap->item));
	}
	/* Of equal ones the top list keeps those that came first: they rank higher. */
	if (la->opt.top)
		push(heap, sample->value, ~heap->serial++, la, sample);
	else
		push(heap, sample->start, heap->serial++, la, sample);
	if (heap->count <= heap->size)
		return;
	first = pop(heap);
	if (!la->opt.top)
		la_print_sample(first.la, &first.sample);
}

struct la_sample *la_list_take(struct la *la, lkst_u32 *count)
{
	struct la_heap *heap = &la->heap;
	struct la_sample *order = lkst_xmalloc((heap->count + 1UL) * sizeof(*order));
	lkst_u32 i;

	*count = heap->count;
	for (i = 0; i < *count; i++)
		order[la->opt.top ? *count - 1 - i : i] = pop(heap).sample;
	free(heap->item);
	heap->item = NULL;
	return order;
}

void la_list_end(struct la *la)
{
	struct la_heap *heap = &la->heap;
	struct la_sample *order;
	struct la_ranked first;
	lkst_u32 n, i;

	/* In an overlay each has its own measure; --top is not for overlays. */
	if (!la->opt.top) {
		while (heap->count) {
			first = pop(heap);
			la_print_sample(first.la, &first.sample);
		}
		free(heap->item);
		heap->item = NULL;
		return;
	}
	order = la_list_take(la, &n);
	for (i = 0; i < n; i++)
		la_print_sample(la, &order[i]);
	free(order);
}
