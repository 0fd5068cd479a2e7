/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ring_port.h - what kmod/ring.{h,c} need, for user space: the same names as kmod/compat/compat.h gives them in a kernel.
 *
 * A thread stands for a CPU, a signal for an interrupt. Without ThreadSanitizer the CPU-local operations are the very
 * instructions of the kernel module: one each, no LOCK. Under it they are atomic built-ins with the orders that doc/buffer.md
 * claims, no stronger ones, so that a missing barrier is a report although x86 would forgive it.
 *
 * Whoever includes this chooses the clock and the hook:
 *	-DRING_CLOCK	lkst_clock() is the includer's ring_clock(); else the time stamp counter
 *	-DRING_STEPS	LKST_STEP(n) calls the includer's ring_step(n); else nothing
 */
#ifndef LKST_RING_PORT_H
#define LKST_RING_PORT_H

#include <stddef.h>

#include <lkst/types.h>

typedef lkst_u64 u64;

#define lkst_likely(x)		__builtin_expect(!!(x), 1)
#define lkst_unlikely(x)	__builtin_expect(!!(x), 0)
#define lkst_read_once(x)	__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define lkst_write_once(x, v)	__atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
#define lkst_read_acquire(x)	__atomic_load_n(&(x), __ATOMIC_ACQUIRE)
/* Loads stay in order on x86; ThreadSanitizer has no notion of a fence, and all that stands around this one is atomic. */
#define lkst_read_barrier()	__asm__ __volatile__("" : : : "memory")

#ifdef __SANITIZE_THREAD__

static inline int ring_cmpxchg(unsigned long *p, unsigned long from, unsigned long to, int order)
{
	return __atomic_compare_exchange_n(p, &from, to, 0, order, __ATOMIC_RELAXED);
}
#define lkst_cmpxchg_local(p, from, to)	ring_cmpxchg(p, from, to, __ATOMIC_RELAXED)
#define lkst_add_local(p, v)		((void)__atomic_fetch_add(p, (unsigned long)(v), __ATOMIC_RELAXED))
#define lkst_add_release_local(p, v)	((void)__atomic_fetch_add(p, (unsigned long)(v), __ATOMIC_RELEASE))
#define lkst_cmpxchg(p, from, to)	ring_cmpxchg(p, from, to, __ATOMIC_ACQ_REL)

#else

#define lkst_cmpxchg_local(p, from, to) ({					\
	unsigned long __from = (from);						\
	_Bool __done;								\
	__asm__ __volatile__("cmpxchg %[val], %[mem]"				\
			     : "=@ccz" (__done), [mem] "+m" (*(p)), "+a" (__from) \
			     : [val] "r" ((unsigned long)(to)) : "memory");	\
	__done; })
#ifdef __x86_64__
#define RING_ADD "addq"
#else
#define RING_ADD "addl"
#endif
#define lkst_add_local(p, v)	\
	__asm__ __volatile__(RING_ADD " %1, %0" : "+m" (*(p)) : "er" ((unsigned long)(v)))
#define lkst_add_release_local(p, v) \
	__asm__ __volatile__(RING_ADD " %1, %0" : "+m" (*(p)) : "er" ((unsigned long)(v)) : "memory")
#define lkst_cmpxchg(p, from, to) ({						\
	unsigned long __expected = (from);					\
	__atomic_compare_exchange_n(p, &__expected, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); })

#endif

#ifdef RING_CLOCK
u64 ring_clock(void);
static inline u64 lkst_clock(void)
{
	return ring_clock();
}
#else
static inline u64 lkst_clock(void)
{
	return __builtin_ia32_rdtsc();
}
#endif

static inline int lkst_clock_inline(u64 *now)
{
	*now = lkst_clock();
	return 1;
}

#ifdef RING_STEPS
void ring_step(unsigned int n);
#define LKST_STEP(n)	ring_step(n)
#endif

#endif
