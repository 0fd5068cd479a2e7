/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.h - the record path: maskset -> handler -> buffer. Everything here runs in any context, NMI included, nested.
 *
 * From the look at the maskset to the commit the CPU is held (preemption off), whatever the caller did: newer kernels run
 * the system call tracepoints preemptible. That is also what lkst_wait_writers() waits for.
 */
#ifndef LKST_KMOD_RECORD_H
#define LKST_KMOD_RECORD_H

#include <lkst/event.h>
#include "ring.h"

/* The handlers of the selected maskset while recording runs, else a table of LKST_HANDLER_NONE. */
extern const u8 *lkst_active;

/* This CPU's part of the selected buffer; never NULL: a ring that takes nothing stands in. */
DECLARE_PER_CPU(struct lkst_ring *, lkst_ring_now);

/**
 * lkst_handle - call the handler of an event that is not simply recorded
 * @table: the maskset it was found in
 * @event: event id
 * @units: units of arguments
 * @args: the arguments
 *
 * Preemption off, any context.
 */
void lkst_handle(const u8 *table, unsigned int event, unsigned int units, const u64 *args);

/* The header of a record by the running task, its time 0. */
static __always_inline u64 lkst_head(unsigned int event, unsigned int units)
{
	return LKST_REC_HEAD(event, units) | (u64)(u32)current->pid << LKST_PID_SHIFT;
}

/**
 * lkst_record - store a record in this CPU's part of the selected buffer
 * @event: event id
 * @units: units of arguments, at most LKST_MAX_UNITS
 * @args: the arguments
 *
 * Preemption off, any context.
 */
static __always_inline void lkst_record(unsigned int event, unsigned int units, const u64 *args)
{
	lkst_ring_write(__this_cpu_read(lkst_ring_now), lkst_head(event, units), units, args);
}

/* lkst_event() itself, which the native benchmark compiles too. */
static __always_inline void lkst_event_here(unsigned int event, unsigned int units, const u64 *args)
{
	const u8 *table;

	preempt_disable_notrace();
	table = READ_ONCE(lkst_active);
	if (likely(table[event] == LKST_HANDLER_RECORD))
		lkst_record(event, units, args);
	else if (table[event] != LKST_HANDLER_NONE)
		lkst_handle(table, event, units, args);
	preempt_enable_notrace();
}

/**
 * lkst_event - an event has happened
 * @event: event id
 * @units: units of arguments, at most LKST_MAX_UNITS
 * @args: the arguments
 *
 * Any context. Exported: back ends, aspects and tests come through here.
 */
void lkst_event(unsigned int event, unsigned int units, const u64 *args);

/* lkst_event() with one unit by value. */
void lkst_event_one_slow(unsigned int event, u64 arg);

/**
 * lkst_event_one - an event of one unit has happened: lkst_event() for those that come by the million
 * @event: event id
 * @arg: its unit, packed as the catalogue says
 *
 * Inline, and nothing of it on the stack: what is in the way is left to lkst_event(). Any context.
 */
static __always_inline void lkst_event_one(unsigned int event, u64 arg)
{
	const u64 args[1] = { arg };
	u8 handler;

	preempt_disable_notrace();
	handler = READ_ONCE(lkst_active)[event];
	if (unlikely(handler != LKST_HANDLER_RECORD ||
		     !lkst_ring_try(__this_cpu_read(lkst_ring_now), lkst_head(event, 1), 1, args)))
		lkst_event_one_slow(event, arg);
	preempt_enable_notrace();
}

/* lkst_emit(NAME, arguments in the order of the catalogue...) */
#define lkst_emit(NAME, ...) do {								\
	const union lkst_args_##NAME __args = { .a = { __VA_ARGS__ } };				\
	lkst_event(LKST_EV_##NAME, LKST_UNITS_##NAME, __args.u);				\
} while (0)

/* lkst_emit_hot(NAME, unit): inline; the caller packs the one unit, for gcc would build bit-fields on the stack. */
#define lkst_emit_hot(NAME, unit) do {								\
	BUILD_BUG_ON(LKST_UNITS_##NAME != 1);							\
	lkst_event_one(LKST_EV_##NAME, unit);							\
} while (0)

#endif
