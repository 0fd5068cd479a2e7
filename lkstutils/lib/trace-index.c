// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * trace-index.c - which packets with records the files have, in the order in which they are read.
 *
 * An entry is for a packet and those of the same CPU and buffer that come behind it in the file, each with a few others
 * in between at most, so that a long trace takes no more memory than a short one. What stands in between is stepped
 * over by the sizes in the headers. Only packets out of their order are told apart to be sorted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "stream.h"

#define MAX_MORE	((1U << LKST_RUN_BITS) - 1)
#define APART		64	/* packets from one of a CPU to the next of its entry */
#define HEADS		512	/* remembered */

/*
 * Each CPU steps over the packets of all, at about the same place of the file at a time: a header is read for the first
 * of them only.
 */
struct lkst_heads {
	struct {
		lkst_u64 place;		/* 0: none; no packet stands at the beginning of a file */
		struct lkst_packet head;
	} at[HEADS];
};

void lkst_index_start(struct lkst_trace *trace)
{
	trace->heads = lkst_xrealloc(NULL, sizeof(*trace->heads));
	memset(trace->heads, 0, sizeof(*trace->heads));
}

void lkst_index_stop(struct lkst_trace *trace)
{
	free(trace->heads);
	trace->heads = NULL;
}

/* How many packets follow on the one that an entry is for. */
static unsigned int more_of(const struct lkst_index *x)
{
	return x->place & MAX_MORE;
}

static void add_index(struct lkst_stream *s, const struct lkst_index *x)
{
	if (s->nr_index == s->index_room) {
		s->index_room = s->index_room ? 2 * s->index_room : 64;
		s->index = lkst_xrealloc(s->index, s->index_room * sizeof(*s->index));
	}
	s->index[s->nr_index++] = *x;
}

/* One that says nothing has no entry. */
static int is_empty(const struct lkst_packet *packet)
{
	return packet->size == sizeof(*packet) && !packet->lost && !packet->overwritten;
}

/* Internal to the reader: a packet of records is at @offset of a file. */
void lkst_merge_index(struct lkst_trace *trace, const struct lkst_packet *packet, unsigned int file, lkst_u64 offset)
{
	struct lkst_stream *s;
	struct lkst_index x;
	lkst_u64 *number, count = trace->report.packets;
	int is_new, follows = 0;

	if (is_empty(packet))
		return;
	number = lkst_map_add(&trace->streams, (lkst_u64)packet->cpu << 32 | packet->buffer, &is_new);
	if (is_new) {
		trace->stream = lkst_xrealloc(trace->stream, (trace->nr_streams + 1) * sizeof(*trace->stream));
		s = &trace->stream[trace->nr_streams];
		memset(s, 0, sizeof(*s));
		s->cpu = packet->cpu;
		s->buffer_id = packet->buffer;
		*number = trace->nr_streams++;
	}
	s = &trace->stream[*number];
	x.time = packet->time;
	x.place = ((lkst_u64)file << LKST_OFFSET_BITS | offset / 8) << LKST_RUN_BITS;
	if (s->nr_index && x.time <= s->final.time)
		s->disorder = 1;
	else if (s->nr_index && s->number >= trace->unbroken && count - s->number <= APART &&
		 more_of(&s->index[s->nr_index - 1]) < MAX_MORE)
		follows = 1;
	s->final = x;
	s->number = count;
	trace->bytes_records += packet->size;
	if (follows)
		s->index[s->nr_index - 1].place++;
	else
		add_index(s, &x);
}

static const struct lkst_trace_file *file_of(const struct lkst_trace *trace, const struct lkst_index *x)
{
	return &trace->file[x->place >> (LKST_OFFSET_BITS + LKST_RUN_BITS)];
}

static lkst_u64 offset_of(const struct lkst_index *x)
{
	return (x->place >> LKST_RUN_BITS & ((1ULL << LKST_OFFSET_BITS) - 1)) * 8;
}

