// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-tp-irq.c - tracepoints of the ways into the kernel: interrupts, soft interrupts, work
 * items, page faults, system calls.
 */
#include <linux/interrupt.h>
#include <linux/workqueue.h>
#include <asm/syscall.h>
#include <asm/trace/irq_vectors.h>
#include <trace/events/irq.h>
#include <trace/events/syscalls.h>
#include <trace/events/workqueue.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#include <trace/events/exceptions.h>
#else
#include <asm/trace/exceptions.h>
#endif
#include "attach-tp.h"

/* ---- interrupts ---- */

LKST_TP_PROBE(irq_handler_entry, int irq, struct irqaction *action)
{
	lkst_emit_hot(INTERRUPT_ENTRY, lkst_pack_16_48(irq, (unsigned long)action->handler));
}

LKST_TP_PROBE(irq_handler_exit, int irq, struct irqaction *action, int ret)
{
	lkst_emit_hot(INTERRUPT_EXIT, lkst_pack_32_32(irq, ret));
}

LKST_TP_PROBE(local_timer_entry, int vector)
{
	lkst_emit(INTERRUPT_TIMER_ENTRY, vector);
}

LKST_TP_PROBE(local_timer_exit, int vector)
{
	lkst_emit(INTERRUPT_TIMER_EXIT, vector);
}

LKST_TP_PROBE(ipi_entry, int vector)
{
	lkst_emit(INTERRUPT_IPI_ENTRY, vector);
}

LKST_TP_PROBE(ipi_exit, int vector)
{
	lkst_emit(INTERRUPT_IPI_EXIT, vector);
}

/* ---- soft interrupts and work items ---- */

LKST_TP_PROBE(softirq_raise, unsigned int vec_nr)
{
	lkst_emit_hot(SOFTIRQ_RAISE, vec_nr);
}

LKST_TP_PROBE(softirq_entry, unsigned int vec_nr)
{
	lkst_emit_hot(SOFTIRQ_ENTRY, vec_nr);
}

LKST_TP_PROBE(softirq_exit, unsigned int vec_nr)
{
	lkst_emit_hot(SOFTIRQ_EXIT, vec_nr);
}

LKST_TP_PROBE(work_queue, int req_cpu, struct pool_workqueue *pwq, struct work_struct *work)
{
	lkst_emit(WORK_QUEUE, (unsigned long)work, (unsigned long)work->func);
}

/* up to 5.16 */
LKST_TP_PROBE(work_queue_unsigned, unsigned int req_cpu, struct pool_workqueue *pwq,
	      struct work_struct *work)
{
	lkst_emit(WORK_QUEUE, (unsigned long)work, (unsigned long)work->func);
}

LKST_TP_PROBE(work_start, struct work_struct *work)
{
	lkst_emit(WORK_START, (unsigned long)work, (unsigned long)work->func);
}

LKST_TP_PROBE(work_end, struct work_struct *work, work_func_t function)
{
	lkst_emit(WORK_END, (unsigned long)work, (unsigned long)function);
}

/* ---- page faults ---- */

LKST_TP_PROBE(page_fault_user, unsigned long address, struct pt_regs *regs,
	      unsigned long error_code)
{
	lkst_emit(PAGEFAULT_USER, address, error_code, regs->ip);
}

LKST_TP_PROBE(page_fault_kernel, unsigned long address, struct pt_regs *regs,
	      unsigned long error_code)
{
	lkst_emit(PAGEFAULT_KERNEL, address, error_code, regs->ip);
}

/* ---- system calls ---- */

/* 32-bit programs pass their first argument in another register, of which half is theirs. */
LKST_TP_PROBE(sys_enter, struct pt_regs *regs, long id)
{
	lkst_emit_hot(SYSCALL_ENTRY,
		      lkst_pack_16_48(id, unlikely(in_ia32_syscall()) ? (u32)regs->bx : regs->di));
}

LKST_TP_PROBE(sys_exit, struct pt_regs *regs, long ret)
{
	lkst_emit_hot(SYSCALL_EXIT, lkst_pack_16_48(regs->orig_ax, ret));
}

static struct lkst_point rows[] = {
	LKST_TP(INTERRUPT_ENTRY, irq_handler_entry, irq_handler_entry),
	LKST_TP(INTERRUPT_EXIT, irq_handler_exit, irq_handler_exit),
	LKST_TP(INTERRUPT_TIMER_ENTRY, local_timer_entry, local_timer_entry),
	LKST_TP(INTERRUPT_TIMER_EXIT, local_timer_exit, local_timer_exit),
	LKST_TP(INTERRUPT_IPI_ENTRY, reschedule_entry, ipi_entry),
	LKST_TP(INTERRUPT_IPI_ENTRY, call_function_entry, ipi_entry),
	LKST_TP(INTERRUPT_IPI_ENTRY, call_function_single_entry, ipi_entry),
	LKST_TP(INTERRUPT_IPI_ENTRY, irq_work_entry, ipi_entry),
	LKST_TP(INTERRUPT_IPI_EXIT, reschedule_exit, ipi_exit),
	LKST_TP(INTERRUPT_IPI_EXIT, call_function_exit, ipi_exit),
	LKST_TP(INTERRUPT_IPI_EXIT, call_function_single_exit, ipi_exit),
	LKST_TP(INTERRUPT_IPI_EXIT, irq_work_exit, ipi_exit),
	LKST_TP(SOFTIRQ_RAISE, softirq_raise, softirq_raise),
	LKST_TP(SOFTIRQ_ENTRY, softirq_entry, softirq_entry),
	LKST_TP(SOFTIRQ_EXIT, softirq_exit, softirq_exit),
	LKST_TP(WORK_QUEUE, workqueue_queue_work, work_queue),
	LKST_TP(WORK_QUEUE, workqueue_queue_work, work_queue_unsigned),
	LKST_TP(WORK_START, workqueue_execute_start, work_start),
	LKST_TP(WORK_END, workqueue_execute_end, work_end),
	LKST_TP(PAGEFAULT_USER, page_fault_user, page_fault_user),
	LKST_TP(PAGEFAULT_KERNEL, page_fault_kernel, page_fault_kernel),
	LKST_TP(SYSCALL_ENTRY, sys_enter, sys_enter),
	LKST_TP(SYSCALL_EXIT, sys_exit, sys_exit),
};
LKST_POINTS(lkst_points_irq, rows);
