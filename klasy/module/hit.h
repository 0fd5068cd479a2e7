/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hit.h - what an aspect's module does at a place that is reached: computes targets, runs bodies, records what they
 * gather, and counts. Every advice has handlers of its own, made of these functions: what it does not use costs it
 * nothing, and its bodies are called directly.
 *
 * All of it runs in the context of the access: any, but with preemption off.
 */
#ifndef KLASY_HIT_H
#define KLASY_HIT_H

#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/uaccess.h>
#include <lkst/handler.h>
#include <asm/tsc.h>
#include "runtime.h"

/* A kernel may have all variables zeroed: these are written before they are read, and each word costs. */
#if __has_attribute(uninitialized)
#define KLASY_BARE	__attribute__((uninitialized))
#else
#define KLASY_BARE
#endif

enum {
	KLASY_UNTIMED = 15	/* bodies between two that are timed, while they are short */
};

struct klasy_cpu {
	u64 start, spent;		/* of this window, in ticks of the counter */
	unsigned int untimed;		/* so many more bodies */
	/* From the probe before the access to the one that steps through it. */
	void *target;
	u64 bound[KLASY_MAX_BOUND];
	bool in_event;			/* a body of an event runs */
};

static DEFINE_PER_CPU(struct klasy_cpu, klasy_cpu);

#define KLASY_AT(name)	offsetof(struct pt_regs, name)

static const u8 klasy_reg_at[16] = {
	KLASY_AT(ax), KLASY_AT(cx), KLASY_AT(dx), KLASY_AT(bx), KLASY_AT(sp), KLASY_AT(bp), KLASY_AT(si), KLASY_AT(di),
	KLASY_AT(r8), KLASY_AT(r9), KLASY_AT(r10), KLASY_AT(r11), KLASY_AT(r12), KLASY_AT(r13), KLASY_AT(r14),
	KLASY_AT(r15),
};

static __always_inline unsigned long klasy_reg(const struct pt_regs *regs, u8 number)
{
	return *(const unsigned long *)((const char *)regs + klasy_reg_at[number]);
}

static __always_inline void *klasy_target_of(const struct klasy_point *p, const struct pt_regs *regs)
{
	const struct klasy_site *s = p->site;
	unsigned long at = (unsigned long)s->add + (unsigned long)p->moved;

	if (s->base != KLASY_NO_REG)
		at += klasy_reg(regs, s->base);
	if (s->index != KLASY_NO_REG)
		at += klasy_reg(regs, s->index) * s->scale;
	if (s->gs)
		at += __this_cpu_read(this_cpu_off);
	return (void *)at;
}

#include "body.h"

/* Returns when it began, 0 when it is not timed. Of short bodies, one of sixteen is and stands for all. */
static __always_inline u64 klasy_begin(void)
{
	if (this_cpu_read(klasy_cpu.untimed)) {
		this_cpu_dec(klasy_cpu.untimed);
		return 0;
	}
	return rdtsc();
}

static noinline void klasy_account(u64 begin)
{
	struct klasy_cpu *cpu = this_cpu_ptr(&klasy_cpu);
	u64 now = rdtsc(), gone = now - cpu->start, took = now - begin;

	/* A hundred thousandth of the window is a microsecond. */
	if (took * 100000 < klasy_window) {
		cpu->untimed = KLASY_UNTIMED;
		took *= KLASY_UNTIMED + 1;
	}
	cpu->spent += took;
	if (likely(gone < klasy_window))
		return;
	/* A window in which little happened is longer: that is no harm. */
	if (klasy_breaker && cpu->start && cpu->spent * 100 > gone * klasy_breaker) {
		WRITE_ONCE(klasy_tripped, (unsigned int)min_t(u64, cpu->spent * 100 / gone, 100));
		WRITE_ONCE(klasy_running, false);
		irq_work_queue(&klasy_stop_soon);
	}
	cpu->start = now;
	cpu->spent = 0;
}
NOKPROBE_SYMBOL(klasy_record);
NOKPROBE_SYMBOL(klasy_account);

