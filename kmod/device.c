// SPDX-License-Identifier: GPL-2.0-only
/*
 * device.c - /dev/lkst: requests, and the reading of sub-buffers.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/miscdevice.h>
#include <linux/poll.h>
#include <linux/wait.h>

#include "lkst.h"

/**
 * struct reader - one open file
 * @lock:	a reader's requests come one at a time, whatever its threads do
 * @buffer:	NULL until it is bound
 * @ring:	the CPU's part of it
 * @got:	sub-buffer handed out by SUBBUF_GET
 * @holding:	@got is valid
 */
struct reader {
	struct mutex lock;
	struct lkst_buffer *buffer;
	struct lkst_ring *ring;
	struct lkst_subbuf got;
	bool holding;
};

static DECLARE_WAIT_QUEUE_HEAD(waiters);

void lkst_device_wake(void)
{
	if (waitqueue_active(&waiters))
		wake_up_interruptible(&waiters);
}

/*
 * The record path may hold any lock, so it cannot wake anybody: an interrupt of its own does that as soon as it can. Readers
 * that are not in time for it are woken by the next heartbeat.
 */
static void wake_soon(struct irq_work *work)
{
	lkst_device_wake();
}

static DEFINE_PER_CPU(struct irq_work, wake_work);

void lkst_device_wake_at_half(const struct lkst_ring *ring)
{
	unsigned long unread = (READ_ONCE(ring->offset) >> ring->shift) - READ_ONCE(ring->read_seq);

	if ((unread & (~0UL >> ring->shift)) == (ring->slot_mask + 1) / 2 && waitqueue_active(&waiters))
		irq_work_queue(lkst_this_cpu_var(wake_work));
}

static int device_open(struct inode *inode, struct file *file)
{
	struct reader *reader = kzalloc(sizeof(*reader), GFP_KERNEL);

	if (!reader)
		return -ENOMEM;
	mutex_init(&reader->lock);
	file->private_data = reader;
	return nonseekable_open(inode, file);
}

static int device_release(struct inode *inode, struct file *file)
{
	struct reader *reader = file->private_data;

	if (reader->buffer)
		lkst_buffer_unbind(reader->buffer, reader->ring);
	lkst_disown(reader);
	kfree(reader);
	lkst_file_closes();
	return 0;
}

/* Copy one sub-buffer out. Returns its size, 0 when there is none, -ESTALE when it was overwritten under our hands. */
static ssize_t copy_subbuf(struct reader *reader, char __user *to, size_t room)
{
	struct lkst_packet packet;
	struct lkst_subbuf subbuf;
	unsigned char *base;

	if (!lkst_ring_get(reader->ring, &subbuf))
		return 0;
	if (subbuf.size > room)
		return -EMSGSIZE;
	base = reader->ring->slot[subbuf.index].base;
	memcpy(&packet, base, sizeof(packet));
	packet.size = subbuf.size;
	packet.records = subbuf.records;
	packet.seq = subbuf.seq;
	packet.crc = 0;
	packet.reserved = 0;
	if (copy_to_user(to, &packet, sizeof(packet)) ||
	    copy_to_user(to + sizeof(packet), base + sizeof(packet), subbuf.size - sizeof(packet)))
		return -EFAULT;
	return lkst_ring_put(reader->ring, &subbuf) ? (ssize_t)subbuf.size : -ESTALE;
}

static ssize_t read_bound(struct reader *reader, char __user *to, size_t count)
{
	ssize_t one, done = 0;

	for (;;) {
		one = copy_subbuf(reader, to + done, count - done);
		if (one == -ESTALE)
			continue;
		if (one <= 0)
			return done ? done : one;
		done += one;
	}
}

static ssize_t device_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	struct reader *reader = file->private_data;
	ssize_t done;

	for (;;) {
		mutex_lock(&reader->lock);
		done = -EINVAL;
		if (reader->ring && !reader->holding)
			done = read_bound(reader, to, count);
		mutex_unlock(&reader->lock);
		if (done)
			return done;
		if (lkst_run_state() != LKST_RUNNING && !lkst_ring_ready(reader->ring))
			return 0;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(waiters, lkst_ring_ready(reader->ring) || lkst_run_state() != LKST_RUNNING))
			return -ERESTARTSYS;
	}
}

static __poll_t device_poll(struct file *file, struct poll_table_struct *table)
{
	struct reader *reader = file->private_data;

	poll_wait(file, &waiters, table);
	if (!smp_load_acquire(&reader->ring))
		return EPOLLERR;
	if (lkst_ring_ready(reader->ring))
		return EPOLLIN | EPOLLRDNORM;
	return lkst_run_state() == LKST_RUNNING ? 0 : EPOLLHUP;
}

