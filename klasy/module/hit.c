// SPDX-License-Identifier: GPL-2.0-only
/*
 * hit.c - what an aspect's module does at a place that is reached: computes targets, runs bodies, records what they
 * gather, and counts.
 *
 * All of it runs in the context of the access: any, but with preemption off.
 */
#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include <lkst/handler.h>
#include <asm/tsc.h>
#include "runtime.h"

struct cpu_state {
	u64 start, spent;		/* of this window, in ticks of the counter */
	/* From the probe before the access to the one after it. */
	void *target;
	u64 bound[KLASY_MAX_BOUND];
	bool in_event;			/* a body of an event runs */
};

static DEFINE_PER_CPU(struct cpu_state, cpu_state);

#define AT(name)	offsetof(struct pt_regs, name)

static const u8 reg_at[16] = {
	AT(ax), AT(cx), AT(dx), AT(bx), AT(sp), AT(bp), AT(si), AT(di),
	AT(r8), AT(r9), AT(r10), AT(r11), AT(r12), AT(r13), AT(r14), AT(r15),
};

static __always_inline unsigned long reg(const struct pt_regs *regs, u8 number)
{
	return *(const unsigned long *)((const char *)regs + reg_at[number]);
}

static __always_inline void *target_of(const struct klasy_site *s, const struct pt_regs *regs)
{
	unsigned long at = (unsigned long)s->add;

	if (s->base != KLASY_NO_REG)
		at += reg(regs, s->base);
	if (s->index != KLASY_NO_REG)
		at += reg(regs, s->index) * s->scale;
	if (s->gs)
		at += __this_cpu_read(this_cpu_off);
	if (s->moves)
		at += (unsigned long)klasy_slide;
	return (void *)at;
}

/* Every page that the struct lies in: what the body dereferences must not fault, and one byte a page tells. */
static __always_inline bool readable(const void *target, u32 size)
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

static __always_inline bool usable(const struct klasy_advice *a, void *target, struct klasy_count *c)
{
	if (!a->target_size)
		return true;
	/* A member of a struct at NULL lies in the first page. */
	if ((unsigned long)target < PAGE_SIZE) {
		c->null++;
		return false;
	}
	if (!klasy_trusted && !readable(target, a->target_size)) {
		c->unreadable++;
		return false;
	}
	return true;
}

static __always_inline bool fetched(const struct klasy_site *s, const void *from, u64 *bound, struct klasy_count *c)
{
	if (!s->values || s->values(from, bound))
		return true;
	c->unreadable++;
	return false;
}

/*
 * The record: aspect and place, site and how many values are to come, four values; as often as needed. Its layout is
 * that of KLASY_DATA in events.def, whose size was compared when this was generated.
 */
static void record(const struct klasy_run *run, const struct klasy_site *s, struct klasy_count *c)
{
	unsigned int values = run->values, i, from;
	u64 args[6];

	if (values > KLASY_MAX_VALUES) {
		c->full++;
		values = KLASY_MAX_VALUES;
	}
	for (from = 0; from < values; from += 4) {
		args[0] = klasy_aspect | (u64)run->pc << 16;
		args[1] = (u16)(s - klasy_sites) | (u64)(values - from) << 16;
		for (i = 0; i < 4; i++)
			args[2 + i] = from + i < values ? run->value[from + i] : 0;
		klasy_emit(LKST_EV_KLASY_DATA, ARRAY_SIZE(args), args);
	}
}

static __always_inline void account(struct cpu_state *cpu, u64 begin)
{
	u64 now = rdtsc(), gone;

	cpu->spent += now - begin;
	gone = now - cpu->start;
	if (likely(gone < klasy_window))
		return;
	/* A klasy_window in which little happened is longer: that is no harm. */
	if (klasy_breaker && cpu->start && cpu->spent * 100 > gone * klasy_breaker) {
		WRITE_ONCE(klasy_tripped, (unsigned int)min_t(u64, cpu->spent * 100 / gone, 100));
		WRITE_ONCE(klasy_running, false);
		schedule_work(&klasy_stop_work);
	}
	cpu->start = now;
	cpu->spent = 0;
}

static __always_inline void run_body(klasy_body_fn *body, const struct klasy_point *p, void *target, const u64 *bound,
				     struct klasy_count *c)
{
	struct klasy_run run;

