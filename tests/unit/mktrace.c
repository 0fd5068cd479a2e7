// SPDX-License-Identifier: GPL-2.0-only
/*
 * mktrace.c - see mktrace.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "crc32c.h"
#include "mktrace.h"

static void put(struct mktrace *t, const void *data, size_t size)
{
	if (t->size + size > t->room) {
		t->room = 2 * (t->size + size);
		t->data = realloc(t->data, t->room);
		if (!t->data)
			abort();
	}
	memcpy(t->data + t->size, data, size);
	t->size += size;
}

void mk_header(struct mktrace *t)
{
	t->header.crc = 0;
	t->header.crc = lkst_crc32c(0, &t->header, sizeof(t->header));
	memcpy(t->data, &t->header, sizeof(t->header));
}

void mk_start(struct mktrace *t, unsigned int subbuf)
{
	memset(t, 0, sizeof(*t));
	t->subbuf = subbuf;
	memcpy(t->header.magic, LKST_FILE_MAGIC, 8);
	t->header.version = LKST_FILE_VERSION;
	t->header.header_size = sizeof(t->header);
	t->header.tick_hz = 1000000000;
	t->header.nr_cpus = MK_CPUS;
	t->header.word_bits = 64;
	strcpy(t->header.machine, "x86_64");
	strcpy(t->header.release, "6.1.0-test");
	strcpy(t->header.host, "test");
	put(t, &t->header, sizeof(t->header));
	mk_header(t);
}

void mk_packet(struct mktrace *t, const struct lkst_packet *head, const void *payload, size_t size)
{
	static const char zero[8];
	struct lkst_packet p = *head;
	size_t pad = -size & 7, at = t->size;

	p.magic = LKST_PACKET_MAGIC;
	p.size = (lkst_u32)(sizeof(p) + size + pad);
	p.crc = 0;
	put(t, &p, sizeof(p));
	put(t, payload, size);
	put(t, zero, pad);
	p.crc = lkst_crc32c(0, t->data + at, p.size);
	memcpy(t->data + at, &p, sizeof(p));
}

void mk_text(struct mktrace *t, unsigned int type, const char *text)
{
	struct lkst_packet p = { .type = (lkst_u16)type };

	mk_packet(t, &p, text, strlen(text));
}

void mk_flush(struct mktrace *t, unsigned int cpu)
{
	struct mk_cpu *c = &t->cpu[cpu];
	struct lkst_packet p;

	if (!c->packet || !c->used)
		return;
	memcpy(&p, c->packet, sizeof(p));
	mk_packet(t, &p, c->packet + sizeof(p), c->used - sizeof(p));
	c->used = 0;
}

static void enter(struct mktrace *t, unsigned int cpu, lkst_u64 time)
{
	struct mk_cpu *c = &t->cpu[cpu];
	struct lkst_packet p = { .type = LKST_PKT_RECORDS, .cpu = (lkst_u16)cpu, .seq = c->seq++, .time = time,
				 .lost = c->lost, .overwritten = c->overwritten, .buffer = t->buffer };

	if (!c->packet)
		c->packet = malloc(t->subbuf);
	if (!c->packet)
		abort();
	memcpy(c->packet, &p, sizeof(p));
	c->used = sizeof(p);
	c->high = time >> LKST_TIME_BITS;
}

static void unit(struct mk_cpu *c, lkst_u64 value)
{
	memcpy(c->packet + c->used, &value, 8);
	c->used += 8;
}

void mk_record_units(struct mktrace *t, unsigned int cpu, lkst_u64 time, unsigned int pid, unsigned int id,
		     unsigned int units, const lkst_u64 *args)
{
	struct mk_cpu *c = &t->cpu[cpu];
	unsigned int i;

	if (c->used && c->used + 24 + 8 * units > t->subbuf)
		mk_flush(t, cpu);
	if (!c->used)
		enter(t, cpu, time);
	if (time >> LKST_TIME_BITS != c->high) {
		unit(c, LKST_REC_HEAD(LKST_EV_TIME, 1) | time << LKST_TIME_SHIFT);
		unit(c, time);
		c->high = time >> LKST_TIME_BITS;
	}
	unit(c, LKST_REC_HEAD(id, units) | (lkst_u64)pid << LKST_PID_SHIFT | time << LKST_TIME_SHIFT);
	for (i = 0; i < units; i++)
		unit(c, args[i]);
	((struct lkst_packet *)c->packet)->records++;
	c->stored++;
}

void mk_record(struct mktrace *t, unsigned int cpu, lkst_u64 time, unsigned int pid, unsigned int id,
	       const lkst_u64 *args)
{
	mk_record_units(t, cpu, time, pid, id, lkst_event_by_id(id)->units, args);
}

void mk_lose(struct mktrace *t, unsigned int cpu, unsigned int records)
{
	mk_flush(t, cpu);
	t->cpu[cpu].lost += records;
}

void mk_skip(struct mktrace *t, unsigned int cpu, unsigned int subbufs)
{
	mk_flush(t, cpu);
	t->cpu[cpu].seq += subbufs;
	t->cpu[cpu].overwritten += 10 * subbufs;
}

void mk_end(struct mktrace *t)
{
	unsigned int cpu;

	for (cpu = 0; cpu < MK_CPUS; cpu++)
		mk_flush(t, cpu);
	mk_text(t, LKST_PKT_END, "");
}

void mk_save(const struct mktrace *t, const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(t->data, 1, t->size, f) != t->size || fclose(f)) {
		perror(path);
		abort();
	}
}

void mk_drain(struct mktrace *t, FILE *f)
{
	if (fwrite(t->data, 1, t->size, f) != t->size) {
		perror("writing a trace");
		abort();
	}
	t->size = 0;
}

void mk_free(struct mktrace *t)
{
	unsigned int cpu;

	for (cpu = 0; cpu < MK_CPUS; cpu++)
		free(t->cpu[cpu].packet);
	free(t->data);
	memset(t, 0, sizeof(*t));
}
