/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mktrace.h - makes traces for tests, with contents that the test chose. Independent of the writer: both are
 * checked against the format, not against each other.
 */
#ifndef LKST_MKTRACE_H
#define LKST_MKTRACE_H

#include <stddef.h>
#include <stdio.h>
#include <lkst/event.h>
#include <lkst/file.h>

#define MK_CPUS		8

struct mk_cpu {
	unsigned char *packet;	/* the sub-buffer being filled, header included */
	unsigned int used;
	lkst_u64 high;		/* high bits of time last written */
	lkst_u64 seq, lost, overwritten;
	lkst_u64 stored;
};

/* A file in memory. */
struct mktrace {
	unsigned char *data;
	size_t size, room;
	unsigned int subbuf;	/* size of sub-buffers */
	unsigned int buffer;	/* id */
	struct lkst_file_header header;
	struct mk_cpu cpu[MK_CPUS];
};

/* A header with ticks of 1 ns and both clocks 0 at tick 0, of a kernel 6.1 on x86_64. */
void mk_start(struct mktrace *t, unsigned int subbuf);

/* Puts the header in again after it was changed. */
void mk_header(struct mktrace *t);

/* A record into the CPU's sub-buffer; a full one goes out. @args: as many units as the event has. */
void mk_record(struct mktrace *t, unsigned int cpu, lkst_u64 time, unsigned int pid, unsigned int id,
	       const lkst_u64 *args);

/* The same with a number of units of one's own. */
void mk_record_units(struct mktrace *t, unsigned int cpu, lkst_u64 time, unsigned int pid, unsigned int id,
		     unsigned int units, const lkst_u64 *args);

/* The sub-buffer in work goes out. */
void mk_flush(struct mktrace *t, unsigned int cpu);

/* So many records are lost on the CPU now; so many sub-buffers are overwritten. */
void mk_lose(struct mktrace *t, unsigned int cpu, unsigned int records);
void mk_skip(struct mktrace *t, unsigned int cpu, unsigned int subbufs);

void mk_text(struct mktrace *t, unsigned int type, const char *text);

/* Any packet, with its checksum. */
void mk_packet(struct mktrace *t, const struct lkst_packet *head, const void *payload, size_t size);

/* All sub-buffers go out, then LKST_PKT_END. */
void mk_end(struct mktrace *t);

/* Writes what there is to a file. */
void mk_save(const struct mktrace *t, const char *path);

/* For a trace that is too large to be held: what there is goes to the end of a file, and is forgotten. */
void mk_drain(struct mktrace *t, FILE *f);

void mk_free(struct mktrace *t);

/* Arguments by name: MK(t, cpu, time, pid, SYSCALL_ENTRY, .nr = 3) */
#define MK(t, cpu, time, pid, NAME, ...) \
	do { \
		union lkst_args_##NAME mk_args = { .a = { __VA_ARGS__ } }; \
		mk_record(t, cpu, time, pid, LKST_EV_##NAME, mk_args.u); \
	} while (0)

#endif
