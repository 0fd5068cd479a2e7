/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * symbols.h - addresses of the traced kernel to names. Filled from the trace only, never from this machine.
 */
#ifndef LKST_SYMBOLS_H
#define LKST_SYMBOLS_H

#include <stddef.h>
#include <lkst/types.h>

struct lkst_symbol {
	lkst_u64 address;
	lkst_u64 size;		/* 0: up to the next one, at most 1 MiB */
	const char *name;
};

/* All zero is an empty table. */
struct lkst_symbols {
	struct lkst_symbol *table;
	size_t count;
	size_t room;
	int unsorted;
};

/**
 * lkst_symbols_add - put one in
 * @symbols: table
 * @address: where it starts
 * @size: bytes or 0
 * @name: must stay
 */
void lkst_symbols_add(struct lkst_symbols *symbols, lkst_u64 address, lkst_u64 size, const char *name);

/**
 * lkst_symbols_find - the symbol that an address lies in
 * @symbols: table; sorted here when it is not yet
 * @address: any
 *
 * Return: the symbol, NULL when there is none.
 */
const struct lkst_symbol *lkst_symbols_find(struct lkst_symbols *symbols, lkst_u64 address);

/* Gives back the table, not the names. */
void lkst_symbols_free(struct lkst_symbols *symbols);

#endif
