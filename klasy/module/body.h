/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * body.h - a body at a place that is reached: what it is given, and the record of what it gathered. The same for all
 * kernels; how a place is reached, where its registers are, and how it is counted is in hit.h and runtime.h.
 */
#ifndef KLASY_BODY_H
#define KLASY_BODY_H

#include <lkst/event.h>
#include "runtime.h"

/* Every page that the struct lies in: what the body dereferences must not fault, and one byte a page tells. */
static __always_inline bool klasy_readable(const void *target, u32 size)
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

/* Target and names for a body. Returns false when it cannot run; counted when @count says so. */
static __always_inline bool klasy_bind(const struct klasy_advice *a, const struct klasy_point *p, const void *from,
				       void **target, u64 *bound, bool count)
{
	if (a->target_size) {
		*target = klasy_target_of(p, from);
		/* A member of a struct at NULL lies in the first page. */
		if ((unsigned long)*target < PAGE_SIZE) {
			if (count)
				klasy_count(p, null);
			return false;
		}
		if (!klasy_trusted && !klasy_readable(*target, a->target_size))
			goto unreadable;
	}
	if (!a->bound || p->site->values(from, bound))
		return true;
unreadable:
	if (count)
		klasy_count(p, unreadable);
	return false;
}

/*
 * The record: aspect and place, site and how many values are to come, four values; as often as needed. Its layout is
 * that of KLASY_DATA in events.def, whose size was compared when this was generated.
 */
static void klasy_record(const struct klasy_run *run, const struct klasy_point *p)
{
	unsigned int values = run->values, i, from;
	u64 args[6];

	if (values > KLASY_MAX_VALUES) {
		klasy_count(p, full);
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

static __always_inline void klasy_run_body(klasy_body_fn *body, const struct klasy_point *p, void *target,
					   const u64 *bound)
{
	struct klasy_run run KLASY_BARE;

	run.pc = p->pc;
	run.target = target;
	run.bound = bound;
	run.values = 0;
	body(&run);
	if (run.values)
		klasy_record(&run, p);
}

#endif
