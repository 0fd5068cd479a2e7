/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * trace.h - reads traces: one or several files of one recording, as one stream of events in the order of time.
 *
 * Opening reads all files once: it checks every packet and keeps an index of those with records. Then
 * lkst_trace_next() takes the packets of all CPUs apart side by side. Memory is the index (16 bytes for packets of one
 * CPU that stand one behind the other), one packet a CPU and the names. Nothing is allocated by a size that a file
 * claims before its checksum was right, and nothing read is trusted afterwards.
 */
#ifndef LKST_TRACE_H
#define LKST_TRACE_H

#include <lkst/file.h>

#include "catalogue.h"
#include "clock.h"
#include "names.h"

/**
 * struct lkst_event - one event
 * @ns: when, on the monotonic clock
 * @ticks: the same as the counter had it
 * @cpu: where
 * @pid: task the CPU was running
 * @id: enum lkst_event_id, or one of those below
 * @units: of @arg; at least what the catalogue of this program says for @id
 * @arg: arguments, valid until the next call of lkst_trace_next(); see lkst_trace.new_buffer
 */
struct lkst_event {
	lkst_u64 ns;
	lkst_u64 ticks;
	lkst_u32 cpu;
	lkst_u32 pid;
	lkst_u32 id;
	lkst_u32 units;
	const lkst_u64 *arg;
};

/*
 * Or-ed to the id of an event that this program's catalogue does not have, or has with another name or
 * other arguments.
 */
#define LKST_EV_FOREIGN		0x1000U
/*
 * Not events but news about them, delivered in their place in time and alone. Between the two, events of @cpu
 * are missing. END's arguments: records lost, sub-buffers missing. END without a BEGIN: before this, nothing is
 * known of that CPU.
 */
#define LKST_EV_LOSS_BEGIN	0x2000U
#define LKST_EV_LOSS_END	0x2001U

#define LKST_NR_DAMAGES		16

/* A place where a file is not as written. */
struct lkst_damage {
	const char *file;
	lkst_u64 offset;
	lkst_u64 bytes;
};

/**
 * struct lkst_trace_report - what was seen of the files; complete once lkst_trace_next() returned 0
 * @bytes: of all files
 * @packets: whole ones
 * @records: delivered or passed over as not wanted
 * @damages: places with bytes that are no whole packet
 * @skipped: bytes at those places
 * @damage: the first LKST_NR_DAMAGES of them
 * @torn: files that their writer did not close
 * @torn_file: one of them
 * @malformed: packets with a right checksum and records that cannot be
 * @disorder: records with a time before their predecessor's, moved up to it
 * @duplicates: packets that are there twice, counted once
 * @lost: records refused by the kernel for want of room
 * @unwritten: records that were read from the kernel and could not be written
 * @missing: sub-buffers that are not in the files: overwritten, or damaged
 * @before: records overwritten before the trace begins, as is usual for a flight recorder; no loss
 * @no_header: no file had a whole header; times may be wrong
 */
struct lkst_trace_report {
	lkst_u64 bytes;
	lkst_u64 packets;
	lkst_u64 records;
	lkst_u64 damages;
	lkst_u64 skipped;
	struct lkst_damage damage[LKST_NR_DAMAGES];
	unsigned int torn;
	const char *torn_file;
	lkst_u64 malformed;
	lkst_u64 disorder;
	lkst_u64 duplicates;
	lkst_u64 lost;
	lkst_u64 unwritten;
	lkst_u64 missing;
	lkst_u64 before;
	int no_header;
};

/*
 * What the index keeps of packets with records of one CPU that come one behind the other; the rest is in their
 * headers, which are read again.
 */
struct lkst_index {
	lkst_u64 time;		/* of the first one */
	lkst_u64 place;		/* number of the file, its offset / 8, how many more there are */
};

#define LKST_FILE_BITS		12
#define LKST_OFFSET_BITS	40
#define LKST_RUN_BITS		12

struct lkst_trace_file {
	const char *path;
	int fd;
	int good_header;
	int closed;
	lkst_u64 size;
	struct lkst_file_header header;
};

/* How records of one id are handled. */
struct lkst_event_class {
	lkst_u16 id;		/* as delivered */
	lkst_u8 units;		/* at least so many, or the record is malformed */
	lkst_u8 wanted;
	lkst_u8 learn;		/* names are in it */
	lkst_u8 seen;		/* one was there */
};

struct lkst_stream;
struct lkst_heads;

#define LKST_BATCH	1024

/*
 * Callers read @header, @names, @report, @clock and @foreign, and may set what is said to be theirs; the rest belongs
 * to the reader.
 */
struct lkst_trace {
	struct lkst_file_header header;
	struct lkst_names names;
	struct lkst_trace_report report;
	struct lkst_clock clock;
	struct lkst_event_desc *foreign[LKST_NR_EVENTS];
	unsigned int nr_cpus;			/* CPU numbers seen are below this */
	lkst_u64 bytes_read;			/* for a progress bar; of bytes_records */
	lkst_u64 bytes_records;
	lkst_u64 first_ticks;			/* of the first packet */
	lkst_u64 last_ticks;			/* of the last packet's start */
	lkst_u64 last_event;			/* ticks of the last event so far */

