/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * runtime.h - for 2.6.9: what the generated part of an aspect's module and runtime.c know of each other.
 */
#ifndef KLASY_RUNTIME_H
#define KLASY_RUNTIME_H

#include <linux/config.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/ptrace.h>
#include <linux/types.h>
#include <asm/msr.h>
#include <asm/page.h>
#include <asm/uaccess.h>

typedef _Bool bool;
#define true	1
#define false	0

#include "run.h"

struct klasy_advice {
	klasy_body_fn *before;
	u32 target_size;		/* bytes that must be readable; 0: the advice binds no target */
	bool bound;			/* its sites have values */
	int (*on_before)(struct kprobe *kp, struct pt_regs *regs);	/* made of hit.h for this advice */
};

struct klasy_site {
	u32 pc, entry;			/* of the function that holds it */
	s32 add;			/* target = base + index * scale + add */
	u16 advice;
	u8 base, index, scale;		/* registers in the order of instruction encoding */
	u8 length;			/* of @code */
	u8 code[16];
	u16 event;			/* none here */
	klasy_values_fn *values;	/* NULL: nothing is bound */
	const char *place;		/* symbol+offset */
	const char *what;		/* for the user: class, member, source */
};

/* In the module itself: kprobes execute the copy of the instruction that is in here. 2.6.9 runs one body at a time. */
struct klasy_point {
	struct kprobe kp;
	unsigned long pc;
	const struct klasy_site *site;
	unsigned long hits, null, unreadable, full;
	int err;			/* why there is no probe */
	bool armed;
};

/* Handlers have their point as one that they do not change otherwise. */
#define klasy_count(p, what)	((void)((struct klasy_point *)(p))->what++)
#define KLASY_BARE

/* What the generated part brings. */
extern const char klasy_name[], klasy_source[], klasy_build_id[];
extern const struct klasy_site klasy_sites[];
extern struct klasy_point klasy_points[];
extern const unsigned int klasy_nr_sites;
extern const struct klasy_advice *const klasy_advices[];
extern const u64 klasy_note;		/* the kernel's banner */
extern const u8 klasy_note_bytes[];
extern const unsigned int klasy_note_size;
extern const bool klasy_trusted;
extern const unsigned int klasy_aspect;	/* number in the records */

/* What the runtime's two parts share. */
extern bool klasy_running;
extern void (*klasy_emit)(unsigned int event, unsigned int units, const u64 *args);
void klasy_account(u64 begin);

static inline u64 klasy_now(void)
{
	u64 now;

	rdtscll(now);
	return now;
}

/* Only the kernel's own memory: a fault on a user's would be waited for. */
static inline int copy_from_kernel_nofault(void *to, const void *from, unsigned long size)
{
	if ((unsigned long)from < PAGE_OFFSET || (unsigned long)from + size < PAGE_OFFSET)
		return -EFAULT;
	return __copy_from_user_inatomic(to, (const void __user *)from, size) ? -EFAULT : 0;
}

#endif
