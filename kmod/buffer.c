// SPDX-License-Identifier: GPL-2.0-only
/*
 * buffer.c - buffers as the user knows them: made, selected, deleted, accounted. What happens inside one is in ring.c.
 *
 * buffers_lock is a leaf: the CPU hotplug callback takes it, so nothing that waits for hotplug may be called under it.
 * lkst_control may be held around it, never taken inside.
 */
#include "lkst.h"

#define DEFAULT_SUBBUF	(16 * 1024)
#define DEFAULT_NR	64

static DEFINE_MUTEX(buffers_lock);
static struct lkst_buffer *buffers[LKST_MAX_BUFFERS];
static struct lkst_buffer *selected;	/* also written by handlers, see lkst_buffer_switch() */
static struct lkst_buffer *target;
static enum cpuhp_state hotplug;

/*
 * Stands in where a CPU has no buffer: takes nothing, counts what it refused. Not DEFINE_PER_CPU: modules share little of that,
 * and 2.6.9 aligns it to no more than 32 bytes.
 */
static struct lkst_ring __percpu *no_ring;
DEFINE_PER_CPU(struct lkst_ring *, lkst_ring_now);

static void ring_free(struct lkst_ring *ring)
{
	unsigned int i;

	if (!ring)
		return;
	/* What was deleted is not to be found in an image of the memory. */
	for (i = 0; i <= ring->slot_mask; i++)
		if (ring->slot[i].base)
			((struct lkst_packet *)ring->slot[i].base)->magic = 0;
	for (i = 0; i <= ring->slot_mask; i++)
		lkst_free_pages(ring->slot[i].base, get_order(ring->mask + 1));
	kvfree(ring->slot);
	kfree(ring);
}

static struct lkst_ring *ring_alloc(const struct lkst_buffer *buffer, unsigned int cpu)
{
	int node = cpu_to_node(cpu);
	struct lkst_ring *ring = kzalloc_node(sizeof(*ring), GFP_KERNEL, node);
	struct lkst_slot *slot;
	unsigned int i;

	if (!ring)
		return NULL;
	slot = kvzalloc_node(array_size(buffer->nr_subbufs, sizeof(*slot)), GFP_KERNEL, node);
	if (!slot) {
		kfree(ring);
		return NULL;
	}
	lkst_ring_init(ring, slot, buffer->subbuf_size, buffer->nr_subbufs, buffer->mode == LKST_OVERWRITE);
	ring->cpu = cpu;
	ring->buffer = buffer->id;
	for (i = 0; i < buffer->nr_subbufs; i++) {
		slot[i].base = lkst_alloc_pages(node, get_order(buffer->subbuf_size));
		if (!slot[i].base) {
			ring_free(ring);
			return NULL;
		}
	}
	return ring;
}

static void buffer_free(struct lkst_buffer *buffer)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		ring_free(buffer->ring[cpu]);
	kvfree(buffer);
}

static struct lkst_ring *ring_of(struct lkst_buffer *buffer, unsigned int cpu)
{
	struct lkst_ring *ring = buffer ? READ_ONCE(buffer->ring[cpu]) : NULL;

	return ring ? ring : per_cpu_ptr(no_ring, cpu);
}

/* Writers read the pointer once, on their own CPU: each sees the old or the new ring. */
static void point_cpus_at(struct lkst_buffer *buffer)
{
	unsigned int cpu;

	WRITE_ONCE(selected, buffer);
	for_each_possible_cpu(cpu)
		WRITE_ONCE(per_cpu(lkst_ring_now, cpu), ring_of(buffer, cpu));
}

static struct lkst_buffer *find(u32 id)
{
	return id < LKST_MAX_BUFFERS ? buffers[id] : NULL;
}

