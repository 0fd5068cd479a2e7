/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24_clock.h - part of v24.h: the kernel's clocks.
 */
#ifndef LKST_COMPAT_V24_CLOCK_H
#define LKST_COMPAT_V24_CLOCK_H

#include <linux/lkst.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/timex.h>

#define NSEC_PER_SEC	1000000000UL
#define NSEC_PER_USEC	1000UL

/* From any context. There are 32 bits of ticks: at 100 a second this starts anew after 497 days. */
static inline u64 lkst_jiffies_ns(void)
{
	return (u64)jiffies * (NSEC_PER_SEC / HZ);
}

/* 2.4 exports no variable of this name. */
#define cpu_khz		lkst_tsc_khz()

#include "legacy_clock.h"

/* This kernel has no clock but that of the day, which may be set: the counter in nanoseconds, or ticks. */
static inline u64 ktime_get_ns(void)
{
	u64 now, ms, khz = cpu_khz;

	if (!cpu_has_tsc || !khz)
		return lkst_jiffies_ns();
	rdtscll(now);
	ms = div64_u64(now, khz);
	return ms * 1000000 + div64_u64((now - ms * khz) * 1000000, khz);
}

/* The kernel sets the counters of all CPUs to one value at boot, tells the time by them, and has no doubts later. */
static inline bool lkst_tsc_fit(void)
{
	return cpu_has_tsc && cpu_khz;
}

#endif
