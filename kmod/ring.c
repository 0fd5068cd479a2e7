// SPDX-License-Identifier: GPL-2.0-only
/*
 * ring.c - the slow side of the record path, and the reader. See ring.h for the idea, doc/buffer.md for the proof.
 */
#include "ring.h"

void lkst_ring_init(struct lkst_ring *ring, struct lkst_slot *slot, unsigned long subbuf_size, unsigned int nr_subbufs,
		    unsigned int overwrite)
{
	ring->mask = subbuf_size - 1;
	ring->slot = slot;
	ring->slot_mask = nr_subbufs - 1;
	while (1UL << ring->shift < subbuf_size)
		ring->shift++;
	while (1U << ring->slot_shift < nr_subbufs)
		ring->slot_shift++;
	ring->at_shift = ring->shift - LKST_SLOT_SHIFT;
	ring->at_mask = ring->slot_mask << LKST_SLOT_SHIFT;
	ring->overwrite = overwrite;
}

/* Are all bytes of the @cycles first uses of this slot committed? Cycles are known modulo 2^(word - @slot_shift - @shift). */
static int slot_complete(const struct lkst_ring *ring, const struct lkst_slot *slot, unsigned long cycles)
{
	unsigned long committed = lkst_read_acquire(slot->committed);

	return !((committed - (cycles << ring->shift)) & (~0UL >> ring->slot_shift));
}

/* The number of the sub-buffer after the position: its own when it stands at the first byte. */
static unsigned long next_seq(const struct lkst_ring *ring, unsigned long pos)
{
	return (pos + ring->mask) >> ring->shift;
}

/* A ring that only loses never switches sub-buffers: the breaker must hear of that too. */
#define LOSSES_A_CHECK	1024

/*
 * A record is lost: nothing goes into the sub-buffer in work any more, though a shorter one might fit. So the next
 * header that is written tells of the loss; between records whose headers have the same accounts nothing is missing.
 * Counted first: a nested writer may enter the next sub-buffer before this one is closed.
 */
static u64 *lose(struct lkst_ring *ring)
{
	LKST_STEP(18);
	lkst_add_local(&ring->lost, 1);
	lkst_ring_flush(ring);
	if (!(lkst_read_once(ring->lost) % LOSSES_A_CHECK))
		lkst_ring_entered(ring, lkst_clock(), LOSSES_A_CHECK);
	return NULL;
}

/*
 * Make room for sub-buffer @seq in its slot. Returns 0 when there is room, 1 to look again, -1 when there is none.
 *
 * A slot with a writer inside is never taken: that writer was interrupted by the very records that went round the whole ring
 * since. In overwrite mode this is the only way to lose a record.
 */
static int make_room(struct lkst_ring *ring, struct lkst_slot *slot, unsigned long seq)
{
	unsigned long read_seq, records;

	/*
	 * Before the look at the slot: if that is as @seq left it N sub-buffers ago, nobody entered @seq yet, and what we read
	 * here is at most N behind. The other way round nested writers could lap us in between and make us push @read_seq on
	 * once too often. Pairs with the exchange in lkst_ring_put(): the reader's copy is made before we write into what it
	 * gave back.
	 */
	read_seq = lkst_read_acquire(ring->read_seq);
	LKST_STEP(17);
	if (!slot_complete(ring, slot, seq >> ring->slot_shift))
		return -1;
	if (((seq - read_seq) & (~0UL >> ring->shift)) <= ring->slot_mask)
		return 0;
	if (!ring->overwrite)
		return -1;
	records = slot->records - slot->first;
	LKST_STEP(5);
	/* The one LOCK of the writer's side, once a sub-buffer: the reader may be taking it on another CPU. */
	if (!lkst_cmpxchg(&ring->read_seq, read_seq, (read_seq + 1) & (~0UL >> ring->shift)))
		return 1;
	lkst_add_local(&ring->overwritten, records);
	return 0;
}

static void close_subbuf(struct lkst_ring *ring, unsigned long pos)
{
	struct lkst_slot *slot = lkst_ring_slot_of(ring, pos);
	unsigned long left = ring->mask + 1 - (pos & ring->mask);

	((struct lkst_packet *)slot->base)->reserved = LKST_PACKET_CLOSED(pos >> ring->shift, pos & ring->mask);
	lkst_add_local(&slot->padded, left);
	LKST_STEP(6);
	lkst_add_release_local(&slot->committed, left);
}

