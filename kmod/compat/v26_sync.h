/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v26_sync.h - part of v26.h: what keeps tasks, CPUs and interrupts from each other's feet; timers and work.
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

static inline void lkst_reach_memory(void)
{
	lkst_hooks_sync();
}

/* ---- CPUs; none comes or goes: COMPAT_CANNOT_HOTPLUG ---- */

#define cpus_read_lock()	lock_cpu_hotplug()
#define cpus_read_unlock()	unlock_cpu_hotplug()

enum cpuhp_state { CPUHP_AP_ONLINE_DYN };

static inline int cpuhp_setup_state(enum cpuhp_state state, const char *name, int (*up)(unsigned int), int (*down)(unsigned int))
{
	unsigned int cpu;
	int err = 0;

	for_each_online_cpu(cpu)
		if (!err)
			err = up(cpu);
	return err;
}
#define cpuhp_remove_state(state)	((void)(state))

struct lkst_one_cpu_call {
	unsigned int cpu;
	void (*fn)(void *);
	void *info;
};

static inline void lkst_call_if_meant(void *data)
{
	struct lkst_one_cpu_call *call = data;

	if (smp_processor_id() == call->cpu)
		call->fn(call->info);
}

/* All CPUs are asked and one listens. Always waits. */
static inline int smp_call_function_single(unsigned int cpu, void (*fn)(void *), void *info, int wait)
{
	struct lkst_one_cpu_call call;

	call.cpu = cpu;
	call.fn = fn;
	call.info = info;
	preempt_disable();
	if (smp_processor_id() == cpu) {
		local_irq_disable();
		fn(info);
		local_irq_enable();
	} else {
		smp_call_function(lkst_call_if_meant, &call, 1, 1);
	}
	preempt_enable();
	return 0;
}

/* ---- timers and work: the function gets the timer, or the work ---- */

#define timer_setup(timer, fn, flags) do {					\
	void (*__fn)(struct timer_list *) = (fn);				\
	init_timer(timer);							\
	(timer)->function = (void (*)(unsigned long))__fn;			\
	(timer)->data = (unsigned long)(timer);					\
} while (0)

/* Loops until the timer is neither running nor armed. */
static inline void lkst_timer_shutdown(struct timer_list *timer)
{
	del_timer_sync(timer);
}

#undef DECLARE_WORK
#define DECLARE_WORK(name, fn) \
	struct work_struct name = __WORK_INITIALIZER(name, (void (*)(void *))(fn), &name)

static inline void cancel_work_sync(struct work_struct *work)
{
	flush_scheduled_work();
}

#endif