	run.pc = p->pc;
	run.target = target;
	run.bound = bound;
	run.values = 0;
	body(&run);
	if (run.values)
		record(&run, p->site, c);
}

int klasy_before(struct kprobe *kp, struct pt_regs *regs)
{
	const struct klasy_point *p = container_of(kp, struct klasy_point, kp);
	const struct klasy_site *s = p->site;
	const struct klasy_advice *a = &klasy_advices[s->advice];
	struct cpu_state *cpu = this_cpu_ptr(&cpu_state);
	struct klasy_count *c = &klasy_counts[smp_processor_id()][s - klasy_sites];
	u64 begin;
	void *target;

	cpu->target = NULL;
	if (!READ_ONCE(klasy_running))
		return 0;
	begin = rdtsc();
	c->hits++;
	target = target_of(s, regs);
	if (usable(a, target, c) && fetched(s, regs, cpu->bound, c)) {
		/* A struct at NULL was left out above, so NULL says that there is nothing to do after it, either. */
		cpu->target = a->target_size ? target : (void *)1;
		if (a->before)
			run_body(a->before, p, target, cpu->bound, c);
	}
	account(cpu, begin);
	return 0;
}

/* The registers may hold other things by now: target and names are those from before. */
void klasy_after(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
	const struct klasy_point *p = container_of(kp, struct klasy_point, kp);
	struct cpu_state *cpu = this_cpu_ptr(&cpu_state);
	u64 begin;

	if (!cpu->target || !READ_ONCE(klasy_running))
		return;
	begin = rdtsc();
	run_body(klasy_advices[p->site->advice].after, p, cpu->target, cpu->bound,
		 &klasy_counts[smp_processor_id()][p->site - klasy_sites]);
	account(cpu, begin);
}

/* One for all events of the aspect. A body that brings such an event itself, or that an interrupt's event meets, is not
 * begun anew: there would be no end of it. */
int klasy_at_event(struct lkst_handler *handler, unsigned int event, unsigned int units, const lkst_u64 *args)
{
	struct cpu_state *cpu = this_cpu_ptr(&cpu_state);
	u64 bound[KLASY_MAX_BOUND], begin;
	unsigned int i;

	if (!READ_ONCE(klasy_running))
		return LKST_KEEP;
	begin = rdtsc();
	for (i = klasy_nr_sites - klasy_nr_events; i < klasy_nr_sites; i++) {
		struct klasy_point *p = &klasy_points[i];
		struct klasy_count *c = &klasy_counts[smp_processor_id()][i];

		if (p->site->event != event)
			continue;
		if (cpu->in_event) {
			c->missed++;
			continue;
		}
		c->hits++;
		WRITE_ONCE(cpu->in_event, true);
		if (fetched(p->site, args, bound, c))
			run_body(klasy_advices[p->site->advice].before, p, NULL, bound, c);
		WRITE_ONCE(cpu->in_event, false);
	}
	account(cpu, begin);
	return LKST_KEEP;
}
NOKPROBE_SYMBOL(klasy_at_event);
/* Nothing but the access leads here, and it left the registers alone that target and names are computed from. */
int klasy_behind(struct kprobe *kp, struct pt_regs *regs)
{
	const struct klasy_point *p = container_of(kp, struct klasy_point, behind);
	const struct klasy_site *s = p->site;
	const struct klasy_advice *a = &klasy_advices[s->advice];
	struct cpu_state *cpu = this_cpu_ptr(&cpu_state);
	struct klasy_count counted = { 0 }, *c = &klasy_counts[smp_processor_id()][s - klasy_sites];
	u64 begin;
	void *target;

	if (!READ_ONCE(klasy_running))
		return 0;
	begin = rdtsc();
	/* With a body before the access the probe there klasy_counts. */
	if (!a->before)
		c->hits++;
	target = target_of(s, regs);
	if (usable(a, target, a->before ? &counted : c) && fetched(s, regs, cpu->bound, a->before ? &counted : c))
		run_body(a->after, p, target, cpu->bound, c);
	account(cpu, begin);
	return 0;
}
NOKPROBE_SYMBOL(klasy_behind);
NOKPROBE_SYMBOL(klasy_before);
NOKPROBE_SYMBOL(klasy_after);