/*
 * The figures of the moment a sub-buffer is entered, taken before @offset moves. Taken later they would include what nested
 * writers did meanwhile, and the accounts in the headers would go down from one sub-buffer to the next.
 */
struct entry {
	unsigned long records;
	unsigned long padded;
	unsigned long lost;
	unsigned long overwritten;
};

/* Only the writer that moved @offset into the sub-buffer comes here; nobody reads the header before its bytes are committed. */
static void open_subbuf(struct lkst_ring *ring, struct lkst_slot *slot, unsigned long seq, u64 now, const struct entry *entry)
{
	struct lkst_packet *packet = (struct lkst_packet *)slot->base;

	lkst_write_once(slot->first, entry->records);
	lkst_write_once(slot->first_padded, entry->padded);
	packet->magic = LKST_PACKET_MAGIC;
	packet->type = LKST_PKT_RECORDS;
	packet->cpu = (lkst_u16)ring->cpu;
	packet->size = (lkst_u32)ring->mask + 1;
	packet->seq = seq;
	packet->time = now;
	packet->lost = entry->lost;
	packet->overwritten = entry->overwritten;
	packet->buffer = ring->buffer;
	LKST_STEP(7);
	/* Last: until now every nested record brought its own full time, or the one before was still right. */
	ring->time_high = (unsigned long)(now >> LKST_TIME_BITS);
	ring->limit = (seq + 1) << ring->shift;
	lkst_add_local(&ring->switches, 1);
	lkst_add_release_local(&slot->committed, LKST_RING_HEADER);
}

/* Reserve in the next sub-buffer. Returns NULL and sets @again when somebody else moved @offset first. */
static u64 *enter(struct lkst_ring *ring, unsigned long old, unsigned long bytes, u64 now, struct lkst_slot **slotp, int *again)
{
	unsigned long seq = next_seq(ring, old);
	struct lkst_slot *slot = &ring->slot[seq & ring->slot_mask];
	const struct lkst_slot *before = &ring->slot[(seq - 1) & ring->slot_mask];
	int room = make_room(ring, slot, seq);
	struct entry entry;

	*again = 0;
	/* No room, or nested writers took it and are in the slot themselves: then there may be more behind. */
	if (room < 0 && lkst_read_once(ring->offset) == old)
		return lose(ring);
	/* No writer is in this slot until @offset moves: if it moves by our hand, these are the values at the entry. */
	entry.records = lkst_read_once(slot->records);
	entry.padded = lkst_read_once(slot->padded);
	entry.lost = lkst_read_once(ring->lost);
	entry.overwritten = lkst_read_once(ring->overwritten);
	LKST_STEP(8);
	if (room || !lkst_cmpxchg_local(&ring->offset, old, (seq << ring->shift) + LKST_RING_HEADER + bytes)) {
		*again = 1;
		return NULL;
	}
	LKST_STEP(9);
	if (old & ring->mask)
		close_subbuf(ring, old);
	open_subbuf(ring, slot, seq, now, &entry);
	lkst_ring_entered(ring, now, lkst_read_once(before->records) - lkst_read_once(before->first));
	*slotp = slot;
	return (u64 *)(slot->base + LKST_RING_HEADER);
}

/* Reserve in the present sub-buffer, behind a full time if that is due. Returns NULL when somebody else was faster. */
static u64 *reserve_timed(struct lkst_ring *ring, unsigned long old, unsigned long bytes, unsigned long extra, u64 now,
			  struct lkst_slot **slot)
{
	u64 *p;

	if (!lkst_cmpxchg_local(&ring->offset, old, old + extra + bytes))
		return NULL;
	LKST_STEP(10);
	*slot = lkst_ring_slot_of(ring, old);
	p = (u64 *)((*slot)->base + (old & ring->mask));
	if (!extra)
		return p;
	p[0] = LKST_REC_HEAD(LKST_EV_TIME, 1) | now << LKST_TIME_SHIFT;
	p[1] = now;
	/*
	 * Not before the record is in the buffer. A nested writer that still sees the old value writes a full time of its own;
	 * one that was faster with a newer value is undone here, which costs one more full time and nothing else.
	 */
	ring->time_high = (unsigned long)(now >> LKST_TIME_BITS);
	lkst_add_release_local(&(*slot)->committed, extra);
	return p + 2;
}

