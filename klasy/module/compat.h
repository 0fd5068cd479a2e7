/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compat.h - what aspects written for older kernels expect and today's kernels no longer have; and the headers that
 * an aspect may do without naming. Every advice is compiled after this file. klasy(5) lists what it brings.
 */
#ifndef KLASY_COMPAT_H
#define KLASY_COMPAT_H

#include <linux/fs.h>
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/types.h>
#include <linux/version.h>
#include <asm/msr.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 6, 0)
struct timeval {
	long tv_sec;
	long tv_usec;
};

struct timespec {
	long tv_sec;
	long tv_nsec;
};
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 0, 0)
/* From the clock that may be read anywhere: the others spin while the time is being set, where an advice may run. */
static inline void getnstimeofday(struct timespec *ts)
{
	u64 ns = ktime_get_real_fast_ns();

	ts->tv_sec = (long)(ns / NSEC_PER_SEC);
	ts->tv_nsec = (long)(ns % NSEC_PER_SEC);
}

static inline void do_gettimeofday(struct timeval *tv)
{
	struct timespec ts;

	getnstimeofday(&ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / NSEC_PER_USEC;
}
#endif

#ifndef rdtscll
#define rdtscll(var)	((var) = rdtsc())
#endif
#ifndef rdtscl
#define rdtscl(var)	((var) = (unsigned long)rdtsc())
#endif

#endif
