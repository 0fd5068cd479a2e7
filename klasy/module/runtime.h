/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * runtime.h - what the generated part of an aspect's module and runtime.c know of each other.
 */
#ifndef KLASY_RUNTIME_H
#define KLASY_RUNTIME_H

#include <linux/kprobes.h>
#include <linux/ptrace.h>
#include <linux/types.h>
#include <linux/uaccess.h>
#include "run.h"

struct klasy_point;

struct klasy_advice {
	klasy_body_fn *before, *after;	/* NULL: there is none */
	u32 target_size;		/* bytes that must be readable; 0: the advice binds no target */
	bool bound;			/* its sites have values */
	/* Made of hit.h for this advice; NULL for what it does not have. */
	int (*on_before)(struct kprobe *kp, struct pt_regs *regs);
	void (*on_after)(struct kprobe *kp, struct pt_regs *regs, unsigned long flags);
	int (*on_behind)(struct kprobe *kp, struct pt_regs *regs);
	void (*on_event)(const struct klasy_point *p, const u64 *args);
};

struct klasy_site {
	u64 pc;				/* as linked */
	s64 add;			/* target = base + index * scale + add */
	u16 advice;
	u8 base, index, scale;		/* registers in the order of instruction encoding */
	bool gs;			/* and the CPU's own base */
	bool moves;			/* @add holds an address as linked: it moves */
	u16 loose;			/* bits: bytes of @code that the loader of modules changes */
	u8 length;			/* of @code; 0: not compared */
	u8 code[16];
	u8 behind;			/* bytes from @pc to where <after> has its probe; 0: the access is stepped */
	u8 back;			/* the probe is so many bytes before @pc */
	u8 skipped[16];			/* what stands there: the body's place is as good as the access's */
	u16 skipped_loose;
	const char *obstacle;		/* why no jump is expected; "": one is */
	u16 event;			/* of the tracer, not an instruction; 0: an instruction */
	klasy_values_fn *values;	/* NULL: nothing is bound */
	const char *what;		/* for the user: class, member, source */
};

/* A section of the module that the aspect is woven into, as linked. */
struct klasy_section {
	u64 begin, end;
};

/* What the generated part brings. */
extern const char klasy_name[], klasy_source[], klasy_build_id[];
extern const struct klasy_site klasy_sites[];	/* those with an event come last */
extern const unsigned int klasy_nr_sites, klasy_nr_events;
extern const struct klasy_advice *const klasy_advices[];
extern const u64 klasy_anchor;		/* register_kprobe as linked; of a module 0 */
extern const struct klasy_section klasy_sections[];
extern const unsigned int klasy_nr_sections;	/* 0: the kernel itself, which moves as one */
extern const u64 klasy_note;		/* the build id in the kernel's memory, as linked */
extern const u8 klasy_note_bytes[];
extern const unsigned int klasy_note_size;
extern const bool klasy_trusted;
extern const unsigned int klasy_aspect;	/* number in the records */

/* What the runtime's two parts share, and the first with the values that sites bind. */
long klasy_slide(u64 linked);		/* from where it was linked to where it runs */

struct klasy_point {
	struct kprobe kp;		/* before the access, or stepping through it */
	struct kprobe behind;		/* right behind it */
	unsigned long pc;		/* of the access */
	long moved;			/* how far the address moved that its target is computed from */
	const struct klasy_site *site;
	struct klasy_count __percpu *count;
	int err;			/* why the kernel did not take it */
};

struct klasy_count {
	u64 hits, null, unreadable, full;
	u64 missed;			/* of events; kprobes counts its own */
};

#define klasy_count(p, what)	this_cpu_inc((p)->count->what)

extern struct klasy_point *klasy_points;
extern bool klasy_running;
extern unsigned int klasy_breaker, klasy_tripped;	/* per cent of a CPU: may, and did take when it was stopped */
extern u64 klasy_window;		/* over which that is counted, in ticks of the time stamp counter */
extern struct irq_work klasy_stop_soon;
extern void (*klasy_emit)(unsigned int event, unsigned int units, const u64 *args);

#endif
