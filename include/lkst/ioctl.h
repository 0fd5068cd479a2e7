/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * ioctl.h - what /dev/lkst understands. The same numbers and layouts for 32-bit programs on a 64-bit kernel.
 *
 * One open file is either a control channel, or after LKST_IOC_READER_BIND the one reader of one CPU's part of one buffer.
 *
 * Who may: requests marked (r) are answered to whoever may open the device for reading; all others want CAP_SYS_ADMIN and a
 * descriptor opened for writing (EPERM, EBADF).
 *
 * Lists are walked by "the first one whose id is at least @id": set id to 0, ask, then to the id that came back plus one, until
 * ENOENT.
 */
#ifndef LKST_IOCTL_H
#define LKST_IOCTL_H

#include <lkst/record.h>
#ifdef __KERNEL__
#include <linux/ioctl.h>
#else
#include <sys/ioctl.h>
#endif

#define LKST_ABI_VERSION	1
#define LKST_DEVICE		"/dev/lkst"
#define LKST_NAME_LEN		32
/* Names of masksets and buffers: 1 to 31 of these, the first no digit. */
#define LKST_NAME_CHARS		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
#define LKST_REASON_LEN		96
#define LKST_SYMBOL_LEN		128
#define LKST_ANY_ID		0xffffffffU	/* "choose a free id for me" */

/* Event handlers: the entries of a maskset. */
enum lkst_handler_id {
	LKST_HANDLER_RECORD	= 0x01,	/* record */
	LKST_HANDLER_COUNT	= 0x02,	/* count only: struct lkst_handler_info.calls */
	LKST_HANDLER_STOP	= 0x03,	/* record, then stop recording */
	LKST_HANDLER_SWITCH	= 0x04,	/* record, then select the buffer whose id is the parameter */
	LKST_HANDLER_MASKSET	= 0x05,	/* record, then select the maskset whose id is the parameter */
	LKST_HANDLER_PID	= 0x06,	/* record if the running task belongs to the process (tgid) that is the parameter */
	LKST_HANDLER_FIRST	= 0x10,	/* 0x10 to 0xfe: from modules */
	LKST_HANDLER_NONE	= 0xff	/* the event is not looked at */
};

/* Masksets that always exist and cannot be written or deleted. */
enum lkst_maskset_id {
	LKST_MASKSET_RNOTHING	= 0,
	LKST_MASKSET_RALL	= 1,
	LKST_MASKSET_RDEFAULT	= 2
};
#define LKST_MAX_MASKSETS	64
#define LKST_MAX_BUFFERS	64

enum lkst_clock_id {
	LKST_CLOCK_TSC		= 0,	/* raw time stamp counter */
	LKST_CLOCK_MONO		= 1	/* nanoseconds: the counter is unfit here */
};

/* What recording is doing. */
enum lkst_run_state {
	LKST_STOPPED		= 0,	/* by command, by the stop handler, or not started yet */
	LKST_RUNNING		= 1,
	LKST_FROZEN		= 2,	/* an oops or panic: kept as it was */
	LKST_TRIPPED		= 3	/* the overload breaker: starts again by command only */
};

/**
 * struct lkst_info - LKST_IOC_INFO (r)
 * @abi:	LKST_ABI_VERSION of the module
 * @clock:	enum lkst_clock_id
 * @state:	enum lkst_run_state
 * @nr_cpus:	CPU numbers are below this
 * @maskset:	id of the selected maskset
 * @buffer:	id of the selected buffer, LKST_ANY_ID when there is none
 * @tick_hz:	ticks per second of record times
 * @ticks:	time now, on three clocks read together
 * @mono_ns:	CLOCK_MONOTONIC
 * @real_ns:	CLOCK_REALTIME
 * @cost_ns:	what one record costs here, as measured at load, in ns
 * @reason:	why recording stopped, or empty
 */
struct lkst_info {
	lkst_u32 abi;
	lkst_u32 clock;
	lkst_u32 state;
	lkst_u32 nr_cpus;
	lkst_u32 maskset;
	lkst_u32 buffer;
	lkst_u64 tick_hz;
	lkst_u64 ticks;
	lkst_u64 mono_ns;
	lkst_u64 real_ns;
	lkst_u64 cost_ns;
	char reason[LKST_REASON_LEN];
};

