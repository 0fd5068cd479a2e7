/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v26_hooks.h - hooks.h for 2.6.9.
 */
#ifndef LKST_COMPAT_V26_HOOKS_H
#define LKST_COMPAT_V26_HOOKS_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/genhd.h>
#include <linux/ip.h>
#include <linux/msg.h>
#include <linux/workqueue.h>
#include <net/sock.h>

#define HOOK_FAMILY	26

/* ---- tasks ---- */

#define hook_no_switch(prev, next)	0

/*
 * Who is still on a run queue was preempted, whatever it had written into its state by then. A switch has no jump to
 * spare: comparing the array with 1 carries for NULL only, and the carry becomes a mask.
 */
static inline unsigned int hook_state_left(const struct task_struct *task)
{
	u32 state;

	asm("cmpl $1, %1\n\t"
	    "sbbl %0, %0" : "=r" (state) : "m" (task->array));
	return state & task->state;
}

static inline unsigned int hook_cpu(const struct task_struct *task)
{
	return task_cpu(task);
}

static inline unsigned int hook_prio(const struct task_struct *task)
{
	return task->prio;
}

static inline int hook_group(const struct task_struct *task)
{
	return process_group((struct task_struct *)task);
}

/*
 * struct runqueue is not known outside sched.c: the hook tells where in it things are, in halves of args[1]; args[0] is
 * of no use. Its CPU is that of its idle task: a task that leaves it may be of another CPU already.
 */
static inline unsigned long hook_runqueue_length(const unsigned long *args)
{
	return *(const unsigned long *)(args[3] + (args[1] >> 16));
}

static inline unsigned int hook_runqueue_cpu(const unsigned long *args)
{
	return task_cpu(*(const struct task_struct *const *)(args[3] + (args[1] & 0xffff)));
}

static inline long hook_runqueue_change(const unsigned long *args)
{
	return args[2];
}

static inline unsigned int hook_signal_result(const unsigned long *args)
{
	return args[2];
}

static inline unsigned int hook_message_size(const unsigned long *args)
{
	return ((const struct msg_msg *)args[1])->m_ts;
}

/* ---- interrupts, work, timers ---- */

static inline unsigned long hook_irq_result(const unsigned long *args)
{
	return args[1];
}

static inline unsigned long hook_work_function(const unsigned long *args)
{
	return (unsigned long)((const struct work_struct *)args[0])->func;
}

static inline unsigned long hook_timer_deleted(const unsigned long *args)
{
	return args[0];
}

/* ---- memory ---- */

static inline kmem_cache_t *hook_cache(unsigned long object)
{
	return (kmem_cache_t *)virt_to_page(object)->lru.next;
}

/* ---- block I/O; dev_t inside the kernel is major << 20 | minor, as in the record ---- */

#define HOOK_BIO(args)	((struct bio *)(args)[0])

static inline u32 hook_io_device(const unsigned long *args)
{
	return HOOK_BIO(args)->bi_bdev ? HOOK_BIO(args)->bi_bdev->bd_dev : 0;
}

static inline u32 hook_io_bytes(const unsigned long *args)
{
	return HOOK_BIO(args)->bi_size;
}

static inline u64 hook_io_sector(const unsigned long *args)
{
	return HOOK_BIO(args)->bi_sector;
}

static inline unsigned int hook_io_write(const unsigned long *args)
{
	return bio_data_dir(HOOK_BIO(args));
}

/* Requests that belong to no disk have no device number. */
static inline u32 hook_rq_device(const struct request *rq)
{
	return rq->rq_disk ? (u32)rq->rq_disk->major << MINORBITS | rq->rq_disk->first_minor : 0;
}

static inline u32 hook_rq_bytes(struct request *rq)
{
	return blk_fs_request(rq) ? rq->hard_nr_sectors << 9 : rq->data_len;
}

static inline u64 hook_rq_sector(struct request *rq)
{
	return blk_fs_request(rq) ? rq->hard_sector : 0;
}

static inline unsigned int hook_rq_write(struct request *rq)
{
	return rq_data_dir(rq);
}

/* A driver may look at the head of its queue many times: only the first look gives it the request. */
static inline int hook_rq_issued(const struct request *rq)
{
	return rq->flags & REQ_STARTED;
}

static inline unsigned int hook_rq_held(const request_queue_t *q)
{
	return q->rq.count[READ] + q->rq.count[WRITE];
}

/* ---- sockets ---- */

static inline unsigned int hook_sock_state(const struct sock *sk)
{
	return sk->sk_state;
}

static inline unsigned int hook_sock_sport(const struct sock *sk)
{
	return ntohs(inet_sk(sk)->sport);
}

static inline unsigned int hook_sock_dport(const struct sock *sk)
{
	return ntohs(inet_sk(sk)->dport);
}

#endif
