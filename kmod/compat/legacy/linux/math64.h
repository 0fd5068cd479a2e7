/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * math64.h - division of 64 bits by 64 bits, which neither the compiler nor 2.6.9 does on i386.
 */
#ifndef LKST_COMPAT_MATH64_H
#define LKST_COMPAT_MATH64_H

#include <linux/types.h>

/**
 * div64_u64 - quotient, rounded down
 * @n: dividend
 * @d: divisor, not 0
 *
 * Bit by bit, as one does on paper: it is for a few figures at load and in reports.
 */
static inline u64 div64_u64(u64 n, u64 d)
{
	u64 quotient = 0, rest = 0;
	int bit;

	for (bit = 63; bit >= 0; bit--) {
		int carry = rest >> 63 & 1;

		rest = rest << 1 | (n >> bit & 1);
		quotient <<= 1;
		if (carry || rest >= d) {
			rest -= d;
			quotient |= 1;
		}
	}
	return quotient;
}

#endif
