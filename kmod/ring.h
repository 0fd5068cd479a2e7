/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ring.h - the buffer of one CPU: a ring of sub-buffers, written without locks by the CPU that owns it, in any context, and
 * read by one reader anywhere. doc/buffer.md draws its states and gives the argument why it is right.
 *
 * Positions run freely and wrap with the machine word. With S bytes a sub-buffer and N sub-buffers, position p lies in
 * sub-buffer number p / S, which is kept in slot (p / S) mod N.
 *
 *	reserve	  writers move @offset forward by a compare-exchange that only this CPU's own interrupts can make fail
 *	commit	  bytes written are added to the slot's @committed; a sub-buffer is complete when a whole S was added since
 *		  it was entered
 *	enter	  the writer whose record does not fit moves @offset into the next sub-buffer; whoever succeeds closes the old
 *		  one and writes the header of the new one
 *	overwrite a writer that needs the slot of an unread sub-buffer first moves @read_seq over it; the reader does the
 *		  same when it is done with one, so exactly one of them has it in its account
 *
 * This file also builds in user space, for the unit tests: whatever is the kernel's comes through the lkst_* names of
 * compat/compat.h.
 */
#ifndef LKST_RING_H
#define LKST_RING_H

#include <lkst/ioctl.h>
#ifdef __KERNEL__
#include "compat/compat.h"
#else
#include "ring_port.h"
#endif

/**
 * struct lkst_slot - the state of one sub-buffer's place
 * @base:	 its memory
 * @committed:	 bytes committed here since the ring was made; a multiple of S exactly when no writer is inside
 * @records:	 records committed here since the ring was made
 * @padded:	 bytes left over at the end of sub-buffers, since the ring was made
 * @first:	 @records when the present sub-buffer was entered
 * @first_padded: @padded at that time
 *
 * Sums never go back to zero: a reset could race with a writer that was interrupted, an addition cannot.
 */
struct lkst_slot {
	unsigned char *base;
	unsigned long committed;
	unsigned long records;
	unsigned long padded;
	unsigned long first;
	unsigned long first_padded;
} __attribute__((aligned(64)));

#define LKST_SLOT_SHIFT	6
LKST_ASSERT(slot_size, sizeof(struct lkst_slot) == 1 << LKST_SLOT_SHIFT);

/**
 * struct lkst_ring - one CPU's part of a buffer
 * @offset:	next byte to reserve; a multiple of S when the next record must enter a sub-buffer
 * @mask:	S - 1; 0 in a ring that takes nothing
 * @time_high:	high bits of the time last written in full
 * @limit:	where a sub-buffer ends that was entered: that of @offset, or after nesting perhaps one before it, which only
 *		sends writers out of line
 * @slot:	the N slots
 * @shift:	log2 S
 * @slot_mask:	N - 1
 * @at_shift:	@shift and @slot_mask for the place of a slot in bytes, which saves the record path a shift
 * @at_mask:
 * @slot_shift:	log2 N
 * @overwrite:	what to do when all N are unread: overwrite the oldest, or refuse
 * @read_seq:	number of the oldest sub-buffer that was neither read nor overwritten
 * @lost:	records refused
 * @overwritten: records overwritten unread
 * @switches:	sub-buffers entered
 * @cpu:	owner
 * @buffer:	id of the buffer
 * @bound:	a reader has it
 * @read:	records read; the reader's own
 * @read_base:	multiple of 2^(word - @shift) that extends @read_seq to 64 bits; the reader's own
 * @last_seq:	@read_seq as the reader last saw it; the reader's own
 * @window:	start of the overload breaker's window, ticks
 * @window_records: records stored or lost since
 */
struct lkst_ring {
	unsigned long offset;
	unsigned long mask;
	unsigned long time_high;
	unsigned long limit;
	struct lkst_slot *slot;
	unsigned int shift;
	unsigned int slot_mask;
	unsigned int at_shift;
	unsigned int at_mask;
	unsigned int slot_shift;
	unsigned int overwrite;
	/* written at sub-buffer switches and by the reader, on a line of its own */
	unsigned long read_seq __attribute__((aligned(64)));
	unsigned long lost;
	unsigned long overwritten;
	unsigned long switches;
	unsigned int cpu;
	unsigned int buffer;
	unsigned int bound;
	u64 read;
	u64 read_base;
	unsigned long last_seq;
	u64 window;
	unsigned long window_records;
};

#define LKST_RING_HEADER	sizeof(struct lkst_packet)

/* Where nesting is forced by the tests: nothing in a product build. */
#ifndef LKST_STEP
#define LKST_STEP(n)	do { } while (0)
#endif

/**
 * lkst_ring_init - prepare a ring over memory that is there
 * @ring: zeroed
 * @slot: @nr_subbufs slots, zeroed but for @base
 * @subbuf_size: bytes, a power of 2
 * @nr_subbufs: a power of 2, at least 2
 * @overwrite: flight recorder, or discard
 */
void lkst_ring_init(struct lkst_ring *ring, struct lkst_slot *slot, unsigned long subbuf_size, unsigned int nr_subbufs,
		    unsigned int overwrite);

/**
 * lkst_ring_reserve - take room for a record and read its time
 * @ring: of this CPU
 * @bytes: of the record, header included
 * @slot: set to where it lies
 * @now: set to its time
 *
 * Any context of the owning CPU, NMI included, preemption off.
 *
 * Return: where to write the record, NULL when it was counted as lost.
 */
u64 *lkst_ring_reserve(struct lkst_ring *ring, unsigned long bytes, struct lkst_slot **slot, u64 *now);

/**
 * lkst_ring_flush - close the sub-buffer in work, so that it can be read
 * @ring: of this CPU, or of one that runs nothing
 *
 * Context as lkst_ring_reserve().
 */
