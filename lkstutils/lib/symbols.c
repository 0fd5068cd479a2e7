// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * symbols.c - a sorted table and a binary search.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "symbols.h"

#define FARTHEST	(1U << 20)

void lkst_symbols_add(struct lkst_symbols *symbols, lkst_u64 address, lkst_u64 size, const char *name)
{
	struct lkst_symbol *s;

	if (symbols->count == symbols->room) {
		symbols->room = symbols->room ? 2 * symbols->room : 256;
		symbols->table = lkst_xrealloc(symbols->table, symbols->room * sizeof(*symbols->table));
	}
	s = &symbols->table[symbols->count++];
	s->address = address;
	s->size = size;
	s->name = name;
	symbols->unsorted = 1;
}

/* Of several names for one address the alphabetically first is shown, whatever the order of files. */
static int by_address(const void *a, const void *b)
{
	const struct lkst_symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return strcmp(y->name, x->name);
}

const struct lkst_symbol *lkst_symbols_find(struct lkst_symbols *symbols, lkst_u64 address)
{
	size_t low = 0, high = symbols->count, mid;
	const struct lkst_symbol *s;

	if (symbols->unsorted) {
		qsort(symbols->table, symbols->count, sizeof(*symbols->table), by_address);
		symbols->unsorted = 0;
	}
	while (low < high) {
		mid = low + (high - low) / 2;
		if (symbols->table[mid].address <= address)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return NULL;
	s = &symbols->table[low - 1];
	return address - s->address < (s->size ? s->size : FARTHEST) ? s : NULL;
}

void lkst_symbols_free(struct lkst_symbols *symbols)
{
	free(symbols->table);
	memset(symbols, 0, sizeof(*symbols));
}
