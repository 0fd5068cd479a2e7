/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dev.h - the tests' own way to /dev/lkst and its records, written from include/lkst/ alone: what the project's library
 * gets wrong must not be hidden by the same mistake here.
 */
#ifndef LKST_TEST_DEV_H
#define LKST_TEST_DEV_H

#include <stddef.h>

#include <lkst/event.h>
#include <lkst/ioctl.h>

struct dev_arg {
	const char *name;
	int bits;
	char type;	/* 'u', 's' (signed or string: see @str) */
	int str;
	enum lkst_unit unit;
};

struct dev_event {
	unsigned int id;
	const char *name;
	unsigned int units;
	const struct dev_arg *arg;
};

struct dev_record {
	unsigned int cpu, event, units, pid;
	unsigned long long time;
	const lkst_u64 *arg;
};

/* All of them end the program with a message when they fail. */
int dev_open(void);
void dev_call(int fd, unsigned long request, void *arg, const char *what);
lkst_u32 dev_buffer(int fd, const char *name, unsigned int mode, unsigned int nr_subbufs, unsigned int subbuf_size);
lkst_u32 dev_maskset(int fd, const char *name, const unsigned char *handler);
int dev_bind(lkst_u32 buffer, lkst_u32 cpu, int nonblock, struct lkst_reader_bind *bind);	/* -1: no such part */

const struct dev_event *dev_event_by_name(const char *name);
const struct dev_event *dev_event_by_id(unsigned int id);
unsigned int dev_handler(int fd, const char *name);

/* Bytes of the packet that stands first in @room bytes; ends the program when that cannot be. */
size_t dev_packet_size(const unsigned char *packet, size_t room);
/* Calls @one for each record of a packet. Returns 0, or -1 with a message when the packet is not as record.h says. */
int dev_walk(const unsigned char *packet, size_t room, int (*one)(const struct dev_record *record));
/* Sign-extended where the type is signed. */
long long dev_value(const struct dev_record *record, const struct dev_event *event, unsigned int index);

#endif
