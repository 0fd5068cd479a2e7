/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24_sync.h - part of v24.h: what keeps CPUs and interrupts from each other's feet. Nothing is preempted in 2.4.
 */
#ifndef LKST_COMPAT_V24_SYNC_H
#define LKST_COMPAT_V24_SYNC_H

#include <linux/lkst.h>
#include <linux/mutex.h>

#define preempt_disable()		barrier()
#define preempt_enable()		barrier()
#define preempt_disable_notrace()	barrier()
#define preempt_enable_notrace()	barrier()

/* Where this task has run, writers entered before have left. */
static inline void lkst_wait_writers(void)
{
#ifdef CONFIG_SMP
	unsigned long allowed = current->cpus_allowed;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		current->cpus_allowed = 1UL << cpu;
		while (smp_processor_id() != cpu)
			schedule();
	}
	current->cpus_allowed = allowed;
#endif
}

/* The kernel has seen to that when it booted, for as far as modules come to lie. */
static inline void lkst_reach_memory(void)
{
}

#define cpus_read_lock()	do { } while (0)
#define cpus_read_unlock()	do { } while (0)

#include "legacy_sync.h"

#endif
