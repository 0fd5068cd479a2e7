/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24_unload.h - part of v24.h: rmmod is refused while a CPU does not schedule from process context.
 *
 * Nothing is preempted in 2.4: what waits for hooks and writers has run on every CPU when it is done, and where one
 * does not schedule it waits for ever, in an rmmod that cannot be taken back. So that is tried first, while the
 * module may still stay: each CPU has a thread of ours asleep, which is woken then and has to run within a time.
 */
#ifndef LKST_COMPAT_V24_UNLOAD_H
#define LKST_COMPAT_V24_UNLOAD_H

#ifdef CONFIG_SMP

#include <linux/completion.h>

#define LKST_PATIENCE	2	/* seconds; longer than any time slice */

static struct {
	struct task_struct *task[NR_CPUS];
	struct completion turned;	/* a thread is there, or has gone */
	bool stop;
	unsigned long ran;		/* CPUs that have scheduled since they were asked to */
	unsigned long at_lock;		/* CPUs that wait for the lock that rmmod holds, and will schedule after it */
} lkst_sentries;

static int lkst_sentry(void *data)
{
	unsigned long cpu = (unsigned long)data;

	daemonize();
	reparent_to_init();
	snprintf(current->comm, sizeof(current->comm), "lkst/%lu", cpu);
	spin_lock_irq(&current->sigmask_lock);
	sigfillset(&current->blocked);
	recalc_sigpending(current);
	spin_unlock_irq(&current->sigmask_lock);
	current->nice = -20;
	set_cpus_allowed(current, 1UL << cpu);
	lkst_sentries.task[cpu] = current;
	complete(&lkst_sentries.turned);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(lkst_sentries.stop))
			break;
		schedule();
		set_bit(cpu, &lkst_sentries.ran);
	}
	set_current_state(TASK_RUNNING);
	complete_and_exit(&lkst_sentries.turned, 0);
}

/* On each other CPU, by an interrupt: the big kernel lock's holder is rmmod, so whoever counts as its holder waits. */
static void lkst_look_at_lock(void *unused)
{
	if (current->lock_depth >= 0)
		set_bit(smp_processor_id(), &lkst_sentries.at_lock);
}

/* Asked by rmmod, with the big kernel lock and a spin lock held. */
static int lkst_must_stay(void)
{
	unsigned long until = jiffies + LKST_PATIENCE * HZ, cpu;

	if (atomic_read(&THIS_MODULE->uc.usecount))
		return 1;
	lkst_sentries.ran = 1UL << smp_processor_id();
	for_each_online_cpu(cpu)
		if (cpu != smp_processor_id())
			wake_up_process(lkst_sentries.task[cpu]);
	for_each_online_cpu(cpu)
		for (;;) {
			lkst_sentries.at_lock = 0;
			smp_call_function(lkst_look_at_lock, NULL, 1, 1);
			if (test_bit(cpu, &lkst_sentries.ran) || test_bit(cpu, &lkst_sentries.at_lock))
				break;
			if (time_after(jiffies, until)) {
				pr_warn("lkst: not unloaded: CPU %lu has not scheduled for %d s; try again later\n",
					cpu, LKST_PATIENCE);
				return 1;
			}
			udelay(100);
		}
	return 0;
}

static inline void lkst_unwatch_cpus(void)
{
	unsigned int cpu;

	lkst_sentries.stop = true;
	for_each_online_cpu(cpu)
		if (lkst_sentries.task[cpu]) {
			wake_up_process(lkst_sentries.task[cpu]);
			wait_for_completion(&lkst_sentries.turned);
		}
}

static inline int lkst_watch_cpus(void)
{
	unsigned long cpu;
	int pid;

	init_completion(&lkst_sentries.turned);
	for_each_online_cpu(cpu) {
		pid = kernel_thread(lkst_sentry, (void *)cpu, CLONE_FS | CLONE_FILES | CLONE_SIGHAND);
		if (pid < 0) {
			lkst_unwatch_cpus();
			return pid;
		}
		wait_for_completion(&lkst_sentries.turned);
	}
	THIS_MODULE->can_unload = lkst_must_stay;
	return 0;
}

#else

static inline int lkst_watch_cpus(void)
{
	return 0;
}

static inline void lkst_unwatch_cpus(void)
{
}

#endif
#endif
