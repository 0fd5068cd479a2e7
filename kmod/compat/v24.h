/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24.h - compat.h for 2.4.37, i386: the core's own names, and today's kernel API made of what 2.4 has. Headers that 2.4 has not
 * are in v24/linux/ and legacy/linux/; what is missing in headers that it has is here, for those come before ours on the
 * compiler's path.
 *
 * What cannot be had is named, as in v26.h.
 */
#ifndef LKST_COMPAT_V24_H
#define LKST_COMPAT_V24_H

#include <linux/config.h>
#ifndef CONFIG_X86
#error "LKST: the kernel part runs on i386 only, where 2.4 is concerned"
#endif
#ifndef CONFIG_X86_CMPXCHG
#error "LKST: needs a kernel for 486 or better, which has compare-exchange"
#endif
#define COMPAT_CANNOT_IRQ_WORK
#define COMPAT_CANNOT_HOTPLUG

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/bitmap.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/smp_lock.h>
#include <linux/string.h>
#include <linux/time.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/utsname.h>
#include <linux/workqueue.h>
#include <asm/uaccess.h>

#include "v24_lang.h"
#include "v24_memory.h"
#include "v24_sync.h"
#include "v24_file.h"
#include "v24_clock.h"
#include "v24_unload.h"

#endif
