/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compat_clock.h - the clock of records: the raw time stamp counter, or nanoseconds where it is unfit.
 */
#ifndef LKST_COMPAT_CLOCK_H
#define LKST_COMPAT_CLOCK_H

#include <linux/jump_label.h>
#include <linux/ktime.h>
#include <asm/cpufeature.h>
#include <asm/msr.h>

DECLARE_STATIC_KEY_TRUE(lkst_clock_is_tsc);

/**
 * lkst_clock - the time of a record, in ticks
 *
 * Any context, NMI included.
 */
static __always_inline u64 lkst_clock(void)
{
	if (static_branch_likely(&lkst_clock_is_tsc))
		return rdtsc();
	return ktime_get_mono_fast_ns();
}

/**
 * lkst_clock_inline - lkst_clock() where no function need be called for it
 * @now: set to the time
 *
 * Return: false when the clock is not the counter: then @now is not set, and the caller goes out of line.
 */
static __always_inline bool lkst_clock_inline(u64 *now)
{
	if (!static_branch_likely(&lkst_clock_is_tsc))
		return false;
	*now = rdtsc();
	return true;
}

/**
 * lkst_tsc_fit - may the time stamp counter be used as it is?
 *
 * It must run at one rate on every CPU. The kernel's own doubts (clocksource watchdog, tsc=unstable) count; a single CPU
 * needs no promise of synchrony.
 */
static inline bool lkst_tsc_fit(void)
{
	if (!boot_cpu_has(X86_FEATURE_TSC) || !tsc_khz || check_tsc_unstable())
		return false;
	return num_possible_cpus() == 1 ||
	       (boot_cpu_has(X86_FEATURE_CONSTANT_TSC) && boot_cpu_has(X86_FEATURE_NONSTOP_TSC));
}

/* Ticks per second of the counter, as the kernel calibrated it. */
static inline u64 lkst_tsc_hz(void)
{
	return (u64)tsc_khz * 1000;
}

#endif
