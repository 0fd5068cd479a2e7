/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach-hook-insn.h - how long an i386 instruction is, and whether 2.6.9 can step over a copy of it. Builds in user space too.
 */
#ifndef LKST_ATTACH_HOOK_INSN_H
#define LKST_ATTACH_HOOK_INSN_H

#define LKST_INSN_MOST	15	/* the processor takes no longer one */

/**
 * lkst_insn_length - bytes of an instruction
 * @code: where it begins; LKST_INSN_MOST bytes can be read
 *
 * What BUG() puts behind its ud2, a line number and a file name's address, counts as part of that.
 *
 * Return: the length, 0 when it is none that a kernel has.
 */
unsigned int lkst_insn_length(const unsigned char *code);

/**
 * lkst_insn_steps - would kprobes of 2.6.9 get over this instruction?
 * @code: where it begins
 *
 * They execute a copy elsewhere and correct the instruction pointer, as if it had been relative, after everything but the jumps
 * and calls they know; return and interrupt instructions are not among these.
 *
 * Return: 0 when it must not be probed.
 */
int lkst_insn_steps(const unsigned char *code);

#endif
