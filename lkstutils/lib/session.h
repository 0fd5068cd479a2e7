/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * session.h - a recording of one's own: a buffer and a maskset for the time of a command, and afterwards everything as it was,
 * also when the command was killed: the module sees to that (LKST_IOC_OWN).
 */
#ifndef LKST_SESSION_H
#define LKST_SESSION_H

#include <lkst/ioctl.h>

/**
 * struct lkst_session - what to set up; the fields below the line are lkst_session_begin()'s
 * @maskset: id or name, NULL: RDEFAULT, or none but @events when those are given
 * @events: "NAME,GROUP,0x050", recorded beside those of @maskset; NULL: no more
 * @pid: only what this process does; 0: all
 * @size: of the buffer for each CPU in bytes, 0: 1 MiB
 * @mode: enum lkst_buffer_mode
 * @quiet: do not tell that @size was rounded
 */
struct lkst_session {
	const char *maskset;
	const char *events;
	unsigned int pid;
	lkst_u64 size;
	unsigned int mode;
	int quiet;
	/* ---- */
	int ctl;
	struct lkst_buffer_info buffer;
	char maskset_name[LKST_NAME_LEN];
	lkst_u64 pid_start;
	lkst_u64 look_ms;
};

/**
 * lkst_session_begin - load the module if it must, make buffer and maskset, select both
 * @s: as above
 *
 * Recording is stopped then; lkst_session_end() is called at exit(3) if not before. Ends the program on errors.
 */
void lkst_session_begin(struct lkst_session *s);

/**
 * lkst_session_end - stop, select what was selected before, remove what was made, go on recording if that was done before
 * @s: session whose buffer has no reader any more
 */
void lkst_session_end(struct lkst_session *s);

/**
 * lkst_session_process_ended - has the process that was chosen ended?
 * @s: session
 *
 * Looks ten times a second, however often it is called.
 */
int lkst_session_process_ended(struct lkst_session *s);

/**
 * lkst_session_owner - the process whose session is open
 * @fd: descriptor of the device
 *
 * Return: its id, 0 when there is none.
 */
lkst_u32 lkst_session_owner(int fd);

/**
 * lkst_refuse_owner - end the program while the session of another is open
 * @fd: descriptor of the device
 * @fmt: what is being done: "selecting buffer 3"
 *
 * What is selected, started or stopped in that time would change the recording of that process, and be undone at its end.
 */
void lkst_refuse_owner(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * lkst_mask_events - let a maskset record events
 * @m: maskset
 * @list: names, groups and ids with commas between them; ends the program when one is unknown
 * @handler: handler id for them
 */
void lkst_mask_events(struct lkst_maskset *m, const char *list, unsigned int handler);

/**
 * lkst_catch_end - from now on SIGINT, SIGTERM and SIGHUP only count in lkst_end_asked
 */
void lkst_catch_end(void);
extern volatile int lkst_end_asked;

#endif
