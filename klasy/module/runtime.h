/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * runtime.h - what the generated part of an aspect's module and runtime.c know of each other.
 */
#ifndef KLASY_RUNTIME_H
#define KLASY_RUNTIME_H

#include <linux/types.h>

enum {
	KLASY_MAX_VALUES = 16,	/* that one run of a body may gather */
	KLASY_NO_REG = 0xff
};

/* One run of a body. */
struct klasy_run {
	unsigned long pc;
	void *target;
	unsigned int values;	/* gathered, also those that found no room */
	u64 value[KLASY_MAX_VALUES];
};

typedef void klasy_body_fn(struct klasy_run *run);

struct klasy_advice {
	klasy_body_fn *before, *after;	/* NULL: there is none */
	u32 target_size;		/* bytes that must be readable; 0: the advice binds no target */
};

struct klasy_site {
	u64 pc;				/* as linked */
	s64 add;			/* target = base + index * scale + add */
	u16 advice;
	u8 base, index, scale;		/* registers in the order of instruction encoding */
	bool gs;			/* and the CPU's own base */
	bool moves;			/* @add holds an address of the kernel: it moves with it */
	u8 length;			/* of @code; 0: not compared */
	u8 code[16];
	const char *what;		/* for the user: class, member, source */
};

/* What the generated part brings. */
extern const char klasy_name[], klasy_source[], klasy_build_id[];
extern const struct klasy_site klasy_sites[];
extern const unsigned int klasy_nr_sites;
extern const struct klasy_advice klasy_advices[];
extern const u64 klasy_anchor;		/* register_kprobe as linked */
extern const u64 klasy_note;		/* the build id in the kernel's memory, as linked */
extern const u8 klasy_note_bytes[];
extern const unsigned int klasy_note_size;
extern const bool klasy_trusted;
extern const unsigned int klasy_aspect;	/* number in the records */
extern const unsigned int klasy_event;	/* KLASY_DATA */

#endif
