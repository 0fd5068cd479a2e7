// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-hook-insn.c - the lengths of i386 instructions, from the opcode maps of the processor manual (Intel 253667, appendix A).
 */
#include "attach-hook-insn.h"

/* What follows an opcode. */
#define M	0x01	/* ModRM, and what that asks for */
#define B	0x02	/* a byte */
#define W	0x04	/* 2 bytes */
#define Z	0x08	/* an operand: 4 bytes, 2 with the prefix for it */
#define A	0x10	/* an address: 4 bytes, 2 with the prefix for it */
#define G	0x20	/* a byte or operand more when ModRM says "test" */
#define X	0x40	/* none that a kernel has, or an escape or prefix, which are not looked up here */

#define ARITHMETIC	M, M, M, M, B, Z, 0, 0
#define NOTHING		0, 0, 0, 0, 0, 0, 0, 0
#define MODRM		M, M, M, M, M, M, M, M
#define MODRM_BYTE	M | B, M | B, M | B, M | B
#define NONE		X, X, X, X

static const unsigned char one_byte[256] = {
	/* 00 */ ARITHMETIC, M, M, M, M, B, Z, 0, X,
	/* 10 */ ARITHMETIC, ARITHMETIC,
	/* 20 */ M, M, M, M, B, Z, X, 0, M, M, M, M, B, Z, X, 0,
	/* 30 */ M, M, M, M, B, Z, X, 0, M, M, M, M, B, Z, X, 0,
	/* 40 */ NOTHING, NOTHING,
	/* 50 */ NOTHING, NOTHING,
	/* 60 */ 0, 0, M, M, X, X, X, X, Z, M | Z, B, M | B, 0, 0, 0, 0,
	/* 70 */ B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
	/* 80 */ M | B, M | Z, M | B, M | B, M, M, M, M, MODRM,
	/* 90 */ NOTHING, 0, 0, Z | W, 0, 0, 0, 0, 0,
	/* a0 */ A, A, A, A, 0, 0, 0, 0, B, Z, 0, 0, 0, 0, 0, 0,
	/* b0 */ B, B, B, B, B, B, B, B, Z, Z, Z, Z, Z, Z, Z, Z,
	/* c0 */ M | B, M | B, W, 0, M, M, M | B, M | Z, W | B, 0, W, 0, 0, B, 0, 0,
	/* d0 */ M, M, M, M, B, B, 0, 0, MODRM,
	/* e0 */ B, B, B, B, B, B, B, B, Z, Z, Z | W, B, 0, 0, 0, 0,
	/* f0 */ X, 0, X, X, 0, 0, M | G | B, M | G | Z, 0, 0, 0, 0, 0, 0, M, M,
};

static const unsigned char two_bytes[256] = {
	/* 00 */ M, M, M, M, X, 0, 0, 0, 0, 0, X, Z | W, X, M, 0, M | B,
	/* 10 */ MODRM, MODRM,
	/* 20 */ M, M, M, M, NONE, MODRM,
	/* 30 */ 0, 0, 0, 0, 0, 0, X, X, NONE, NONE,
	/* 40 */ MODRM, MODRM,
	/* 50 */ MODRM, MODRM,
	/* 60 */ MODRM, MODRM,
	/* 70 */ MODRM_BYTE, M, M, M, 0, X, M, M, M, M, M, M, M,
	/* 80 */ Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z,
	/* 90 */ MODRM, MODRM,
	/* a0 */ 0, 0, 0, M, M | B, M, X, X, 0, 0, 0, M, M | B, M, M, M,
	/* b0 */ MODRM, M, M, M | B, M, M, M, M, M,
	/* c0 */ M, M, M | B, M, M | B, M | B, M | B, M, NOTHING,
	/* d0 */ MODRM, MODRM,
	/* e0 */ MODRM, MODRM,
	/* f0 */ MODRM, MODRM,
};

