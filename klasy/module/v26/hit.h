/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hit.h - for 2.6.9: what an aspect's module does at a place that is reached. Kprobes of 2.6.9 hold one lock around all
 * handlers, with interrupts off: nothing here needs a CPU of its own.
 */
#ifndef KLASY_HIT_H
#define KLASY_HIT_H

#include "runtime.h"

/* The trap pushed no stack pointer: it points to where that would be. */
static inline unsigned long klasy_reg(const struct pt_regs *regs, u8 number)
{
	const long *const at[] = {
		&regs->eax, &regs->ecx, &regs->edx, &regs->ebx, NULL, &regs->ebp, &regs->esi, &regs->edi
	};

	return number == 4 ? (unsigned long)&regs->esp : (unsigned long)*at[number];
}

static inline void *klasy_target_of(const struct klasy_point *p, const struct pt_regs *regs)
{
	const struct klasy_site *s = p->site;
	unsigned long at = s->add;

	if (s->base != KLASY_NO_REG)
		at += klasy_reg(regs, s->base);
	if (s->index != KLASY_NO_REG)
		at += klasy_reg(regs, s->index) * s->scale;
	return (void *)at;
}

#include "body.h"

static inline int klasy_hit_before(const struct klasy_advice *a, struct kprobe *kp, struct pt_regs *regs)
{
	const struct klasy_point *p = container_of(kp, struct klasy_point, kp);
	u64 bound[KLASY_MAX_BOUND], begin;
	void *target = NULL;

	if (!klasy_running)
		return 0;
	begin = klasy_now();
	klasy_count(p, hits);
	if (klasy_bind(a, p, regs, &target, bound, true))
		klasy_run_body(a->before, p, target, bound);
	klasy_account(begin);
	return 0;
}

/* The handler of advice @n, with klasy_advice_@n as a constant. */
#define KLASY_ON_BEFORE(n)								\
static int klasy_on_before_##n(struct kprobe *kp, struct pt_regs *regs)			\
{											\
	return klasy_hit_before(&klasy_advice_##n, kp, regs);				\
}

#endif
