/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * insn.h - the instructions of a function, as far as pointers are concerned.
 */
#ifndef KLASY_INSN_H
#define KLASY_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	/* Registers are numbered in the order of instruction encoding. */
	KLASY_RAX = 0,
	KLASY_RSP = 4,
	KLASY_REGS = 16,
	KLASY_NO_REG = 0xff
};

enum {
	KLASY_READ = 1,
	KLASY_WRITE = 2
};

/* What code is for. */
struct klasy_machine {
	const char *name;
	uint8_t word;			/* bytes of a pointer and of what push writes */
	uint8_t regs;
	uint16_t caller_saved;		/* bit mask of registers whose value a call loses */
	uint8_t after_bug;		/* bytes of BUG()'s own behind its ud2 */
	bool entry_only;		/* of variables its compilers tell one place, not where they are when */
	const char *const *reg;		/* names, as struct pt_regs has them */
	const uint8_t *dwarf;		/* registers of DWARF's numbering in the order of instruction encoding */
};

extern const struct klasy_machine klasy_x86_64, klasy_i386;

struct klasy_range {
	uint64_t begin, end;
	const uint8_t *code;
};

enum klasy_op_kind {
	KLASY_OP_OTHER,
	KLASY_OP_COPY,		/* register to register */
	KLASY_OP_LOAD,
	KLASY_OP_STORE,
	KLASY_OP_ADDRESS,	/* lea, or an immediate */
	KLASY_OP_ADD,
	KLASY_OP_ALIGN,		/* of the stack pointer */
	KLASY_OP_ZERO,		/* of a register */
	KLASY_OP_PUSH,
	KLASY_OP_POP,
	KLASY_OP_CALL
};

/* An instruction. Its memory operand is none of the stack's that push, pop and call imply. */
struct klasy_op {
	uint64_t pc;
	uint8_t length, kind;		/* kind: enum klasy_op_kind */
	uint8_t dst, src;		/* registers, KLASY_NO_REG: none */
	uint8_t base, index, scale;
	uint8_t mode;			/* KLASY_READ, KLASY_WRITE */
	bool memory, gs;		/* it has a memory operand; a per-CPU one */
	bool leader, edges;		/* flow.c: a block begins here; a klasy_edge leaves from here */
	bool fixed, ends;		/* disp is an address; control does not go on behind */
	bool plain;			/* it changes nothing but the registers in kills, and flags */
	bool moveable;			/* the kernel runs a copy of it elsewhere without a trap behind it */
	uint16_t reads;			/* bit mask of registers that it uses, but for what push saves */
	bool indirect;			/* a jump to where the instruction does not say */
	uint16_t size, kills;		/* kills: bit mask of registers whose value is lost */
	int64_t disp, add;
	uint64_t bits, target;		/* bits: as klasy_access has them; target: of a jump, 0: none */
};

/* Begins as zeroes; @op is the caller's to free. */
struct klasy_code {
	struct klasy_op *op;		/* in the order of the ranges */
	size_t ops, max;
};

/**
 * klasy_code_read - decode a function
 * @code: filled in anew, its memory used again
 * @machine: what it is for
 * @range: sorted by address
 * @ranges: how many
 *
 * What follows bytes that are no instruction is left out, up to the next range.
 */
void klasy_code_read(struct klasy_code *code, const struct klasy_machine *machine, const struct klasy_range *range,
		     size_t ranges);

/**
 * klasy_code_at - which op begins at an address
 * @code: from klasy_code_read()
 * @pc: the address
 *
 * Returns its number, code->ops when none begins there.
 */
size_t klasy_code_at(const struct klasy_code *code, uint64_t pc);

/**
 * klasy_dwarf_reg - a register of DWARF's numbering in the processor's
 * @machine: whose
 * @number: DW_OP_reg0 and on
 *
 * Returns 0 (rax, eax) and on in the order of instruction encoding, KLASY_NO_REG when it is none of these.
 */
uint8_t klasy_dwarf_reg(const struct klasy_machine *machine, unsigned int number);

/**
 * klasy_reg_name - the name of a register, as struct pt_regs has it
 * @machine: whose
 * @reg: 0 and on in the order of instruction encoding
 */
const char *klasy_reg_name(const struct klasy_machine *machine, uint8_t reg);

#endif