int lkst_index_read(const struct lkst_trace *trace, const struct lkst_index *x, void *to, size_t size)
{
	size_t got = 0;
	ssize_t n;

	while (got < size) {
		n = pread(file_of(trace, x)->fd, (char *)to + got, size - got, (off_t)(offset_of(x) + got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		got += (size_t)n;
	}
	return 0;
}

static int is_whole(const struct lkst_packet *head)
{
	return head->magic == LKST_PACKET_MAGIC && head->size >= sizeof(*head) && !(head->size % 8) &&
	       head->size <= LKST_MAX_PACKET;
}

/* The header of whatever packet is at the place of @x. Returns 0, or -1 when there is none. */
static int head_at(const struct lkst_trace *trace, const struct lkst_index *x, struct lkst_packet *head)
{
	unsigned int i = lkst_hash64(x->place) % HEADS;

	if (trace->heads->at[i].place == x->place) {
		*head = trace->heads->at[i].head;
		return 0;
	}
	if (lkst_index_read(trace, x, head, sizeof(*head)) || !is_whole(head))
		return -1;
	trace->heads->at[i].place = x->place;
	trace->heads->at[i].head = *head;
	return 0;
}

void lkst_index_head(const struct lkst_trace *trace, const struct lkst_index *x, struct lkst_packet *head)
{
	if (head_at(trace, x, head) || head->time != x->time) {
		memset(head, 0, sizeof(*head));
		head->time = x->time;
	}
}

/* ---- in order ---- */

static int by_time(const void *a, const void *b)
{
	const struct lkst_index *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* One of several packets of one time. */
struct twin {
	struct lkst_packet head;
	struct lkst_index index;
};

static int by_seq(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;

	if (x->head.seq != y->head.seq)
		return x->head.seq < y->head.seq ? -1 : 1;
	return by_time(&x->index, &y->index);
}

/* @n packets of one time, from @from on: in order, each once. They go to @to. Returns how many are left. */
static size_t sort_twins(struct lkst_trace *trace, const struct lkst_index *from, size_t n, struct lkst_index *to)
{
	struct twin *twin = lkst_xmalloc(n * sizeof(*twin));
	size_t i, kept = 0;

	for (i = 0; i < n; i++) {
		twin[i].index = from[i];
		lkst_index_head(trace, &from[i], &twin[i].head);
	}
	qsort(twin, n, sizeof(*twin), by_seq);
	for (i = 0; i < n; i++) {
		if (i && twin[i - 1].head.seq == twin[i].head.seq && twin[i - 1].head.crc == twin[i].head.crc) {
			trace->report.duplicates++;
			trace->bytes_records -= twin[i].head.size;
			continue;
		}
		to[kept++] = twin[i].index;
	}
	free(twin);
	return kept;
}

/* The entry for the packet that comes behind that of @x, whose header is @head: none if it cannot be read. */
static int follow(const struct lkst_trace *trace, struct lkst_index *x, struct lkst_packet *head)
{
	const lkst_u32 cpu = head->cpu, buffer = head->buffer;
	unsigned int i;

	for (i = 0; i < APART; i++) {
		x->place += (lkst_u64)head->size / 8 << LKST_RUN_BITS;
		if (head_at(trace, x, head))
			break;
		if (head->type == LKST_PKT_RECORDS && head->cpu == cpu && head->buffer == buffer && !is_empty(head)) {
			x->time = head->time;
			return 0;
		}
	}
	memset(head, 0, sizeof(*head));
	return -1;
}

/* An entry for each packet. */
static void expand(const struct lkst_trace *trace, struct lkst_stream *s)
{
	struct lkst_index *old = s->index, *end = old + s->nr_index, *from, x;
	struct lkst_packet head;
	unsigned int left;

	s->index = NULL;
	s->nr_index = s->index_room = 0;
	for (from = old; from < end; from++) {
		left = more_of(from);
		x.time = from->time;
		x.place = from->place - left;
		add_index(s, &x);
		if (left)
			lkst_index_head(trace, &x, &head);
		for (; left && head.size && !follow(trace, &x, &head); left--)
			add_index(s, &x);
	}
	free(old);
}

void lkst_index_sort(struct lkst_trace *trace, struct lkst_stream *s)
{
	size_t i, n, kept = 0;

	if (!s->disorder)
		return;
	expand(trace, s);
	qsort(s->index, s->nr_index, sizeof(*s->index), by_time);
	for (i = 0; i < s->nr_index; i += n) {
		for (n = 1; i + n < s->nr_index && s->index[i + n].time == s->index[i].time;)
			n++;
		if (n > 1)
			kept += sort_twins(trace, &s->index[i], n, &s->index[kept]);
		else
			s->index[kept++] = s->index[i];
	}
	s->nr_index = kept;
	s->final = s->index[kept - 1];
}

/* ---- one after the other ---- */

int lkst_index_next(struct lkst_trace *trace, struct lkst_stream *s)
{
	const struct lkst_index *x = &s->index[s->next];
	int follows = s->left && s->head.size;

	/* As for lkst_index_head(). */
	if (follows && follow(trace, &s->at, &s->head)) {
		trace->report.malformed++;
		follows = 0;
	}
	if (follows) {
		s->left--;
	} else if (s->next < s->nr_index) {
		s->left = more_of(x);
		s->at.time = x->time;
		s->at.place = x->place - s->left;
		s->next++;
		lkst_index_head(trace, &s->at, &s->head);
	} else {
		return 0;
	}
	s->more = 1;
	return 1;
}