/**
 * struct lkst_maskset - a maskset: LKST_IOC_MASKSET_READ (r), _NEXT (r, handler[] left alone), _WRITE
 * @id:		which; _WRITE: LKST_ANY_ID makes a new one and stores its id here
 * @flags:	out: LKST_MASKSET_SELECTED, LKST_MASKSET_BUILTIN
 * @name:	NUL terminated, unique, letters, digits, '_', '-' and '.'
 * @handler:	handler id by event id; LKST_HANDLER_NONE for ids that the catalogue does not have
 *
 * Writing the selected maskset takes effect at once and as a whole. EEXIST: the name is taken. EBUSY: built in. EINVAL: a
 * handler that does not exist. ENOSPC: LKST_MAX_MASKSETS there.
 */
#define LKST_MASKSET_SELECTED	1
#define LKST_MASKSET_BUILTIN	2
struct lkst_maskset {
	lkst_u32 id;
	lkst_u32 flags;
	char name[LKST_NAME_LEN];
	lkst_u8 handler[LKST_NR_EVENTS];
};

/**
 * struct lkst_handler_info - LKST_IOC_HANDLER_NEXT (r) and _HANDLER_SET (param only)
 * @id:		enum lkst_handler_id or a module's
 * @flags:	0
 * @name:	as the handler's author called it
 * @calls:	times it was called, on all CPUs
 * @errors:	times it returned an error
 * @param:	its parameter (buffer id, maskset id, tgid), -1 when none was set
 *
 * Setting LKST_HANDLER_MASKSET's parameter declares that maskset: its points are attached from then on.
 */
struct lkst_handler_info {
	lkst_u32 id;
	lkst_u32 flags;
	char name[LKST_NAME_LEN];
	lkst_u64 calls;
	lkst_u64 errors;
	lkst_s64 param;
};

enum lkst_buffer_mode {
	LKST_OVERWRITE		= 0,	/* flight recorder: the newest records are kept */
	LKST_DISCARD		= 1	/* the oldest are kept, what does not fit is counted as lost */
};

/**
 * struct lkst_buffer_info - LKST_IOC_BUFFER_CREATE, _BUFFER_NEXT (r)
 * @id:		out, or where the walk starts
 * @flags:	out: LKST_BUFFER_SELECTED
 * @name:	unique
 * @mode:	enum lkst_buffer_mode
 * @nr_subbufs:	in: 0 for the default; a power of 2, 2 to 4096
 * @subbuf_size: in: 0 for the default, 16 KiB; bytes, a power of 2, 4 KiB to 1 MiB
 * @nr_cpus:	out: CPUs that have a part
 * @readers:	out: readers bound
 * @owner:	out: process that made it through a file that owns the recording (LKST_IOC_OWN), 0: it stays when its maker ends
 *
 * EEXIST, EINVAL as above, ENOMEM: that much memory cannot be had, nothing was taken.
 */
#define LKST_BUFFER_SELECTED	1
struct lkst_buffer_info {
	lkst_u32 id;
	lkst_u32 flags;
	char name[LKST_NAME_LEN];
	lkst_u32 mode;
	lkst_u32 nr_subbufs;
	lkst_u32 subbuf_size;
	lkst_u32 nr_cpus;
	lkst_u32 readers;
	lkst_u32 owner;
};

/**
 * struct lkst_cpu_stats - LKST_IOC_CPU_STATS (r): the accounts of one CPU's part of one buffer
 * @buffer:	in
 * @cpu:	in; out: the first one >= it that has a part. ENOENT: none
 * @stored:	records stored: all but the lost ones
 * @lost:	records refused for want of room
 * @overwritten: records overwritten before they were read
 * @read:	records in sub-buffers that were read and put back
 * @unread:	stored - overwritten - read: records still in the buffer
 * @switches:	sub-buffers entered
 *
 * Exact once writers and reader are at rest; while they run each counter may be newer than the one before.
 */
