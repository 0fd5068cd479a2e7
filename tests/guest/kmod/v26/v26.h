/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v26.h - part of legacy.h: 2.6.9.
 */
#ifndef LKST_TEST_V26_H
#define LKST_TEST_V26_H

#include "../../kmod/compat/v26.h"
#include <linux/kthread.h>
#include <asm/nmi.h>

#undef DEFINE_PER_CPU
#define DEFINE_PER_CPU(type, name)	__attribute__((section(".data.percpu"))) type name
#undef per_cpu_ptr
#ifdef CONFIG_SMP
#define per_cpu_ptr(p, cpu)	RELOC_HIDE(p, __per_cpu_offset[cpu])
/* The first member of a structure of which each CPU has its own. */
#define per_cpu_lock(address, cpu)	((spinlock_t *)per_cpu_ptr((address), cpu))
#else
#define per_cpu_ptr(p, cpu)	(p)
#endif
#undef per_cpu
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))

#endif
