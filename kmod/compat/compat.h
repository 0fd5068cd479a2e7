/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compat.h - what the core needs of a kernel, under one name for all of them. Every version test of the core is in this folder.
 *
 *	stock.h		5.10 and newer, nothing patched
 *	v26.h		2.6.9 to .11 with the series; brings today's names of the kernel API too, as legacy/linux/ does
 *	v24.h		2.4.37 with the patch series, the same; what both families have alike is in legacy_*.h
 *
 * The core calls the kernel by its names of today where old kernels can have the same under that name. Where they cannot,
 * these are the core's own names, which both files define:
 *
 *	lkst_likely, lkst_unlikely, lkst_read_once, lkst_write_once, lkst_read_acquire, lkst_read_barrier, lkst_cmpxchg_local,
 *	lkst_add_local, lkst_add_release_local, lkst_cmpxchg	as ring.h wants them; the tests define them in user space
 *	lkst_clock(), lkst_clock_inline(), lkst_tsc_fit(), lkst_tsc_hz()	see compat_clock.h
 *	lkst_this_cpu_var(var)		address of this CPU's instance of a static per-CPU variable; preemption off
 *	lkst_this_cpu_inc(p, member)	add 1 to a member of this CPU's part of alloc_percpu() memory, in one instruction
 *	lkst_alloc_pages(), lkst_free_pages()	pages for rings
 *	lkst_map_pages()		map them into user space
 *	lkst_wait_writers()		wait until every writer that may have seen an old pointer is done
 *	lkst_guard_unload()		from now on rmmod fails where it would wait without an end
 *	lkst_reach_memory()		what was mapped since the module was loaded can be touched in any context from now on
 *	lkst_timer_shutdown()		stop a timer that arms itself
 *	lkst_vma_set_flags()		change the flags of an area that is being mapped
 *	lkst_file_closes()		a file of the device is being closed, and holds the module until after this; may sleep
 *	LKST_MISC(name, mode, fops)	members of a struct miscdevice
 *	LKST_IOCTL_FUNCTION(fn), LKST_IOCTL(fn)	what must stand before the struct file_operations, and in it
 */
#ifndef LKST_COMPAT_H
#define LKST_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 10, 0)
#include "stock.h"
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 9) && LINUX_VERSION_CODE <= KERNEL_VERSION(2, 6, 11)
#include "v26.h"
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(2, 4, 37) && LINUX_VERSION_CODE < KERNEL_VERSION(2, 5, 0)
#include "v24.h"
#else
#error "LKST: this kernel is neither a stock one (5.10 and newer) nor one of a patch series (2.4.37, 2.6.9 to .11)"
#endif

#endif
