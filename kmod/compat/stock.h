/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stock.h - compat.h for kernels of 5.10 and newer.
 */
#ifndef LKST_COMPAT_STOCK_H
#define LKST_COMPAT_STOCK_H

#ifndef CONFIG_X86
#error "LKST: the kernel part runs on x86 only"
#endif

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>
#include <asm/local.h>
#include <asm/tsc.h>

#define lkst_likely(x)		likely(x)
#define lkst_unlikely(x)	unlikely(x)
#define lkst_read_once(x)	READ_ONCE(x)
#define lkst_write_once(x, v)	WRITE_ONCE(x, v)
#define lkst_read_acquire(x)	smp_load_acquire(&(x))
#define lkst_read_barrier()	smp_rmb()

/* Compare-exchange and addition that only this CPU's interrupts can come between: one instruction each, no LOCK. */
#define lkst_cmpxchg_local(p, from, to) ({					\
	unsigned long __from = (from);						\
	bool __done;								\
	asm volatile("cmpxchg %[val], %[mem]"					\
		     : "=@ccz" (__done), [mem] "+m" (*(p)), "+a" (__from)	\
		     : [val] "r" (to) : "memory");				\
	__done; })
#define lkst_add_local(p, v)	asm volatile(__ASM_SIZE(add) " %1, %0" : "+m" (*(p)) : "er" ((unsigned long)(v)))
/* x86 keeps the order of stores: what the compiler leaves in order, other CPUs see in order. Pairs with lkst_read_acquire(). */
#define lkst_add_release_local(p, v) \
	asm volatile(__ASM_SIZE(add) " %1, %0" : "+m" (*(p)) : "er" ((unsigned long)(v)) : "memory")
/* The one that other CPUs may come between too. */
#define lkst_cmpxchg(p, from, to)	(cmpxchg(p, from, to) == (from))

#define lkst_this_cpu_var(var)		this_cpu_ptr(&(var))
#define lkst_this_cpu_inc(p, member)	this_cpu_inc((p)->member)

/* Writers run with preemption off. May sleep. */
static inline void lkst_wait_writers(void)
{
	synchronize_rcu();
}

/* Who waits for writers here gets every CPU in the end. */
static inline void lkst_guard_unload(void)
{
}

/* Names of kernel and machine. */
#define lkst_uts()	init_utsname()

/* rmmod does not wait here. */
static inline void lkst_file_closes(void)
{
}

/* Kernel memory is in every page table here. */
static inline void lkst_reach_memory(void)
{
}

/**
 * lkst_alloc_pages - memory for records
 * @node: where
 * @order: 2^order pages
 *
 * Zeroed: what a reader maps is ours or nothing. Not from vmalloc: an NMI must never fault on it. Process context, may sleep,
 * gives up rather than have anything killed.
 *
 * Return: its address, or NULL.
 */
static inline void *lkst_alloc_pages(int node, unsigned int order)
{
	struct page *page = alloc_pages_node(node, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN | __GFP_NORETRY, order);

	return page ? page_address(page) : NULL;
}

static inline void lkst_free_pages(void *memory, unsigned int order)
{
	free_pages((unsigned long)memory, order);
}

static inline int lkst_map_pages(struct vm_area_struct *vma, unsigned long at, void *memory, unsigned long size)
{
	return remap_pfn_range(vma, at, __pa(memory) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

/* Stop a timer that arms itself. */
static inline void lkst_timer_shutdown(struct timer_list *timer)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	timer_shutdown_sync(timer);
#else
	del_timer_sync(timer);
#endif
}

static inline void lkst_vma_set_flags(struct vm_area_struct *vma, unsigned long set, unsigned long clear)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_mod(vma, set, clear);
#else
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#endif
}

/* New in 5.11. */
#ifndef IRQ_WORK_INIT_HARD
#define IRQ_WORK_INIT_HARD(fn)	((struct irq_work){ .flags = ATOMIC_INIT(IRQ_WORK_HARD_IRQ), .func = (fn) })
#endif

/* Gone in 6.12, where not having it means the same. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define no_llseek NULL
#endif

#define LKST_MISC(what, access, operations) \
	.minor = MISC_DYNAMIC_MINOR, .name = what, .nodename = what, .mode = access, .fops = operations
#define LKST_IOCTL_FUNCTION(fn)
#define LKST_IOCTL(fn)	.unlocked_ioctl = fn, .compat_ioctl = fn

#include "compat_clock.h"

#endif
