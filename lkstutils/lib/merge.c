// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * merge.c - the packets of all CPUs as one stream of events in the order of time.
 *
 * A stream is what one CPU wrote into one buffer, packet after packet. All streams stand in a heap by the time
 * of their next event; a stream whose next packet is not loaded yet stands at that packet's start, which no
 * record in it precedes. The first stream delivers a run: its events up to the time of the second one. So the
 * heap costs per run, not per event.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "stream.h"

enum { NO_NEWS, NEWS_BEGIN, NEWS_END };

#define TIME_MASK	((1ULL << LKST_TIME_BITS) - 1)

/* ---- the heap ---- */

/* Streams lie in the order of CPUs: of two at one time the lower goes first. */
static inline int before(const struct lkst_stream *a, const struct lkst_stream *b)
{
	return a->time != b->time ? a->time < b->time : a < b;
}

static void sink(struct lkst_trace *trace, size_t i)
{
	struct lkst_stream **heap = trace->heap, *s = heap[i];
	size_t child;

	while ((child = 2 * i + 1) < trace->nr_heap) {
		if (child + 1 < trace->nr_heap && before(heap[child + 1], heap[child]))
			child++;
		if (!before(heap[child], s))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = s;
}

static void drop_first(struct lkst_trace *trace)
{
	/* Events of the batch may still refer to its buffer. */
	trace->heap[0]->next_dead = trace->dead;
	trace->dead = trace->heap[0];
	trace->heap[0] = trace->heap[--trace->nr_heap];
	if (trace->nr_heap)
		sink(trace, 0);
}

/* A buffer of @size bytes for the next packet of @s, none for 0, in place of the one it has. */
static lkst_u64 *new_buffer(struct lkst_trace *trace, struct lkst_stream *s, size_t size)
{
	if (trace->new_buffer)
		return trace->new_buffer(trace->caller, s->buffer, &s->room, size);
	if (size && size <= s->room)
		return s->buffer;
	free(s->buffer);
	s->room = size;
	return size ? lkst_xmalloc(size) : NULL;
}

static void bury(struct lkst_trace *trace)
{
	for (; trace->dead; trace->dead = trace->dead->next_dead)
		trace->dead->buffer = new_buffer(trace, trace->dead, 0);
}

static const struct lkst_stream *second(const struct lkst_trace *trace)
{
	if (trace->nr_heap < 2)
		return NULL;
	return trace->nr_heap > 2 && before(trace->heap[2], trace->heap[1]) ? trace->heap[2] : trace->heap[1];
}

/* ---- setting up ---- */

static int by_stream(const void *a, const void *b)
{
	const struct lkst_stream *x = a, *y = b;

	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return (x->buffer_id > y->buffer_id) - (x->buffer_id < y->buffer_id);
}

/* What the accounts at the end know of losses after the last packet. */
static void count_final(struct lkst_trace *trace)
{
	struct lkst_packet last;
	struct lkst_stream *s;
	lkst_u64 *final;
	size_t i;

	for (s = trace->stream; s < trace->stream + trace->nr_streams; s++) {
		final = lkst_map_find(&trace->final_lost, s->cpu);
		lkst_index_head(trace, &s->final, &last);
		if (final)
			*final = *final > last.lost ? *final - last.lost : 1;
	}
	for (i = 0; i < trace->final_lost.size; i++)
		if (trace->final_lost.used[i])
			trace->report.lost += trace->final_lost.slot[i].value - 1;
}

static void start_stream(struct lkst_trace *trace, struct lkst_stream *s)
{
	lkst_u64 last = s->final.time;

	s->time = s->last = s->index[0].time;
	if (s->time < trace->first_ticks)
		trace->first_ticks = s->time;
	if (last > trace->last_ticks)
		trace->last_ticks = last;
	if (s->cpu >= trace->nr_cpus)
		trace->nr_cpus = s->cpu + 1;
	lkst_index_next(trace, s);
	if (s->head.seq || s->head.lost || s->head.overwritten)
		s->news = NEWS_END;
	trace->report.before += s->head.overwritten + s->head.lost;
}

/* Internal to the reader: called at the end of opening. */
void lkst_merge_start(struct lkst_trace *trace)
{
	size_t i;

	if (trace->nr_streams)
		qsort(trace->stream, trace->nr_streams, sizeof(*trace->stream), by_stream);
	trace->heap = lkst_xmalloc(trace->nr_streams * sizeof(*trace->heap));
	trace->first_ticks = trace->nr_streams ? ~0ULL : 0;
	for (i = 0; i < trace->nr_streams; i++) {
		lkst_index_sort(trace, &trace->stream[i]);
		start_stream(trace, &trace->stream[i]);
		trace->heap[trace->nr_heap++] = &trace->stream[i];
	}
	count_final(trace);
	for (i = trace->nr_heap / 2; i-- > 0;)
		sink(trace, i);
}

/* Internal to the reader: at closing. */
void lkst_merge_stop(struct lkst_trace *trace)
{
	size_t i;

	for (i = 0; i < trace->nr_streams; i++) {
		free(trace->stream[i].buffer);
		free(trace->stream[i].index);
	}
	free(trace->stream);
	free(trace->heap);
	lkst_index_stop(trace);
}

struct lkst_trace *lkst_trace_twin(const struct lkst_trace *trace, int learns)
{
	struct lkst_trace *twin = lkst_xmalloc(sizeof(*twin));
	size_t i;

	*twin = *trace;
	lkst_index_start(twin);
	twin->stream = lkst_xmalloc(trace->nr_streams * sizeof(*twin->stream));
	twin->heap = lkst_xmalloc(trace->nr_streams * sizeof(*twin->heap));
	for (i = 0; i < trace->nr_streams; i++)
		twin->stream[i] = trace->stream[i];
	for (i = 0; i < trace->nr_heap; i++)
		twin->heap[i] = twin->stream + (trace->heap[i] - trace->stream);
	if (learns)
		lkst_names_part(&twin->names);
	for (i = 0; i < LKST_NR_EVENTS && !learns; i++)
		twin->class[i].learn = 0;
	return twin;
}

void lkst_trace_close_twin(struct lkst_trace *twin)
{
	size_t i;

	for (i = 0; i < twin->nr_streams; i++)
		free(twin->stream[i].buffer);
	if (twin->class[LKST_EV_PROCESS_FORK].learn || twin->class[LKST_EV_PROCESS_NAME].learn)
		lkst_names_free_part(&twin->names);
	free(twin->stream);
	free(twin->heap);
	lkst_index_stop(twin);
	free(twin);
}

/* ---- one stream ---- */

/*
 * Makes s->pos stand at a record and s->time be its time, taking LKST_EV_TIME records in. Returns 0 at the
 * packet's end. What follows something that cannot be is not looked at.
 */
static int settle(struct lkst_trace *trace, struct lkst_stream *s)
{
	while (s->pos < s->end && lkst_rec_event(*s->pos) == LKST_EV_TIME && lkst_rec_units(*s->pos) == 1 &&
	       s->end - s->pos > 1) {
		s->high = s->pos[1] & ~TIME_MASK;
		s->pos += 2;
	}
	if (s->pos >= s->end)
		return 0;
	if (lkst_rec_event(*s->pos) == LKST_EV_NONE || lkst_rec_event(*s->pos) == LKST_EV_TIME ||
	    lkst_rec_units(*s->pos) >= (size_t)(s->end - s->pos)) {
		trace->report.malformed++;
		return 0;
	}
	s->time = s->high | lkst_rec_time_low(*s->pos);
	if (s->time < s->last) {
		trace->report.disorder++;
		s->time = s->last;
	}
	return 1;
}

/* The packet is done: stand at the next one, with news when something lies between. Returns 0 when there is none. */
static int turn_page(struct lkst_trace *trace, struct lkst_stream *s)
{
	struct lkst_packet done = s->head;

	s->loaded = 0;
	s->lost = s->missing = 0;
	if (!lkst_index_next(trace, s)) {
		/* Without its end nobody knows what this CPU did while others went on. */
		if ((trace->report.torn || trace->report.unwritten) && trace->nr_heap > 1 && !s->news) {
			s->news = NEWS_BEGIN;
			s->time = s->last;
			return 1;
		}
		return 0;
	}
	s->time = s->head.time > s->last ? s->head.time : s->last;
	if (s->head.seq <= done.seq) {
		/* The buffer was made anew. */
		s->news = NEWS_END;
		return 1;
	}
	s->missing = s->head.seq - done.seq - 1;
	s->lost = s->head.lost > done.lost ? s->head.lost - done.lost : 0;
	if (s->missing || s->lost) {
		s->news = NEWS_BEGIN;
		s->time = s->last;
		trace->report.missing += s->missing;
		trace->report.lost += s->lost;
	}
	return 1;
}

/* Reads the next packet. Returns 0 when it holds no record. */
static int load(struct lkst_trace *trace, struct lkst_stream *s)
{
	const struct lkst_index *x = &s->at;
	const struct lkst_packet *packet;

	s->more = 0;
	s->buffer = new_buffer(trace, s, s->head.size);
	trace->bytes_read += s->head.size;
	if (s->last < x->time)
		s->last = x->time;
	packet = (const struct lkst_packet *)s->buffer;
	/* As for lkst_index_head(). */
	if (!s->head.size || lkst_index_read(trace, x, s->buffer, s->head.size) ||
	    memcmp(packet, &s->head, sizeof(s->head))) {
		trace->report.malformed++;
		return 0;
	}
	s->pos = s->buffer + sizeof(*packet) / 8;
	s->end = s->buffer + s->head.size / 8;
	s->high = x->time & ~TIME_MASK;
	s->loaded = 1;
	return settle(trace, s);
}

static void learn(struct lkst_trace *trace, const struct lkst_event *event)
{
	const union lkst_args_PROCESS_FORK *fork;

	if (trace->before_learning)
		trace->before_learning(trace->caller);
	if (event->id == LKST_EV_PROCESS_FORK) {
		fork = (const union lkst_args_PROCESS_FORK *)event->arg;
		lkst_task_fork(&trace->names, event->pid, (lkst_u32)fork->a.child_pid, (lkst_u32)fork->a.child_tgid);
	} else if (event->id == LKST_EV_PROCESS_NAME) {
		lkst_task_rename(&trace->names, (lkst_u32)event->arg[0], event->arg + 1);
	}
}

static void fill(struct lkst_event *event, struct lkst_trace *trace, const struct lkst_stream *s,
		 const struct lkst_event_class *class, lkst_u64 head)
{
	event->ns = lkst_clock_ns(&trace->clock, s->time);
	event->ticks = s->time;
	event->cpu = s->cpu;
	event->pid = lkst_rec_pid(head);
	event->id = class->id;
	event->units = lkst_rec_units(head);
	event->arg = s->pos + 1;
}

/*
 * An event whose names are to be learnt. One that is delivered ends the batch and is learnt from at the next
 * call, so that whoever looks at it still sees the names from before. Returns 0 when the events before it have
 * to be delivered first.
 */
static int meet_name(struct lkst_trace *trace, const struct lkst_stream *s, const struct lkst_event_class *class,
		     lkst_u64 head, unsigned int n)
{
	if (!class->wanted && n)
		return 0;
	fill(&trace->learn, trace, s, class, head);
	if (class->wanted)
		trace->learn_pending = 1;
	else
		learn(trace, &trace->learn);
	return 1;
}

/*
 * The events of @s up to @limit into the batch, which holds @n; at least one record is taken. Returns
 * how many it holds.
 */
static unsigned int run(struct lkst_trace *trace, struct lkst_stream *s, lkst_u64 limit, unsigned int n)
{
	lkst_u64 head, records = 0, most = trace->stop_at - trace->report.records;
	struct lkst_event_class *class;

	do {
		head = *s->pos;
		class = &trace->class[lkst_rec_event(head)];
		if (lkst_rec_units(head) < class->units) {
			/* Others have gone on up to its time. */
			s->last = s->time;
			trace->report.malformed++;
			goto page_end;
		}
		if (__builtin_expect(class->learn, 0) && !meet_name(trace, s, class, head, n))
			break;
		/* Filled in any case: whether it is wanted no processor foretells where half of them are. */
		fill(&trace->batch[n], trace, s, class, head);
		n += class->wanted;
		class->seen = 1;
		records++;
		s->last = s->time;
		s->pos += 1 + lkst_rec_units(head);
		if (!settle(trace, s))
			goto page_end;
	} while (s->time < limit && n < LKST_BATCH && records < most && !trace->learn_pending);
	trace->report.records += records;
	trace->last_event = s->last;
	sink(trace, 0);
	return n;
page_end:
	trace->report.records += records;
	trace->last_event = s->last;
	if (turn_page(trace, s))
		sink(trace, 0);
	else
		drop_first(trace);
	return n;
}

/* News of @s, which is first in the heap. */
static unsigned int tell(struct lkst_trace *trace, struct lkst_stream *s, const struct lkst_event **events)
{
	struct lkst_event *event = trace->batch;

	memset(event, 0, sizeof(*event));
	event->ns = lkst_clock_ns(&trace->clock, s->time);
	event->ticks = s->time;
	event->cpu = s->cpu;
	event->id = s->news == NEWS_BEGIN ? LKST_EV_LOSS_BEGIN : LKST_EV_LOSS_END;
	trace->news[0] = s->lost;
	trace->news[1] = s->missing;
	event->arg = trace->news;
	event->units = 2;
	*events = event;
	if (!s->more) {
		drop_first(trace);
		return 1;
	}
	s->news = s->news == NEWS_BEGIN ? NEWS_END : NO_NEWS;
	if (s->head.time > s->time)
		s->time = s->head.time;
	sink(trace, 0);
	return 1;
}

/* The next packet of the first stream. */
static void advance(struct lkst_trace *trace, struct lkst_stream *s)
{
	if (load(trace, s) || turn_page(trace, s))
		sink(trace, 0);
	else
		drop_first(trace);
}

unsigned int lkst_trace_next(struct lkst_trace *trace, const struct lkst_event **events)
{
	const struct lkst_stream *other;
	struct lkst_stream *s;
	lkst_u64 limit;
	unsigned int n = 0, old;

	if (trace->learn_pending)
		learn(trace, &trace->learn);
	trace->learn_pending = 0;
	bury(trace);
	while (n < LKST_BATCH && trace->nr_heap && !trace->learn_pending && trace->report.records < trace->stop_at) {
		s = trace->heap[0];
		/* Loading overwrites what events of the batch refer to. */
		if (n && (s->news || !s->loaded))
			break;
		if (s->news)
			return tell(trace, s, events);
		if (!s->loaded) {
			advance(trace, s);
			continue;
		}
		other = second(trace);
		limit = other ? other->time : ~0ULL;
		if (other && s < other && limit != ~0ULL)
			limit++;
		old = n;
		n = run(trace, s, limit, n);
		/* A name to be learnt first: nothing moved. */
		if (n && n == old && trace->nr_heap && trace->heap[0] == s && s->loaded)
			break;
	}
	*events = trace->batch;
	return n;
}
