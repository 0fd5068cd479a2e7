/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * record.h - how one record, and one sub-buffer of records, lie in memory and in the file.
 *
 * A sub-buffer is a packet header followed by records, all in 8-byte units, little endian:
 *
 *	+---------------------------+----------+----------+-----+----------+-------------+
 *	| struct lkst_packet, 64 B  | record   | record   | ... | record   | not used    |
 *	+---------------------------+----------+----------+-----+----------+-------------+
 *	0                           64                                  packet.size
 *
 * A record is one header unit and 0 to 31 units of arguments, packed as the catalogue (events.def) says:
 *
 *	63                      39 38              17 16      12 11         0
 *	+-------------------------+------------------+----------+------------+
 *	| time, low 25 bits       | pid, 22 bits     | units, 5 | event, 12  |
 *	+-------------------------+------------------+----------+------------+
 *
 * The high bits of the time are those of packet.time until a record LKST_EV_TIME replaces them: the writer puts one in front
 * of any record whose high bits differ from those last written, so no gap is ever ambiguous.
 */
#ifndef LKST_RECORD_H
#define LKST_RECORD_H

#include <lkst/types.h>

#define LKST_EVENT_BITS		12
#define LKST_UNITS_BITS		5
#define LKST_PID_BITS		22
#define LKST_TIME_BITS		25
#define LKST_UNITS_SHIFT	LKST_EVENT_BITS
#define LKST_PID_SHIFT		(LKST_EVENT_BITS + LKST_UNITS_BITS)
#define LKST_TIME_SHIFT		(LKST_EVENT_BITS + LKST_UNITS_BITS + LKST_PID_BITS)

#define LKST_NR_EVENTS		(1 << LKST_EVENT_BITS)
#define LKST_MAX_UNITS		((1 << LKST_UNITS_BITS) - 1)
#define LKST_MAX_CPUS		65536

/* Events the core writes by itself; neither is counted as a record. */
#define LKST_EV_NONE		0x000	/* never written: a zeroed page holds no record */
#define LKST_EV_TIME		0xfff	/* one unit: the full time of the record that follows */

#define lkst_rec_event(h)	((unsigned int)((h) & (LKST_NR_EVENTS - 1)))
#define lkst_rec_units(h)	((unsigned int)(((h) >> LKST_UNITS_SHIFT) & LKST_MAX_UNITS))
#define lkst_rec_pid(h)		((unsigned int)(((h) >> LKST_PID_SHIFT) & ((1UL << LKST_PID_BITS) - 1)))
#define lkst_rec_time_low(h)	((lkst_u64)(h) >> LKST_TIME_SHIFT)

/* The header without its time: constant for one event and one task. */
#define LKST_REC_HEAD(event, units)	((lkst_u64)(event) | ((lkst_u64)(units) << LKST_UNITS_SHIFT))

#define LKST_PACKET_MAGIC	0x4b504b4cU	/* "LKPK" in the file */

/* What a packet holds. Values above LKST_PKT_RECORDS are lines of text, described in lkst-trace(5). */
enum lkst_packet_type {
	LKST_PKT_RECORDS	= 0,
	LKST_PKT_COMMENT	= 1,	/* key TAB value: command, maskset, program version */
	LKST_PKT_EVENTS		= 2,	/* the catalogue of the writer */
	LKST_PKT_CLOCK		= 3,	/* ticks TAB monotonic ns TAB realtime ns */
	LKST_PKT_TASKS		= 4,	/* pid TAB tgid TAB ppid TAB name */
	LKST_PKT_IRQS		= 5,	/* number TAB name */
	LKST_PKT_DEVICES	= 6,	/* "block" or "net" TAB number TAB name */
	LKST_PKT_SYSCALLS	= 7,	/* number TAB name */
	LKST_PKT_MODULES	= 8,	/* address TAB size TAB name */
	LKST_PKT_SYMBOLS	= 9,	/* address TAB size or 0 TAB name */
	LKST_PKT_ACCOUNTS	= 10,	/* cpu TAB records read TAB lost TAB overwritten, at the end */
	LKST_PKT_PROBES		= 11,	/* probe id TAB symbol+offset; "aspect" TAB number TAB name */
	LKST_PKT_END		= 12	/* no payload: the writer closed the file itself */
};

/**
 * struct lkst_packet - header of a sub-buffer in memory and of a packet in the file
 * @magic:	 LKST_PACKET_MAGIC
 * @type:	 enum lkst_packet_type
 * @cpu:	 CPU that wrote the records; 0 for text
 * @size:	 bytes used, this header included, a multiple of 8 (text is padded with NUL)
 * @crc:	 CRC-32C of @size bytes with this field 0; set by who writes the file, 0 in memory
 * @seq:	 number of the sub-buffer on its CPU, from 0, without holes but for overwritten ones
 * @time:	 full time in ticks when the sub-buffer was entered, not after its first record
 * @lost:	 records this CPU had refused when the sub-buffer was entered, since the buffer was created
 * @overwritten: records this CPU had overwritten unread by then
 * @records:	 records inside, LKST_EV_TIME not counted; set by the reader, as are @size and @seq
 * @buffer:	 id of the buffer
 * @reserved:	 0
 *
 * @lost and @overwritten are cumulative, so a packet that went missing hides no loss.
 *
 * In the kernel's memory, for who has nothing but an image of that (lkst recover): @size is that of the whole sub-buffer,
 * @seq has the machine's word, and @reserved is LKST_PACKET_CLOSED(@seq, bytes used) once it was closed before its end.
 */
struct lkst_packet {
	lkst_u32 magic;
	lkst_u16 type;
	lkst_u16 cpu;
	lkst_u32 size;
	lkst_u32 crc;
	lkst_u64 seq;
	lkst_u64 time;
	lkst_u64 lost;
	lkst_u64 overwritten;
	lkst_u32 records;
	lkst_u32 buffer;
	lkst_u64 reserved;
};

#define LKST_CLOSED_BITS	21
#define LKST_PACKET_CLOSED(seq, used)	((lkst_u64)(seq) << LKST_CLOSED_BITS | (used))

LKST_ASSERT(packet_is_64_bytes, sizeof(struct lkst_packet) == 64);
LKST_ASSERT(header_is_one_unit, LKST_TIME_SHIFT + LKST_TIME_BITS == 64);

#endif
