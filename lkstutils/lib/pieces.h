/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pieces.h - many small pieces of memory, of few sizes: those of statistics.
 *
 * Each thread has its own, so none waits for another one; and what is given back stays here for the next piece of that
 * size. free() would give pages back to the kernel, which stops every CPU that the process runs on.
 */
#ifndef LKST_PIECES_H
#define LKST_PIECES_H

#define LKST_PIECE_MAX	2048	/* bytes */

/**
 * lkst_piece - a piece of memory
 * @size: bytes, up to LKST_PIECE_MAX
 *
 * Return: it, all zero; never NULL.
 */
void *lkst_piece(unsigned long size);

/**
 * lkst_piece_free - give a piece back
 * @piece: from lkst_piece(), of any thread; or NULL
 * @size: as it was asked for
 */
void lkst_piece_free(void *piece, unsigned long size);

#endif