/* Bytes of ModRM, SIB and displacement. */
static unsigned int modrm_length(const unsigned char *p, int short_address)
{
	unsigned int mod = *p >> 6, rm = *p & 7;

	if (mod == 3)
		return 1;
	if (short_address)
		return 1 + (mod ? mod : rm == 6 ? 2 : 0);
	if (rm == 4)
		return 2 + (mod == 1 ? 1 : mod == 2 || (p[1] & 7) == 5 ? 4 : 0);
	return 1 + (mod == 1 ? 1 : mod == 2 || rm == 5 ? 4 : 0);
}

struct prefixes {
	unsigned int nr;
	int operand;	/* operands have 16 bits */
	int address;	/* addresses have */
};

/* One of each group there is. More are no kernel's; behind as many as fit, the rest would lie beyond LKST_INSN_MOST. */
#define MOST_PREFIXES	4

static struct prefixes skip_prefixes(const unsigned char *code)
{
	struct prefixes is = { 0, 0, 0 };

	for (; is.nr <= MOST_PREFIXES; is.nr++) {
		switch (code[is.nr]) {
		case 0x66:
			is.operand = 1;
			break;
		case 0x67:
			is.address = 1;
			break;
		case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
		case 0xf0: case 0xf2: case 0xf3:
			break;
		default:
			return is;
		}
	}
	return is;
}

/* Later processors took what was no instruction for vectors: les, lds and bound of a register, pop with a number. */
static int is_vector(unsigned char opcode, unsigned char next)
{
	switch (opcode) {
	case 0x62: case 0xc4: case 0xc5:
		return next >> 6 == 3;
	case 0x8f:
		return next >> 3 & 7;
	}
	return 0;
}

unsigned int lkst_insn_length(const unsigned char *code)
{
	struct prefixes is = skip_prefixes(code);
	unsigned int length = is.nr + 1;
	unsigned int has = one_byte[code[is.nr]], immediate = 0;

	if (is.nr > MOST_PREFIXES)
		return 0;
	if (code[is.nr] == 0x0f)
		has = two_bytes[code[length++]];
	/* Control, debug and test registers: whatever mod says, the other one is a register. */
	if (code[is.nr] == 0x0f && (code[is.nr + 1] & 0xf8) == 0x20)
		return has & X ? 0 : length + 1;
	if (has & X || is_vector(code[is.nr], code[is.nr + 1]))
		return 0;
	if (has & B)
		immediate += 1;
	if (has & W)
		immediate += 2;
	if (has & Z)
		immediate += is.operand ? 2 : 4;
	if (has & A)
		immediate += is.address ? 2 : 4;
	if (has & G && (code[length] >> 3 & 7) > 1)
		immediate = 0;
	if (has & M)
		length += modrm_length(code + length, is.address);
	length += immediate;
	return length <= LKST_INSN_MOST ? length : 0;
}

int lkst_insn_steps(const unsigned char *code)
{
	struct prefixes is = skip_prefixes(code);
	unsigned char opcode = code[is.nr], next = code[is.nr + 1];

	if (is.nr > MOST_PREFIXES)
		return 0;
	switch (opcode) {
	case 0x0f:	/* ud2, system call instructions, and their returns */
		return next != 0x0b && next != 0x05 && next != 0x07 && next != 0x34 && next != 0x35;
	case 0x17:	/* pop to %ss holds the trap back */
		return 0;
	case 0x8e:	/* so does a move to it */
		return (next >> 3 & 7) != 2;
	case 0x9a: case 0xea:					/* far call and jump */
	case 0xc2: case 0xc3: case 0xca: case 0xcb: case 0xcf:	/* returns */
	case 0xcc: case 0xcd: case 0xce: case 0xf1:		/* interrupts */
	case 0xf4:						/* hlt: stepping is done with interrupts off */
		return 0;
	case 0x9c: case 0xe8:	/* pushf, call: known by their first byte only */
		return !is.nr;
	case 0xff:		/* near call and jump: the same; far ones are not known */
		next = next >> 3 & 7;
		return next == 3 || next == 5 ? 0 : next == 2 || next == 4 ? !is.nr : 1;
	}
	return 1;
}
