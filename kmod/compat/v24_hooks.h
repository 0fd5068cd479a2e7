/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24_hooks.h - hooks.h for 2.4.37.
 */
#ifndef LKST_COMPAT_V24_HOOKS_H
#define LKST_COMPAT_V24_HOOKS_H

#include <linux/blkdev.h>
#include <linux/sched.h>
#include <linux/tqueue.h>
#include <net/sock.h>

#define HOOK_FAMILY	24

/* ---- tasks ---- */

/* The hook stands where it is not yet known whether there is somebody else to run. */
#define hook_no_switch(prev, next)	((prev) == (next))

static inline unsigned int hook_state_left(const struct task_struct *task)
{
	return task->state;
}

static inline unsigned int hook_cpu(const struct task_struct *task)
{
	return task->processor;
}

/* There is no such number here: the scheduler weighs tasks anew each time. This is how 2.6 would count. */
static inline unsigned int hook_prio(const struct task_struct *task)
{
	return (task->policy & ~SCHED_YIELD) == SCHED_OTHER ? 120 + task->nice : 99 - task->rt_priority;
}

static inline int hook_group(const struct task_struct *task)
{
	return task->pgrp;
}

/* One run queue serves all CPUs. */
static inline unsigned long hook_runqueue_length(const unsigned long *args)
{
	return nr_running;
}

static inline unsigned int hook_runqueue_cpu(const unsigned long *args)
{
	return smp_processor_id();
}

static inline long hook_runqueue_change(const unsigned long *args)
{
	return args[0];
}

static inline unsigned int hook_signal_result(const unsigned long *args)
{
	return args[2] ? 3 : 0;
}

static inline unsigned int hook_message_size(const unsigned long *args)
{
	return args[1];
}

/* ---- interrupts, task queues, timers ---- */

/* Handlers tell nothing. */
static inline unsigned long hook_irq_result(const unsigned long *args)
{
	return 0;
}

static inline unsigned long hook_work_function(const unsigned long *args)
{
	return (unsigned long)((const struct tq_struct *)args[0])->routine;
}

static inline unsigned long hook_timer_deleted(const unsigned long *args)
{
	return args[0] ? args[1] : 0;
}

/* ---- memory ---- */

static inline kmem_cache_t *hook_cache(unsigned long object)
{
	return (kmem_cache_t *)virt_to_page(object)->list.next;
}

/* ---- block I/O ---- */

#define HOOK_BH(args)	((const struct buffer_head *)(args)[0])

/* kdev_t has 8 bits for each half. */
static inline u32 hook_device(kdev_t dev)
{
	return (u32)MAJOR(dev) << 20 | MINOR(dev);
}

static inline u32 hook_io_device(const unsigned long *args)
{
	return hook_device(HOOK_BH(args)->b_rdev);
}

static inline u32 hook_io_bytes(const unsigned long *args)
{
	return HOOK_BH(args)->b_size;
}

static inline u64 hook_io_sector(const unsigned long *args)
{
	return HOOK_BH(args)->b_rsector;
}

static inline unsigned int hook_io_write(const unsigned long *args)
{
	return args[1] == WRITE;
}

static inline u32 hook_rq_device(const struct request *rq)
{
	return hook_device(rq->rq_dev);
}

static inline u32 hook_rq_bytes(const struct request *rq)
{
	return blk_fs_request(rq) ? rq->hard_nr_sectors << 9 : 0;
}

static inline u64 hook_rq_sector(const struct request *rq)
{
	return blk_fs_request(rq) ? rq->hard_sector : 0;
}

/* READ, WRITE, or a number of the driver's. */
static inline unsigned int hook_rq_write(const struct request *rq)
{
	return rq->cmd;
}

static inline int hook_rq_issued(const struct request *rq)
{
	return 0;
}

static inline unsigned int hook_rq_held(const request_queue_t *q)
{
	return q->rq.pending[READ] + q->rq.pending[WRITE];
}

/* ---- sockets ---- */

static inline unsigned int hook_sock_state(const struct sock *sk)
{
	return sk->state;
}

static inline unsigned int hook_sock_sport(const struct sock *sk)
{
	return ntohs(sk->sport);
}

static inline unsigned int hook_sock_dport(const struct sock *sk)
{
	return ntohs(sk->dport);
}

#endif
