// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_trace.c - a trace that somebody made up, before the reader and every measure. Whoever analyses a trace did not
 * always record it: no file may do more than fail with a message.
 *
 * A change without a right checksum is only damage, of which little is looked at: packets are given the right one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crc32c.h"
#include "fuzz.h"
#include "la.h"

static struct la each[LA_MAX_RUN];
static struct lkst_trace *trace;	/* closed also where a measure ended with a message */

/* Those that print everything themselves run alone, the others together, as 'lkstla all' has them. */
static unsigned int choose(struct la **la, size_t turn)
{
	const struct la_measure *const *m;
	unsigned int nr = 0, own = 0, owns = 0;

	for (m = la_table; *m; m++)
		owns += (*m)->value == LA_OWN;
	turn %= 2 * (owns + 1);
	for (m = la_table; *m && nr < LA_MAX_RUN; m++) {
		int alone = (*m)->value == LA_OWN;

		if (turn > owns ? alone : !alone || own++ != turn)
			continue;
		la[nr] = &each[nr];
		memset(la[nr], 0, sizeof(*la[nr]));
		la[nr]->measure = *m;
		la[nr]->overlay = la[0];
		la[nr]->opt.by = (*m)->by;
		la[nr]->opt.top = 10;
		la[nr]->quick = turn & 1;
		if (!strcmp((*m)->name, "chain")) {	/* which asks for a process and its time; mkload has this one */
			la[nr]->opt.top = 0;
			la[nr]->opt.has_pid = la[nr]->opt.has_window = 1;
			la[nr]->opt.pid = 1001;
			la[nr]->opt.duration = ~0ULL;
		}
		nr++;
	}
	return nr;
}

static void measure(size_t turn)
{
	struct la *la[LA_MAX_RUN];
	unsigned int i, nr = choose(la, turn);

	if (!nr)
		return;
	for (i = 0; i < nr; i++)
		la[i]->trace = trace;
	la_want(trace, la, nr);
	la_run(la, nr);
	for (i = 0; i < nr; i++) {
		if (la[i]->measure->end)
			la[i]->measure->end(la[i]);
		if (la[i]->measure->value != LA_OWN)
			la_print_stats(la[i]);
	}
	la_complain(trace);
	for (i = 0; i < nr; i++)
		la_give_back(la[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[64];
	const char *name = path;
	char error[512];
	int fd = memfd_create("trace", 0);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!fuzz_begin()) {
		trace = lkst_trace_open(&name, 1, error);
		if (trace)
			measure(size / 8 + (size ? data[size - 1] : 0));
	}
	fuzz_end();
	lkst_trace_close(trace);
	trace = NULL;
	close(fd);
	return 0;
}

static void sum(void *data, size_t size, lkst_u32 *crc)
{
	*crc = 0;
	*crc = lkst_crc32c(0, data, size);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
	struct lkst_file_header *header = (void *)data;
	struct lkst_packet *packet;
	size_t at = sizeof(*header);

	size = LLVMFuzzerMutate(data, size, room);
	if (seed % 16 == 0 || size < at)
		return size;
	sum(header, sizeof(*header), &header->crc);
	while (at + sizeof(*packet) <= size) {
		packet = (void *)(data + at);
		if (packet->magic != LKST_PACKET_MAGIC || packet->size < sizeof(*packet) || packet->size % 8 ||
		    packet->size > size - at) {
			at += 8;
			continue;
		}
		sum(packet, packet->size, &packet->crc);
		at += packet->size;
	}
	return size;
}
