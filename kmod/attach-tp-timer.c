// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-tp-timer.c - tracepoints of timers.
 */
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/pid.h>
#include <linux/timer.h>
#include <trace/events/timer.h>
#include "attach-tp.h"

LKST_TP_PROBE(timer_start, struct timer_list *timer, unsigned long expires, unsigned int flags)
{
	lkst_emit(TIMER_ADD, (unsigned long)timer, (long)(expires - jiffies));
}

/* 6.6 on; what is due then is the wheel's slot, so the timer's own time is taken */
LKST_TP_PROBE(timer_start_bucket, struct timer_list *timer, unsigned long bucket_expiry)
{
	lkst_emit(TIMER_ADD, (unsigned long)timer, (long)(timer->expires - jiffies));
}

LKST_TP_PROBE(timer_expire_entry, struct timer_list *timer, unsigned long baseclk)
{
	lkst_emit(TIMER_ENTRY, (unsigned long)timer, (unsigned long)timer->function,
		  (long)(jiffies - timer->expires));
}

LKST_TP_PROBE(timer_expire_exit, struct timer_list *timer)
{
	lkst_emit(TIMER_EXIT, (unsigned long)timer);
}

LKST_TP_PROBE(timer_cancel, struct timer_list *timer)
{
	lkst_emit(TIMER_DEL, (unsigned long)timer);
}

static __always_inline void emit_start(const struct hrtimer *hrtimer)
{
	lkst_emit(HRTIMER_START, (unsigned long)hrtimer, hrtimer_get_expires(hrtimer));
}

LKST_TP_PROBE(hrtimer_start, struct hrtimer *hrtimer, enum hrtimer_mode mode)
{
	emit_start(hrtimer);
}

/* the stable kernels of 2026 */
LKST_TP_PROBE(hrtimer_start_was_armed, struct hrtimer *hrtimer, enum hrtimer_mode mode,
	      bool was_armed)
{
	emit_start(hrtimer);
}

static __always_inline void emit_expire(const struct hrtimer *hrtimer, ktime_t now)
{
	lkst_emit(HRTIMER_ENTRY, (unsigned long)hrtimer,
		  (unsigned long)ACCESS_PRIVATE(hrtimer, function),
		  now - hrtimer_get_expires(hrtimer));
}

LKST_TP_PROBE(hrtimer_expire_entry, struct hrtimer *hrtimer, ktime_t *now)
{
	emit_expire(hrtimer, *now);
}

/* 7.2 hands over the time itself */
LKST_TP_PROBE(hrtimer_expire_entry_now, struct hrtimer *hrtimer, ktime_t now)
{
	emit_expire(hrtimer, now);
}

LKST_TP_PROBE(hrtimer_expire_exit, struct hrtimer *hrtimer)
{
	lkst_emit(HRTIMER_EXIT, (unsigned long)hrtimer);
}

LKST_TP_PROBE(hrtimer_cancel, struct hrtimer *hrtimer)
{
	lkst_emit(HRTIMER_DEL, (unsigned long)hrtimer);
}

LKST_TP_PROBE(itimer_expire, int which, struct pid *pid, unsigned long long now)
{
	lkst_emit(ITIMER_EXPIRE, pid_nr(pid), which);
}

static struct lkst_point rows[] = {
	LKST_TP(TIMER_ADD, timer_start, timer_start),
	LKST_TP(TIMER_ADD, timer_start, timer_start_bucket),
	LKST_TP(TIMER_ENTRY, timer_expire_entry, timer_expire_entry),
	LKST_TP(TIMER_EXIT, timer_expire_exit, timer_expire_exit),
	LKST_TP(TIMER_DEL, timer_cancel, timer_cancel),
	LKST_TP(HRTIMER_START, hrtimer_start, hrtimer_start),
	LKST_TP(HRTIMER_START, hrtimer_start, hrtimer_start_was_armed),
	LKST_TP(HRTIMER_ENTRY, hrtimer_expire_entry, hrtimer_expire_entry),
	LKST_TP(HRTIMER_ENTRY, hrtimer_expire_entry, hrtimer_expire_entry_now),
	LKST_TP(HRTIMER_EXIT, hrtimer_expire_exit, hrtimer_expire_exit),
	LKST_TP(HRTIMER_DEL, hrtimer_cancel, hrtimer_cancel),
	LKST_TP(ITIMER_EXPIRE, itimer_expire, itimer_expire),
};
LKST_POINTS(lkst_points_timer, rows);