/* The map holds the file, the file holds the buffer: the pages stay as long as they are mapped. */
static int device_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct reader *reader = file->private_data;
	struct lkst_ring *ring = smp_load_acquire(&reader->ring);
	unsigned long size, at = vma->vm_start;
	unsigned int i;
	int err = 0;

	if (!ring)
		return -EINVAL;
	size = ring->mask + 1;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != size * (ring->slot_mask + 1UL))
		return -EINVAL;
	lkst_vma_set_flags(vma, VM_DONTEXPAND | VM_DONTDUMP, VM_MAYWRITE);
	for (i = 0; !err && i <= ring->slot_mask; i++, at += size)
		err = lkst_map_pages(vma, at, ring->slot[i].base, size);
	return err;
}

static int reader_bind(struct reader *reader, void __user *arg)
{
	struct lkst_reader_bind bind;
	struct lkst_ring *ring;
	int err = 0;

	if (copy_from_user(&bind, arg, sizeof(bind)))
		return -EFAULT;
	mutex_lock(&reader->lock);
	if (reader->ring) {
		err = -EBUSY;
		goto unlock;
	}
	ring = lkst_buffer_bind(&bind, &reader->buffer);
	if (IS_ERR(ring))
		err = PTR_ERR(ring);
	else
		smp_store_release(&reader->ring, ring);
unlock:
	mutex_unlock(&reader->lock);
	if (!err && copy_to_user(arg, &bind, sizeof(bind)))
		err = -EFAULT;
	return err;
}

static int subbuf_get(struct reader *reader, void __user *arg)
{
	int err = 0;

	mutex_lock(&reader->lock);
	if (!reader->ring)
		err = -EINVAL;
	else if (!lkst_ring_get(reader->ring, &reader->got))
		err = lkst_run_state() == LKST_RUNNING ? -EAGAIN : -ENODATA;
	reader->holding = !err;
	mutex_unlock(&reader->lock);
	return err ? err : copy_to_user(arg, &reader->got, sizeof(reader->got)) ? -EFAULT : 0;
}

/* What was handed out is believed, not what comes back: the accounts are not the reader's to write. */
static int subbuf_put(struct reader *reader, void __user *arg)
{
	struct lkst_subbuf subbuf;
	int err = 0;

	if (copy_from_user(&subbuf, arg, sizeof(subbuf)))
		return -EFAULT;
	mutex_lock(&reader->lock);
	if (!reader->holding || subbuf.seq != reader->got.seq)
		err = -EINVAL;
	else if (!lkst_ring_put(reader->ring, &reader->got))
		err = -ESTALE;
	if (err != -EINVAL)
		reader->holding = false;
	mutex_unlock(&reader->lock);
	return err;
}

union request {
	lkst_u32 id;
	struct lkst_info info;
	struct lkst_handler_info handler;
	struct lkst_buffer_info buffer;
	struct lkst_cpu_stats stats;
	struct lkst_event_state event;
	struct lkst_probe_info probe;
	struct lkst_mark mark;
};

static int event_next(struct lkst_event_state *state)
{
	const unsigned long *wanted = lkst_wanted();
	unsigned int id;

	for (id = state->id; id < LKST_NR_EVENTS; id++) {
		memset(state, 0, sizeof(*state));
		state->id = id;
		if (lkst_attach_state(id, state))
			continue;
		state->flags |= test_bit(id, wanted) ? LKST_EVENT_ARMED : 0;
		state->hits = lkst_handler_hits(id);
		return 0;
	}
	return -ENOENT;
}

static int mark(const struct lkst_mark *mark)
{
	union lkst_args_LKST_MARK args;

	memcpy(args.u, mark->text, sizeof(args.u));
	lkst_event(LKST_EV_LKST_MARK, LKST_UNITS_LKST_MARK, args.u);
	return 0;
}

/* Requests whose argument fits on the stack; lkst_control held. */
static int request(const struct reader *file, unsigned int cmd, union request *r)
{
	switch (cmd) {
	case LKST_IOC_OWN:
		return lkst_own(file);
	case LKST_IOC_START:
		return lkst_start();
	case LKST_IOC_STOP:
		return lkst_stop();
	case LKST_IOC_MASKSET_SELECT:
		return lkst_maskset_select(r->id);
	case LKST_IOC_MASKSET_DELETE:
		return lkst_maskset_delete(r->id);
	case LKST_IOC_HANDLER_NEXT:
		return lkst_handler_next(&r->handler);
	case LKST_IOC_HANDLER_SET:
		return lkst_handler_set(&r->handler);
	case LKST_IOC_BUFFER_CREATE:
		r->buffer.owner = lkst_owner_of(file);
		return lkst_buffer_create(&r->buffer);
	case LKST_IOC_BUFFER_NEXT:
		return lkst_buffer_next(&r->buffer);
	case LKST_IOC_BUFFER_SELECT:
		return lkst_buffer_select(r->id);
	case LKST_IOC_BUFFER_DELETE:
		return lkst_buffer_delete(r->id);
	case LKST_IOC_BUFFER_FLUSH:
		return lkst_buffer_flush(r->id);
	case LKST_IOC_CPU_STATS:
		return lkst_buffer_stats(&r->stats);
	case LKST_IOC_EVENT_NEXT:
		return event_next(&r->event);
	case LKST_IOC_PROBE_ADD:
		r->probe.symbol[LKST_SYMBOL_LEN - 1] = 0;
		return lkst_probe_add(&r->probe);
	case LKST_IOC_PROBE_DEL:
		return lkst_probe_del(r->id);
	case LKST_IOC_PROBE_NEXT:
		return lkst_probe_next(&r->probe);
	case LKST_IOC_MARK:
		return mark(&r->mark);
	case LKST_IOC_INFO:
		lkst_get_info(&r->info);
		return 0;
	}
	return -ENOTTY;
}

