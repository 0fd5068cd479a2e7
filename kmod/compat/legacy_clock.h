/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * legacy_clock.h - part of v24.h and v26.h: the clock of records, as compat_clock.h. The family has before it
 *	lkst_jiffies_ns()	the kernel's tick in nanoseconds, from any context
 */
#ifndef LKST_COMPAT_LEGACY_CLOCK_H
#define LKST_COMPAT_LEGACY_CLOCK_H

/* No code is patched at run time here: a static key is an int. */
#define DEFINE_STATIC_KEY_TRUE(name)	int name = 1
#define DECLARE_STATIC_KEY_TRUE(name)	extern int name
#define static_branch_likely(key)	likely(*(key))
#define static_branch_disable(key)	((void)(*(key) = 0))
#define static_key_enabled(key)		(*(key) != 0)

DECLARE_STATIC_KEY_TRUE(lkst_clock_is_tsc);

static __always_inline u64 lkst_clock(void)
{
	u64 now;

	if (static_branch_likely(&lkst_clock_is_tsc))
		rdtscll(now);
	else
		now = lkst_jiffies_ns();
	return now;
}

static __always_inline bool lkst_clock_inline(u64 *now)
{
	if (!static_branch_likely(&lkst_clock_is_tsc))
		return false;
	rdtscll(*now);
	return true;
}

/* lkst_clock_inline() in words of 32 bits, both of them variables. */
#define lkst_clock_words(low, high) \
	(static_branch_likely(&lkst_clock_is_tsc) && ({ rdtsc(low, high); 1; }))

static inline u64 ktime_get_real_ns(void)
{
	struct timeval now;

	do_gettimeofday(&now);
	return (u64)now.tv_sec * NSEC_PER_SEC + now.tv_usec * NSEC_PER_USEC;
}

static inline u64 lkst_tsc_hz(void)
{
	return cpu_has_tsc ? (u64)cpu_khz * 1000 : 0;
}

#endif
