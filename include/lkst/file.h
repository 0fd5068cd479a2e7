/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * file.h - the trace file: one header, then packets (record.h) one after the other, in any order of CPUs.
 *
 * A reader takes a packet only when its magic, its size and its checksum are right. At a damaged place it looks for the next
 * magic at a multiple of 8 bytes and reports what lay between. A file without LKST_PKT_END was not closed by its writer.
 * Little endian throughout. lkst-trace(5) is the full description.
 */
#ifndef LKST_FILE_H
#define LKST_FILE_H

#include <lkst/record.h>

#define LKST_FILE_MAGIC		"LKST\r\n\032\n"	/* 8 bytes: a transfer that mangles line ends breaks it */
#define LKST_FILE_VERSION	1
#define LKST_MAX_PACKET		(1U << 21)		/* bytes; a larger size is damage */

/**
 * struct lkst_file_header - the first 512 bytes of a trace
 * @magic:	 LKST_FILE_MAGIC without a terminating NUL
 * @version:	 LKST_FILE_VERSION; a reader refuses a newer one
 * @header_size: sizeof(struct lkst_file_header), where the first packet stands
 * @crc:	 CRC-32C of the header with this field 0
 * @clock:	 enum lkst_clock_id
 * @tick_hz:	 ticks per second
 * @ticks:	 one moment on three clocks; times are printed on the monotonic one
 * @mono_ns:
 * @real_ns:
 * @nr_cpus:	 CPU numbers are below this
 * @word_bits:	 32 or 64, of the kernel traced
 * @reserved:	 0
 * @boot:	 what the kernel calls this start of the machine (random/boot_id of /proc/sys/kernel), 0: not known
 * @machine:	 as uname(2) has them, NUL padded
 * @release:
 * @kernel:
 * @host:
 */
struct lkst_file_header {
	char magic[8];
	lkst_u32 version;
	lkst_u32 header_size;
	lkst_u32 crc;
	lkst_u32 clock;
	lkst_u64 tick_hz;
	lkst_u64 ticks;
	lkst_u64 mono_ns;
	lkst_u64 real_ns;
	lkst_u32 nr_cpus;
	lkst_u32 word_bits;
	lkst_u64 reserved[6];
	lkst_u8 boot[16];
	char machine[64];
	char release[128];
	char kernel[128];
	char host[64];
};

/*
 * While the module is loaded such a header stands at the beginning of a page of the kernel's memory, with @crc 0, this in
 * @reserved[0], and the clocks of a tenth of a second ago: with it an image of the memory can be made a trace (lkst recover).
 */
#define LKST_IN_MEMORY		0x59524f4d454d4e49ULL

LKST_ASSERT(file_header_is_512_bytes, sizeof(struct lkst_file_header) == 512);

#endif
