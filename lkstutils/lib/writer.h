/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * writer.h - writes a trace file: a header, then whole packets, each with its checksum (file.h, record.h).
 *
 * Every packet goes out by one writev(2). A process killed in between leaves whole packets and at most one torn one at the
 * end, which readers skip. A packet that did not fit on the disk is cut off again at once.
 *
 * Behind the header stands a reserve, a comment without a line. What ends a trace is written over it when the disk is full,
 * so that a trace that lacks records says so.
 */
#ifndef LKST_WRITER_H
#define LKST_WRITER_H

#include <stddef.h>
#include <sys/types.h>
#include <lkst/file.h>

enum lkst_writer_flags {
	LKST_WRITER_FORCE = 1,	/* replace whatever is there, and keep nothing of it */
	LKST_WRITER_LATE = 2	/* lkst_recording_begin(): the caller will call lkst_writer_commit() */
};

/**
 * struct lkst_writer - a trace file being written; all fields are read by callers, set by the functions below
 * @fd:		     descriptor, -1 when not open
 * @seekable:	     a partial packet can be cut off again
 * @size:	     bytes of whole packets, header included
 * @packets:	     packets written
 * @text_packets:    those of them that hold text
 * @records:	     records written
 * @dropped_packets: packets not written for want of space or another error
 * @dropped_records: records in them
 * @error:	     errno of the last packet that failed, 0 once one was written again
 * @why:	     the same, and stays
 * @retry_ms:	     not before this time (lkst_now_ms()) is the disk tried again
 * @ending:	     see lkst_writer_ending()
 * @path:	     the file
 * @temp:	     what it is called until it is committed, NULL: @path
 * @old:	     what the trace that was there is called once this one is committed, NULL: none was
 * @reserve_at:	     where the reserve begins
 * @reserve:	     bytes left of it
 * @may_give_up:     when set, asked after a signal came while a pipe took nothing: not zero ends the writing for good
 * @given_up:	     it did
 * @sink:	     when set, takes text packets instead of a file: a state dump for who shows records at once
 * @sink_data:	     for @sink
 */
struct lkst_writer {
	int fd;
	int seekable;
	lkst_u64 size;
	lkst_u64 packets;
	lkst_u64 text_packets;
	lkst_u64 records;
	lkst_u64 dropped_packets;
	lkst_u64 dropped_records;
	int error;
	int why;
	lkst_u64 retry_ms;
	int ending;
	char *path;
	char *temp;
	char *old;
	lkst_u64 reserve_at;
	lkst_u64 reserve;
	int (*may_give_up)(void);
	int given_up;
	void (*sink)(void *data, unsigned int type, const char *text, size_t size);
	void *sink_data;
};

/**
 * lkst_writer_open - make a trace file and write its header
 * @w: set up by this
 * @path: where; "-" is standard output
 * @flags: enum lkst_writer_flags
 * @header: magic, version, size and checksum are filled in here
 *
 * The file gets mode 0600. A trace that is there already is to be called @path.old, in the place of an older one; an empty
 * file is to be replaced, and with LKST_WRITER_FORCE any regular file. Until lkst_writer_commit() it stays, and the new one
 * has another name beside it. Into a pipe or a character device a stream is written. SIGXFSZ is ignored from then on.
 *
 * Return: 0, or -1 with errno and nothing made; EEXIST: another kind of file is there, ENOTUNIQ: a trace is there, and what
 * has the name @path.old is none; EISDIR, ELOOP: a symbolic link.
 */
int lkst_writer_open(struct lkst_writer *w, const char *path, int flags, struct lkst_file_header *header);

/**
 * lkst_writer_commit - let the file take its name, and the place of an older one
 * @w: writer
 *
 * A program that ends by exit(3) before removes the file.
 *
 * Return: 0, or -1 with errno.
 */
int lkst_writer_commit(struct lkst_writer *w);

/**
 * lkst_writer_abandon - close and remove a file that was not committed; an older one is as it was
 * @w: writer
 */
void lkst_writer_abandon(struct lkst_writer *w);

/**
 * lkst_writer_packet - append a packet
 * @w: writer
 * @packet: header; its magic, size and checksum are set here
 * @payload: what follows the header
 * @bytes: of @payload, at most LKST_MAX_PACKET - 64; padded with NUL to a multiple of 8
 *
 * Return: 0, or -1 with errno, the packet then counted as dropped and the file as it was.
 */
int lkst_writer_packet(struct lkst_writer *w, struct lkst_packet *packet, const void *payload, size_t bytes);

/**
 * lkst_writer_ending - no more records come
 * @w: writer
 *
 * From now on every packet is tried at once, and goes into the reserve when the disk is full.
 */
void lkst_writer_ending(struct lkst_writer *w);

/**
 * lkst_writer_close - append LKST_PKT_END and close
 * @w: writer
 *
 * Return: 0, or -1 with errno when the file could not be brought to the disk.
 */
int lkst_writer_close(struct lkst_writer *w);

/**
 * struct lkst_text - lines on their way into text packets
 */
struct lkst_text {
	struct lkst_writer *w;
	unsigned int type;
	unsigned int used;
	char buf[32768];
};

/**
 * lkst_text_begin - start packets of one type
 * @t: set up by this
 * @w: writer
 * @type: enum lkst_packet_type
 */
void lkst_text_begin(struct lkst_text *t, struct lkst_writer *w, unsigned int type);

/**
 * lkst_text_line - add one line
 * @t: text
 * @fmt: printf format without the newline; a newline that comes out of it, and other control characters but TAB, become '?'
 *
 * A line never crosses packets.
 */
void lkst_text_line(struct lkst_text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * lkst_text_end - write what is left
 * @t: text
 */
void lkst_text_end(struct lkst_text *t);

#endif
