// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * trace-scan.c - reads one file through: finds the whole packets, takes in the text, puts the records into the index.
 *
 * At a place that holds no whole packet it goes on in steps of 8 bytes. A file made to look like nothing but
 * starts of large packets would make that quadratic, so the bytes that may be checked in vain are limited (see
 * spend()).
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

struct scan {
	struct lkst_trace *trace;
	struct lkst_trace_file *file;
	unsigned int nr;
	unsigned char *window;
	lkst_u64 at;		/* what the window shows */
	size_t filled, room;
	long long budget;	/* bytes that may still be checked in vain */
	int error;
};

/* @length bytes at @offset, or NULL when the file is shorter; @length is at most LKST_MAX_PACKET. */
static const unsigned char *see(struct scan *s, lkst_u64 offset, size_t length)
{
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
	while (s->filled < s->room) {
		n = pread(s->file->fd, s->window + s->filled, s->room - s->filled, (off_t)(offset + s->filled));
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

/* A whole packet at @offset? Its bytes, or NULL. */
static const unsigned char *packet_at(struct scan *s, lkst_u64 offset, struct lkst_packet *packet)
{
	const unsigned char *p = see(s, offset, sizeof(*packet));

	if (!p)
		return NULL;
	memcpy(packet, p, sizeof(*packet));
	if (packet->magic != LKST_PACKET_MAGIC || packet->size < sizeof(*packet) || packet->size > LKST_MAX_PACKET ||
	    packet->size % 8 || packet->size > s->file->size - offset)
		return NULL;
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

	s.room = WINDOW;
	s.window = lkst_xmalloc(s.room);
	/*
	 * Damage that was not made on purpose spends a packet's size at each place; this allows for
	 * half of all packets.
	 */
	s.budget = (long long)(s.file->size * 2 + 64 * LKST_MAX_PACKET);
	if (!s.file->good_header)
		damage(&s, 0, s.file->size < HEADER_SIZE ? s.file->size : HEADER_SIZE);
	while (offset < s.file->size && !s.error) {
		p = packet_at(&s, offset, &packet);
		if (!p) {
			offset += 8;
			continue;
		}
		if (good < offset)
			damage(&s, good, offset - good);
		trace->report.packets++;
		if (packet.type == LKST_PKT_RECORDS)
			lkst_merge_index(trace, &packet, file, offset);
		else
			text_packet(&s, &packet, p);
		offset += packet.size;
		good = offset;
	}
	if (good < s.file->size && !s.error)
		damage(&s, good, s.file->size - good);
	free(s.window);
	return s.error;
}
