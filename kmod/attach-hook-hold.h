/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach-hook-hold.h - the other CPUs of 2.6.9 held while a breakpoint goes: for 'lkst probe', and the modules that
 * klasy makes.
 *
 * A CPU that has met a breakpoint which is gone when 2.6.9 looks it up goes on one byte behind where it began. One that
 * stands in an interrupt has met none: interrupts are off from the breakpoint until the instruction was stepped over.
 */
#ifndef LKST_ATTACH_HOOK_HOLD_H
#define LKST_ATTACH_HOOK_HOLD_H

#include <linux/interrupt.h>
#include <linux/smp.h>

static volatile int lkst_holding;

/* UP: nobody is held. */
static void __attribute__((unused)) lkst_hold(void *unused)
{
	while (lkst_holding)
		cpu_relax();
}

static void __attribute__((unused)) lkst_answer(void *unused)
{
}

/* Process context, one caller at a time. Until lkst_let_go() nothing may be waited for that another CPU has. */
static inline void lkst_hold_others(void)
{
	/* A soft interrupt here could wait for a lock that a CPU held has. */
	local_bh_disable();
	lkst_holding = 1;
	smp_call_function(lkst_hold, NULL, 0, 0);
}

/* Process context, after lkst_hold_others(); returns when every CPU has left lkst_hold(). */
static inline void lkst_let_go(void)
{
	lkst_holding = 0;
	local_bh_enable();
	/* The code of lkst_hold() may be unloaded next. */
	smp_call_function(lkst_answer, NULL, 0, 1);
}

#endif
