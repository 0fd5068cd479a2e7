/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ring_port.h - what kmod/ring.[ch] and kmod/record.h need of a kernel, for the native bench: one thread that stays on one CPU.
 *
 * The instructions are the kernel's: the same inline assembly as in kmod/compat/compat.h, per-CPU variables through a segment
 * register (%fs for %gs), a preemption count that is raised and lowered in memory. What the bench measures is the record
 * path itself, not a model of it.
 */
#ifndef LKST_BENCH_RING_PORT_H
#define LKST_BENCH_RING_PORT_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#ifndef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#endif
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define BUILD_BUG_ON(cond)	((void)sizeof(char[1 - 2 * !!(cond)]))

#define lkst_likely(x)		likely(x)
#define lkst_unlikely(x)	unlikely(x)
#define lkst_read_once(x)	READ_ONCE(x)
#define lkst_write_once(x, v)	WRITE_ONCE(x, v)
#define lkst_read_acquire(x)	__atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define lkst_read_barrier()	__atomic_thread_fence(__ATOMIC_ACQUIRE)

#define lkst_cmpxchg_local(p, from, to) ({					\
	unsigned long __from = (from);						\
	bool __done;								\
	__asm__ volatile("cmpxchg %[val], %[mem]"				\
			 : "=@ccz" (__done), [mem] "+m" (*(p)), "+a" (__from)	\
			 : [val] "r" (to) : "memory");				\
	__done; })
#define lkst_add_local(p, v) \
	__asm__ volatile("addq %1, %0" : "+m" (*(p)) : "er" ((unsigned long)(v)))
#define lkst_add_release_local(p, v) \
	__asm__ volatile("addq %1, %0" : "+m" (*(p)) : "er" ((unsigned long)(v)) : "memory")
#define lkst_cmpxchg(p, from, to)	__sync_bool_compare_and_swap(p, from, to)

#define DECLARE_PER_CPU(type, name)	extern __thread __typeof__(type) name
#define __this_cpu_read(name)		READ_ONCE(name)

struct bench_task {
	int pid;
};
extern __thread struct bench_task *bench_current;
#define current			READ_ONCE(bench_current)

extern __thread unsigned int bench_preempt_count;
void bench_reschedule(void);
#define preempt_disable_notrace() \
	__asm__ volatile("incl %0" : "+m" (bench_preempt_count))
#define preempt_enable_notrace() do {						\
	bool __zero;								\
	__asm__ volatile("decl %0" : "+m" (bench_preempt_count), "=@ccz" (__zero)); \
	if (unlikely(__zero))							\
		bench_reschedule();						\
} while (0)

static __always_inline u64 lkst_clock(void)
{
	u32 low, high;

	__asm__ volatile("rdtsc" : "=a" (low), "=d" (high));
	return (u64)high << 32 | low;
}

static __always_inline bool lkst_clock_inline(u64 *now)
{
	*now = lkst_clock();
	return true;
}

#endif
