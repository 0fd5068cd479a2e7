/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * origin.h - what the catalogue says of where events come from on this kind of kernel. For the one file of a back end that
 * answers 'lkst events'; HOOK_FAMILY is defined where the kernel has the patch series.
 */
#ifndef LKST_ORIGIN_H
#define LKST_ORIGIN_H

#include "lkst.h"

/**
 * struct lkst_origin - one event
 * @event: its id
 * @core:  the module itself brings it
 * @none:  nothing does, and @place says why
 * @place: where it comes from
 */
struct lkst_origin {
	u16 event;
	bool core;
	bool none;
	const char *place;
};

#ifdef HOOK_FAMILY
/* The core's own events have no hook: that they are the core's stands in the column of stock kernels. */
#define LKST_CORE_tracepoint	false
#define LKST_CORE_kprobe	false
#define LKST_CORE_kretprobe	false
#define LKST_CORE_notifier	false
#define LKST_CORE_none		false
#define LKST_CORE_core		true
#define LKST_NO_HOOK_NONE	true
#define LKST_NO_HOOK_NORMAL	false
#define LKST_NO_HOOK_INLINE	false
#define LKST_SRC(kind, place)	LKST_CORE_##kind
#define LKST_HOOK(kind, place)	LKST_NO_HOOK_##kind, place
#if HOOK_FAMILY == 24
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	{ id, stock, hook24 },
#else
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	{ id, stock, hook26 },
#endif
#else
#define LKST_ORIGIN_tracepoint	false, false
#define LKST_ORIGIN_kprobe	false, false
#define LKST_ORIGIN_kretprobe	false, false
#define LKST_ORIGIN_notifier	false, false
#define LKST_ORIGIN_none	false, true
#define LKST_ORIGIN_core	true, false
#define LKST_SRC(kind, place)	LKST_ORIGIN_##kind, place
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	{ id, stock },
#endif
static const struct lkst_origin lkst_origins[] = {
#include <lkst/events.def>
};
#undef LKST_EVENT
#undef LKST_HOOK
#undef LKST_SRC

/**
 * lkst_origin_of - look up an event, and begin to tell of it
 * @event: its id
 * @state: what a back end fills in is cleared; of the core's own events all is told
 *
 * Return: its origin, or NULL when the catalogue does not have it.
 */
static const struct lkst_origin *lkst_origin_of(unsigned int event, struct lkst_event_state *state)
{
	const struct lkst_origin *o = lkst_origins;

	while (o < lkst_origins + ARRAY_SIZE(lkst_origins) && o->event != event)
		o++;
	if (o == lkst_origins + ARRAY_SIZE(lkst_origins))
		return NULL;
	state->flags &= ~(LKST_EVENT_AVAILABLE | LKST_EVENT_ATTACHED);
	memset(state->source, 0, sizeof(state->source));
	memset(state->reason, 0, sizeof(state->reason));
	if (o->core) {
		state->flags |= LKST_EVENT_AVAILABLE | LKST_EVENT_ATTACHED;
		scnprintf(state->source, sizeof(state->source), "core: %s", o->place);
	}
	return o;
}

#endif
