/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LKST_CRC32C_H
#define LKST_CRC32C_H

#include <stddef.h>
#include <lkst/types.h>

/**
 * lkst_crc32c - CRC-32C (Castagnoli, RFC 3720 appendix B.4) of bytes
 * @crc: 0, or the result for the bytes before these
 * @data: bytes
 * @size: how many
 *
 * Return: the checksum so far; chaining calls gives that of the whole.
 */
lkst_u32 lkst_crc32c(lkst_u32 crc, const void *data, size_t size);

/* The same where the processor has no instruction for it; both are tested against each other. */
lkst_u32 lkst_crc32c_by_table(lkst_u32 crc, const void *data, size_t size);

#endif
