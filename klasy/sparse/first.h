/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * first.h - what sparse reads before a file of the kernel's source. No compiler sees it.
 *
 * sparse's indexer leaves inlined functions out. And of a macro that takes a member's address, to read or write what
 * is there past the type system, it sees the address only: here these macros say what they do. A strong definition
 * outweighs the kernel's own, which comes later. What is a function, as atomic_inc() and set_bit(), stays an address.
 */
#undef inline
#undef __inline
#undef __inline__
#undef __always_inline
#define inline
#define __inline
#define __inline__
#define __always_inline

#strong_define READ_ONCE(x)		(x)
#strong_define __READ_ONCE(x)		(x)
#strong_define WRITE_ONCE(x, v)		((void)((x) = (v)))
#strong_define __WRITE_ONCE(x, v)	((void)((x) = (v)))
#strong_define smp_load_acquire(p)	(*(p))
#strong_define smp_store_release(p, v)	((void)(*(p) = (v)))
#strong_define smp_store_mb(x, v)	((void)((x) = (v)))

#define klasy_exchange(p, v) \
	({ __typeof__(*(p)) klasy_old = *(p); *(p) = (v); klasy_old; })
#define klasy_compare(p, o, n) \
	({ __typeof__(*(p)) klasy_old = *(p); (void)(o); *(p) = (n); klasy_old; })
#define klasy_try(p, o, n) \
	({ *(o) = *(p); *(p) = (n); 1; })

#strong_define xchg(p, v)			klasy_exchange(p, v)
#strong_define xchg_acquire(p, v)		klasy_exchange(p, v)
#strong_define xchg_release(p, v)		klasy_exchange(p, v)
#strong_define xchg_relaxed(p, v)		klasy_exchange(p, v)
#strong_define cmpxchg(p, o, n)			klasy_compare(p, o, n)
#strong_define cmpxchg_acquire(p, o, n)		klasy_compare(p, o, n)
#strong_define cmpxchg_release(p, o, n)		klasy_compare(p, o, n)
#strong_define cmpxchg_relaxed(p, o, n)		klasy_compare(p, o, n)
#strong_define cmpxchg_local(p, o, n)		klasy_compare(p, o, n)
#strong_define cmpxchg64(p, o, n)		klasy_compare(p, o, n)
#strong_define cmpxchg64_acquire(p, o, n)	klasy_compare(p, o, n)
#strong_define cmpxchg64_release(p, o, n)	klasy_compare(p, o, n)
#strong_define cmpxchg64_relaxed(p, o, n)	klasy_compare(p, o, n)
#strong_define cmpxchg64_local(p, o, n)		klasy_compare(p, o, n)
#strong_define sync_cmpxchg(p, o, n)		klasy_compare(p, o, n)
#strong_define try_cmpxchg(p, o, n)		klasy_try(p, o, n)
#strong_define try_cmpxchg_acquire(p, o, n)	klasy_try(p, o, n)
#strong_define try_cmpxchg_release(p, o, n)	klasy_try(p, o, n)
#strong_define try_cmpxchg_relaxed(p, o, n)	klasy_try(p, o, n)
#strong_define try_cmpxchg64(p, o, n)		klasy_try(p, o, n)