u64 *lkst_ring_reserve(struct lkst_ring *ring, unsigned long bytes, struct lkst_slot **slot, u64 *now)
{
	unsigned long old, pos, extra;
	int again;
	u64 *p;

	if (!ring->mask)
		return lose(ring);
	for (;;) {
		old = lkst_read_once(ring->offset);
		*now = lkst_clock();
		LKST_STEP(11);
		pos = old & ring->mask;
		extra = (unsigned long)(*now >> LKST_TIME_BITS) != lkst_read_once(ring->time_high) ? 16 : 0;
		if (pos && pos + extra + bytes <= ring->mask + 1) {
			p = reserve_timed(ring, old, bytes, extra, *now, slot);
			if (p)
				return p;
		} else {
			p = enter(ring, old, bytes, *now, slot, &again);
			if (p || !again)
				return p;
		}
	}
}

void lkst_ring_write_slow(struct lkst_ring *ring, u64 head, unsigned int units, const u64 *args)
{
	struct lkst_slot *slot;
	u64 now, *p = lkst_ring_reserve(ring, 8 + 8 * units, &slot, &now);

	if (!p)
		return;
	LKST_STEP(12);
	lkst_ring_store(p, head, now, units, args);
	lkst_ring_commit(slot, 8 + 8 * units);
}

void lkst_ring_flush(struct lkst_ring *ring)
{
	unsigned long old;

	do {
		old = lkst_read_once(ring->offset);
		if (!(old & ring->mask))
			return;
		LKST_STEP(13);
	} while (!lkst_cmpxchg_local(&ring->offset, old, (old | ring->mask) + 1));
	LKST_STEP(14);
	close_subbuf(ring, old);
}

int lkst_ring_ready(const struct lkst_ring *ring)
{
	unsigned long seq = lkst_read_once(ring->read_seq);

	return ring->mask && slot_complete(ring, &ring->slot[seq & ring->slot_mask], (seq >> ring->slot_shift) + 1);
}

/* Extend a sub-buffer's number to 64 bits: on 32-bit machines it wraps every 4 GiB, and GET must come at least that often. */
static u64 extend_seq(struct lkst_ring *ring, unsigned long seq)
{
	if (seq < ring->last_seq)
		ring->read_base += (u64)(~0UL >> ring->shift) + 1;
	ring->last_seq = seq;
	return ring->read_base + seq;
}

int lkst_ring_get(struct lkst_ring *ring, struct lkst_subbuf *subbuf)
{
	unsigned long seq, records, padded;
	struct lkst_slot *slot;
	int complete;

	if (!ring->mask)
		return 0;
	for (;;) {
		seq = lkst_read_once(ring->read_seq);
		slot = &ring->slot[seq & ring->slot_mask];
		LKST_STEP(15);
		complete = slot_complete(ring, slot, (seq >> ring->slot_shift) + 1);
		records = lkst_read_once(slot->records) - lkst_read_once(slot->first);
		padded = lkst_read_once(slot->padded);
		LKST_STEP(16);
		padded -= lkst_read_once(slot->first_padded);
		lkst_read_barrier();
		/* Still the oldest: no writer entered the slot while we read its figures. */
		if (lkst_read_once(ring->read_seq) == seq)
			break;
	}
	if (!complete)
		return 0;
	subbuf->seq = extend_seq(ring, seq);
	subbuf->index = (lkst_u32)(seq & ring->slot_mask);
	subbuf->size = (lkst_u32)(ring->mask + 1 - padded);
	subbuf->records = (lkst_u32)records;
	subbuf->flags = 0;
	return 1;
}

int lkst_ring_put(struct lkst_ring *ring, const struct lkst_subbuf *subbuf)
{
	unsigned long seq = (unsigned long)subbuf->seq & (~0UL >> ring->shift);

	if (!lkst_cmpxchg(&ring->read_seq, seq, (seq + 1) & (~0UL >> ring->shift)))
		return 0;
	ring->read += subbuf->records;
	return 1;
}

u64 lkst_ring_stored(const struct lkst_ring *ring)
{
	u64 sum = 0;
	unsigned int i;

	if (ring->mask)
		for (i = 0; i <= ring->slot_mask; i++)
			sum += lkst_read_once(ring->slot[i].records);
	return sum;
}
