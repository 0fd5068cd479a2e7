/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log2.h - powers of 2. roundup_pow_of_two() is in linux/kernel.h.
 */
#ifndef LKST_COMPAT_LOG2_H
#define LKST_COMPAT_LOG2_H

#include <linux/kernel.h>

static inline int is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))

#endif
