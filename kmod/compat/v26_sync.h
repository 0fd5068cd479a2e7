/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v26_sync.h - part of v26.h: what keeps tasks, CPUs and interrupts from each other's feet; work.
 */
#ifndef LKST_COMPAT_V26_SYNC_H
#define LKST_COMPAT_V26_SYNC_H

#include <linux/lkst.h>
#include <linux/mutex.h>

/* Without CONFIG_PREEMPT these are nothing at all in 2.6.9, not even for the compiler. */
#define preempt_disable_notrace()	do { preempt_disable(); barrier(); } while (0)
#define preempt_enable_notrace()	do { barrier(); preempt_enable(); } while (0)

/*
 * Writers run with preemption off: where this task has run, those entered before have left. synchronize_kernel() would not do,
 * for it takes an interrupt that finds the idle task for a quiet moment, and there are hooks in what the idle task does.
 */
static inline void lkst_wait_writers(void)
{
#ifdef CONFIG_SMP
	cpumask_t allowed = current->cpus_allowed;
	int cpu;

	for_each_online_cpu(cpu)
		set_cpus_allowed(current, cpumask_of_cpu(cpu));
	set_cpus_allowed(current, allowed);
#endif
}

/* Who waits for writers here gets every CPU in the end. */
static inline void lkst_guard_unload(void)
{
}

static inline void lkst_reach_memory(void)
{
	lkst_hooks_sync();
}

#define cpus_read_lock()	lock_cpu_hotplug()
#define cpus_read_unlock()	unlock_cpu_hotplug()

#include "legacy_sync.h"

/* The function gets the work. */
#undef DECLARE_WORK
#define DECLARE_WORK(name, fn) \
	struct work_struct name = __WORK_INITIALIZER(name, (void (*)(void *))(fn), &name)

static inline void cancel_work_sync(struct work_struct *work)
{
	flush_scheduled_work();
}

#endif
