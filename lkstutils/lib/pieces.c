// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * pieces.c - a list of free pieces for each size; new ones are cut off a block.
 */
#include <string.h>

#include "cli.h"
#include "pieces.h"

#define UNIT	8
#define BLOCK	(64U << 10)	/* is written to at once, see map.c */

struct piece {
	struct piece *next;
};

static __thread struct {
	struct piece *free[LKST_PIECE_MAX / UNIT + 1];
	char *fresh;
	unsigned long left;
} pool;

void *lkst_piece(unsigned long size)
{
	unsigned long units = (size + UNIT - 1) / UNIT;
	struct piece *piece = pool.free[units];

	if (piece) {
		pool.free[units] = piece->next;
		return memset(piece, 0, size);
	}
	/* What is left of a block is the lesser part of a piece. */
	if (pool.left < units * UNIT) {
		pool.fresh = memset(lkst_xrealloc(NULL, BLOCK), 0, BLOCK);
		pool.left = BLOCK;
	}
	piece = (struct piece *)(void *)pool.fresh;
	pool.fresh += units * UNIT;
	pool.left -= units * UNIT;
	return piece;
}

void lkst_piece_free(void *piece, unsigned long size)
{
	struct piece *free = piece, **list = &pool.free[(size + UNIT - 1) / UNIT];

	if (!piece)
		return;
	free->next = *list;
	*list = free;
}
