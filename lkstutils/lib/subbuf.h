/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * subbuf.h - walks the records of one sub-buffer as the module gives it, for programs that are draining it.
 * Trace files are read by trace.h, which trusts nothing; this trusts the header's size and checks only that
 * records end inside it.
 */
#ifndef LKST_SUBBUF_H
#define LKST_SUBBUF_H

#include <stddef.h>
#include <lkst/record.h>

struct lkst_cursor {
	const lkst_u64 *at, *end;
	lkst_u64 high;			/* time without its low bits */
	/* the record: */
	lkst_u64 time;			/* ticks */
	unsigned int event, pid, units;
	const lkst_u64 *args;
};

/* Before the first record of a sub-buffer; its header is valid. */
static inline void lkst_cursor_start(struct lkst_cursor *c, const struct lkst_packet *packet)
{
	c->at = (const lkst_u64 *)(packet + 1);
	c->end = (const lkst_u64 *)packet + packet->size / 8;
	c->high = packet->time >> LKST_TIME_BITS << LKST_TIME_BITS;
}

/* Returns 0 at the end. Time records are taken in, not returned. */
static inline int lkst_cursor_next(struct lkst_cursor *c)
{
	lkst_u64 head;

	while (c->at < c->end) {
		head = *c->at;
		c->event = lkst_rec_event(head);
		c->units = lkst_rec_units(head);
		c->args = c->at + 1;
		if (c->event == LKST_EV_NONE || c->units > (size_t)(c->end - c->args))
			return 0;
		c->at = c->args + c->units;
		if (c->event == LKST_EV_TIME) {
			if (c->units)
				c->high = c->args[0] >> LKST_TIME_BITS << LKST_TIME_BITS;
			continue;
		}
		c->pid = lkst_rec_pid(head);
		c->time = c->high | lkst_rec_time_low(head);
		return 1;
	}
	return 0;
}

#endif
