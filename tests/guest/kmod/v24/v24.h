/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24.h - part of legacy.h: 2.4.37. Headers that it has not are in v24/linux/ and v24/asm/.
 */
#ifndef LKST_TEST_V24_H
#define LKST_TEST_V24_H

#include "../../kmod/compat/v24.h"
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/vmalloc.h>
#include <asm/nmi.h>

#undef DEFINE_PER_CPU
#define DEFINE_PER_CPU(type, name)	__typeof__(type) name[NR_CPUS]
/* p is the address of the whole array. */
#undef per_cpu_ptr
#define per_cpu_ptr(p, cpu)	(&(*(p))[cpu])
#undef per_cpu
#define per_cpu(var, cpu)	((var)[cpu])

/* One for all CPUs. */
#define per_cpu_lock(address, cpu)	((spinlock_t *)(address))

#define num_online_cpus()	smp_num_cpus
/* Bottom halves, the timers' first of all, are that one here. */
#define tasklet_hi_schedule(tasklet)	tasklet_schedule(tasklet)
#define flush_scheduled_work()	flush_scheduled_tasks()

#define cpumask_t		unsigned long
#define cpumask_of_cpu(cpu)	(1UL << (cpu))
#define for_each_process(task)	for_each_task(task)

#ifndef noinline
#define noinline		__attribute__((noinline))
#endif

#endif
