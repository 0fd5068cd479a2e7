/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * irq_work.h - COMPAT_CANNOT_IRQ_WORK: work asked for is left to the heartbeat, which comes ten times a second.
 */
#ifndef LKST_COMPAT_IRQ_WORK_H
#define LKST_COMPAT_IRQ_WORK_H

struct irq_work {
	void (*func)(struct irq_work *work);
};

#define IRQ_WORK_INIT_HARD(fn)	((struct irq_work){ .func = (fn) })
#define irq_work_queue(work)	((void)(work))
#define irq_work_sync(work)	((void)(work))

#endif