/* A CPU comes up: give it its part of every buffer. One that gets none counts its records as lost; it comes up all the same. */
static int cpu_comes_up(unsigned int cpu)
{
	unsigned int i;

	mutex_lock(&buffers_lock);
	for (i = 0; i < LKST_MAX_BUFFERS; i++) {
		if (!buffers[i] || buffers[i]->ring[cpu])
			continue;
		WRITE_ONCE(buffers[i]->ring[cpu], ring_alloc(buffers[i], cpu));
		if (!buffers[i]->ring[cpu])
			pr_warn("lkst: CPU %u: no memory for its part of buffer '%s': its records will be lost\n", cpu,
				buffers[i]->name);
	}
	WRITE_ONCE(per_cpu(lkst_ring_now, cpu), ring_of(READ_ONCE(selected), cpu));
	mutex_unlock(&buffers_lock);
	return 0;
}

static int check_new(struct lkst_buffer_info *info, unsigned int *id)
{
	unsigned int i;

	info->subbuf_size = info->subbuf_size ? info->subbuf_size : DEFAULT_SUBBUF;
	info->nr_subbufs = info->nr_subbufs ? info->nr_subbufs : DEFAULT_NR;
	if (!lkst_name_ok(info->name) || info->mode > LKST_DISCARD || !is_power_of_2(info->subbuf_size) ||
	    !is_power_of_2(info->nr_subbufs) || info->subbuf_size < PAGE_SIZE || info->subbuf_size > 1 << 20 ||
	    info->nr_subbufs < 2 || info->nr_subbufs > 4096)
		return -EINVAL;
	*id = LKST_MAX_BUFFERS;
	for (i = LKST_MAX_BUFFERS; i-- > 0;) {
		if (!buffers[i])
			*id = i;
		else if (!strcmp(buffers[i]->name, info->name))
			return -EEXIST;
	}
	return *id == LKST_MAX_BUFFERS ? -ENOSPC : 0;
}

int lkst_buffer_create(struct lkst_buffer_info *info)
{
	struct lkst_buffer *buffer;
	unsigned int cpu, id;
	int err;

	mutex_lock(&buffers_lock);
	err = check_new(info, &id);
	if (err)
		goto unlock;
	err = -ENOMEM;
	buffer = kvzalloc(struct_size(buffer, ring, nr_cpu_ids), GFP_KERNEL);
	if (!buffer)
		goto unlock;
	buffer->id = id;
	strscpy(buffer->name, info->name, sizeof(buffer->name));
	buffer->mode = info->mode;
	buffer->subbuf_size = info->subbuf_size;
	buffer->nr_subbufs = info->nr_subbufs;
	buffer->owner = info->owner;
	info->nr_cpus = 0;
	for_each_online_cpu(cpu) {
		buffer->ring[cpu] = ring_alloc(buffer, cpu);
		if (!buffer->ring[cpu]) {
			buffer_free(buffer);
			goto unlock;
		}
		info->nr_cpus++;
	}
	buffers[id] = buffer;
	info->id = id;
	err = 0;
unlock:
	mutex_unlock(&buffers_lock);
	return err;
}

int lkst_buffer_next(struct lkst_buffer_info *info)
{
	struct lkst_buffer *buffer = NULL;
	unsigned int cpu, id;

	mutex_lock(&buffers_lock);
	for (id = info->id; id < LKST_MAX_BUFFERS && !buffer; id++)
		buffer = buffers[id];
	if (buffer) {
		memset(info, 0, sizeof(*info));
		info->id = buffer->id;
		info->flags = buffer == READ_ONCE(selected) ? LKST_BUFFER_SELECTED : 0;
		strscpy(info->name, buffer->name, sizeof(info->name));
		info->mode = buffer->mode;
		info->nr_subbufs = buffer->nr_subbufs;
		info->subbuf_size = buffer->subbuf_size;
		info->readers = buffer->readers;
		info->owner = buffer->owner;
		for_each_possible_cpu(cpu)
			info->nr_cpus += !!buffer->ring[cpu];
	}
	mutex_unlock(&buffers_lock);
	return buffer ? 0 : -ENOENT;
}