/* Copies in and out what the request's own number says. */
static int small_request(const struct reader *file, unsigned int cmd, void __user *arg)
{
	union request r;
	size_t size = _IOC_SIZE(cmd);
	int err;

	if (size > sizeof(r))
		return -ENOTTY;
	memset(&r, 0, sizeof(r));
	if (_IOC_DIR(cmd) & _IOC_WRITE && copy_from_user(&r, arg, size))
		return -EFAULT;
	mutex_lock(&lkst_control);
	err = request(file, cmd, &r);
	mutex_unlock(&lkst_control);
	if (!err && _IOC_DIR(cmd) & _IOC_READ && copy_to_user(arg, &r, size))
		err = -EFAULT;
	return err;
}

static int maskset_request(const struct reader *file, unsigned int cmd, void __user *arg)
{
	struct lkst_maskset *maskset = memdup_user(arg, sizeof(*maskset));
	int err;

	if (IS_ERR(maskset))
		return PTR_ERR(maskset);
	mutex_lock(&lkst_control);
	if (cmd == LKST_IOC_MASKSET_WRITE)
		err = lkst_maskset_write(maskset, lkst_owner_of(file));
	else
		err = lkst_maskset_next(maskset, cmd == LKST_IOC_MASKSET_READ);
	mutex_unlock(&lkst_control);
	if (!err && copy_to_user(arg, maskset, sizeof(*maskset)))
		err = -EFAULT;
	kfree(maskset);
	return err;
}

static bool for_readers(unsigned int cmd)
{
	switch (cmd) {
	case LKST_IOC_INFO:
	case LKST_IOC_MASKSET_NEXT:
	case LKST_IOC_MASKSET_READ:
	case LKST_IOC_HANDLER_NEXT:
	case LKST_IOC_BUFFER_NEXT:
	case LKST_IOC_BUFFER_FLUSH:
	case LKST_IOC_CPU_STATS:
	case LKST_IOC_EVENT_NEXT:
	case LKST_IOC_PROBE_NEXT:
	case LKST_IOC_READER_BIND:
	case LKST_IOC_SUBBUF_GET:
	case LKST_IOC_SUBBUF_PUT:
		return true;
	}
	return false;
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long value)
{
	void __user *arg = (void __user *)value;

	if (!for_readers(cmd)) {
		if (!(file->f_mode & FMODE_WRITE))
			return -EBADF;
		if (!capable(CAP_SYS_ADMIN))
			return -EPERM;
	}
	switch (cmd) {
	case LKST_IOC_READER_BIND:
		return reader_bind(file->private_data, arg);
	case LKST_IOC_SUBBUF_GET:
		return subbuf_get(file->private_data, arg);
	case LKST_IOC_SUBBUF_PUT:
		return subbuf_put(file->private_data, arg);
	case LKST_IOC_MASKSET_NEXT:
	case LKST_IOC_MASKSET_READ:
	case LKST_IOC_MASKSET_WRITE:
		return maskset_request(file->private_data, cmd, arg);
	}
	return small_request(file->private_data, cmd, arg);
}

LKST_IOCTL_FUNCTION(device_ioctl)

static const struct file_operations device_operations = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.read = device_read,
	.poll = device_poll,
	.mmap = device_mmap,
	LKST_IOCTL(device_ioctl),
	.llseek = no_llseek,
};

static struct miscdevice device = {
	LKST_MISC("lkst", 0640, &device_operations),
};

int lkst_device_init(void)
{
	unsigned int cpu;

	/* Not by an initialiser: in a module's per-CPU data addresses are not relocated. */
	for_each_possible_cpu(cpu)
		per_cpu(wake_work, cpu) = IRQ_WORK_INIT_HARD(wake_soon);
	return misc_register(&device);
}

void lkst_device_exit(void)
{
	unsigned int cpu;

	misc_deregister(&device);
	for_each_possible_cpu(cpu)
		irq_work_sync(&per_cpu(wake_work, cpu));
}