struct lkst_cpu_stats {
	lkst_u32 buffer;
	lkst_u32 cpu;
	lkst_u64 stored;
	lkst_u64 lost;
	lkst_u64 overwritten;
	lkst_u64 read;
	lkst_u64 unread;
	lkst_u64 switches;
};

/**
 * struct lkst_event_state - LKST_IOC_EVENT_NEXT (r): an event on this kernel
 * @id:		event id
 * @flags:	LKST_EVENT_*
 * @source:	where it comes from here: "tracepoint sched_switch", empty when it is not available
 * @hits:	times the count handler saw it, all CPUs
 * @reason:	why it is not available or not attached, empty otherwise
 */
#define LKST_EVENT_AVAILABLE	1	/* this kernel has it */
#define LKST_EVENT_ARMED	2	/* recording runs, and the selected or a declared maskset asks for it */
#define LKST_EVENT_ATTACHED	4	/* connected to the kernel now */
struct lkst_event_state {
	lkst_u32 id;
	lkst_u32 flags;
	lkst_u64 hits;
	char source[LKST_REASON_LEN];
	char reason[LKST_REASON_LEN];
};

/**
 * struct lkst_probe_info - a probe made at run time: LKST_IOC_PROBE_ADD, _PROBE_DEL (id), _PROBE_NEXT (r)
 * @id:		out; the number in LKST_PROBE records
 * @flags:	0
 * @offset:	bytes after the symbol, at an instruction boundary
 * @hits:	out: times reached
 * @missed:	out: times it could not run (reached from within another probe)
 * @symbol:	a kernel function
 */
struct lkst_probe_info {
	lkst_u32 id;
	lkst_u32 flags;
	lkst_u64 offset;
	lkst_u64 hits;
	lkst_u64 missed;
	char symbol[LKST_SYMBOL_LEN];
};

/**
 * struct lkst_reader_bind - LKST_IOC_READER_BIND (r): make this file the reader of @cpu's part of @buffer
 * @buffer:	in
 * @cpu:	in
 * @subbuf_size: out
 * @nr_subbufs:	out; mmap(PROT_READ, MAP_SHARED, offset 0) shows subbuf_size * nr_subbufs bytes
 *
 * EBUSY: it has a reader. ENOENT: no such part. The buffer cannot be deleted while a reader is bound.
 */
struct lkst_reader_bind {
	lkst_u32 buffer;
	lkst_u32 cpu;
	lkst_u32 subbuf_size;
	lkst_u32 nr_subbufs;
};

/**
 * struct lkst_subbuf - LKST_IOC_SUBBUF_GET (r) and _SUBBUF_PUT (r): the oldest complete unread sub-buffer
 * @seq:	its number; _PUT wants it back
 * @index:	its place in the map: index * subbuf_size
 * @size:	bytes used, header included
 * @records:	records inside
 * @flags:	0
 *
 * GET: EAGAIN when there is none, ENODATA when there is none and recording is not running. PUT: ESTALE when a writer overwrote
 * it in the meantime (overwrite mode): what was copied is to be thrown away, it is counted as overwritten. In the map, seq,
 * size and records of the packet header are not valid: set them in the copy from here. read(2) does GET, copy and PUT in one
 * and returns one or more whole sub-buffers of @size bytes, header filled in but for the checksum.
 */
struct lkst_subbuf {
	lkst_u64 seq;
	lkst_u32 index;
	lkst_u32 size;
	lkst_u32 records;
	lkst_u32 flags;
};

/* LKST_IOC_MARK: text of an LKST_MARK record, NUL padded. */
struct lkst_mark {
	char text[32];
};

