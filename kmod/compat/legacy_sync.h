/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * legacy_sync.h - part of v24.h and v26.h: CPUs, of which none comes or goes, and timers.
 */
#ifndef LKST_COMPAT_LEGACY_SYNC_H
#define LKST_COMPAT_LEGACY_SYNC_H

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

/* ---- timers: the function gets the timer ---- */

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

#endif
