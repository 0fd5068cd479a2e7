/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * recording.h - one trace file from its header to its end: state dump, packets from a drain, accounts, symbols.
 */
#ifndef LKST_RECORDING_H
#define LKST_RECORDING_H

#include "drain.h"
#include "textaddr.h"
#include "writer.h"

/* Accounts of one CPU. */
struct lkst_account {
	lkst_u32 cpu;
	lkst_u64 read;			/* records that reached this file */
	lkst_u64 lost, overwritten;	/* in the module, while this file was written */
	lkst_u64 lost_before, overwritten_before;	/* what the module had counted when this file was begun */
};

/**
 * struct lkst_recording - a trace file being recorded
 * @w: its writer
 * @only_cpu: set by the caller: the CPU whose part is read, -1 for all; losses of others are not ours
 * @ctl: descriptor of the device
 * @buffer: id of the buffer it comes from
 * @count: records in it by event
 * @text: kernel text addresses in them
 * @account: one for each CPU that has a part of the buffer
 * @nr_accounts: how many
 * @total: sum of @account
 * @sync_ms: when clock and symbols are written next
 * @synced: addresses that were in @text when symbols were written last
 * @dropped: records that could not be written and that no comment in a file has told of yet
 * @why: errno of the last of them
 * @kept: a trace of that name was there, and has another now
 * @hidden: symbols were wanted and the kernel shows none
 */
struct lkst_recording {
	struct lkst_writer w;
	int only_cpu;
	int ctl;
	lkst_u32 buffer;
	lkst_u64 count[LKST_NR_EVENTS];
	struct lkst_text_set text;
	struct lkst_account *account;
	unsigned int nr_accounts;
	struct lkst_account total;
	lkst_u64 dropped;
	int why;
	lkst_u64 sync_ms;
	unsigned int synced;
	int kept;
	int hidden;
};

/**
 * lkst_recording_begin - make a trace file with header, catalogue, clock and state
 * @r: zeroed, but for @only_cpu, before the first file of a buffer: losses count since the buffer was created. For the next file of the same
 *     buffer as lkst_recording_end() left it: losses count from there on.
 * @ctl: descriptor of the device
 * @buffer: id of the buffer
 * @path: where
 * @flags: enum lkst_writer_flags
 *
 * Return: 0, or -1 with errno as from lkst_writer_open(), and nothing made: also when there is room for a part of it only.
 */
int lkst_recording_begin(struct lkst_recording *r, int ctl, lkst_u32 buffer, const char *path, int flags);

/**
 * lkst_recording_die - end the program after lkst_recording_begin() failed
 * @path: of the file
 * @error: errno
 */
void lkst_recording_die(const char *path, int error) __attribute__((noreturn));

/* What is said once when a file cannot be written any more: path, strerror(). */
#define LKST_RECORDING_FULL	"writing '%s': %s: records are dropped until it can be written again"

/**
 * lkst_recording_packet - lkst_drain_fn that writes a packet and counts what is in it
 * @data: struct lkst_recording
 * @packet: sub-buffer
 */
void lkst_recording_packet(void *data, struct lkst_packet *packet);

/**
 * lkst_recording_drop - count a packet that cannot be written because there is no file; the next packet tells of it
 * @r: recording
 * @packet: sub-buffer
 * @why: errno
 */
void lkst_recording_drop(struct lkst_recording *r, const struct lkst_packet *packet, int why);

/**
 * lkst_recording_end - write accounts, symbols and the end; close the file
 * @r: recording, whose buffer was drained
 *
 * Return: 0, or -1 with errno when the file is not complete on the disk.
 */
int lkst_recording_end(struct lkst_recording *r);

/**
 * lkst_recording_free - let go of memory
 * @r: recording
 */
void lkst_recording_free(struct lkst_recording *r);

/**
 * lkst_recording_summary - tell on stderr what was recorded, and what was not
 * @r: recording that was ended
 * @path: of the file
 * @overwriting: overwritten records are how it was meant to be, no loss
 * @quiet: only what was not
 *
 * Return: LKST_EXIT_DONE or LKST_EXIT_LOSSES.
 */
int lkst_recording_summary(const struct lkst_recording *r, const char *path, int overwriting, int quiet);

#endif