/* Before the access, or when an <after> has no probe of its own, stepping through it. */
static __always_inline int klasy_hit_before(const struct klasy_advice *a, struct kprobe *kp, struct pt_regs *regs)
{
	const struct klasy_point *p = container_of(kp, struct klasy_point, kp);
	struct klasy_cpu *cpu = NULL;
	u64 here[KLASY_MAX_BOUND] KLASY_BARE, *bound = here, begin;
	void *target = NULL;

	if (a->after) {
		cpu = this_cpu_ptr(&klasy_cpu);
		cpu->target = NULL;
		bound = cpu->bound;
	}
	if (!READ_ONCE(klasy_running))
		return 0;
	begin = klasy_begin();
	klasy_count(p, hits);
	if (klasy_bind(a, p, regs, &target, bound, true)) {
		/* A struct at NULL was left out above, so NULL says that there is nothing to do after it, either. */
		if (a->after)
			cpu->target = a->target_size ? target : (void *)1;
		if (a->before)
			klasy_run_body(a->before, p, target, bound);
	}
	if (begin)
		klasy_account(begin);
	return 0;
}

/* Stepped through. The registers may hold other things by now: target and names are those from before. */
static __always_inline void klasy_hit_after(const struct klasy_advice *a, struct kprobe *kp)
{
	const struct klasy_point *p = container_of(kp, struct klasy_point, kp);
	struct klasy_cpu *cpu = this_cpu_ptr(&klasy_cpu);
	u64 begin;

	if (!cpu->target || !READ_ONCE(klasy_running))
		return;
	begin = klasy_begin();
	klasy_run_body(a->after, p, cpu->target, cpu->bound);
	if (begin)
		klasy_account(begin);
}

/* Nothing but the access leads here, and it left the registers alone that target and names are computed from. */
static __always_inline int klasy_hit_behind(const struct klasy_advice *a, struct kprobe *kp, struct pt_regs *regs)
{
	const struct klasy_point *p = container_of(kp, struct klasy_point, behind);
	u64 bound[KLASY_MAX_BOUND] KLASY_BARE, begin;
	void *target = NULL;

	if (!READ_ONCE(klasy_running))
		return 0;
	begin = klasy_begin();
	/* With a body before the access the probe there counts. */
	if (!a->before)
		klasy_count(p, hits);
	if (klasy_bind(a, p, regs, &target, bound, !a->before))
		klasy_run_body(a->after, p, target, bound);
	if (begin)
		klasy_account(begin);
	return 0;
}

/*
 * At an event of the tracer. A body that brings such an event itself, or that an interrupt's event meets, is not begun
 * anew: there would be no end of it.
 */
static __always_inline void klasy_hit_event(const struct klasy_advice *a, const struct klasy_point *p,
					    const u64 *args)
{
	u64 bound[KLASY_MAX_BOUND] KLASY_BARE, begin;
	void *target = NULL;

	if (!READ_ONCE(klasy_running))
		return;
	if (this_cpu_read(klasy_cpu.in_event)) {
		klasy_count(p, missed);
		return;
	}
	begin = klasy_begin();
	klasy_count(p, hits);
	this_cpu_write(klasy_cpu.in_event, true);
	if (klasy_bind(a, p, args, &target, bound, true))
		klasy_run_body(a->before, p, target, bound);
	this_cpu_write(klasy_cpu.in_event, false);
	if (begin)
		klasy_account(begin);
}

/* The handlers of advice @n, with klasy_advice_@n as a constant. */
#define KLASY_ON_BEFORE(n)								\
static int klasy_on_before_##n(struct kprobe *kp, struct pt_regs *regs)			\
{											\
	return klasy_hit_before(&klasy_advice_##n, kp, regs);				\
}											\
NOKPROBE_SYMBOL(klasy_on_before_##n);
#define KLASY_ON_EVENT(n)								\
static void klasy_on_event_##n(const struct klasy_point *p, const u64 *args)		\
{											\
	klasy_hit_event(&klasy_advice_##n, p, args);					\
}											\
NOKPROBE_SYMBOL(klasy_on_event_##n);
#define KLASY_ON_AFTER(n)								\
static void klasy_on_after_##n(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)	\
{											\
	klasy_hit_after(&klasy_advice_##n, kp);						\
}											\
static int klasy_on_behind_##n(struct kprobe *kp, struct pt_regs *regs)			\
{											\
	return klasy_hit_behind(&klasy_advice_##n, kp, regs);				\
}											\
NOKPROBE_SYMBOL(klasy_on_after_##n);							\
NOKPROBE_SYMBOL(klasy_on_behind_##n);

#endif
