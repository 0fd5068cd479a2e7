/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v26_memory.h - part of v26.h: memory, and per-CPU data.
 */
#ifndef LKST_COMPAT_V26_MEMORY_H
#define LKST_COMPAT_V26_MEMORY_H

#define cpu_to_node_or_0(cpu)	0
#ifndef cpu_to_node
#define cpu_to_node(cpu)	cpu_to_node_or_0(cpu)
#endif

static inline void *kzalloc(size_t size, int gfp)
{
	return kcalloc(1, size, gfp);
}
#define lkst_page_note(page)	((page)->private)

#include "legacy_memory.h"

static inline int lkst_map_pages(struct vm_area_struct *vma, unsigned long at, void *memory, unsigned long size)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 10)
	return remap_pfn_range(vma, at, __pa(memory) >> PAGE_SHIFT, size, vma->vm_page_prot);
#else
	return remap_page_range(vma, at, __pa(memory), size, vma->vm_page_prot);
#endif
}

/* ---- per-CPU data ---- */

#define nr_cpu_ids			((unsigned int)NR_CPUS)
#define for_each_possible_cpu(cpu)	for_each_cpu(cpu)

#define __this_cpu_read(var)		__get_cpu_var(var)
#define __this_cpu_write(var, v)	((void)(__get_cpu_var(var) = (v)))
#define lkst_this_cpu_var(var)		(&__get_cpu_var(var))
#define lkst_this_cpu_inc(p, member)	lkst_add_local(&per_cpu_ptr(p, smp_processor_id())->member, 1)

#endif
