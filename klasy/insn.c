// SPDX-License-Identifier: GPL-2.0-only
/*
 * insn.c - the instructions of a function, as far as pointers are concerned.
 */
#include <stdbool.h>
#include <string.h>
#include <Zydis/Zydis.h>

#include "cli.h"
#include "insn.h"
#include "list.h"

static const uint8_t dwarf_64[] = { 0, 2, 1, 3, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15 };
static const uint8_t dwarf_32[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
static const char *const name_64[] = { "ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8", "r9", "r10", "r11", "r12",
				       "r13", "r14", "r15" };
static const char *const name_32[] = { "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi" };

const struct klasy_machine klasy_x86_64 = {
	.name = "x86-64", .word = 8, .regs = 16, .reg = name_64, .dwarf = dwarf_64,
	.caller_saved = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11,
};

/* The line's number and the file's name, as kernels up to 2.6.19 have them there. */
const struct klasy_machine klasy_i386 = {
	.name = "i386", .word = 4, .regs = 8, .reg = name_32, .dwarf = dwarf_32, .after_bug = 6,
	.entry_only = true,
	.caller_saved = 1 << 0 | 1 << 1 | 1 << 2,
};

uint8_t klasy_dwarf_reg(const struct klasy_machine *machine, unsigned int number)
{
	return number < machine->regs ? machine->dwarf[number] : KLASY_NO_REG;
}

const char *klasy_reg_name(const struct klasy_machine *machine, uint8_t reg)
{
	return reg < machine->regs ? machine->reg[reg] : "";
}

/* A register of 32 bits has the number of the one around it. */
static uint8_t reg_of(ZydisRegister reg)
{
	ZyanI8 id;

	reg = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
	if (reg < ZYDIS_REGISTER_RAX || reg > ZYDIS_REGISTER_R15)
		return KLASY_NO_REG;
	id = ZydisRegisterGetId(reg);
	return id < 0 ? KLASY_NO_REG : (uint8_t)id;
}

static uint16_t reg_bit(ZydisRegister reg)
{
	uint8_t number = reg_of(reg);

	return number == KLASY_NO_REG ? 0 : (uint16_t)(1 << number);
}

static void memory_operand(struct klasy_op *op, const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *o)
{
	op->memory = true;
	op->base = reg_of(o->mem.base);
	op->index = reg_of(o->mem.index);
	op->scale = o->mem.scale;
	op->disp = o->mem.disp.has_displacement ? o->mem.disp.value : 0;
	op->gs = o->mem.segment == ZYDIS_REGISTER_GS;
	op->size = o->size / 8;
	if (o->mem.base == ZYDIS_REGISTER_RIP) {
		op->disp += (int64_t)(op->pc + insn->length);
		op->fixed = true;
	} else if (op->base == KLASY_NO_REG && op->index == KLASY_NO_REG) {
		op->fixed = true;
	}
	if (o->actions & ZYDIS_OPERAND_ACTION_MASK_READ)
		op->mode |= KLASY_READ;
	if (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
		op->mode |= KLASY_WRITE;
}

/* The bits of memory that an immediate picks out. */
static uint64_t selected_bits(const ZydisDecodedInstruction *insn, uint64_t imm, uint16_t size)
{
	uint64_t all = size >= 8 ? ~0ULL : (1ULL << 8 * size) - 1;

	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_TEST:
	case ZYDIS_MNEMONIC_OR:
	case ZYDIS_MNEMONIC_XOR:
		return imm & all;
	case ZYDIS_MNEMONIC_AND:
		return ~imm & all;
	default:
		return 0;
	}
}

static unsigned int word_bits(const ZydisDecodedInstruction *insn)
{
	return insn->machine_mode == ZYDIS_MACHINE_MODE_LONG_64 ? 64 : 32;
}

/* One that holds an address. */
static bool is_word(const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_REGISTER && o->size == word_bits(insn) &&
	       reg_of(o->reg.value) != KLASY_NO_REG;
}

static bool is_memory(const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_MEMORY && o->mem.type == ZYDIS_MEMOP_TYPE_MEM;
}

static void lower_move(struct klasy_op *op, const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *o)
{
	if (is_word(insn, &o[0]) && is_word(insn, &o[1])) {
		op->kind = KLASY_OP_COPY;
		op->dst = reg_of(o[0].reg.value);
		op->src = reg_of(o[1].reg.value);
	} else if (is_word(insn, &o[0]) && is_memory(&o[1])) {
		op->kind = KLASY_OP_LOAD;
		op->dst = reg_of(o[0].reg.value);
	} else if (is_word(insn, &o[0]) && o[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
		op->kind = KLASY_OP_ADDRESS;
		op->dst = reg_of(o[0].reg.value);
		op->disp = o[1].imm.value.s;
		op->fixed = true;
	} else if (is_memory(&o[0])) {
		op->kind = KLASY_OP_STORE;
		op->src = is_word(insn, &o[1]) ? reg_of(o[1].reg.value) : KLASY_NO_REG;
	}
}

static void lower_zero(struct klasy_op *op, const ZydisDecodedOperand *o)
{
	if (o[0].type != ZYDIS_OPERAND_TYPE_REGISTER || o[0].size < 32 || reg_of(o[0].reg.value) == KLASY_NO_REG)
		return;
	op->kind = KLASY_OP_ZERO;
	op->dst = reg_of(o[0].reg.value);
}

static void lower_kind(struct klasy_op *op, const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *o)
{
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
		lower_move(op, insn, o);
		if (o[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE && !o[1].imm.value.u)
			lower_zero(op, o);
		break;
	case ZYDIS_MNEMONIC_LEA:
		if (is_word(insn, &o[0])) {
			bool fixed = o[1].mem.base == ZYDIS_REGISTER_RIP;

			op->kind = KLASY_OP_ADDRESS;
			op->dst = reg_of(o[0].reg.value);
			op->base = reg_of(o[1].mem.base);
			op->index = reg_of(o[1].mem.index);
			op->disp = o[1].mem.disp.value + (fixed ? (int64_t)(op->pc + insn->length) : 0);
			op->fixed = fixed;
		}
		break;
	case ZYDIS_MNEMONIC_ADD:
	case ZYDIS_MNEMONIC_SUB:
		if (is_word(insn, &o[0]) && o[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
			op->kind = KLASY_OP_ADD;
			op->dst = reg_of(o[0].reg.value);
			op->add = insn->mnemonic == ZYDIS_MNEMONIC_ADD ? o[1].imm.value.s : -o[1].imm.value.s;
		}
		break;
	case ZYDIS_MNEMONIC_XOR:
		if (o[1].type == ZYDIS_OPERAND_TYPE_REGISTER && o[0].reg.value == o[1].reg.value)
			lower_zero(op, o);
		break;
	case ZYDIS_MNEMONIC_AND:
		if (is_word(insn, &o[0]) && reg_of(o[0].reg.value) == KLASY_RSP)
			op->kind = KLASY_OP_ALIGN;
		break;
	case ZYDIS_MNEMONIC_PUSH:
		op->kind = KLASY_OP_PUSH;
		op->src = is_word(insn, &o[0]) ? reg_of(o[0].reg.value) : KLASY_NO_REG;
		break;
	case ZYDIS_MNEMONIC_POP:
		op->kind = KLASY_OP_POP;
		op->dst = is_word(insn, &o[0]) ? reg_of(o[0].reg.value) : KLASY_NO_REG;
		break;
	case ZYDIS_MNEMONIC_CALL:
		op->kind = KLASY_OP_CALL;
		break;
	case ZYDIS_MNEMONIC_RET:
	case ZYDIS_MNEMONIC_IRETQ:
	case ZYDIS_MNEMONIC_IRETD:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_JMP:
		op->ends = true;
		break;
	default:
		break;
	}
}

/* What computes, loads or compares. */
static bool is_plain(const struct klasy_op *op, const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *o)
{
	int i;

	for (i = 0; i < insn->operand_count; i++) {
		/* Control, debug and segment registers, and those of the FPU, are more than registers. */
		if (o[i].type == ZYDIS_OPERAND_TYPE_REGISTER && (o[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) &&
		    reg_of(o[i].reg.value) == KLASY_NO_REG && o[i].reg.value != ZYDIS_REGISTER_RFLAGS)
			return false;
	}
	if (op->mode & KLASY_WRITE || op->target || op->ends || (insn->attributes & ZYDIS_ATTRIB_HAS_LOCK))
		return false;
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_MOV: case ZYDIS_MNEMONIC_MOVZX: case ZYDIS_MNEMONIC_MOVSX: case ZYDIS_MNEMONIC_MOVSXD:
	case ZYDIS_MNEMONIC_LEA: case ZYDIS_MNEMONIC_TEST: case ZYDIS_MNEMONIC_CMP: case ZYDIS_MNEMONIC_BT:
	case ZYDIS_MNEMONIC_AND: case ZYDIS_MNEMONIC_OR: case ZYDIS_MNEMONIC_XOR: case ZYDIS_MNEMONIC_NOT:
	case ZYDIS_MNEMONIC_ADD: case ZYDIS_MNEMONIC_SUB: case ZYDIS_MNEMONIC_ADC: case ZYDIS_MNEMONIC_SBB:
	case ZYDIS_MNEMONIC_INC: case ZYDIS_MNEMONIC_DEC: case ZYDIS_MNEMONIC_NEG: case ZYDIS_MNEMONIC_IMUL:
	case ZYDIS_MNEMONIC_SHL: case ZYDIS_MNEMONIC_SHR: case ZYDIS_MNEMONIC_SAR: case ZYDIS_MNEMONIC_ROL:
	case ZYDIS_MNEMONIC_ROR: case ZYDIS_MNEMONIC_BSWAP: case ZYDIS_MNEMONIC_NOP:
		return true;
	default:
		return insn->meta.category == ZYDIS_CATEGORY_SETCC || insn->meta.category == ZYDIS_CATEGORY_CMOV;
	}
}

/* As kprobes has it: can_boost() in arch/x86. */
static bool is_moveable(const struct klasy_op *op, const ZydisDecodedInstruction *insn)
{
	if (op->target || op->ends || op->kind == KLASY_OP_CALL || (insn->attributes & ZYDIS_ATTRIB_HAS_LOCK) ||
	    (insn->attributes & ZYDIS_ATTRIB_HAS_SEGMENT_CS))
		return false;
	if (insn->opcode_map == ZYDIS_OPCODE_MAP_0F)
		return insn->mnemonic != ZYDIS_MNEMONIC_NOP && insn->mnemonic != ZYDIS_MNEMONIC_UD2;
	if (insn->opcode_map != ZYDIS_OPCODE_MAP_DEFAULT)
		return false;
	switch (insn->opcode) {
	case 0x62: case 0x6c ... 0x6f: case 0x9a: case 0xcc ... 0xcf: case 0xd6: case 0xd8 ... 0xdf: case 0xe0 ... 0xe7:
	case 0xec ... 0xf4:
	/* Shifts, and what shares opcodes with test, not, neg, inc, dec. */
	case 0xc0 ... 0xc1: case 0xd0 ... 0xd3: case 0xf6 ... 0xf7: case 0xfe ... 0xff:
		return false;
	default:
		return true;
	}
}

static void lower(struct klasy_op *op, const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *o)
{
	/* What only computes with an address, or asks for it without using it. */
	bool no_access = insn->mnemonic == ZYDIS_MNEMONIC_LEA || insn->mnemonic == ZYDIS_MNEMONIC_NOP ||
			 insn->meta.category == ZYDIS_CATEGORY_PREFETCH;
	const ZydisDecodedOperand *imm = NULL;
	int i;

	op->length = insn->length;
	op->dst = op->src = op->base = op->index = KLASY_NO_REG;
	for (i = 0; i < insn->operand_count; i++) {
		if (o[i].type == ZYDIS_OPERAND_TYPE_REGISTER) {
			uint16_t bit = reg_bit(o[i].reg.value);

			op->kills |= o[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE ? bit : 0;
			op->reads |= o[i].actions & ZYDIS_OPERAND_ACTION_MASK_READ ? bit : 0;
		} else if (o[i].type == ZYDIS_OPERAND_TYPE_MEMORY) {
			op->reads |= reg_bit(o[i].mem.base) | reg_bit(o[i].mem.index);
		}
		/* The stack that push and call write is none of an object's; of two operands the first counts. */
		if (is_memory(&o[i]) && !op->memory && !no_access &&
		    o[i].visibility != ZYDIS_OPERAND_VISIBILITY_HIDDEN)
			memory_operand(op, insn, &o[i]);
		if (o[i].type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
			imm = &o[i];
	}
	if (imm && imm->imm.is_relative && insn->meta.branch_type != ZYDIS_BRANCH_TYPE_NONE)
		op->target = op->pc + insn->length + imm->imm.value.u;
	else if (imm && op->memory)
		op->bits = selected_bits(insn, imm->imm.value.u, op->size);
	lower_kind(op, insn, o);
	if (op->kind == KLASY_OP_PUSH || op->kind == KLASY_OP_ZERO || insn->mnemonic == ZYDIS_MNEMONIC_SBB)
		op->reads &= ~op->kills & (op->src == KLASY_NO_REG ? 0xffff : ~(1 << op->src));
	op->indirect = insn->mnemonic == ZYDIS_MNEMONIC_JMP && !op->target;
	op->plain = is_plain(op, insn, o);
	op->moveable = is_moveable(op, insn);
}

static void begin(ZydisDecoder *decoder, const struct klasy_machine *machine)
{
	if (machine->word == 8)
		ZydisDecoderInit(decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	else
		ZydisDecoderInit(decoder, ZYDIS_MACHINE_MODE_LEGACY_32, ZYDIS_STACK_WIDTH_32);
}

/* Addresses of 32 bits, which the disassembler has with their sign. */
static void cut_addresses(struct klasy_op *op)
{
	op->target &= UINT32_MAX;
	if (op->fixed)
		op->disp &= UINT32_MAX;
}

void klasy_code_read(struct klasy_code *code, const struct klasy_machine *machine, const struct klasy_range *range,
		     size_t ranges)
{
	ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction insn;
	ZydisDecoder decoder;
	size_t i;

	begin(&decoder, machine);
	code->ops = 0;
	for (i = 0; i < ranges; i++) {
		const struct klasy_range *r = &range[i];
		uint64_t pc;

		for (pc = r->begin; pc < r->end; pc += insn.length) {
			struct klasy_op *op;

			if (code->ops == code->max) {
				code->max = code->max ? 2 * code->max : 4096;
				code->op = lkst_xrealloc(code->op, code->max * sizeof(*code->op));
			}
			if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder, r->code + (pc - r->begin), r->end - pc,
							       &insn, operand)))
				break;
			op = &code->op[code->ops++];
			memset(op, 0, sizeof(*op));
			op->pc = pc;
			lower(op, &insn, operand);
			if (machine->word == 4)
				cut_addresses(op);
			if (insn.mnemonic == ZYDIS_MNEMONIC_UD2)
				pc += machine->after_bug;
		}
		/* Nothing runs from the end of one range into the next. */
		if (code->ops)
			code->op[code->ops - 1].ends = true;
	}
}

size_t klasy_code_at(const struct klasy_code *code, uint64_t pc)
{
	size_t low = klasy_first(code->op, code->ops, pc, pc);

	return low < code->ops && code->op[low].pc == pc ? low : code->ops;
}
