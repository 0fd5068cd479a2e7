// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * drain.c - takes full sub-buffers out of the module; see drain.h for the protocol.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "device.h"
#include "drain.h"

/* The module tells readers every tenth of a second; a small buffer is full before that. */
#define MIN_PACE_MS	2
#define MAX_PACE_MS	1000

static void bind_cpu(struct lkst_drain *d, lkst_u32 cpu)
{
	struct lkst_reader_bind bind = { .buffer = d->buffer, .cpu = cpu };
	struct lkst_drain_cpu *c;
	int fd = lkst_open(LKST_READ, 0);
	void *map;

	if (lkst_ioctl(fd, LKST_IOC_READER_BIND, &bind)) {
		if (errno == EBUSY)
			lkst_die(LKST_EXIT_FAILED, "reading buffer %u: another program is its reader (lkstlogd?)", d->buffer);
		if (errno == ENOENT) {
			close(fd);	/* the CPU went away in the meantime */
			return;
		}
		lkst_die(LKST_EXIT_FAILED, "reading buffer %u of CPU %u: %s", d->buffer, cpu, lkst_explain(errno));
	}
	/* The copy has room for LKST_MAX_PACKET; no ABI of this version gives more. */
	if (bind.subbuf_size > LKST_MAX_PACKET || bind.subbuf_size < sizeof(struct lkst_packet))
		lkst_die(LKST_EXIT_FAILED, "reading buffer %u of CPU %u: sub-buffers of %u bytes", d->buffer, cpu, bind.subbuf_size);
	map = mmap(NULL, (size_t)bind.subbuf_size * bind.nr_subbufs, PROT_READ, MAP_SHARED, fd, 0);
	d->cpu = lkst_xrealloc(d->cpu, (d->nr + 1) * sizeof(*d->cpu));
	d->poll = lkst_xrealloc(d->poll, (d->nr + 1) * sizeof(*d->poll));
	c = &d->cpu[d->nr];
	memset(c, 0, sizeof(*c));
	c->fd = fd;
	c->cpu = cpu;
	c->subbuf_size = bind.subbuf_size;
	c->nr_subbufs = bind.nr_subbufs;
	c->map = map == MAP_FAILED ? NULL : map;
	d->poll[d->nr].fd = fd;
	d->poll[d->nr].events = POLLIN;
	d->nr++;
}

static int is_bound(const struct lkst_drain *d, lkst_u32 cpu)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++)
		if (d->cpu[i].cpu == cpu)
			return 1;
	return 0;
}

void lkst_drain_more_cpus(struct lkst_drain *d)
{
	struct lkst_cpu_stats stats = { .buffer = d->buffer };

	if (d->only_cpu >= 0) {
		if (!is_bound(d, (lkst_u32)d->only_cpu))
			bind_cpu(d, (lkst_u32)d->only_cpu);
		return;
	}
	for (stats.cpu = 0; !lkst_ioctl(d->ctl, LKST_IOC_CPU_STATS, &stats); stats.cpu++)
		if (!is_bound(d, stats.cpu))
			bind_cpu(d, stats.cpu);
	if (errno != ENOENT)
		lkst_die(LKST_EXIT_FAILED, "asking for the CPUs of buffer %u: %s", d->buffer, lkst_explain(errno));
}

/* A reader that stays bound when the program ends on an error would keep its buffer from being deleted. */
static struct lkst_drain *current;

static void close_at_exit(void)
{
	if (current)
		lkst_drain_close(current);
}

void lkst_drain_open(struct lkst_drain *d, int ctl, lkst_u32 buffer, int only_cpu)
{
	memset(d, 0, sizeof(*d));
	d->ctl = ctl;
	d->buffer = buffer;
	d->only_cpu = only_cpu;
	d->pace_ms = MAX_PACE_MS;
	current = d;
	atexit(close_at_exit);
	d->copy = lkst_xmalloc(LKST_MAX_PACKET);
	lkst_drain_more_cpus(d);
	if (!d->nr && only_cpu >= 0)
		lkst_die(LKST_EXIT_FAILED, "choosing CPU %d: buffer %u has no part for it ('lkstbuf stat' lists them)",
			 only_cpu, buffer);
	if (!d->nr)
		lkst_die(LKST_EXIT_FAILED, "reading buffer %u: it has no part for any CPU", buffer);
}

/* One sub-buffer into d->copy. Returns 1, 0 when there is none, -1 when it was overwritten meanwhile. */
static int take_mapped(struct lkst_drain *d, struct lkst_drain_cpu *c)
{
	struct lkst_subbuf sub;

	memset(&sub, 0, sizeof(sub));
	if (lkst_ioctl(c->fd, LKST_IOC_SUBBUF_GET, &sub)) {
		if (errno != EAGAIN && errno != ENODATA)
			lkst_die(LKST_EXIT_FAILED, "reading CPU %u: %s", c->cpu, lkst_explain(errno));
		c->ended = errno == ENODATA;
		return 0;
	}
	if (sub.index >= c->nr_subbufs || sub.size > c->subbuf_size || sub.size < sizeof(*d->copy) || sub.size % 8)
		lkst_die(LKST_EXIT_FAILED, "reading CPU %u: the module gave sub-buffer %u of %u bytes", c->cpu, sub.index, sub.size);
	memcpy(d->copy, c->map + (size_t)sub.index * c->subbuf_size, sub.size);
	if (lkst_ioctl(c->fd, LKST_IOC_SUBBUF_PUT, &sub)) {
		if (errno != ESTALE)
			lkst_die(LKST_EXIT_FAILED, "giving back a sub-buffer of CPU %u: %s", c->cpu, lkst_explain(errno));
		d->stale++;
		return -1;
	}
	d->copy->size = sub.size;
	d->copy->seq = sub.seq;
	d->copy->records = sub.records;
	return 1;
}

