// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-table.c - every measure, in the order of 'lkstla list'.
 */
#include "la.h"

#define ALL_MEASURES \
	M(syscall) M(syscallcount) M(softirq) M(softirqtime) M(timer) M(timerlate) M(irq) M(memalloc) M(memfree) \
	M(biotime) M(bioqueue) M(nettime) M(netsize) M(lockwait) M(lockhold) M(runqueue) M(waitqlen) M(waitq) \
	M(schedtime) M(wakeup) M(lifetime) M(state) M(budget) M(stages) \
	M(chain) M(count) M(print)

#define M(name)	extern const struct la_measure la_##name;
ALL_MEASURES
#undef M

#define M(name)	&la_##name,
const struct la_measure *const la_table[] = { ALL_MEASURES NULL };
