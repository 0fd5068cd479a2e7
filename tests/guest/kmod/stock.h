/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stock.h - names of the kernel API of today that older stock kernels do not have; forced into each file of the test
 * module. What the product's compat has is taken from it.
 */
#ifndef LKST_TEST_STOCK_H
#define LKST_TEST_STOCK_H

#include <linux/hrtimer.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
#include <linux/panic_notifier.h>
#endif
#include "compat/stock.h"

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *timer),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#endif
