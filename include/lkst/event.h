/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * event.h - what C sees of the catalogue: ids, sizes, argument layouts. All of it comes from events.def.
 *
 * For an event NAME there are
 *	LKST_EV_NAME		its id, as in masksets and records
 *	LKST_UNITS_NAME		units of 8 bytes its arguments take
 *	union lkst_args_NAME	the arguments as bit-fields, and the same bits as units
 */
#ifndef LKST_EVENT_H
#define LKST_EVENT_H

#include <lkst/record.h>

/* Argument types: a width in bits, a signedness, and what the value is. */
#define LKST_BITS_u8	8
#define LKST_BITS_u16	16
#define LKST_BITS_u32	32
#define LKST_BITS_u48	48
#define LKST_BITS_u64	64
#define LKST_BITS_s16	16
#define LKST_BITS_s32	32
#define LKST_BITS_s48	48
#define LKST_BITS_s64	64
#define LKST_BITS_str8	64
#define LKST_CTYPE_u8	lkst_u64
#define LKST_CTYPE_u16	lkst_u64
#define LKST_CTYPE_u32	lkst_u64
#define LKST_CTYPE_u48	lkst_u64
#define LKST_CTYPE_u64	lkst_u64
#define LKST_CTYPE_s16	lkst_s64
#define LKST_CTYPE_s32	lkst_s64
#define LKST_CTYPE_s48	lkst_s64
#define LKST_CTYPE_s64	lkst_s64
#define LKST_CTYPE_str8	lkst_u64	/* eight characters, the first in the low byte, NUL padded */

/**
 * enum lkst_unit - what the value of an argument means, so that tools can print it
 * @LKST_UNIT_none:	 a plain number
 * @LKST_UNIT_pid:	 a thread's id
 * @LKST_UNIT_cpu:	 a CPU's number
 * @LKST_UNIT_state:	 a task state as the kernel numbers it
 * @LKST_UNIT_sig:	 a signal's number
 * @LKST_UNIT_syscall:	 a system call's number
 * @LKST_UNIT_irq:	 an interrupt's number
 * @LKST_UNIT_softirq:	 a soft interrupt's number
 * @LKST_UNIT_dev:	 a block device, major << 20 | minor
 * @LKST_UNIT_ifindex:	 a network device
 * @LKST_UNIT_bytes:	 bytes
 * @LKST_UNIT_sector:	 512-byte sectors
 * @LKST_UNIT_jiffies:	 timer ticks
 * @LKST_UNIT_ns:	 nanoseconds
 * @LKST_UNIT_addr:	 address of an object: identifies it, never printed as it is in reports
 * @LKST_UNIT_text:	 address in kernel text: printed as symbol+offset
 * @LKST_UNIT_uaddr:	 address in user space
 * @LKST_UNIT_errno:	 a result: negative is an error number
 * @LKST_UNIT_flags:	 bits, or what a register held, printed in hex
 * @LKST_UNIT_name:	 characters
 * @LKST_UNIT_aspect:	 an aspect's number
 */
enum lkst_unit {
	LKST_UNIT_none, LKST_UNIT_pid, LKST_UNIT_cpu, LKST_UNIT_state, LKST_UNIT_sig, LKST_UNIT_syscall, LKST_UNIT_irq,
	LKST_UNIT_softirq, LKST_UNIT_dev, LKST_UNIT_ifindex, LKST_UNIT_bytes, LKST_UNIT_sector, LKST_UNIT_jiffies,
	LKST_UNIT_ns, LKST_UNIT_addr, LKST_UNIT_text, LKST_UNIT_uaddr, LKST_UNIT_errno, LKST_UNIT_flags, LKST_UNIT_name,
	LKST_UNIT_aspect
};

enum lkst_group {
	LKST_GRP_PROCESS, LKST_GRP_SCHED, LKST_GRP_WAITQ, LKST_GRP_SIGNAL, LKST_GRP_INTERRUPT, LKST_GRP_SOFTIRQ,
	LKST_GRP_EXCEPTION, LKST_GRP_SYSCALL, LKST_GRP_TIMER, LKST_GRP_MEMORY, LKST_GRP_BLOCK, LKST_GRP_NET, LKST_GRP_LOCK,
	LKST_GRP_IPC, LKST_GRP_OOPS, LKST_GRP_LKST, LKST_NR_GROUPS
};

/* Ids. */
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	LKST_EV_##NAME = id,
enum lkst_event_id {
#include <lkst/events.def>
	LKST_EV_LAST_ID = LKST_EV_TIME
};
#undef LKST_EVENT

/* Sizes. */
#define LKST_ARG(name, type, unit, meaning)	+ LKST_BITS_##type
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning) \
	LKST_UNITS_##NAME = (0 args) / 64,
enum lkst_event_units {
#include <lkst/events.def>
	LKST_UNITS_LAST_ID = 1
};
#undef LKST_EVENT

/* Arguments fill whole units: what is written was set, and readers of any width agree on the place. */
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning) \
	LKST_ASSERT(NAME##_fills_its_units, (0 args) % 64 == 0 && (0 args) / 64 <= LKST_MAX_UNITS);
#include <lkst/events.def>
#undef LKST_EVENT
#undef LKST_ARG

/* Layouts. Bit-fields are filled from the low end on x86, the only machine the kernel part runs on. */
#define LKST_ARG(name, type, unit, meaning)	LKST_CTYPE_##type name:LKST_BITS_##type;
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning) \
	union lkst_args_##NAME { \
		struct { args } a; \
		lkst_u64 u[LKST_UNITS_##NAME]; \
	};
#include <lkst/events.def>
#undef LKST_EVENT
#undef LKST_ARG

#endif