int lkst_buffer_select(u32 id)
{
	int err = -ENOENT;

	mutex_lock(&buffers_lock);
	if (id == LKST_ANY_ID && lkst_run_state() == LKST_RUNNING) {
		err = -EBUSY;
	} else if (id == LKST_ANY_ID || find(id)) {
		point_cpus_at(find(id));
		err = 0;
	}
	mutex_unlock(&buffers_lock);
	if (!err)
		lkst_wait_writers();
	return err;
}

/* It is out of the table, so nobody new finds it. One that still has readers is freed by the last of them. */
static void drop(struct lkst_buffer *buffer)
{
	bool unread;

	/* Selected until a moment ago, perhaps by a handler: make sure no CPU still points here. */
	lkst_buffers_settle();
	lkst_wait_writers();
	mutex_lock(&buffers_lock);
	unread = !buffer->readers;
	buffer->dropped = true;
	mutex_unlock(&buffers_lock);
	if (unread)
		buffer_free(buffer);
}

int lkst_buffer_delete(u32 id)
{
	struct lkst_buffer *buffer;
	int err = 0;

	mutex_lock(&buffers_lock);
	buffer = find(id);
	if (!buffer)
		err = -ENOENT;
	else if (buffer == READ_ONCE(selected) || buffer == target || buffer->readers)
		err = -EBUSY;
	else
		buffers[id] = NULL;
	mutex_unlock(&buffers_lock);
	if (!err)
		drop(buffer);
	return err;
}

bool lkst_buffer_owned(u32 id)
{
	struct lkst_buffer *buffer = find(id);

	return buffer && buffer->owner;
}

void lkst_buffer_delete_owned(void)
{
	struct lkst_buffer *buffer;
	unsigned int id;

	for (id = 0; id < LKST_MAX_BUFFERS; id++) {
		mutex_lock(&buffers_lock);
		buffer = buffers[id];
		if (buffer && (!buffer->owner || buffer == READ_ONCE(selected) || buffer == target))
			buffer = NULL;
		if (buffer)
			buffers[id] = NULL;
		mutex_unlock(&buffers_lock);
		if (buffer)
			drop(buffer);
	}
}

void lkst_buffer_disown(void)
{
	unsigned int id;

	mutex_lock(&buffers_lock);
	for (id = 0; id < LKST_MAX_BUFFERS; id++)
		if (buffers[id])
			buffers[id]->owner = 0;
	mutex_unlock(&buffers_lock);
}

static void flush_here(void *ring)
{
	lkst_ring_flush(ring);
}

int lkst_buffer_flush(u32 id)
{
	struct lkst_buffer *buffer;
	unsigned int cpu;

	/* The lock of hotplug first, see the top of the file: a CPU stays up, or down, while its ring is closed. */
	cpus_read_lock();
	mutex_lock(&buffers_lock);
	buffer = find(id);
	for_each_possible_cpu(cpu) {
		if (!buffer || !buffer->ring[cpu])
			continue;
		if (cpu_online(cpu))
			smp_call_function_single(cpu, flush_here, buffer->ring[cpu], 1);
		else
			lkst_ring_flush(buffer->ring[cpu]);
	}
	mutex_unlock(&buffers_lock);
	cpus_read_unlock();
	return buffer ? 0 : -ENOENT;
}

void lkst_buffers_close(void)
{
	unsigned int id, cpu;

	for (id = 0; id < LKST_MAX_BUFFERS; id++)
		for_each_possible_cpu(cpu)
			if (buffers[id] && buffers[id]->ring[cpu])
				lkst_ring_flush(buffers[id]->ring[cpu]);
}

static void ring_stats(const struct lkst_ring *ring, struct lkst_cpu_stats *stats)
{
	stats->read = ring->read;
	stats->overwritten = READ_ONCE(ring->overwritten);
	stats->lost = READ_ONCE(ring->lost);
	stats->switches = READ_ONCE(ring->switches);
	stats->stored = lkst_ring_stored(ring);
	stats->unread = stats->stored - stats->overwritten - stats->read;
}

