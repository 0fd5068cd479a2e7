// SPDX-License-Identifier: GPL-2.0-only
/*
 * model.c - see model.h.
 */
#include <string.h>

#include "model.h"

struct model m;
void (*model_step)(unsigned int n);

static u64 memory[MODEL_SUBBUF / 8 * MODEL_SLOTS];
static u64 copy[MODEL_SUBBUF / 8];

u64 ring_clock(void)
{
	m.now += m.tick;
	m.read_clock[m.depth] = m.now;
	return m.now;
}

void ring_step(unsigned int n)
{
	if (n == 3)
		m.committed[m.depth] = 1;
	if (model_step)
		model_step(n);
}

void lkst_ring_entered(struct lkst_ring *ring, u64 now, unsigned long records)
{
	(void)ring;
	(void)now;
	(void)records;
}

/* A word of a record's payload: another one for each record and each place in it. */
static u64 payload(unsigned int serial, unsigned int i)
{
	return (serial * 64ULL + i + 1) * 0x9e3779b97f4a7c15ULL;
}

void model_init(unsigned long size, unsigned int slots, unsigned int overwrite, unsigned int laps_to_wrap)
{
	struct lkst_ring *ring = &m.ring;
	unsigned long start = 0UL - size * slots * laps_to_wrap;
	unsigned int i;

	memset(ring, 0, sizeof(*ring));
	memset(m.slot, 0, sizeof(m.slot[0]) * slots);
	memset(m.last_serial, 0, sizeof(m.last_serial));
	memset(m.committed, 0, sizeof(m.committed));
	memset(m.asked, 0, sizeof(m.asked));
	memset(m.next, 0, sizeof(m.next));
	memset(m.gap, 0, sizeof(m.gap));
	lkst_ring_init(ring, m.slot, size, slots, overwrite);
	ring->cpu = 3;
	ring->buffer = 7;
	/* As if that many laps had been written, read and flushed at their first byte. */
	ring->offset = start;
	ring->limit = start;
	ring->read_seq = start >> ring->shift;
	ring->last_seq = ring->read_seq;
	for (i = 0; i < slots; i++) {
		m.slot[i].base = (unsigned char *)memory + i * size;
		memset(m.slot[i].base, 0, LKST_RING_HEADER);
		m.slot[i].committed = start / slots;
		m.slot[i].padded = start / slots;
		m.slot[i].first_padded = start / slots;
	}
	m.produced = m.lost = m.depth = 0;
	m.now = 0;
	m.tick = 1;
	m.seen = m.subbufs = m.stale = m.holding = 0;
	m.last_time = m.last_lost = m.last_overwritten = 0;
	m.next_seq = ring->read_seq;
}

int model_write(unsigned int units)
{
	unsigned int serial = m.produced++, depth = m.depth, i;
	struct model_record *r = &m.record[serial];
	u64 args[LKST_MAX_UNITS];

	if (serial >= MODEL_RECORDS)
		fail_msg("the model is too small");
	for (i = 0; i < units; i++)
		args[i] = payload(serial, i);
	r->units = (unsigned char)units;
	r->depth = (unsigned char)depth;
	r->fate = MODEL_OPEN;
	r->nth = m.asked[depth]++;
	m.committed[depth] = 0;
	lkst_ring_write(&m.ring, LKST_REC_HEAD(depth + 1, units) | (u64)serial << LKST_PID_SHIFT, units, args);
	r->time = m.read_clock[depth];
	if (r->fate == MODEL_OPEN)
		r->fate = m.committed[depth] ? MODEL_STORED : MODEL_LOST;
	m.lost += !m.committed[depth];
	return m.committed[depth];
}

void model_flush(void)
{
	lkst_ring_flush(&m.ring);
}

static void check_record(u64 head, u64 time, const u64 *args)
{
	unsigned int serial = lkst_rec_pid(head), depth = lkst_rec_event(head) - 1, units = lkst_rec_units(head), i;
	struct model_record *r = &m.record[serial];

	if (serial >= m.produced || depth >= MODEL_DEPTH || r->depth != depth || r->units != units)
		fail_msg("a record nobody wrote: serial %u depth %u units %u", serial, depth, units);
	if (r->fate == MODEL_LOST || r->fate == MODEL_SEEN)
		fail_msg("record %u is there %s", serial, r->fate == MODEL_SEEN ? "twice" : "and was lost");
	/* It may be read before its writer came to write its fate down: the reader is another CPU. */
	if (time != (r->fate == MODEL_STORED ? r->time : m.read_clock[depth]))
		fail_msg("record %u: time %llx, written at %llx", serial, time, r->time);
	if (time < m.last_time)
		fail_msg("record %u: time goes back", serial);
	for (i = 0; i < units; i++)
		if (args[i] != payload(serial, i))
			fail_msg("record %u: unit %u is torn", serial, i);
	if (serial + 1 <= m.last_serial[depth])
		fail_msg("record %u of depth %u is out of order", serial, depth);
	if (r->nth != m.next[depth] && !m.gap[depth])
		fail_msg("record %u of depth %u: some before it are missing, and no header told", serial, depth);
	m.next[depth] = r->nth + 1;
	m.gap[depth] = 0;
	m.last_serial[depth] = serial + 1;
	m.last_time = time;
	r->fate = MODEL_SEEN;
	m.seen++;
}

