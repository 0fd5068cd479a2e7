// SPDX-License-Identifier: GPL-2.0-only
/*
 * dev.c - see dev.h.
 */
#include <errno.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dev.h"

#define LKST_ARG(name, type, unit, meaning)	{ #name, LKST_BITS_##type, #type[0], sizeof(#type) == 5, LKST_UNIT_##unit },
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	\
	static const struct dev_arg args_##NAME[] = { args { NULL, 0, 0, 0, 0 } };
#include <lkst/events.def>
#undef LKST_EVENT
#undef LKST_ARG

#define LKST_ARG(name, type, unit, meaning)
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning)	{ id, #NAME, LKST_UNITS_##NAME, args_##NAME },
static const struct dev_event events[] = {
#include <lkst/events.def>
};
#undef LKST_EVENT
#undef LKST_ARG

#define NR_KNOWN (sizeof(events) / sizeof(events[0]))

int dev_open(void)
{
	int fd = open(LKST_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, "opening %s", LKST_DEVICE);
	return fd;
}

void dev_call(int fd, unsigned long request, void *arg, const char *what)
{
	if (ioctl(fd, request, arg) < 0)
		err(1, "%s", what);
}

lkst_u32 dev_buffer(int fd, const char *name, unsigned int mode, unsigned int nr_subbufs, unsigned int subbuf_size)
{
	struct lkst_buffer_info info = { .mode = mode, .nr_subbufs = nr_subbufs, .subbuf_size = subbuf_size };

	snprintf(info.name, sizeof(info.name), "%s", name);
	dev_call(fd, LKST_IOC_BUFFER_CREATE, &info, "creating a buffer");
	return info.id;
}

lkst_u32 dev_maskset(int fd, const char *name, const unsigned char *handler)
{
	struct lkst_maskset maskset = { .id = LKST_ANY_ID };

	snprintf(maskset.name, sizeof(maskset.name), "%s", name);
	memcpy(maskset.handler, handler, sizeof(maskset.handler));
	dev_call(fd, LKST_IOC_MASKSET_WRITE, &maskset, "writing a maskset");
	return maskset.id;
}

int dev_bind(lkst_u32 buffer, lkst_u32 cpu, int nonblock, struct lkst_reader_bind *bind)
{
	int fd = open(LKST_DEVICE, O_RDONLY | O_CLOEXEC | (nonblock ? O_NONBLOCK : 0));

	if (fd < 0)
		err(1, "opening %s", LKST_DEVICE);
	bind->buffer = buffer;
	bind->cpu = cpu;
	if (!ioctl(fd, LKST_IOC_READER_BIND, bind))
		return fd;
	if (errno != ENOENT)
		err(1, "binding to CPU %u", cpu);
	close(fd);
	return -1;
}

const struct dev_event *dev_event_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < NR_KNOWN; i++)
		if (!strcmp(events[i].name, name))
			return &events[i];
	errx(2, "no event %s in the catalogue", name);
}

const struct dev_event *dev_event_by_id(unsigned int id)
{
	size_t i;

	for (i = 0; i < NR_KNOWN; i++)
		if (events[i].id == id)
			return &events[i];
	return NULL;
}

unsigned int dev_handler(int fd, const char *name)
{
	struct lkst_handler_info info = { .id = 0 };

	for (; !ioctl(fd, LKST_IOC_HANDLER_NEXT, &info); info.id++)
		if (!strcmp(info.name, name))
			return info.id;
	errx(1, "no handler %s", name);
}

static int bad(const struct lkst_packet *head, const char *what, unsigned long at)
{
	warnx("packet %llu of CPU %u: %s at byte %lu", head->seq, head->cpu, what, at);
	return -1;
}

size_t dev_packet_size(const unsigned char *packet, size_t room)
{
	const struct lkst_packet *head = (const void *)packet;

	if (room < sizeof(*head) || head->size < sizeof(*head) || head->size > room)
		errx(1, "a packet of %zu bytes cannot be", room < sizeof(*head) ? room : (size_t)head->size);
	return head->size;
}

int dev_walk(const unsigned char *packet, size_t room, int (*one)(const struct dev_record *record))
{
	const struct lkst_packet *head = (const void *)packet;
	unsigned long long low_mask = (1ULL << LKST_TIME_BITS) - 1, high = head->time & ~low_mask, last = 0;
	struct dev_record record = { .cpu = head->cpu };
	unsigned long at = sizeof(*head), units;
	unsigned int records = 0;

	if (head->magic != LKST_PACKET_MAGIC || head->type != LKST_PKT_RECORDS || head->size > room || head->size % 8)
		return bad(head, "a wrong header", 0);
	for (; at < head->size; at += 8 + 8 * units) {
		lkst_u64 h = *(const lkst_u64 *)(packet + at);

		units = lkst_rec_units(h);
		if (at + 8 + 8 * units > head->size)
			return bad(head, "a record beyond the end", at);
		record.event = lkst_rec_event(h);
		record.units = units;
		record.pid = lkst_rec_pid(h);
		record.arg = (const lkst_u64 *)(packet + at) + 1;
		record.time = high | lkst_rec_time_low(h);
		if (record.event == LKST_EV_NONE)
			return bad(head, "an empty record", at);
		if (record.event == LKST_EV_TIME) {
			high = record.arg[0] & ~low_mask;
			continue;
		}
		if (record.time < last)
			return bad(head, "a time before that of the record before", at);
		last = record.time;
		records++;
		if (one(&record))
			return -1;
	}
	return records == head->records ? 0 : bad(head, "another number of records than the header says", at);
}

long long dev_value(const struct dev_record *record, const struct dev_event *event, unsigned int index)
{
	unsigned int bit = 0, i, bits = event->arg[index].bits;
	unsigned long long value;

	for (i = 0; i < index; i++)
		bit += event->arg[i].bits;
	value = record->arg[bit / 64] >> bit % 64;
	if (bits == 64)
		return value;
	value &= (1ULL << bits) - 1;
	if (event->arg[index].type == 's' && value >> (bits - 1))
		value |= ~0ULL << bits;
	return value;
}
