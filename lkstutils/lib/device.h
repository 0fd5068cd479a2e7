/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * device.h - /dev/lkst for the commands: opening, requests, finding masksets and buffers by name.
 *
 * Functions that "end the program" print what was being done, what is wrong and what to do, and call exit(3).
 */
#ifndef LKST_DEVICE_H
#define LKST_DEVICE_H

#include <lkst/ioctl.h>

enum lkst_access {
	LKST_READ,		/* requests marked (r) in ioctl.h */
	LKST_CONTROL		/* all; needs CAP_SYS_ADMIN */
};

/**
 * lkst_try_open - open the device, saying nothing
 * @access: what for
 *
 * Return: a descriptor, or -1 with errno: ENOENT, ENODEV or ENXIO without the module, EPROTO when its ABI is another.
 */
int lkst_try_open(enum lkst_access access);

/**
 * lkst_open - open the device or end the program, with LKST_EXIT_UNAVAILABLE when there is no module
 * @access: what for
 * @load: run "modprobe lkst" when the module is missing and the caller is root
 *
 * Return: a descriptor, closed on exec.
 */
int lkst_open(enum lkst_access access, int load);

/**
 * lkst_ioctl - ioctl(2), started again after a signal
 * @fd: descriptor
 * @request: LKST_IOC_*
 * @arg: its argument or NULL
 *
 * Return: what ioctl(2) gave, -1 with errno.
 */
int lkst_ioctl(int fd, unsigned long request, void *arg);

/**
 * lkst_request - the same, ending the program on an error
 * @fd: descriptor
 * @request: LKST_IOC_*
 * @arg: its argument or NULL
 * @fmt: what is being done: "selecting maskset 3"
 */
void lkst_request(int fd, unsigned long request, void *arg, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/**
 * lkst_explain - the text of an error of the device, with what to do about it
 * @error: errno
 */
const char *lkst_explain(int error);

/**
 * lkst_next_maskset - walk the masksets; handlers are not read
 * @fd: descriptor
 * @m: m->id is 0 before the first call; on return the next maskset, with m->id to be incremented by the caller
 *
 * Return: 1, 0 at the end. Ends the program on other errors.
 */
int lkst_next_maskset(int fd, struct lkst_maskset *m);

/**
 * lkst_next_buffer - the same for buffers
 * @fd: descriptor
 * @b: as @m above
 */
int lkst_next_buffer(int fd, struct lkst_buffer_info *b);

/**
 * lkst_find_maskset - read a maskset by its id or name, or end the program (a name that is none is bad usage)
 * @fd: descriptor
 * @text: "2", "0x02" or "RDEFAULT"
 * @m: filled in, handlers included
 */
void lkst_find_maskset(int fd, const char *text, struct lkst_maskset *m);

/**
 * lkst_find_buffer - a buffer by its id or name, or end the program (a name that is none is bad usage)
 * @fd: descriptor
 * @text: "2" or its name; NULL: the selected one
 * @b: filled in
 */
void lkst_find_buffer(int fd, const char *text, struct lkst_buffer_info *b);

/**
 * lkst_check_name - end the program unless this can name a maskset or a buffer
 * @what: "maskset" or "buffer", for the message
 * @name: as the user gave it
 */
void lkst_check_name(const char *what, const char *name);

/**
 * lkst_state_name - "running", "stopped"...
 * @state: enum lkst_run_state
 */
const char *lkst_state_name(unsigned int state);

/**
 * lkst_mode_name - "overwrite" or "discard"
 * @mode: enum lkst_buffer_mode
 */
const char *lkst_mode_name(unsigned int mode);

/**
 * lkst_now_ms - a clock that only goes forward, in ms
 */
lkst_u64 lkst_now_ms(void);

#endif
