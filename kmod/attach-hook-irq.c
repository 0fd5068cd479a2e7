// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-hook-irq.c - hooks of what interrupts a program: interrupts, soft interrupts, work items, timers, exceptions, system
 * calls, oops and panic.
 */
#include <linux/sched.h>	/* before the others: those of 2.4 rely on it */
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <asm/ptrace.h>
#include "attach-hook.h"

#define REGS(arg)	((const struct pt_regs *)(arg))

/* ---- interrupts ---- */

LKST_ON_HOOK(INTERRUPT_ENTRY)
{
	lkst_emit_16_48(INTERRUPT_ENTRY, args[0], (unsigned long)((const struct irqaction *)args[1])->handler);
}

LKST_ON_HOOK(INTERRUPT_EXIT)
{
	lkst_emit_32_32(INTERRUPT_EXIT, args[0], hook_irq_result(args));
}

LKST_ON_HOOK_64(INTERRUPT_TIMER_ENTRY)
LKST_ON_HOOK_64(INTERRUPT_TIMER_EXIT)
LKST_ON_HOOK_64(INTERRUPT_IPI_ENTRY)
LKST_ON_HOOK_64(INTERRUPT_IPI_EXIT)

/* ---- soft interrupts and work items ---- */

LKST_ON_HOOK_64(SOFTIRQ_RAISE)

LKST_ON_HOOK(SOFTIRQ_ENTRY)
{
	lkst_emit_64(SOFTIRQ_ENTRY, (struct softirq_action *)args[0] - (struct softirq_action *)args[1]);
}

LKST_ON_HOOK(SOFTIRQ_EXIT)
{
	lkst_emit_64(SOFTIRQ_EXIT, (struct softirq_action *)args[0] - (struct softirq_action *)args[1]);
}

LKST_ON_HOOK(WORK_QUEUE)
{
	lkst_emit(WORK_QUEUE, args[0], hook_work_function(args));
}

LKST_ON_HOOK_64_64(WORK_START)
LKST_ON_HOOK_64_64(WORK_END)

/* ---- timers ---- */

#define TIMER(arg)	((const struct timer_list *)(arg))

LKST_ON_HOOK(TIMER_ADD)
{
	long delay = TIMER(args[0])->expires - jiffies;

	lkst_emit_64_s64(TIMER_ADD, args[0], delay);
}

LKST_ON_HOOK(TIMER_ENTRY)
{
	long late = jiffies - TIMER(args[0])->expires;

	lkst_emit_three_32(TIMER_ENTRY, args[0], 0, args[1], 0, late, lkst_sign_word(late));
}

LKST_ON_HOOK_64(TIMER_EXIT)

LKST_ON_HOOK(TIMER_DEL)
{
	unsigned long timer = hook_timer_deleted(args);

	if (timer)
		lkst_emit_64(TIMER_DEL, timer);
}

LKST_ON_HOOK(ITIMER_EXPIRE)
{
	lkst_emit(ITIMER_EXPIRE, ((const struct task_struct *)args[0])->pid, args[1]);
}

/* ---- exceptions ---- */

LKST_ON_HOOK(EXCEPTION_ENTRY)
{
	lkst_emit_16_48(EXCEPTION_ENTRY, args[0], (unsigned long)REGS(args[1])->eip);
}

LKST_ON_HOOK(PAGEFAULT_USER)
{
	lkst_emit_64_16_48(PAGEFAULT_USER, args[0], args[2], (unsigned long)REGS(args[1])->eip);
}

LKST_ON_HOOK(PAGEFAULT_KERNEL)
{
	lkst_emit_64_16_48(PAGEFAULT_KERNEL, args[0], args[2], (unsigned long)REGS(args[1])->eip);
}

LKST_ON_HOOK_64(PAGEFAULT_EXIT)

/* ---- system calls ---- */

LKST_ON_HOOK(SYSCALL_ENTRY)
{
	lkst_emit_16_48(SYSCALL_ENTRY, args[0], args[1]);
}

LKST_ON_HOOK(SYSCALL_EXIT)
{
	lkst_emit_16_result(SYSCALL_EXIT, args[0], args[1]);
}

#ifdef LKST_ID_SYSCALL_SYSENTER
LKST_ON_HOOK(SYSCALL_SYSENTER)
{
	lkst_emit_16_48(SYSCALL_SYSENTER, args[0], args[1]);
}

LKST_ON_HOOK(SYSCALL_SYSEXIT)
{
	lkst_emit_16_result(SYSCALL_SYSEXIT, args[0], args[1]);
}
#endif

/* ---- oops and panic ---- */

LKST_ON_HOOK(OOPS)
{
	lkst_emit(OOPS, (unsigned long)REGS(args[0])->eip, args[1]);
	lkst_freeze(LKST_FROZEN, "the kernel had an oops");
}

LKST_ON_HOOK(PANIC)
{
	lkst_emit(PANIC, 0);
	lkst_panicked();
}

static const struct lkst_hooked rows[] = {
	LKST_ROW(INTERRUPT_ENTRY), LKST_ROW(INTERRUPT_EXIT), LKST_ROW(INTERRUPT_TIMER_ENTRY), LKST_ROW(INTERRUPT_TIMER_EXIT),
	LKST_ROW(INTERRUPT_IPI_ENTRY), LKST_ROW(INTERRUPT_IPI_EXIT),
	LKST_ROW(SOFTIRQ_RAISE), LKST_ROW(SOFTIRQ_ENTRY), LKST_ROW(SOFTIRQ_EXIT),
	LKST_ROW(WORK_QUEUE), LKST_ROW(WORK_START), LKST_ROW(WORK_END),
	LKST_ROW(TIMER_ADD), LKST_ROW(TIMER_ENTRY), LKST_ROW(TIMER_EXIT), LKST_ROW(TIMER_DEL), LKST_ROW(ITIMER_EXPIRE),
	LKST_ROW(EXCEPTION_ENTRY), LKST_ROW(PAGEFAULT_USER), LKST_ROW(PAGEFAULT_KERNEL), LKST_ROW(PAGEFAULT_EXIT),
	LKST_ROW(SYSCALL_ENTRY), LKST_ROW(SYSCALL_EXIT),
#ifdef LKST_ID_SYSCALL_SYSENTER
	LKST_ROW(SYSCALL_SYSENTER), LKST_ROW(SYSCALL_SYSEXIT),
#endif
	LKST_ROW(OOPS), LKST_ROW(PANIC),
};
LKST_HOOK_TABLE(lkst_hooks_irq, rows);
