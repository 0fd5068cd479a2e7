/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record32.h - lkst_event_one() and the lkst_ring_try() in it once more, in words of 32 bits. gcc 3.4 keeps every 64-bit value
 * in two registers or on the stack, whichever half is needed: that was a third of the instructions of an event.
 *
 * Nothing is different but the size of words: step by step as in ring.h, which says why.
 */
#ifndef LKST_KMOD_RECORD32_H
#define LKST_KMOD_RECORD32_H

#include "record.h"

/* gcc 3.4 loads an operand into a register first, though it is wanted once. */
#define lkst_and_word(value, word)	asm("andl %1, %0" : "+r" (value) : "m" (word))
#define lkst_add_word(value, word)	asm("addl %1, %0" : "+r" (value) : "m" (word))

/* lkst_ring_slot_of() */
static inline struct lkst_slot *lkst_ring_slot_of_32(const struct lkst_ring *ring, unsigned long pos)
{
	pos >>= ring->at_shift;
	lkst_and_word(pos, ring->at_mask);
	lkst_add_word(pos, ring->slot);
	return (struct lkst_slot *)pos;
}

/* The head of a record by the running task, whose pid is shifted to the top of a word, and from there into the time. */
static inline void lkst_head_32(u32 *p, unsigned int event, unsigned int units, u32 now)
{
	u32 pid = current->pid << (32 - LKST_PID_BITS);

	asm("shldl %2, %1, %0" : "+r" (now) : "r" (pid), "i" (LKST_TIME_SHIFT - 32));
	p[0] = pid << (LKST_TIME_SHIFT - 32) | units << LKST_UNITS_SHIFT | event;
	p[1] = now;
}

/* Do the high bits of a time differ from those that the ring has last written? */
static inline int lkst_time_due_32(const struct lkst_ring *ring, u32 low, u32 high)
{
	asm("shrdl %2, %1, %0" : "+r" (low) : "r" (high), "i" (LKST_TIME_BITS));
	return low != ring->time_high;
}

/**
 * lkst_event_words - lkst_event() with the units in words, two a unit, the low one first
 * @event: event id
 * @units: 2 or 3
 * @a: the first word
 * @b: the next ones, 0 behind the last
 * @c:
 * @d:
 * @e:
 * @f:
 *
 * By value: an array that the fast path does not want takes registers from it all the same. Context as lkst_event().
 */
void lkst_event_words(unsigned int event, unsigned int units, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f);

/*
 * The record of an event of @UNITS units; @STORE puts its words from __p[2] on, @SLOW does the same event out of line.
 * A macro, for gcc 3.4 puts on the stack whatever an inline function gives back through a pointer.
 */
#define lkst_emit_words(NAME, UNITS, STORE, SLOW) do {						\
	struct lkst_ring *__ring;								\
	unsigned long __old, __next;								\
	u32 __now, __now_high;									\
												\
	BUILD_BUG_ON(LKST_UNITS_##NAME != (UNITS));						\
	if (likely(READ_ONCE(lkst_active)[LKST_EV_##NAME] == LKST_HANDLER_RECORD) &&		\
	    (__ring = __this_cpu_read(lkst_ring_now), __old = lkst_read_once(__ring->offset),	\
	     __next = __old + 8 + 8 * (UNITS), likely((long)(__ring->limit - __next) >= 0)) &&	\
	    likely(lkst_clock_words(__now, __now_high)) &&					\
	    likely(!lkst_time_due_32(__ring, __now, __now_high)) &&				\
	    likely(lkst_cmpxchg_local(&__ring->offset, __old, __next))) {			\
		struct lkst_slot *__slot = lkst_ring_slot_of_32(__ring, __old);			\
		u32 *__p;									\
												\
		lkst_and_word(__old, __ring->mask);						\
		lkst_add_word(__old, __slot->base);						\
		__p = (u32 *)__old;								\
		lkst_head_32(__p, LKST_EV_##NAME, UNITS, __now);				\
		STORE;										\
		lkst_ring_commit(__slot, 8 + 8 * (UNITS));					\
	} else {										\
		SLOW;										\
	}											\
} while (0)

/**
 * lkst_emit_hot_32 - lkst_emit_hot() with the unit in two words
 * @NAME: event
 * @low: the unit's low word
 * @high: its high word
 *
 * Any context; the caller has turned preemption off. The words are looked at when they are needed.
 */
#define lkst_emit_hot_32(NAME, low, high)							\
	lkst_emit_words(NAME, 1, (__p[2] = (low), __p[3] = (high)),				\
			lkst_event_one_slow(LKST_EV_##NAME, (u64)(high) << 32 | (u32)(low)))

/**
 * lkst_emit_two_32 - the same for an event of two units
 * @NAME: event
 * @a: the first unit's low word
 * @b: its high word
 * @c: the second unit's low word
 * @d: its high word
 *
 * Context as lkst_emit_hot_32().
 */
#define lkst_emit_two_32(NAME, a, b, c, d)							\
	lkst_emit_words(NAME, 2, (__p[2] = (a), __p[3] = (b), __p[4] = (c), __p[5] = (d)),	\
			lkst_event_words(LKST_EV_##NAME, 2, a, b, c, d, 0, 0))

/**
 * lkst_emit_three_32 - the same for an event of three units
 * @NAME: event
 * @a: the first unit's low word
 * @b: its high word
 * @c: the second unit's low word
 * @d: its high word
 * @e: the third unit's low word
 * @f: its high word
 *
 * Context as lkst_emit_hot_32().
 */
#define lkst_emit_three_32(NAME, a, b, c, d, e, f)						\
	lkst_emit_words(NAME, 3, (__p[2] = (a), __p[3] = (b), __p[4] = (c), __p[5] = (d),	\
				  __p[6] = (e), __p[7] = (f)),					\
			lkst_event_words(LKST_EV_##NAME, 3, a, b, c, d, e, f))

#endif
