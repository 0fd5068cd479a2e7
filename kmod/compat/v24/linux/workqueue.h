/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * workqueue.h - work (2.6) is what keventd does in 2.4.
 */
#ifndef LKST_COMPAT_WORKQUEUE_H
#define LKST_COMPAT_WORKQUEUE_H

#include <linux/sched.h>
#include <linux/tqueue.h>

struct work_struct {
	struct tq_struct task;
};

/* The function gets the work. */
#define DECLARE_WORK(name, fn)								\
	struct work_struct name = {							\
		.task = { .routine = (void (*)(void *))(fn), .data = &(name) },		\
	}

#define schedule_work(work)	schedule_task(&(work)->task)

static inline void cancel_work_sync(struct work_struct *work)
{
	flush_scheduled_tasks();
}

#endif