int lkst_buffer_stats(struct lkst_cpu_stats *stats)
{
	struct lkst_buffer *buffer;
	unsigned int cpu;
	int err = -ENOENT;

	mutex_lock(&buffers_lock);
	buffer = find(stats->buffer);
	for (cpu = stats->cpu; buffer && cpu < nr_cpu_ids; cpu++) {
		if (!cpu_possible(cpu) || !buffer->ring[cpu])
			continue;
		stats->cpu = cpu;
		ring_stats(buffer->ring[cpu], stats);
		err = 0;
		break;
	}
	mutex_unlock(&buffers_lock);
	return err;
}

u32 lkst_buffer_selected(void)
{
	struct lkst_buffer *buffer = READ_ONCE(selected);

	return buffer ? buffer->id : LKST_ANY_ID;
}

struct lkst_ring *lkst_buffer_bind(struct lkst_reader_bind *bind, struct lkst_buffer **bufferp)
{
	struct lkst_buffer *buffer;
	struct lkst_ring *ring = ERR_PTR(-ENOENT);

	mutex_lock(&buffers_lock);
	buffer = find(bind->buffer);
	if (buffer && bind->cpu < nr_cpu_ids && cpu_possible(bind->cpu) && buffer->ring[bind->cpu]) {
		ring = buffer->ring[bind->cpu];
		if (ring->bound) {
			ring = ERR_PTR(-EBUSY);
		} else {
			ring->bound = 1;
			buffer->readers++;
			bind->subbuf_size = buffer->subbuf_size;
			bind->nr_subbufs = buffer->nr_subbufs;
			*bufferp = buffer;
		}
	}
	mutex_unlock(&buffers_lock);
	return ring;
}

void lkst_buffer_unbind(struct lkst_buffer *buffer, struct lkst_ring *ring)
{
	bool last;

	mutex_lock(&buffers_lock);
	ring->bound = 0;
	last = !--buffer->readers && buffer->dropped;
	mutex_unlock(&buffers_lock);
	if (last)
		buffer_free(buffer);
}

void lkst_buffer_switch(void)
{
	struct lkst_buffer *to = READ_ONCE(target);

	if (to && to != READ_ONCE(selected))
		point_cpus_at(to);
}

int lkst_buffer_set_target(s64 id)
{
	int err = 0;

	mutex_lock(&buffers_lock);
	if (id >= 0 && (id >= LKST_MAX_BUFFERS || !buffers[id]))
		err = -ENOENT;
	else
		WRITE_ONCE(target, id < 0 ? NULL : buffers[id]);
	mutex_unlock(&buffers_lock);
	if (!err)
		lkst_wait_writers();
	return err;
}

void lkst_buffers_settle(void)
{
	mutex_lock(&buffers_lock);
	point_cpus_at(READ_ONCE(selected));
	mutex_unlock(&buffers_lock);
}

int lkst_buffers_init(void)
{
	unsigned int cpu;
	int err;

	no_ring = alloc_percpu(struct lkst_ring);
	if (!no_ring)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		WRITE_ONCE(per_cpu(lkst_ring_now, cpu), per_cpu_ptr(no_ring, cpu));
	err = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "lkst:online", cpu_comes_up, NULL);
	if (err < 0) {
		free_percpu(no_ring);
		return err;
	}
	hotplug = err;
	return 0;
}

void lkst_buffers_exit(void)
{
	unsigned int i;

	cpuhp_remove_state(hotplug);
	target = NULL;
	point_cpus_at(NULL);
	lkst_wait_writers();
	for (i = 0; i < LKST_MAX_BUFFERS; i++) {
		if (buffers[i])
			buffer_free(buffers[i]);
		buffers[i] = NULL;
	}
	free_percpu(no_ring);
}
