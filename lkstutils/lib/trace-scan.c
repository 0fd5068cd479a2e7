// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * trace-scan.c - reads one file through: finds the whole packets, takes in the text, puts the records into the index.
 *
 * At a place that holds no whole packet it goes on in steps of 8 bytes. A file made to look like nothing but
 * starts of large packets would make that quadratic, so the bytes that may be checked in vain are limited (see
 * packet_at()).
 *
 * Where the program lends a second thread, that one checks packets from the middle of a large file on, up to the first
 * place where there is none. What it found counts when the first thread comes to where it began: then both have the
 * same packets, and those need not be read again but for their headers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalogue-text.h"
#include "cli.h"
#include "crc32c.h"
#include "trace.h"

/* Little enough to be in a cache still when it is looked at; larger packets make it larger. */
#define WINDOW		(1U << 18)
#define HEADER_SIZE	sizeof(struct lkst_file_header)
#define WORTH_IT	(2U << 20)	/* bytes of a file: less is checked before a thread has begun */

struct scan {
	struct lkst_trace *trace;
	struct lkst_trace_file *file;
	unsigned int nr;
	unsigned char *window;
	lkst_u64 at;		/* what the window shows */
	size_t filled, room;
	long long budget;	/* bytes that may still be checked in vain */
	lkst_u64 whole;		/* up to there packet follows packet, all checked already */
	int error;
};

/* The second thread's: packet follows packet from @first to @end. */
struct ahead {
	struct scan scan;
	lkst_u64 from;		/* where it looks for the first one */
	lkst_u64 first, end;
};

const struct lkst_helper *lkst_trace_helper;

/* @length bytes at @offset, or NULL when the file is shorter; @length is at most LKST_MAX_PACKET. */
static const unsigned char *see(struct scan *s, lkst_u64 offset, size_t length)
{
	size_t want;
	ssize_t n;

	if (offset >= s->at && offset + length <= s->at + s->filled)
		return s->window + (offset - s->at);
	/* A packet at its end is read again: let that be few of them. */
	if (4 * length > s->room && s->room < 2 * LKST_MAX_PACKET) {
		s->room = length < LKST_MAX_PACKET / 2 ? 4 * length : 2 * LKST_MAX_PACKET;
		free(s->window);
		s->window = lkst_xmalloc(s->room);
	}
	s->at = offset;
	s->filled = 0;
	want = offset < s->whole ? length : s->room;
	while (s->filled < want) {
		n = pread(s->file->fd, s->window + s->filled, want - s->filled, (off_t)(offset + s->filled));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			s->error = errno;
		if (n <= 0)
			break;
		s->filled += (size_t)n;
	}
	return length <= s->filled ? s->window : NULL;
}

static lkst_u32 packet_crc(const unsigned char *p, const struct lkst_packet *packet)
{
	struct lkst_packet head = *packet;
	lkst_u32 crc;

	head.crc = 0;
	crc = lkst_crc32c(0, &head, sizeof(head));
	return lkst_crc32c(crc, p + sizeof(head), packet->size - sizeof(head));
}

/* A whole packet at @offset? Its bytes, or NULL; of one with records its header may be all that is there. */
static const unsigned char *packet_at(struct scan *s, lkst_u64 offset, struct lkst_packet *packet)
{
	const unsigned char *p = see(s, offset, sizeof(*packet));

	if (!p)
		return NULL;
	memcpy(packet, p, sizeof(*packet));
	if (packet->magic != LKST_PACKET_MAGIC || packet->size < sizeof(*packet) || packet->size > LKST_MAX_PACKET ||
	    packet->size % 8 || packet->size > s->file->size - offset)
		return NULL;
	if (offset < s->whole && packet->type == LKST_PKT_RECORDS)
		return p;
	p = see(s, offset, packet->size);
	if (!p)
		return NULL;
	if (s->budget < 0)
		return NULL;
	if (packet_crc(p, packet) == packet->crc)
		return p;
	s->budget -= packet->size;
	return NULL;
}

static void events_packet(struct lkst_trace *trace, const char *text, size_t size)
{
	char *copy = lkst_names_copy(&trace->names, text, size), *line, *rest = copy;
	char ours[LKST_EVENT_LINE], theirs[LKST_EVENT_LINE];
	const struct lkst_event_desc *known;
	struct lkst_event_desc event;

	while ((line = strsep(&rest, "\n")) && *line) {
		if (strlen(line) >= LKST_EVENT_LINE || lkst_event_parse(line, &event) || !event.id ||
		    event.id == LKST_EV_TIME || trace->foreign[event.id])
			continue;
		known = lkst_event_by_id(event.id);
		if (known) {
			lkst_event_args_text(known, ours);
			lkst_event_args_text(&event, theirs);
		}
		/* A later writer may have added arguments: the ones known stand where they stood. */
		if (known && !strcmp(known->name, event.name) && !strncmp(ours, theirs, strlen(ours)) &&
		    (!theirs[strlen(ours)] || theirs[strlen(ours)] == ','))
			continue;
		trace->foreign[event.id] = lkst_xmalloc(sizeof(event));
		*trace->foreign[event.id] = event;
	}
}

