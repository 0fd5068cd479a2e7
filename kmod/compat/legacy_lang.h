/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * legacy_lang.h - part of v24.h and v26.h: types, attributes, numbers, text, messages; and single accesses to memory.
 */
#ifndef LKST_COMPAT_LEGACY_LANG_H
#define LKST_COMPAT_LEGACY_LANG_H

typedef _Bool bool;
#define true	1
#define false	0

#ifndef __always_inline
#define __always_inline		inline	/* which the kernel's headers make always_inline */
#endif
#define __printf(text, first)	__attribute__((format(printf, text, first)))
#define __percpu
#define notrace

#define U8_MAX		((u8)~0U)
#define U64_MAX		((u64)~0ULL)

#define IS_ERR_VALUE(x)	((unsigned long)(x) >= (unsigned long)-4095)

#define pr_err(fmt, arg...)	printk(KERN_ERR fmt, ##arg)
#define pr_warn(fmt, arg...)	printk(KERN_WARNING fmt, ##arg)

/* Names of kernel and machine. */
#define lkst_uts()	(&system_utsname)

/* ---- one access to memory, neither split nor repeated by the compiler; x86 keeps the order of loads and that of stores ---- */

#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v)	((void)(*(volatile typeof(x) *)&(x) = (v)))
#define smp_load_acquire(p) ({							\
	typeof(*(p)) __value = READ_ONCE(*(p));					\
	barrier();								\
	__value; })
#define smp_store_release(p, v) do {						\
	barrier();								\
	WRITE_ONCE(*(p), v);							\
} while (0)

#define lkst_likely(x)		likely(x)
#define lkst_unlikely(x)	unlikely(x)
#define lkst_read_once(x)	READ_ONCE(x)
#define lkst_write_once(x, v)	WRITE_ONCE(x, v)
#define lkst_read_acquire(x)	smp_load_acquire(&(x))
#define lkst_read_barrier()	barrier()

/* Compare-exchange and addition that only this CPU's interrupts can come between: one instruction each, no LOCK. */
#define lkst_cmpxchg_local(p, from, to) ({					\
	unsigned long __from = (from), __was;					\
	asm volatile("cmpxchgl %2, %1"						\
		     : "=a" (__was), "=m" (*(p))				\
		     : "r" (to), "0" (__from), "m" (*(p)) : "memory");		\
	__was == __from; })
#define lkst_add_local(p, v) \
	asm volatile("addl %1, %0" : "=m" (*(p)) : "ir" ((unsigned long)(v)), "m" (*(p)))
/* What the compiler leaves in order, other CPUs see in order. Pairs with lkst_read_acquire(). */
#define lkst_add_release_local(p, v) \
	asm volatile("addl %1, %0" : "=m" (*(p)) : "ir" ((unsigned long)(v)), "m" (*(p)) : "memory")
/* The one that other CPUs may come between too. */
#define lkst_cmpxchg(p, from, to)	(cmpxchg(p, from, to) == (from))

/* ---- text ---- */

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size);
	bool fits = len < size;

	if (!size)
		return -E2BIG;
	len -= !fits;
	memcpy(to, from, len);
	to[len] = '\0';
	return fits ? (ssize_t)len : -E2BIG;
}

static inline int kstrtouint(const char *text, unsigned int base, unsigned int *value)
{
	char *end;

	*value = simple_strtoul(text, &end, base);
	return end == text || *end ? -EINVAL : 0;
}

#endif
