/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v24_memory.h - part of v24.h: memory, and per-CPU data, which is an array by CPU here.
 */
#ifndef LKST_COMPAT_V24_MEMORY_H
#define LKST_COMPAT_V24_MEMORY_H

#define numa_node_id()		0
#define cpu_to_node(cpu)	0

/* There is no way to ask for memory quietly, or without trying hard. */
#define __GFP_NOWARN	0
#define __GFP_NORETRY	0

static inline void *kzalloc(size_t size, int gfp)
{
	void *memory = kmalloc(size, gfp);

	if (memory)
		memset(memory, 0, size);
	return memory;
}
#define kcalloc(n, size, gfp)	kzalloc((n) * (size), gfp)
#define lkst_page_note(page)	((page)->index)

#include "legacy_memory.h"

static inline int lkst_map_pages(struct vm_area_struct *vma, unsigned long at, void *memory, unsigned long size)
{
	return remap_page_range(at, __pa(memory), size, vma->vm_page_prot);
}

/* ---- CPUs: those that are there after boot ---- */

#ifndef cpu_online
#define cpu_online(cpu)			(cpu_online_map & 1UL << (cpu))
#endif
#define cpu_possible(cpu)		cpu_online(cpu)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < NR_CPUS; (cpu)++) if (cpu_online(cpu))
#define for_each_online_cpu(cpu)	for_each_possible_cpu(cpu)

/* Ids may have gaps: one more than the highest. */
static inline unsigned int lkst_nr_cpu_ids(void)
{
	unsigned int cpu, nr = 1;

	for_each_possible_cpu(cpu)
		nr = cpu + 1;
	return nr;
}
#define nr_cpu_ids	lkst_nr_cpu_ids()

/* ---- per-CPU data ---- */

#define DEFINE_PER_CPU(type, name)	__typeof__(type) per_cpu__##name[NR_CPUS]
#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) per_cpu__##name[NR_CPUS]
#define per_cpu(name, cpu)		(per_cpu__##name[cpu])

#define __this_cpu_read(name)		per_cpu(name, smp_processor_id())
#define __this_cpu_write(name, v)	((void)(per_cpu(name, smp_processor_id()) = (v)))
#define lkst_this_cpu_var(name)		(&per_cpu(name, smp_processor_id()))

/* Parts of different CPUs share no cache line. */
#define lkst_percpu_stride(p)		((sizeof(*(p)) + SMP_CACHE_BYTES - 1) & -SMP_CACHE_BYTES)
#define alloc_percpu(type)		((type *)kvzalloc(nr_cpu_ids * lkst_percpu_stride((type *)0), GFP_KERNEL))
#define free_percpu(p)			kvfree(p)
#define per_cpu_ptr(p, cpu)		((__typeof__(p))((char *)(p) + (cpu) * lkst_percpu_stride(p)))
#define lkst_this_cpu_inc(p, member)	lkst_add_local(&per_cpu_ptr(p, smp_processor_id())->member, 1)

#endif