static void accounts_packet(struct lkst_trace *trace, const char *text)
{
	unsigned int cpu;
	lkst_u64 lost, *slot;

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL)
		if (sscanf(text, "%u\t%*u\t%llu", &cpu, &lost) == 2 && cpu < LKST_MAX_CPUS && lost < ~0ULL) {
			slot = lkst_map_add(&trace->final_lost, cpu, NULL);
			if (*slot < lost + 1)
				*slot = lost + 1;
		}
}

static void count_unwritten(struct lkst_trace *trace, const char *text)
{
	lkst_u64 records;

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL)
		if (sscanf(text, "dropped\t%llu", &records) == 1)
			trace->report.unwritten += records;
}

static void clock_packet(struct lkst_trace *trace, const char *text)
{
	lkst_u64 ticks, mono, real = 0;

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL)
		if (sscanf(text, "%llu\t%llu\t%llu", &ticks, &mono, &real) >= 2)
			lkst_clock_add(&trace->clock, ticks, mono, real);
}

static void text_packet(struct scan *s, const struct lkst_packet *packet, const unsigned char *p)
{
	size_t size = packet->size - sizeof(*packet);
	char *text = lkst_xmalloc(size + 1);

	memcpy(text, p + sizeof(*packet), size);
	text[size] = 0;
	if (packet->type == LKST_PKT_COMMENT)
		count_unwritten(s->trace, text);
	if (packet->type == LKST_PKT_CLOCK)
		clock_packet(s->trace, text);
	else if (packet->type == LKST_PKT_EVENTS)
		events_packet(s->trace, text, size);
	else if (packet->type == LKST_PKT_ACCOUNTS)
		accounts_packet(s->trace, text);
	else if (packet->type == LKST_PKT_END)
		s->file->closed = 1;
	else
		lkst_names_packet(&s->trace->names, packet->type, text, size);
	free(text);
}

static void damage(struct scan *s, lkst_u64 offset, lkst_u64 bytes)
{
	struct lkst_trace_report *report = &s->trace->report;

	if (report->damages < LKST_NR_DAMAGES) {
		report->damage[report->damages].file = s->file->path;
		report->damage[report->damages].offset = offset;
		report->damage[report->damages].bytes = bytes;
	}
	report->damages++;
	report->skipped += bytes;
}

static void start_scan(struct scan *s)
{
	s->room = WINDOW;
	s->window = lkst_xmalloc(s->room);
	/*
	 * Damage that was not made on purpose spends a packet's size at each place; this allows for
	 * half of all packets.
	 */
	s->budget = (long long)(s->file->size * 2 + 64 * LKST_MAX_PACKET);
}

static void *check_ahead(void *arg)
{
	struct ahead *a = arg;
	struct lkst_packet packet;

	start_scan(&a->scan);
	for (a->first = a->from; !packet_at(&a->scan, a->first, &packet); a->first += 8)
		if (a->first - a->from > LKST_MAX_PACKET)
			break;
	for (a->end = a->first; packet_at(&a->scan, a->end, &packet); a->end += packet.size)
		;
	free(a->scan.window);
	return NULL;
}

/* Returns whether a second thread is at work. */
static int start_ahead(struct ahead *a, struct lkst_trace_file *file)
{
	memset(a, 0, sizeof(*a));
	a->scan.file = file;
	a->from = file->size / 16 * 8;
	lkst_crc32c(0, NULL, 0);	/* what it does once, before there are two */
	return lkst_trace_helper && file->size >= WORTH_IT && !lkst_trace_helper->start(check_ahead, a);
}

/**
 * lkst_trace_scan - read one file through
 * @trace: trace
 * @file: number of the file
 *
 * Return: 0, or an error number when the file could not be read.
 */
int lkst_trace_scan(struct lkst_trace *trace, unsigned int file)
{
	struct scan s = { .trace = trace, .file = &trace->file[file], .nr = file };
	lkst_u64 offset = HEADER_SIZE, good = HEADER_SIZE;
	const unsigned char *p;
	struct lkst_packet packet;
	struct ahead ahead, *found = NULL;
	int helped = start_ahead(&ahead, s.file);

	start_scan(&s);
	if (!s.file->good_header)
		damage(&s, 0, s.file->size < HEADER_SIZE ? s.file->size : HEADER_SIZE);
	while (offset < s.file->size && !s.error) {
		if (helped && offset >= ahead.from) {
			lkst_trace_helper->wait();
			helped = 0;
			found = &ahead;
		}
		if (found && offset == found->first)
			s.whole = found->end;
		p = packet_at(&s, offset, &packet);
		if (!p) {
			s.whole = 0;
			offset += 8;
			continue;
		}
		trace->report.packets++;
		if (good < offset)
			damage(&s, good, offset - good);
		if (good < offset || offset == HEADER_SIZE)
			trace->unbroken = trace->report.packets;
		if (packet.type == LKST_PKT_RECORDS)
			lkst_merge_index(trace, &packet, file, offset);
		else
			text_packet(&s, &packet, p);
		offset += packet.size;
		good = offset;
	}
	if (helped)
		lkst_trace_helper->wait();
	if (good < s.file->size && !s.error)
		damage(&s, good, s.file->size - good);
	free(s.window);
	return s.error;
}