void lkst_ring_flush(struct lkst_ring *ring);

/**
 * lkst_ring_get - the oldest complete unread sub-buffer
 * @ring: any; one reader at a time
 * @subbuf: filled in
 *
 * The packet header in the ring is not touched, for a writer may be taking the place: the reader fills size, records and seq
 * of its own copy from @subbuf. Process context.
 *
 * Return: 1, or 0 when there is none.
 */
int lkst_ring_get(struct lkst_ring *ring, struct lkst_subbuf *subbuf);

/**
 * lkst_ring_put - be done with a sub-buffer got by lkst_ring_get()
 * @ring: the same
 * @subbuf: the same; its records are added to what was read
 *
 * Return: 1, or 0 when a writer overwrote it meanwhile: then what was copied from it is worthless.
 */
int lkst_ring_put(struct lkst_ring *ring, const struct lkst_subbuf *subbuf);

/**
 * lkst_ring_ready - is there a complete unread sub-buffer?
 * @ring: any
 *
 * Any context.
 */
int lkst_ring_ready(const struct lkst_ring *ring);

/**
 * lkst_ring_stored - records committed since the ring was made
 * @ring: any
 */
u64 lkst_ring_stored(const struct lkst_ring *ring);

/**
 * lkst_ring_entered - what is looked at once a sub-buffer: is a reader to be woken, has tracing taken too much of this CPU?
 * @ring: of this CPU
 * @now: time in ticks
 * @records: stored or lost since the last call
 *
 * Called by ring.c when a sub-buffer was entered, and after many losses. Context as lkst_ring_reserve().
 */
void lkst_ring_entered(struct lkst_ring *ring, u64 now, unsigned long records);

/**
 * lkst_ring_slot_of - the slot that holds a position
 * @ring: any
 * @pos: position
 */
static inline struct lkst_slot *lkst_ring_slot_of(const struct lkst_ring *ring, unsigned long pos)
{
	unsigned int shift = ring->at_shift;

#ifdef CONFIG_UBSAN_SHIFT
	/* gcc drops the mask, and with it the check, whose call has five registers saved for every record. */
	shift &= 8 * sizeof(pos) - 1;
#endif
	return (struct lkst_slot *)((char *)ring->slot + ((pos >> shift) & ring->at_mask));
}

/**
 * lkst_ring_commit - a reserved record is written
 * @slot: from lkst_ring_reserve()
 * @bytes: as reserved
 *
 * The record is counted first: a complete sub-buffer has all its records counted.
 */
static inline __attribute__((always_inline)) void lkst_ring_commit(struct lkst_slot *slot, unsigned long bytes)
{
	LKST_STEP(3);
	lkst_add_local(&slot->records, 1);
	LKST_STEP(4);
	lkst_add_release_local(&slot->committed, bytes);
}

/**
 * lkst_ring_write_slow - lkst_ring_write() where something is in the way: a sub-buffer to enter, a full time to write, a nested
 * writer that was faster
 * @ring: of this CPU
 * @head: header of the record, its time 0
 * @units: units of arguments
 * @args: the arguments
 *
 * Context as lkst_ring_write().
 */
void lkst_ring_write_slow(struct lkst_ring *ring, u64 head, unsigned int units, const u64 *args);

/* The record itself, into room that was reserved. */
static inline __attribute__((always_inline)) void lkst_ring_store(u64 *p, u64 head, u64 now, unsigned int units, const u64 *args)
{
	unsigned int i;

	p[0] = head | now << LKST_TIME_SHIFT;
	for (i = 0; i < units; i++)
		p[1 + i] = args[i];
}

/**
 * lkst_ring_try - store a record, if nothing is in the way
 * @ring: of this CPU
 * @head: header of the record, its time 0
 * @units: units of arguments, at most LKST_MAX_UNITS
 * @args: the arguments
 *
 * The time is read between the look at @offset and its exchange: when the exchange succeeds nobody reserved in between, so
 * the order in the buffer is the order of times. One try, no call: what does not succeed at once is out of line.
 * Any context of the owning CPU, NMI included, preemption off.
 *
 * Return: whether it is stored. If not, nothing was done: lkst_ring_write_slow() is next.
 */
static inline __attribute__((always_inline)) int lkst_ring_try(struct lkst_ring *ring, u64 head, unsigned int units,
							       const u64 *args)
{
	unsigned long bytes = 8 + 8 * units, old = lkst_read_once(ring->offset);
	struct lkst_slot *slot;
	u64 now;

	if (lkst_unlikely(!lkst_clock_inline(&now) || (long)(ring->limit - (old + bytes)) < 0 ||
			  (unsigned long)(now >> LKST_TIME_BITS) != ring->time_high))
		return 0;
	LKST_STEP(1);
	if (lkst_unlikely(!lkst_cmpxchg_local(&ring->offset, old, old + bytes)))
		return 0;
	LKST_STEP(2);
	slot = lkst_ring_slot_of(ring, old);
	lkst_ring_store((u64 *)(slot->base + (old & ring->mask)), head, now, units, args);
	lkst_ring_commit(slot, bytes);
	return 1;
}

/**
 * lkst_ring_write - store a record, or count it as lost
 * @ring: of this CPU
 * @head: header of the record, its time 0
 * @units: units of arguments, at most LKST_MAX_UNITS
 * @args: the arguments
 *
 * Context as lkst_ring_try().
 */
static inline __attribute__((always_inline)) void lkst_ring_write(struct lkst_ring *ring, u64 head, unsigned int units,
								  const u64 *args)
{
	if (lkst_unlikely(!lkst_ring_try(ring, head, units, args)))
		lkst_ring_write_slow(ring, head, units, args);
}

#endif
