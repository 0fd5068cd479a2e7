/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stream.h - the packets of one CPU and buffer, and the index of them. Internal to the reader: trace-index.c knows
 * which packets there are and in what order, merge.c takes them apart.
 */
#ifndef LKST_STREAM_H
#define LKST_STREAM_H

#include "trace.h"

struct lkst_stream {
	lkst_u64 time;			/* of the next event, or no later than it */
	const lkst_u64 *pos, *end;	/* the rest of the packet; pos at a record whose time is known */
	lkst_u64 last;			/* time of the last event */
	lkst_u64 high;			/* high bits of times */
	lkst_u32 cpu, buffer_id;
	struct lkst_index *index;	/* its packets */
	size_t nr_index, index_room;
	struct lkst_index final;	/* the last one */
	lkst_u64 number;		/* while it is made: of that among all packets */
	int disorder;			/* and whether one was no later than the one before it */
	struct lkst_index at;		/* packet to load next */
	unsigned int left;		/* that follow on it */
	size_t next;			/* of index, behind those */
	int more;			/* there is one to load */
	struct lkst_packet head;	/* of that one; of the last one when there is none */
	lkst_u64 *buffer;
	size_t room;			/* bytes */
	int loaded;
	int news;
	lkst_u64 lost, missing;
	struct lkst_stream *next_dead;
};

/* Before the first packet is found, and at the end; a twin has its own. */
void lkst_index_start(struct lkst_trace *trace);
void lkst_index_stop(struct lkst_trace *trace);

/* Once all files are indexed: in order, each packet once, whatever files it came in. */
void lkst_index_sort(struct lkst_trace *trace, struct lkst_stream *s);

/* Has s->at and s->head be those of the next packet. Returns 0 when there is none. */
int lkst_index_next(struct lkst_trace *trace, struct lkst_stream *s);

/* Reads @size bytes of a packet. Returns 0, or -1 when they are not there. */
int lkst_index_read(const struct lkst_trace *trace, const struct lkst_index *x, void *to, size_t size);

/* Its header. It was whole when it was indexed; somebody may have written to the file since: then it has no size. */
void lkst_index_head(const struct lkst_trace *trace, const struct lkst_index *x, struct lkst_packet *head);

#endif
