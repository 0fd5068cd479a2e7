/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach-tp.h - how attach-tp-*.c write probes and rows.
 *
 *	LKST_TP_PROBE(function, its arguments) { lkst_emit(...); }
 *	LKST_TP(EVENT, tracepoint, function)		a row of the table
 *
 * Where tracepoints differ between kernels there is one probe and one row for each form. A row fits
 * when its probe has exactly the type that the headers of the build declare; the same text is
 * compared with the running kernel's type information at load. So a form nobody has heard of drops
 * one event, and neither fails the build nor reads wrong arguments.
 *
 * Probes run in any context, NMI included: no lock, no allocation, no sleep, no function that
 * tracing may enter.
 */
#ifndef LKST_ATTACH_TP_H
#define LKST_ATTACH_TP_H

#include <linux/tracepoint.h>
#include "attach.h"
#include "record.h"

#define LKST_TP_PROBE(fn, ...)						\
	static const char fn##_wants[] = #__VA_ARGS__;			\
	static notrace void probe_##fn(void *__data, __VA_ARGS__)

#define LKST_TP_FITS(place, fn) \
	__builtin_types_compatible_p(typeof(&check_trace_callback_type_##place), \
				     void (*)(typeof(&probe_##fn)))

#define LKST_TP(NAME, tp, fn, ...) {					\
	.event = LKST_EV_##NAME, .kind = LKST_POINT_TRACEPOINT,		\
	.place = #tp, .wants = fn##_wants, .probe = probe_##fn,			\
	.built_to_fit = LKST_TP_FITS(tp, fn), __VA_ARGS__ }

/* A tracepoint that the headers of this build do not declare: no probe fits it. */
struct lkst_not_declared;
#define LKST_TP_NOT_DECLARED(tp) \
	static inline void check_trace_callback_type_##tp(struct lkst_not_declared *none) { }

/*
 * Units for lkst_emit_hot(), which takes them packed: fields of the catalogue's order from the low
 * end up.
 */
#define lkst_pack_16_48(a, b)		((u64)(u16)(a) | (u64)(b) << 16)
#define lkst_pack_32_32(a, b)		((u64)(u32)(a) | (u64)(b) << 32)
#define lkst_pack_32_16_16(a, b, c)	((u64)(u32)(a) | (u64)(u16)(b) << 32 | (u64)(c) << 48)

#endif
