/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bitmap.h - bitmaps of 2.6 made of what 2.4 has.
 */
#ifndef LKST_COMPAT_BITMAP_H
#define LKST_COMPAT_BITMAP_H

#include <linux/string.h>
#include <linux/types.h>
#include <asm/bitops.h>

static inline void bitmap_zero(unsigned long *map, unsigned int bits)
{
	memset(map, 0, (bits + 8 * sizeof(*map) - 1) / (8 * sizeof(*map)) * sizeof(*map));
}

#endif
