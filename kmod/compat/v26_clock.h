/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v26_clock.h - part of v26.h: the kernel's clocks, and whether it trusts the counter.
 */
#ifndef LKST_COMPAT_V26_CLOCK_H
#define LKST_COMPAT_V26_CLOCK_H

#include <linux/jiffies.h>
#include <asm/msr.h>
#include <asm/timex.h>

/* The kernel's own, which is not exported. Lock-free, so once in 2^32 ticks an NMI may read it torn. */
static inline u64 lkst_jiffies_ns(void)
{
	return (READ_ONCE(jiffies_64) - INITIAL_JIFFIES) * (NSEC_PER_SEC / HZ);
}

#include "legacy_clock.h"

/* Exported by 2.6.9 and declared by none of its headers. */
extern unsigned long long monotonic_clock(void);

/* Not from NMIs: the kernel's clock takes a lock. It stands at 0 where the kernel has no fine clock. */
static inline u64 ktime_get_ns(void)
{
	u64 now = monotonic_clock();

	return now ? now : lkst_jiffies_ns();
}

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

#endif
