/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wide.h - products wider than 64 bits, on machines with and without a 128-bit type (i386 has none).
 */
#ifndef LKST_WIDE_H
#define LKST_WIDE_H

#include <lkst/types.h>

/* The high 64 bits of a * b; the low ones into @low. */
static inline lkst_u64 lkst_mul64(lkst_u64 a, lkst_u64 b, lkst_u64 *low)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)a * b;

	*low = (lkst_u64)product;
	return (lkst_u64)(product >> 64);
#else
	lkst_u64 al = (lkst_u32)a, ah = a >> 32, bl = (lkst_u32)b, bh = b >> 32;
	lkst_u64 ll = al * bl, lh = al * bh, hl = ah * bl;
	lkst_u64 mid = (ll >> 32) + (lkst_u32)lh + (lkst_u32)hl;

	*low = mid << 32 | (lkst_u32)ll;
	return ah * bh + (lh >> 32) + (hl >> 32) + (mid >> 32);
#endif
}

#endif
