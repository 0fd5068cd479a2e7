/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24_unload.h - part of v24.h: rmmod is refused while a CPU does not schedule from process context.
 *
 * Nothing is preempted in 2.4: what waits for hooks and writers has run on every CPU when it is done, and where one
 * does not schedule it waits for ever, in an rmmod that cannot be taken back. The kernel asks can_unload() before, the
 * last place where the module may say that it stays, and that one may not sleep. So what it waits for is the kernel's
 * own thread of each CPU, which has nothing to lose by being woken for nothing: it has run when it sleeps again.
 */
#ifndef LKST_COMPAT_V24_UNLOAD_H
#define LKST_COMPAT_V24_UNLOAD_H

#ifdef CONFIG_SMP

#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq_cpustat.h>

#define LKST_PATIENCE	2	/* seconds; the time slices of many tasks */

/*
 * CPUs that wait for the big kernel lock, which rmmod holds while it asks: so whoever runs and counts as its holder
 * waits for it. They schedule once they have had it, for their tasks have time slices; those of fixed priority have
 * none.
 */
static inline unsigned long lkst_cpus_at_lock(void)
{
	struct task_struct *task;
	unsigned long cpus = 0;

	read_lock(&tasklist_lock);
	for_each_task(task)
		if (task != current && task_has_cpu(task) && task->lock_depth >= 0 &&
		    !(task->policy & (SCHED_FIFO | SCHED_RR)))
			cpus |= 1UL << task->processor;
	read_unlock(&tasklist_lock);
	return cpus;
}

/*
 * Asked by rmmod, with the big kernel lock and a spin lock held: 1 makes it fail with EBUSY. No other CPU is made to
 * answer: one that has its interrupts off would not. That one may be the one that counts jiffies, so time is the ticks
 * of this CPU; jiffies are for a machine where those stand still.
 */
static inline int lkst_must_stay(void)
{
	unsigned int cpu, here = smp_processor_id();
	unsigned long left = cpu_online_map & ~(1UL << here);
	long until = current->per_cpu_stime[here] + LKST_PATIENCE * HZ;
	unsigned long late = jiffies + 5 * LKST_PATIENCE * HZ;

	if (atomic_read(&THIS_MODULE->uc.usecount))
		return 1;
	for_each_online_cpu(cpu)
		if (left & 1UL << cpu)
			wake_up_process(ksoftirqd_task(cpu));
	do {
		for_each_online_cpu(cpu)
			if (READ_ONCE(ksoftirqd_task(cpu)->state) != TASK_RUNNING)
				left &= ~(1UL << cpu);
		left &= ~lkst_cpus_at_lock();
		if (!left)
			return 0;
		udelay(100);
	} while (READ_ONCE(current->per_cpu_stime[here]) < until && time_before(jiffies, late));
	pr_warn("lkst: not unloaded: CPU %d has not scheduled for %d s; end what keeps it, or try again later\n",
		ffs(left) - 1, LKST_PATIENCE);
	return 1;
}

static inline void lkst_guard_unload(void)
{
	THIS_MODULE->can_unload = lkst_must_stay;
}

#else

static inline void lkst_guard_unload(void)
{
}

#endif
#endif