#define LKST_IOC_MAGIC		0xb4
#define LKST_IOC_INFO		_IOR(LKST_IOC_MAGIC, 0, struct lkst_info)
#define LKST_IOC_START		_IO(LKST_IOC_MAGIC, 1)	/* also after FROZEN and TRIPPED */
#define LKST_IOC_STOP		_IO(LKST_IOC_MAGIC, 2)
#define LKST_IOC_MASKSET_NEXT	_IOWR(LKST_IOC_MAGIC, 3, struct lkst_maskset)
#define LKST_IOC_MASKSET_READ	_IOWR(LKST_IOC_MAGIC, 4, struct lkst_maskset)
#define LKST_IOC_MASKSET_WRITE	_IOWR(LKST_IOC_MAGIC, 5, struct lkst_maskset)
#define LKST_IOC_MASKSET_SELECT	_IOW(LKST_IOC_MAGIC, 6, lkst_u32)
#define LKST_IOC_MASKSET_DELETE	_IOW(LKST_IOC_MAGIC, 7, lkst_u32)
#define LKST_IOC_HANDLER_NEXT	_IOWR(LKST_IOC_MAGIC, 8, struct lkst_handler_info)
#define LKST_IOC_HANDLER_SET	_IOW(LKST_IOC_MAGIC, 9, struct lkst_handler_info)
#define LKST_IOC_BUFFER_CREATE	_IOWR(LKST_IOC_MAGIC, 10, struct lkst_buffer_info)
#define LKST_IOC_BUFFER_NEXT	_IOWR(LKST_IOC_MAGIC, 11, struct lkst_buffer_info)
#define LKST_IOC_BUFFER_SELECT	_IOW(LKST_IOC_MAGIC, 12, lkst_u32)	/* LKST_ANY_ID: none; EBUSY while recording */
#define LKST_IOC_BUFFER_DELETE	_IOW(LKST_IOC_MAGIC, 13, lkst_u32)	/* EBUSY: selected, or has a reader */
#define LKST_IOC_BUFFER_FLUSH	_IOW(LKST_IOC_MAGIC, 14, lkst_u32)	/* (r) close the sub-buffers in work, all CPUs */
#define LKST_IOC_CPU_STATS	_IOWR(LKST_IOC_MAGIC, 15, struct lkst_cpu_stats)
#define LKST_IOC_EVENT_NEXT	_IOWR(LKST_IOC_MAGIC, 16, struct lkst_event_state)
#define LKST_IOC_PROBE_ADD	_IOWR(LKST_IOC_MAGIC, 17, struct lkst_probe_info)
#define LKST_IOC_PROBE_DEL	_IOW(LKST_IOC_MAGIC, 18, lkst_u32)
#define LKST_IOC_PROBE_NEXT	_IOWR(LKST_IOC_MAGIC, 19, struct lkst_probe_info)
#define LKST_IOC_READER_BIND	_IOWR(LKST_IOC_MAGIC, 20, struct lkst_reader_bind)
#define LKST_IOC_SUBBUF_GET	_IOR(LKST_IOC_MAGIC, 21, struct lkst_subbuf)
#define LKST_IOC_SUBBUF_PUT	_IOW(LKST_IOC_MAGIC, 22, struct lkst_subbuf)
#define LKST_IOC_MARK		_IOW(LKST_IOC_MAGIC, 23, struct lkst_mark)
/*
 * The recording is this file's. When it is closed, however its program ends, recording stops, what was selected at the time of
 * this request is selected again, the buffers and masksets made through the file are removed, and recording goes on if it ran
 * then. After an oops all stays as it is. EBUSY: another file has it.
 */
#define LKST_IOC_OWN		_IO(LKST_IOC_MAGIC, 24)

/* 64-bit members stand at multiples of 8, so i386 and x86-64 agree. */
LKST_ASSERT(info_size, sizeof(struct lkst_info) == 64 + LKST_REASON_LEN);
LKST_ASSERT(maskset_size, sizeof(struct lkst_maskset) == 40 + LKST_NR_EVENTS);
LKST_ASSERT(handler_size, sizeof(struct lkst_handler_info) == 64);
LKST_ASSERT(buffer_size, sizeof(struct lkst_buffer_info) == 64);
LKST_ASSERT(stats_size, sizeof(struct lkst_cpu_stats) == 56);
LKST_ASSERT(probe_size, sizeof(struct lkst_probe_info) == 32 + LKST_SYMBOL_LEN);
LKST_ASSERT(subbuf_size, sizeof(struct lkst_subbuf) == 24);

#endif
