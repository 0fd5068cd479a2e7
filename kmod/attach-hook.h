/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach-hook.h - what the parts of the back end for patched kernels share. Not for the rest of the module.
 *
 * attach-hooks.c arms hooks and is called by them; attach-hook-*.c turn what a hook passes (linux/lkst.h of the patched kernel)
 * into what the catalogue says the event has.
 */
#ifndef LKST_ATTACH_HOOK_H
#define LKST_ATTACH_HOOK_H

#include <linux/lkst.h>
#include "lkst.h"
#include "record32.h"
#include "compat/hooks.h"

/**
 * lkst_hook_convert - what makes an event of a hook's arguments
 * @event: event id; each knows its own
 * @args: as linux/lkst.h says of that hook
 *
 * Any context, NMI included, preemption off: no lock, no sleep, no fault, nothing that has a hook.
 */
typedef lkst_hook_fn lkst_hook_convert;

/**
 * struct lkst_hooked - one event that hooks can bring
 * @event: event id
 * @convert: called by its hooks
 */
struct lkst_hooked {
	unsigned int event;
	lkst_hook_convert convert;
};

struct lkst_hook_table {
	const struct lkst_hooked *row;
	unsigned int nr;
};

extern const struct lkst_hook_table lkst_hooks_task, lkst_hooks_irq, lkst_hooks_mm, lkst_hooks_io;

#define LKST_HOOK_TABLE(name, rows)	const struct lkst_hook_table name = { rows, ARRAY_SIZE(rows) }

/* attach-hook-probe.c: remove every probe made at run time. */
void lkst_hook_probes_drop(void);

/* The function of one hook, and its row. That catalogue and kernel agree on the number is checked when this is compiled. */
#define LKST_ON_HOOK(NAME)										\
	LKST_ASSERT(NAME##_has_one_id, (int)LKST_EV_##NAME == LKST_ID_##NAME);				\
	static lkst_hook_regs void on_##NAME(unsigned int event, const unsigned long *args)
#define LKST_ROW(NAME)	{ LKST_EV_##NAME, on_##NAME }

/* The upper 32 of a result's 48 bits: IS_ERR_VALUE(), made into a mask, and shifted in from below the result. */
static inline u32 lkst_high_of_result(unsigned long result)
{
	u32 high = -4096U;

	asm("cmpl %1, %0\n\t"
	    "sbbl %0, %0\n\t"
	    "shldl $16, %1, %0" : "+r" (high) : "r" (result));
	return high;
}

#define lkst_sign_word(value)	((u32)((s32)(value) >> 31))

/* A unit of 16 and 48 bits, at @p: the latter is stored over what the former has too much, which takes no shift. */
#define lkst_put_16_48(p, a, b)		((p)[0] = (a), (p)[1] = 0, *(u32 *)((char *)(p) + 2) = (b))

/*
 * Records for lkst_emit_hot_32() and its like: fields of the catalogue's order from the low end up. A field
 * of 64 or 48 bits is a word extended by zeros, or a result: that can be an address or an error number, and only the
 * latter is negative; one of s64 is a word extended by its sign.
 */
#define lkst_emit_64(NAME, a)			lkst_emit_hot_32(NAME, a, 0)
#define lkst_emit_s64(NAME, a)			lkst_emit_hot_32(NAME, a, lkst_sign_word(a))
#define lkst_emit_32_32(NAME, a, b)		lkst_emit_hot_32(NAME, a, b)
#define lkst_emit_16_48(NAME, a, b)							\
	lkst_emit_words(NAME, 1, lkst_put_16_48(__p + 2, a, b),				\
			lkst_event_one_slow(LKST_EV_##NAME, (u64)(b) << 16 | (u16)(a)))
#define lkst_emit_16_result(NAME, a, b)		lkst_emit_hot_32(NAME, (u16)(a) | (b) << 16, lkst_high_of_result(b))
#define lkst_emit_64_16_48(NAME, a, b, c)						\
	lkst_emit_words(NAME, 2, (__p[2] = (a), __p[3] = 0, lkst_put_16_48(__p + 4, b, c)),	\
			lkst_event_words(LKST_EV_##NAME, 2, a, 0, (u16)(b) | (c) << 16, (c) >> 16, 0, 0))
#define lkst_emit_64_64(NAME, a, b)		lkst_emit_two_32(NAME, a, 0, b, 0)
#define lkst_emit_64_s64(NAME, a, b)		lkst_emit_two_32(NAME, a, 0, b, lkst_sign_word(b))
#define lkst_emit_64_32_32(NAME, a, b, c)	lkst_emit_two_32(NAME, a, 0, b, c)
#define lkst_emit_32_16_16(NAME, a, b, c)	lkst_emit_hot_32(NAME, a, (u16)(b) | (c) << 16)

/* A hook whose arguments are those of the event, or begin with them; the fields as above. */
#define LKST_ON_HOOK_64(NAME)		LKST_ON_HOOK(NAME) { lkst_emit_64(NAME, args[0]); }
#define LKST_ON_HOOK_S64(NAME)		LKST_ON_HOOK(NAME) { lkst_emit_s64(NAME, args[0]); }
#define LKST_ON_HOOK_32_32(NAME)	LKST_ON_HOOK(NAME) { lkst_emit_32_32(NAME, args[0], args[1]); }
#define LKST_ON_HOOK_64_64(NAME)	LKST_ON_HOOK(NAME) { lkst_emit_64_64(NAME, args[0], args[1]); }

#endif
