/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hrtimer.h - timers that arm themselves again, made of those that old kernels have: they fire at the next tick,
 * in a soft interrupt.
 */
#ifndef LKST_TEST_HRTIMER_H
#define LKST_TEST_HRTIMER_H

#include <linux/time.h>
#include <linux/timer.h>

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
#define HRTIMER_MODE_REL		0
#ifndef CLOCK_MONOTONIC
#define CLOCK_MONOTONIC			0
#endif
#define HRTIMER_MODE_REL_PINNED_HARD	0
#define ns_to_ktime(ns)			((unsigned long)(ns))

struct hrtimer {
	struct timer_list timer;
	enum hrtimer_restart (*function)(struct hrtimer *timer);
};

static inline void hrtimer_fired(unsigned long data)
{
	struct hrtimer *timer = (struct hrtimer *)data;

	if (timer->function(timer) == HRTIMER_RESTART)
		mod_timer(&timer->timer, jiffies + 1);
}

static inline void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *timer),
				 int clock, int mode)
{
	timer->function = function;
	init_timer(&timer->timer);
	timer->timer.function = hrtimer_fired;
	timer->timer.data = (unsigned long)timer;
}

#define hrtimer_start(which, ns, mode)		mod_timer(&(which)->timer, jiffies + 1)
#define hrtimer_forward_now(which, ns)		((void)(which))
#define hrtimer_cancel(which)			del_timer_sync(&(which)->timer)

#endif
