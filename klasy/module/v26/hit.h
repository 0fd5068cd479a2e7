/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hit.h - for 2.6.9: what an aspect's module does at a place that is reached. Kprobes of 2.6.9 hold one lock around all
 * handlers, with interrupts off: nothing here needs a CPU of its own.
 */
#ifndef KLASY_HIT_H
#define KLASY_HIT_H

#include <lkst/event.h>
#include "runtime.h"

/* The trap pushed no stack pointer: it points to where that would be. */
static inline unsigned long klasy_reg(const struct pt_regs *regs, u8 number)
{
	const long *const at[] = {
		&regs->eax, &regs->ecx, &regs->edx, &regs->ebx, NULL, &regs->ebp, &regs->esi, &regs->edi
	};

	return number == 4 ? (unsigned long)&regs->esp : (unsigned long)*at[number];
}

static inline void *klasy_target_of(const struct klasy_site *s, const struct pt_regs *regs)
{
	unsigned long at = s->add;

	if (s->base != KLASY_NO_REG)
		at += klasy_reg(regs, s->base);
	if (s->index != KLASY_NO_REG)
		at += klasy_reg(regs, s->index) * s->scale;
	return (void *)at;
}

/* Every page that the struct lies in: what the body dereferences must not fault, and one byte a page tells. */
static inline bool klasy_readable(const void *target, u32 size)
{
	const char *at = target, *last = at + size - 1;
	char byte;

	for (;;) {
		if (copy_from_kernel_nofault(&byte, at, 1))
			return false;
		if (((unsigned long)at ^ (unsigned long)last) < PAGE_SIZE)
			return true;
		at = (const char *)(((unsigned long)at | (PAGE_SIZE - 1)) + 1);
	}
}

/* Target and names for a body. Returns false when it cannot run. */
static inline bool klasy_bind(const struct klasy_advice *a, struct klasy_point *p, const struct pt_regs *regs,
			      void **target, u64 *bound)
{
	if (a->target_size) {
		*target = klasy_target_of(p->site, regs);
		/* A member of a struct at NULL lies in the first page. */
		if ((unsigned long)*target < PAGE_SIZE) {
			p->null++;
			return false;
		}
		if (!klasy_trusted && !klasy_readable(*target, a->target_size)) {
			p->unreadable++;
			return false;
		}
	}
	if (!a->bound || p->site->values(regs, bound))
		return true;
	p->unreadable++;
	return false;
}

/*
 * The record: aspect and place, site and how many values are to come, four values; as often as needed. Its layout is
 * that of KLASY_DATA in events.def, whose size was compared when this was generated.
 */
static void klasy_record(const struct klasy_run *run, struct klasy_point *p)
{
	unsigned int values = run->values, i, from;
	u64 args[6];

	if (values > KLASY_MAX_VALUES) {
		p->full++;
		values = KLASY_MAX_VALUES;
	}
	for (from = 0; from < values; from += 4) {
		args[0] = klasy_aspect | (u64)run->pc << 16;
		args[1] = (u16)(p - klasy_points) | (u64)(values - from) << 16;
		for (i = 0; i < 4; i++)
			args[2 + i] = from + i < values ? run->value[from + i] : 0;
		klasy_emit(LKST_EV_KLASY_DATA, ARRAY_SIZE(args), args);
	}
}

static inline int klasy_hit_before(const struct klasy_advice *a, struct kprobe *kp, struct pt_regs *regs)
{
	struct klasy_point *p = container_of(kp, struct klasy_point, kp);
	u64 bound[KLASY_MAX_BOUND], begin;
	struct klasy_run run;
	void *target = NULL;

	if (!klasy_running)
		return 0;
	begin = klasy_now();
	p->hits++;
	if (klasy_bind(a, p, regs, &target, bound)) {
		run.pc = p->site->pc;
		run.target = target;
		run.bound = bound;
		run.values = 0;
		a->before(&run);
		if (run.values)
			klasy_record(&run, p);
	}
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