static void hand_over(struct lkst_drain *d, struct lkst_drain_cpu *c, struct lkst_packet *packet, lkst_drain_fn fn, void *data)
{
	packet->magic = LKST_PACKET_MAGIC;
	packet->type = LKST_PKT_RECORDS;
	packet->cpu = (lkst_u16)c->cpu;
	packet->buffer = d->buffer;
	packet->reserved = 0;
	c->ended = 0;
	fn(data, packet);
}

static unsigned int drain_mapped(struct lkst_drain *d, struct lkst_drain_cpu *c, lkst_drain_fn fn, void *data)
{
	unsigned int taken = 0, tries;
	int got = 1;

	for (tries = 0; got && !d->stop && tries < c->nr_subbufs; tries++) {
		got = take_mapped(d, c);
		if (got <= 0)
			continue;
		hand_over(d, c, d->copy, fn, data);
		taken++;
	}
	return taken;
}

/* One read(2) gives as many whole sub-buffers as there are and fit. */
static unsigned int drain_read(struct lkst_drain *d, struct lkst_drain_cpu *c, lkst_drain_fn fn, void *data)
{
	struct pollfd now = { .fd = c->fd, .events = POLLIN };
	unsigned int taken = 0;
	struct lkst_packet *packet;
	ssize_t n, at;

	/* The descriptor blocks: only ask where something is. */
	while (!d->stop && taken < c->nr_subbufs && poll(&now, 1, 0) > 0) {
		n = now.revents & POLLIN ? read(c->fd, d->copy, c->subbuf_size) : 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			lkst_die(LKST_EXIT_FAILED, "reading CPU %u: %s", c->cpu, lkst_explain(errno));
		c->ended = !n;
		for (at = 0; at + (ssize_t)sizeof(*packet) <= n; at += packet->size, taken++) {
			packet = (struct lkst_packet *)((char *)d->copy + at);
			if (packet->size < sizeof(*packet) || packet->size % 8 || packet->size > (size_t)(n - at))
				lkst_die(LKST_EXIT_FAILED, "reading CPU %u: the module gave a packet of %u bytes", c->cpu,
					 packet->size);
			hand_over(d, c, packet, fn, data);
		}
		if (!n)
			break;
	}
	return taken;
}

unsigned int lkst_drain_once(struct lkst_drain *d, lkst_drain_fn fn, void *data)
{
	unsigned int i, one, taken = 0, hurry = 0;

	for (i = 0; i < d->nr; i++) {
		one = d->cpu[i].map ? drain_mapped(d, &d->cpu[i], fn, data) : drain_read(d, &d->cpu[i], fn, data);
		hurry |= one * 4 >= d->cpu[i].nr_subbufs;
		taken += one;
	}
	if (hurry)
		d->pace_ms = d->pace_ms > 2 * MIN_PACE_MS ? d->pace_ms / 4 : MIN_PACE_MS;
	else if (!taken && d->pace_ms < MAX_PACE_MS)
		d->pace_ms *= 2;
	return taken;
}

void lkst_drain_wait(struct lkst_drain *d, int ms)
{
	struct timespec nap = { 0, 10000000 };
	unsigned int i;

	if (poll(d->poll, d->nr, ms < d->pace_ms ? ms : d->pace_ms) <= 0)
		return;
	for (i = 0; i < d->nr; i++)
		if (d->poll[i].revents & POLLIN)
			return;
	/* Only "recording does not run": that would be told at once for ever. */
	nanosleep(&nap, NULL);
}

void lkst_drain_all(struct lkst_drain *d, lkst_drain_fn fn, void *data)
{
	lkst_drain_once(d, fn, data);
	lkst_request(d->ctl, LKST_IOC_BUFFER_FLUSH, &d->buffer, "flushing buffer %u", d->buffer);
	lkst_drain_once(d, fn, data);
}

int lkst_drain_ended(const struct lkst_drain *d)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++)
		if (!d->cpu[i].ended)
			return 0;
	return 1;
}

void lkst_drain_close(struct lkst_drain *d)
{
	unsigned int i;

	if (current == d)
		current = NULL;
	for (i = 0; i < d->nr; i++) {
		if (d->cpu[i].map)
			munmap((void *)d->cpu[i].map, (size_t)d->cpu[i].subbuf_size * d->cpu[i].nr_subbufs);
		close(d->cpu[i].fd);
	}
	free(d->cpu);
	free(d->poll);
	free(d->copy);
	memset(d, 0, sizeof(*d));
}
