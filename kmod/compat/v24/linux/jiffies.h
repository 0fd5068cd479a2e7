/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * jiffies.h - what 2.6 has in linux/jiffies.h is elsewhere in 2.4.
 */
#ifndef LKST_COMPAT_JIFFIES_H
#define LKST_COMPAT_JIFFIES_H

#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/timer.h>

#endif
