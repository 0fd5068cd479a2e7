/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v26_clock.h - part of v26.h: the clock of records, as compat_clock.h, and the clocks that it is compared with.
 */
#ifndef LKST_COMPAT_V26_CLOCK_H
#define LKST_COMPAT_V26_CLOCK_H

#include <linux/jiffies.h>
#include <asm/msr.h>
#include <asm/timex.h>

/* No code is patched at run time here: a static key is an int. */
#define DEFINE_STATIC_KEY_TRUE(name)	int name = 1
#define DECLARE_STATIC_KEY_TRUE(name)	extern int name
#define static_branch_likely(key)	likely(*(key))
#define static_branch_disable(key)	((void)(*(key) = 0))
#define static_key_enabled(key)		(*(key) != 0)

DECLARE_STATIC_KEY_TRUE(lkst_clock_is_tsc);

/* The kernel's own, which is not exported. Lock-free, so once in 2^32 ticks an NMI may read it torn. */
static inline u64 lkst_jiffies_ns(void)
{
	return (READ_ONCE(jiffies_64) - INITIAL_JIFFIES) * (NSEC_PER_SEC / HZ);
}

static inline u64 ktime_get_real_ns(void)
{
	struct timeval now;

	do_gettimeofday(&now);
	return (u64)now.tv_sec * NSEC_PER_SEC + now.tv_usec * NSEC_PER_USEC;
}

/* Exported by 2.6.9 and declared by none of its headers. */
extern unsigned long long monotonic_clock(void);

/* Not from NMIs: the kernel's clock takes a lock. It stands at 0 where the kernel has no fine clock. */
static inline u64 ktime_get_ns(void)
{
	u64 now = monotonic_clock();

	return now ? now : lkst_jiffies_ns();
}

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

/*
 * The kernel's doubts count here too: where it found the counter unfit its own clock stands still. It sets the counters of all
 * CPUs to one value at boot, except on NUMA machines.
 */
static inline bool lkst_tsc_fit(void)
{
#ifdef CONFIG_NUMA
	if (num_online_cpus() > 1)
		return false;
#endif
	return cpu_has_tsc && cpu_khz && monotonic_clock();
}

static inline u64 lkst_tsc_hz(void)
{
	return cpu_has_tsc ? (u64)cpu_khz * 1000 : 0;
}

#endif
