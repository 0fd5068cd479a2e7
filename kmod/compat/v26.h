/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v26.h - compat.h for 2.6.9, i386: the core's own names, and today's kernel API made of what 2.6.9 has. Headers that 2.6.9 has
 * not are in legacy/linux/; what is missing in headers that it has is here, for those come before ours on the compiler's path.
 *
 * What cannot be had is named:
 *	COMPAT_CANNOT_IRQ_WORK	no interrupt of our own: readers are woken by the heartbeat alone
 *	COMPAT_CANNOT_HOTPLUG	no CPU comes or goes after boot on i386
 */
#ifndef LKST_COMPAT_V26_H
#define LKST_COMPAT_V26_H

#include <linux/config.h>
#if !defined(CONFIG_X86) || defined(CONFIG_X86_64)
#error "LKST: the kernel part runs on i386 only, where 2.6 is concerned"
#endif
#ifndef CONFIG_X86_CMPXCHG
#error "LKST: needs a kernel for 486 or better, which has compare-exchange"
#endif
#ifdef CONFIG_HOTPLUG_CPU
#error "LKST: a 2.6.9 whose CPUs come and go is not served"
#endif
#define COMPAT_CANNOT_IRQ_WORK
#define COMPAT_CANNOT_HOTPLUG

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/poll.h>
#include <linux/preempt.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/smp_lock.h>
#include <linux/string.h>
#include <linux/time.h>
#include <linux/timer.h>
#include <linux/topology.h>
#include <linux/types.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <asm/processor.h>
#include <asm/uaccess.h>
#include <asm/unistd.h>

#include "legacy_lang.h"
#include "v26_memory.h"
#include "v26_sync.h"
#include "v26_file.h"
#include "v26_clock.h"

#endif
