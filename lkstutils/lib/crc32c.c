// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * crc32c.c - the checksum of packets, eight bytes a step: by the processor's instruction where it has one, else by
 * tables made at the first call.
 */
#include <string.h>

#ifdef __x86_64__
#include <cpuid.h>
#endif

#include "crc32c.h"

#define POLY	0x82f63b78U	/* 0x1edc6f41 with its bits reversed */

static lkst_u32 table[8][256];

static void make_table(void)
{
	unsigned int i, k;

	for (i = 0; i < 256; i++) {
		lkst_u32 crc = i;

		for (k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ POLY : crc >> 1;
		table[0][i] = crc;
	}
	for (k = 1; k < 8; k++)
		for (i = 0; i < 256; i++)
			table[k][i] = table[k - 1][i] >> 8 ^ table[0][table[k - 1][i] & 0xff];
}

#ifdef __x86_64__
/* SSE 4.2 has this very polynomial. */
static __attribute__((target("sse4.2"))) lkst_u32 by_instruction(lkst_u32 crc, const unsigned char *p, size_t size)
{
	unsigned long long wide = (lkst_u32)~crc, word;

	for (; size >= 8; size -= 8, p += 8) {
		memcpy(&word, p, 8);
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (lkst_u32)wide;
	while (size--)
		crc = __builtin_ia32_crc32qi(crc, *p++);
	return ~crc;
}

static int have_instruction(void)
{
	unsigned int eax, ebx, ecx, edx;

	return __get_cpuid(1, &eax, &ebx, &ecx, &edx) && ecx & bit_SSE4_2;
}
#endif

lkst_u32 lkst_crc32c_by_table(lkst_u32 crc, const void *data, size_t size)
{
	const unsigned char *p = data;

	if (!table[0][1])
		make_table();
	crc = ~crc;
	for (; size >= 8; size -= 8, p += 8) {
		lkst_u32 lo, hi;

		memcpy(&lo, p, 4);
		memcpy(&hi, p + 4, 4);
		lo ^= crc;
		crc = table[7][lo & 0xff] ^ table[6][lo >> 8 & 0xff] ^ table[5][lo >> 16 & 0xff] ^ table[4][lo >> 24] ^
		      table[3][hi & 0xff] ^ table[2][hi >> 8 & 0xff] ^ table[1][hi >> 16 & 0xff] ^ table[0][hi >> 24];
	}
	while (size--)
		crc = crc >> 8 ^ table[0][(crc ^ *p++) & 0xff];
	return ~crc;
}

lkst_u32 lkst_crc32c(lkst_u32 crc, const void *data, size_t size)
{
#ifdef __x86_64__
	static int way;		/* 0: not known yet */

	if (!way)
		way = have_instruction() ? 2 : 1;
	if (way == 2)
		return by_instruction(crc, data, size);
#endif
	return lkst_crc32c_by_table(crc, data, size);
}
