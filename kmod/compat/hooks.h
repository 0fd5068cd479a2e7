/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hooks.h - for attach-hook-*.c: what is called otherwise, or lies elsewhere, in one family of patched kernels than in another.
 * Both v24_hooks.h and v26_hooks.h define
 *
 *	HOOK_FAMILY			24 or 26: which column of the catalogue is theirs
 *	hook_no_switch(prev, next)	the hook of a context switch was passed, and there was none
 *	hook_state_left(task)		its state after a switch away from it, 0: preempted
 *	hook_cpu(task), hook_prio(task)	CPU; priority as 2.6 counts it: 0 to 99 real time, 100 to 139 others
 *	hook_group(task)		its process group
 *	hook_runqueue_length(args), hook_runqueue_cpu(args), hook_runqueue_change(args)	of SCHED_RUNQUEUE
 *	hook_signal_result(args)	of PROCESS_SIGSEND, as in the catalogue
 *	hook_message_size(args)		of IPC_MSGSND
 *	hook_irq_result(args)		of INTERRUPT_EXIT
 *	hook_work_function(args)	of WORK_QUEUE
 *	hook_timer_deleted(args)	the timer of TIMER_DEL, 0: it was not pending
 *	hook_cache(object)		the slab cache an object is from
 *	hook_io_device(args), hook_io_bytes(args), hook_io_sector(args), hook_io_write(args)	of BLOCK_QUEUE; but for the
 *					last one, of BLOCK_MERGE
 *	hook_rq_device(rq), hook_rq_bytes(rq), hook_rq_sector(rq), hook_rq_write(rq)	of a request
 *	hook_rq_issued(rq)		BLOCK_ISSUE was passed with it before
 *	hook_rq_held(q)			requests of a queue
 *	hook_sock_state(sk), hook_sock_sport(sk), hook_sock_dport(sk)	TCP state; ports, in the processor's byte order
 *
 * args are those of the hook, as linux/lkst.h of the kernel has them. Any context; devices are major << 20 | minor.
 */
#ifndef LKST_COMPAT_HOOKS_H
#define LKST_COMPAT_HOOKS_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 0)
#include "v26_hooks.h"
#else
#include "v24_hooks.h"
#endif

#endif
