/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nmi.h - a function in the way of NMIs, which 2.4 has no place for: the processor's table of gates gets ours.
 */
#ifndef LKST_TEST_NMI_H
#define LKST_TEST_NMI_H

struct pt_regs;

/* nmi24.c. fn gets each NMI of each CPU, and the kernel none, until unset_nmi_callback(). One function at a time. */
void set_nmi_callback(int (*fn)(struct pt_regs *regs, int cpu));
void unset_nmi_callback(void);

#endif