	struct lkst_trace_file *file;
	unsigned int nr_files;
	struct lkst_map streams;		/* CPU and buffer -> number + 1 */
	lkst_u64 unbroken;			/* number of the packet from which on each followed the one before it */
	struct lkst_heads *heads;		/* trace-index.c's */
	struct lkst_map final_lost;		/* by CPU, from LKST_PKT_ACCOUNTS, plus 1 */
	struct lkst_event_class class[LKST_NR_EVENTS];
	struct lkst_stream *stream;
	size_t nr_streams;
	struct lkst_stream *dead;
	struct lkst_stream **heap;
	size_t nr_heap;
	struct lkst_event batch[LKST_BATCH];
	lkst_u64 news[2];
	struct lkst_event learn;		/* delivered, not learnt from yet */
	int learn_pending;
	/* The caller's: no record is taken when report.records is this, and lkst_trace_next() returns 0. */
	lkst_u64 stop_at;
	/* The caller's: names change next; all delivered so far may be looked at. */
	void (*before_learning)(void *arg);
	/*
	 * The caller's, who then says how long arguments stay valid: takes a packet's buffer @old of *@room bytes, or
	 * NULL, to give it to free() when he likes, and returns one of at least @size bytes and sets *@room; of none
	 * when @size is 0.
	 */
	lkst_u64 *(*new_buffer)(void *arg, lkst_u64 *old, size_t *room, size_t size);
	void *caller;				/* the argument of both */
};

/**
 * struct lkst_helper - a second thread, lent by a program that has one: this library starts none itself
 * @start: has it call @work with @arg; returns 0, or -1 when it cannot
 * @wait: returns when that is done; called once after each @start that returned 0
 */
struct lkst_helper {
	int (*start)(void *(*work)(void *arg), void *arg);
	void (*wait)(void);
};

/* NULL, or it checks half of the packets in lkst_trace_open(). What is opened is the same. */
extern const struct lkst_helper *lkst_trace_helper;

/**
 * lkst_trace_open - open the files of one recording
 * @path: their names, in any order; must stay until lkst_trace_close()
 * @count: how many, at least 1
 * @error: 512 bytes for what went wrong: "reading FILE: ..."
 *
 * Return: the trace, or NULL with @error: a file cannot be read, is no trace, or they are not of one machine.
 */
struct lkst_trace *lkst_trace_open(const char *const *path, unsigned int count, char *error);

/**
 * lkst_trace_want - which events lkst_trace_next() delivers from now on; all of them before the first call
 * @trace: opened
 * @id: ids ended by 0; NULL is all events
 */
void lkst_trace_want(struct lkst_trace *trace, const lkst_u16 *id);

/**
 * lkst_trace_next - the next events in the order of time, of one CPU's run
 * @trace: opened
 * @events: set to them
 *
 * Events of one moment come by CPU number. Tasks' names are learnt when the events that tell them have been delivered.
 *
 * Return: how many, 0 at the end. LOSS_BEGIN and LOSS_END are alone.
 */
unsigned int lkst_trace_next(struct lkst_trace *trace, const struct lkst_event **events);

/**
 * lkst_trace_twin - a second reader of what is open, for another thread
 * @trace: nothing of it was read yet; stays open longer, and its files, index and tables serve both
 * @learns: it learns names of tasks, apart from @trace; else it has those of the beginning
 *
 * lkst_trace_next() delivers the same events from both, in the same order, not in the same batches.
 *
 * Return: the twin, for lkst_trace_close_twin().
 */
struct lkst_trace *lkst_trace_twin(const struct lkst_trace *trace, int learns);
void lkst_trace_close_twin(struct lkst_trace *twin);

/**
 * lkst_trace_event_desc - what describes an event
 * @trace: trace
 * @id: from struct lkst_event
 *
 * Return: NULL when neither this program nor the file know it.
 */
const struct lkst_event_desc *lkst_trace_event_desc(const struct lkst_trace *trace, unsigned int id);

/**
 * lkst_trace_flawed - whether events are missing or files damaged: reason for LKST_EXIT_LOSSES
 * @trace: trace
 */
int lkst_trace_flawed(const struct lkst_trace *trace);

/**
 * lkst_trace_close - give everything back
 * @trace: or NULL
 */
void lkst_trace_close(struct lkst_trace *trace);

/* Between the reader's own files. */
int lkst_trace_scan(struct lkst_trace *trace, unsigned int file);
void lkst_merge_index(struct lkst_trace *trace, const struct lkst_packet *packet, unsigned int file, lkst_u64 offset);
void lkst_merge_start(struct lkst_trace *trace);
void lkst_merge_stop(struct lkst_trace *trace);

#endif
