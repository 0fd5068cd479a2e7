/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24_lang.h - part of v24.h: parameters, numbers, text.
 */
#ifndef LKST_COMPAT_V24_LANG_H
#define LKST_COMPAT_V24_LANG_H

#include "legacy_lang.h"

/* The other types are in linux/moduleparam.h. */
#define _MODULE_PARM_STRING_charp	"s"
#define MODULE_VERSION(version)

/* The kernel's own does not take a constant map. */
#undef test_bit
#define test_bit(nr, map)		variable_test_bit(nr, (void *)(map))

#define BUILD_BUG_ON(condition)		((void)sizeof(char[1 - 2 * !!(condition)]))

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	unsigned long power = 1;

	while (power < n && power << 1)
		power <<= 1;
	return power;
}

/* As much as there is room for, and how much that is. */
#define scnprintf(buf, size, fmt, arg...) ({				\
	int __room = (int)(size) - 1;					\
	int __len = snprintf(buf, size, fmt, ##arg);			\
									\
	__len < __room ? __len : __room; })

#endif