static void check_header(const struct lkst_packet *packet)
{
	unsigned int depth;

	if (packet->magic != LKST_PACKET_MAGIC || packet->type != LKST_PKT_RECORDS || packet->cpu != 3 || packet->buffer != 7 ||
	    packet->crc || packet->size != m.ring.mask + 1)
		fail_msg("the header of sub-buffer %llx is wrong", m.held.seq);
	/* For an image of the memory; one that was filled to its end never was closed. */
	if (m.held.size <= m.ring.mask && packet->reserved != LKST_PACKET_CLOSED(packet->seq, m.held.size))
		fail_msg("sub-buffer %llx of %u bytes was closed as %llx", m.held.seq, m.held.size, packet->reserved);
	if (packet->seq != (m.held.seq & (~0UL >> m.ring.shift)))
		fail_msg("sub-buffer %llx says it is %llx", m.held.seq, packet->seq);
	if (m.held.seq < m.next_seq || (m.held.seq != m.next_seq && !m.ring.overwrite))
		fail_msg("sub-buffer %llx where %llx was due", m.held.seq, m.next_seq);
	if (packet->time < m.last_time)
		fail_msg("sub-buffer %llx was entered before the record ahead of it", m.held.seq);
	if (packet->lost < m.last_lost || packet->overwritten < m.last_overwritten)
		fail_msg("sub-buffer %llx: accounts go down", m.held.seq);
	if (packet->lost != m.last_lost || packet->overwritten != m.last_overwritten || m.held.seq != m.next_seq)
		for (depth = 0; depth < MODEL_DEPTH; depth++)
			m.gap[depth] = 1;
	m.last_lost = packet->lost;
	m.last_overwritten = packet->overwritten;
	m.next_seq = m.held.seq + 1;
}

/* A reader of its own, so that a fault in liblkst's and one in the ring cannot hide each other. */
static void check_subbuf(void)
{
	const struct lkst_packet *packet = (const struct lkst_packet *)copy;
	unsigned int at = sizeof(*packet) / 8, end = m.held.size / 8, units, records = 0;
	u64 high = packet->time >> LKST_TIME_BITS, head;

	check_header(packet);
	while (at < end) {
		head = copy[at];
		units = lkst_rec_units(head);
		if (at + 1 + units > end)
			fail_msg("a record goes over the end");
		if (lkst_rec_event(head) == LKST_EV_TIME) {
			high = copy[at + 1] >> LKST_TIME_BITS;
		} else {
			check_record(head, high << LKST_TIME_BITS | lkst_rec_time_low(head), &copy[at + 1]);
			records++;
		}
		at += 1 + units;
	}
	if (records != m.held.records)
		fail_msg("%u records where %u were said to be", records, m.held.records);
	m.subbufs++;
}

int model_get(void)
{
	if (m.holding)
		return 0;
	if (!lkst_ring_get(&m.ring, &m.held))
		return 0;
	/* Whether or not it can be put back: the reader will copy as much as it is told. */
	if (m.held.size < LKST_RING_HEADER || m.held.size > m.ring.mask + 1 || m.held.size % 8 || m.held.records > m.held.size / 8 ||
	    m.held.index > m.ring.slot_mask)
		fail_msg("sub-buffer %llx: size %u, %u records cannot be", m.held.seq, m.held.size, m.held.records);
	memcpy(copy, m.ring.slot[m.held.index].base, m.held.size);
	m.holding = 1;
	return 1;
}

int model_put(void)
{
	if (!m.holding)
		return 0;
	m.holding = 0;
	if (!lkst_ring_put(&m.ring, &m.held)) {
		if (!m.ring.overwrite)
			fail_msg("a sub-buffer was taken away in discard mode");
		m.stale++;
		return 0;
	}
	check_subbuf();
	return 1;
}

unsigned int model_drain(void)
{
	unsigned int n = 0;

	model_put();
	while (model_get())
		n += model_put();
	return n;
}

static void check_equal(const char *what, u64 got, u64 want)
{
	if (got != want)
		fail_msg("%s: %llu, should be %llu", what, got, want);
}

void model_settle(void)
{
	unsigned int i, fate[4] = { 0 };
	u64 overwritten = m.ring.overwritten;

	model_drain();
	model_flush();
	model_drain();
	for (i = 0; i < m.produced; i++) {
		fate[m.record[i].fate]++;
		/* Only a writer that is interrupted can stand in another's way. */
		if (m.ring.overwrite && m.ring.mask && m.record[i].fate == MODEL_LOST && !m.record[i].depth)
			fail_msg("record %u was refused, in overwrite mode and with nobody in its way", i);
	}
	check_equal("records without a fate", fate[MODEL_OPEN], 0);
	check_equal("lost, as the ring counts", m.ring.lost, m.lost);
	check_equal("read, as the ring counts", m.ring.read, m.seen);
	check_equal("overwritten, as the ring counts", m.ring.overwritten, overwritten);
	check_equal("produced == read + lost + overwritten", m.seen + m.lost + overwritten, m.produced);
	check_equal("stored and not seen", fate[MODEL_STORED], overwritten);
	check_equal("stored, as the ring counts", lkst_ring_stored(&m.ring), m.produced - m.lost);
	if (!m.ring.overwrite)
		check_equal("overwritten in discard mode", overwritten, 0);
	if (lkst_ring_ready(&m.ring))
		fail_msg("ready, but nothing is there");
}
