/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - one run of a body: the same for all kernels.
 */
#ifndef KLASY_RUN_H
#define KLASY_RUN_H

enum {
	KLASY_MAX_VALUES = 16,	/* that one run of a body may gather */
	KLASY_MAX_BOUND = 8,	/* names that local_var and argument bind in one advice */
	KLASY_NO_REG = 0xff
};

/* One run of a body. */
struct klasy_run {
	unsigned long pc;
	void *target;
	const u64 *bound;	/* of local_var and argument, in the order of the pointcut */
	unsigned int values;	/* gathered, also those that found no room */
	u64 value[KLASY_MAX_VALUES];
};

typedef void klasy_body_fn(struct klasy_run *run);

/* Fetches what is bound, from the struct pt_regs * of the place or the arguments of the event; false: not readable. */
typedef bool klasy_values_fn(const void *from, u64 *bound);

#endif
