// SPDX-License-Identifier: GPL-2.0-only
/*
 * flow.c - what the registers of one function point to at each instruction.
 */
#include <stdlib.h>
#include <string.h>
#include <Zydis/Zydis.h>

#include "cli.h"
#include "flow.h"

enum {
	REGS = 16,
	SLOTS = 24,		/* spilled pointers followed at once; more are forgotten */
	CALLER_SAVED = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11,
	RAX = 0, RBP = 5
};

/* Where a register points: a number of bytes into an object, or from the CFA. */
struct value {
	enum { UNKNOWN, OBJECT, STACK } kind : 8;
	klasy_type_id type;
	int32_t offset;
};

struct slot {
	int32_t at;		/* from the CFA */
	struct value value;
};

struct state {
	struct value reg[REGS];
	struct slot slot[SLOTS];
	uint8_t slots;
	bool reached;
};

enum op_kind { OP_OTHER, OP_COPY, OP_LOAD, OP_STORE, OP_ADDRESS, OP_ADD, OP_PUSH, OP_POP, OP_CALL };

/* An instruction, as far as pointers are concerned. */
struct op {
	uint64_t pc;
	uint8_t length, kind;
	uint8_t dst, src;		/* registers, KLASY_NO_REG: none */
	uint8_t base, index, scale, mode;
	bool memory, gs, leader, edges;
	bool fixed, ends;		/* disp is an address; control does not go on behind */
	uint16_t size, kills;		/* kills: bit mask of registers whose value is lost */
	int64_t disp, add;
	uint64_t bits, target;		/* target: of a jump, 0: none */
};

struct klasy_flow {
	struct klasy_types *types;
	ZydisDecoder decoder;
	struct op *op;
	struct state *state;		/* of each leader, by number of the op */
	uint32_t *block;		/* op -> its state, for leaders */
	uint32_t *work;
	const struct klasy_fact **active;
	size_t ops, ops_max, states, states_max, active_max;
	const struct klasy_function *function;
};

uint8_t klasy_dwarf_reg(unsigned int number)
{
	static const uint8_t map[REGS] = { 0, 2, 1, 3, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15 };

	return number < REGS ? map[number] : KLASY_NO_REG;
}

const char *klasy_reg_name(uint8_t reg)
{
	static const char *const name[REGS] = { "ax", "cx", "dx", "bx", "sp", "bp", "si", "di",
						"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15" };

	return reg < REGS ? name[reg] : "";
}

struct klasy_flow *klasy_flow_new(struct klasy_types *types)
{
	struct klasy_flow *f = lkst_xmalloc(sizeof(*f));

	f->types = types;
	ZydisDecoderInit(&f->decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	return f;
}

void klasy_flow_free(struct klasy_flow *f)
{
	free(f->op);
	free(f->state);
	free(f->block);
	free(f->work);
	free(f->active);
	free(f);
}

static uint8_t reg_of(ZydisRegister reg)
{
	ZyanI8 id;

	reg = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
	if (reg < ZYDIS_REGISTER_RAX || reg > ZYDIS_REGISTER_R15)
		return KLASY_NO_REG;
	id = ZydisRegisterGetId(reg);
	return id < 0 ? KLASY_NO_REG : (uint8_t)id;
}

static void memory_operand(struct op *op, const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *o)
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

static bool is_reg64(const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_REGISTER && o->size == 64 && reg_of(o->reg.value) != KLASY_NO_REG;
}

static bool is_memory(const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_MEMORY && o->mem.type == ZYDIS_MEMOP_TYPE_MEM;
}

static void lower_move(struct op *op, const ZydisDecodedOperand *o)
{
	if (is_reg64(&o[0]) && is_reg64(&o[1])) {
		op->kind = OP_COPY;
		op->dst = reg_of(o[0].reg.value);
		op->src = reg_of(o[1].reg.value);
	} else if (is_reg64(&o[0]) && is_memory(&o[1])) {
		op->kind = OP_LOAD;
		op->dst = reg_of(o[0].reg.value);
	} else if (is_reg64(&o[0]) && o[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
		op->kind = OP_ADDRESS;
		op->dst = reg_of(o[0].reg.value);
		op->disp = o[1].imm.value.s;
		op->fixed = true;
	} else if (is_memory(&o[0])) {
		op->kind = OP_STORE;
		op->src = is_reg64(&o[1]) ? reg_of(o[1].reg.value) : KLASY_NO_REG;
	}
}

static void lower_kind(struct op *op, const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *o)
{
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
		lower_move(op, o);
		break;
	case ZYDIS_MNEMONIC_LEA:
		if (is_reg64(&o[0])) {
			bool fixed = o[1].mem.base == ZYDIS_REGISTER_RIP;

			op->kind = OP_ADDRESS;
			op->dst = reg_of(o[0].reg.value);
			op->base = reg_of(o[1].mem.base);
			op->index = reg_of(o[1].mem.index);
			op->disp = o[1].mem.disp.value + (fixed ? (int64_t)(op->pc + insn->length) : 0);
			op->fixed = fixed;
		}
		break;
	case ZYDIS_MNEMONIC_ADD:
	case ZYDIS_MNEMONIC_SUB:
		if (is_reg64(&o[0]) && o[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
			op->kind = OP_ADD;
			op->dst = reg_of(o[0].reg.value);
			op->add = insn->mnemonic == ZYDIS_MNEMONIC_ADD ? o[1].imm.value.s : -o[1].imm.value.s;
		}
		break;
	case ZYDIS_MNEMONIC_PUSH:
		op->kind = OP_PUSH;
		op->src = is_reg64(&o[0]) ? reg_of(o[0].reg.value) : KLASY_NO_REG;
		break;
	case ZYDIS_MNEMONIC_POP:
		op->kind = OP_POP;
		op->dst = is_reg64(&o[0]) ? reg_of(o[0].reg.value) : KLASY_NO_REG;
		break;
	case ZYDIS_MNEMONIC_CALL:
		op->kind = OP_CALL;
		break;
	case ZYDIS_MNEMONIC_RET:
	case ZYDIS_MNEMONIC_IRETQ:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_JMP:
		op->ends = true;
		break;
	default:
		break;
	}
}

static void lower(struct op *op, const ZydisDecodedInstruction *insn, const ZydisDecodedOperand *o)
{
	/* What only computes with an address, or asks for it without using it. */
	bool no_access = insn->mnemonic == ZYDIS_MNEMONIC_LEA || insn->mnemonic == ZYDIS_MNEMONIC_NOP ||
			 insn->meta.category == ZYDIS_CATEGORY_PREFETCH;
	const ZydisDecodedOperand *imm = NULL;
	int i;

	op->length = insn->length;
	op->dst = op->src = op->base = op->index = KLASY_NO_REG;
	for (i = 0; i < insn->operand_count; i++) {
		if (o[i].type == ZYDIS_OPERAND_TYPE_REGISTER && (o[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)) {
			uint8_t reg = reg_of(o[i].reg.value);

			if (reg != KLASY_NO_REG)
				op->kills |= 1 << reg;
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
}

static void decode(struct klasy_flow *f)
{
	const struct klasy_function *fn = f->function;
	ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction insn;
	size_t i;

	f->ops = 0;
	for (i = 0; i < fn->ranges; i++) {
		const struct klasy_range *r = &fn->range[i];
		uint64_t pc;

		for (pc = r->begin; pc < r->end; pc += insn.length) {
			struct op *op;

			if (f->ops == f->ops_max) {
				f->ops_max = f->ops_max ? 2 * f->ops_max : 4096;
				f->op = lkst_xrealloc(f->op, f->ops_max * sizeof(*f->op));
				f->block = lkst_xrealloc(f->block, f->ops_max * sizeof(*f->block));
				f->work = lkst_xrealloc(f->work, f->ops_max * sizeof(*f->work));
			}
			if (ZYAN_FAILED(ZydisDecoderDecodeFull(&f->decoder, r->code + (pc - r->begin), r->end - pc,
							       &insn, operand)))
				break;
			op = &f->op[f->ops++];
			memset(op, 0, sizeof(*op));
			op->pc = pc;
			lower(op, &insn, operand);
		}
		/* Nothing runs from the end of one range into the next. */
		if (f->ops)
			f->op[f->ops - 1].ends = true;
	}
}

/* Returns the number of the op at @pc, f->ops when none begins there. */
static size_t op_at(const struct klasy_flow *f, uint64_t pc)
{
	size_t low = 0, high = f->ops;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (f->op[middle].pc < pc)
			low = middle + 1;
		else
			high = middle;
	}
	return low < f->ops && f->op[low].pc == pc ? low : f->ops;
}

/* Edges and facts are sorted; returns the first edge from @pc or behind. */
static const struct klasy_edge *edges_from(const struct klasy_function *fn, uint64_t pc)
{
	size_t low = 0, high = fn->edges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fn->edge[middle].from < pc)
			low = middle + 1;
		else
			high = middle;
	}
	return fn->edge + low;
}

static void mark_leader(struct klasy_flow *f, uint64_t pc)
{
	size_t i = op_at(f, pc);

	if (i < f->ops)
		f->op[i].leader = true;
}

static void find_blocks(struct klasy_flow *f)
{
	const struct klasy_function *fn = f->function;
	const struct klasy_edge *edge, *edges_end = fn->edge + fn->edges;
	size_t i;

	mark_leader(f, fn->entry);
	for (i = 0; i < f->ops; i++) {
		struct op *op = &f->op[i];

		if (op->target && op->kind != OP_CALL)
			mark_leader(f, op->target);
		if ((op->target || op->ends) && op->kind != OP_CALL && i + 1 < f->ops)
			f->op[i + 1].leader = true;
	}
	for (i = 0; i < fn->ranges; i++) {
		edge = edges_from(fn, fn->range[i].begin);
		for (; edge < edges_end && edge->from < fn->range[i].end; edge++) {
			size_t from = op_at(f, edge->from);

			mark_leader(f, edge->to);
			if (from < f->ops)
				f->op[from].edges = true;
		}
	}
	f->states = 0;
	for (i = 0; i < f->ops; i++) {
		if (f->op[i].leader)
			f->block[i] = f->states++;
	}
	if (f->states > f->states_max) {
		f->states_max = f->states;
		free(f->state);
		f->state = lkst_xmalloc(f->states_max * sizeof(*f->state));
	}
	memset(f->state, 0, f->states * sizeof(*f->state));
}

static bool same(const struct value *a, const struct value *b)
{
	return a->kind == b->kind && a->type == b->type && a->offset == b->offset;
}

static struct value *slot_find(struct state *s, int32_t at)
{
	int i;

	for (i = 0; i < s->slots; i++) {
		if (s->slot[i].at == at)
			return &s->slot[i].value;
	}
	return NULL;
}

static void slot_set(struct state *s, int32_t at, struct value value)
{
	struct value *old = slot_find(s, at);

	if (old)
		*old = value;
	else if (value.kind != UNKNOWN && s->slots < SLOTS)
		s->slot[s->slots++] = (struct slot){ at, value };
}

/* What is stored somewhere in [@at, @at + @size) is no longer what was spilled there. */
static void slot_forget(struct state *s, int32_t at, uint32_t size)
{
	int i;

	for (i = 0; i < s->slots; i++) {
		if (s->slot[i].at < at + (int32_t)size && s->slot[i].at + 8 > at)
			s->slot[i].value.kind = UNKNOWN;
	}
}

/* Returns true when @into knows less than before. */
static bool merge(struct state *into, const struct state *from)
{
	bool changed = false;
	int i;

	if (!into->reached) {
		*into = *from;
		into->reached = true;
		return true;
	}
	for (i = 0; i < REGS; i++) {
		if (into->reg[i].kind != UNKNOWN && !same(&into->reg[i], &from->reg[i])) {
			into->reg[i] = (struct value){ UNKNOWN, 0, 0 };
			changed = true;
		}
	}
	for (i = 0; i < into->slots; i++) {
		struct value *mine = &into->slot[i].value;
		struct value *theirs = slot_find((struct state *)from, into->slot[i].at);

		if (mine->kind != UNKNOWN && (!theirs || !same(mine, theirs))) {
			mine->kind = UNKNOWN;
			changed = true;
		}
	}
	return changed;
}

static const struct klasy_global *global_at(const struct klasy_function *fn, uint64_t address)
{
	size_t low = 0, high = fn->globals;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fn->global[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address >= fn->global[low - 1].address + fn->global[low - 1].size)
		return NULL;
	return &fn->global[low - 1];
}

/* The struct or union that a pointer variable's type points to. */
static struct value pointing_to(struct klasy_flow *f, klasy_type_id pointer)
{
	klasy_type_id type = klasy_types_pointee(f->types, pointer);

	return (struct value){ type ? OBJECT : UNKNOWN, type, 0 };
}

static struct value address_of_global(struct klasy_flow *f, uint64_t address)
{
	const struct klasy_global *g = global_at(f->function, address);
	klasy_type_id type;
	long offset;

	if (!g)
		return (struct value){ UNKNOWN, 0, 0 };
	type = g->type;
	offset = (long)(address - g->address);
	while (f->types->type[type].kind == KLASY_ARRAY) {
		type = f->types->type[type].target;
		if (!f->types->type[type].size)
			return (struct value){ UNKNOWN, 0, 0 };
		offset %= f->types->type[type].size;
	}
	if (f->types->type[type].kind != KLASY_STRUCT && f->types->type[type].kind != KLASY_UNION)
		return (struct value){ UNKNOWN, 0, 0 };
	return (struct value){ OBJECT, type, (int32_t)offset };
}

/* Where a memory operand lies, by what is known of its base. An index may lead anywhere in an array. */
static struct value address_of(struct klasy_flow *f, const struct state *s, const struct op *op)
{
	struct value v = { UNKNOWN, 0, 0 };

	if (op->fixed)
		return address_of_global(f, (uint64_t)op->disp);
	if (op->base == KLASY_NO_REG || (op->gs && !op->fixed))
		return v;
	v = s->reg[op->base];
	v.offset += (int32_t)op->disp;
	if (v.kind == STACK && op->index != KLASY_NO_REG)
		v.kind = UNKNOWN;
	return v;
}

/* The variable in a stack slot, by the debug information. */
static struct value slot_fact(struct klasy_flow *f, size_t active, int32_t at)
{
	size_t i;

	for (i = active; i--; ) {
		const struct klasy_fact *fact = f->active[i];

		if (fact->kind == KLASY_POINTER_ON_STACK && fact->slot == at)
			return (struct value){ OBJECT, fact->type, fact->offset };
	}
	return (struct value){ UNKNOWN, 0, 0 };
}

static struct value loaded(struct klasy_flow *f, struct state *s, const struct op *op, size_t active)
{
	struct value from = address_of(f, s, op), *spilled, nothing = { UNKNOWN, 0, 0 };

	if (op->fixed && from.kind == UNKNOWN) {
		const struct klasy_global *g = global_at(f->function, (uint64_t)op->disp);

		return g && g->address == (uint64_t)op->disp ? pointing_to(f, g->type) : nothing;
	}
	if (from.kind == OBJECT)
		return pointing_to(f, klasy_types_load(f->types, from.type, from.offset));
	if (from.kind != STACK)
		return nothing;
	spilled = slot_find(s, from.offset);
	return spilled && spilled->kind != UNKNOWN ? *spilled : slot_fact(f, active, from.offset);
}

static klasy_type_id returned_at(const struct klasy_function *fn, uint64_t pc)
{
	size_t i;

	for (i = 0; i < fn->returneds; i++) {
		if (fn->returned[i].pc == pc)
			return fn->returned[i].type;
	}
	return 0;
}

static void forget_written(struct state *s, const struct op *op)
{
	int i;

	for (i = 0; i < REGS; i++) {
		if (op->kills & 1 << i)
			s->reg[i].kind = UNKNOWN;
	}
}

static void call(struct klasy_flow *f, struct state *s, const struct op *op)
{
	struct value sp = s->reg[KLASY_RSP];
	klasy_type_id type = returned_at(f->function, op->pc + op->length);
	int i;

	for (i = 0; i < REGS; i++) {
		if (CALLER_SAVED & 1 << i)
			s->reg[i].kind = UNKNOWN;
	}
	s->reg[KLASY_RSP] = sp;
	if (type)
		s->reg[RAX] = (struct value){ OBJECT, type, 0 };
}

/* One step: what the registers hold behind the instruction. */
static void step(struct klasy_flow *f, struct state *s, const struct op *op, size_t active)
{
	struct value sp = s->reg[KLASY_RSP], v = { UNKNOWN, 0, 0 }, to;

	switch (op->kind) {
	case OP_CALL:
		call(f, s, op);
		return;
	case OP_PUSH:
		v = op->src == KLASY_NO_REG ? v : s->reg[op->src];
		sp.offset -= 8;
		s->reg[KLASY_RSP] = sp;
		if (sp.kind == STACK) {
			slot_forget(s, sp.offset, 8);
			slot_set(s, sp.offset, v);
		}
		return;
	case OP_POP:
		if (sp.kind == STACK && slot_find(s, sp.offset))
			v = *slot_find(s, sp.offset);
		sp.offset += 8;
		s->reg[KLASY_RSP] = sp;
		if (op->dst != KLASY_NO_REG)
			s->reg[op->dst] = v;
		return;
	case OP_COPY:
		v = s->reg[op->src];
		break;
	case OP_LOAD:
		v = op->gs && !op->fixed ? v : loaded(f, s, op, active);
		break;
	case OP_ADDRESS:
		if (op->index == KLASY_NO_REG)
			v = address_of(f, s, op);
		break;
	case OP_ADD:
		v = s->reg[op->dst];
		v.offset += (int32_t)op->add;
		break;
	default:
		break;
	}
	if (op->memory && (op->mode & KLASY_WRITE)) {
		to = address_of(f, s, op);
		if (to.kind == STACK) {
			slot_forget(s, to.offset, op->size);
			if (op->kind == OP_STORE && op->src != KLASY_NO_REG)
				slot_set(s, to.offset, s->reg[op->src]);
		}
	}
	forget_written(s, op);
	if (op->kind == OP_COPY || op->kind == OP_LOAD || op->kind == OP_ADDRESS || op->kind == OP_ADD)
		s->reg[op->dst] = v;
}

/* Facts are sorted by where they begin; a block asks for them in the order of its instructions. */
struct cursor {
	size_t next, active;
};

static void facts_from(struct klasy_flow *f, struct cursor *c)
{
	c->next = c->active = 0;
	if (f->function->facts > f->active_max) {
		f->active_max = f->function->facts;
		f->active = lkst_xrealloc(f->active, f->active_max * sizeof(*f->active));
	}
}

static void facts_at(struct klasy_flow *f, struct cursor *c, uint64_t pc)
{
	const struct klasy_function *fn = f->function;
	size_t i, kept = 0;

	for (i = 0; i < c->active; i++) {
		if (f->active[i]->end > pc)
			f->active[kept++] = f->active[i];
	}
	for (; c->next < fn->facts && fn->fact[c->next].begin <= pc; c->next++) {
		if (fn->fact[c->next].end > pc)
			f->active[kept++] = &fn->fact[c->next];
	}
	c->active = kept;
}

/* A variable's declared type outweighs what was followed, unless one of the variables here agrees with that. */
static void believe_facts(struct klasy_flow *f, struct state *s, size_t active)
{
	uint16_t agreed = 0;
	size_t i;

	for (i = 0; i < active; i++) {
		const struct klasy_fact *fact = f->active[i];
		struct value v = { OBJECT, fact->type, fact->offset };

		if (fact->kind == KLASY_IN_REGISTER && same(&s->reg[fact->reg], &v))
			agreed |= 1 << fact->reg;
	}
	for (i = 0; i < active; i++) {
		const struct klasy_fact *fact = f->active[i];

		if (fact->kind == KLASY_IN_REGISTER && !(agreed & 1 << fact->reg))
			s->reg[fact->reg] = (struct value){ OBJECT, fact->type, fact->offset };
	}
}

static void enter(struct klasy_flow *f, uint64_t pc, const struct state *s, bool *again)
{
	size_t i = op_at(f, pc);
	struct state *to;

	if (i == f->ops || !f->op[i].leader)
		return;
	to = &f->state[f->block[i]];
	if (merge(to, s)) {
		f->work[f->block[i]] = 1;
		*again = true;
	}
}

static void leave(struct klasy_flow *f, const struct op *op, const struct state *before, const struct state *after,
		  bool *again)
{
	const struct klasy_function *fn = f->function;
	const struct klasy_edge *edge;
	struct state faulted;

	if (op->target && op->kind != OP_CALL)
		enter(f, op->target, after, again);
	if (!op->edges)
		return;
	for (edge = edges_from(fn, op->pc); edge < fn->edge + fn->edges && edge->from == op->pc; edge++) {
		/* At a fault the instruction wrote nothing or something: its results are not known. */
		faulted = *before;
		forget_written(&faulted, op);
		enter(f, edge->to, &faulted, again);
	}
}

/* One pass in the order of the addresses over the blocks whose beginning has changed. */
static bool pass(struct klasy_flow *f)
{
	struct state s, before;
	struct cursor c;
	bool running = false, again = false;
	size_t i;

	facts_from(f, &c);
	for (i = 0; i < f->ops; i++) {
		const struct op *op = &f->op[i];

		if (op->leader) {
			uint32_t block = f->block[i];

			if (running)
				enter(f, op->pc, &s, &again);
			running = f->work[block];
			if (running) {
				f->work[block] = 0;
				s = f->state[block];
			}
		}
		if (!running)
			continue;
		facts_at(f, &c, op->pc);
		believe_facts(f, &s, c.active);
		if (op->edges)
			before = s;
		step(f, &s, op, c.active);
		leave(f, op, &before, &s, &again);
		if (op->ends)
			running = false;
	}
	return again;
}

static void emit_stack(struct klasy_flow *f, const struct op *op, struct klasy_access *a, int32_t at, size_t active,
		       klasy_access_fn *fn, void *arg)
{
	size_t i;

	for (i = 0; i < active; i++) {
		const struct klasy_fact *fact = f->active[i];
		long offset = at - fact->slot;

		if (fact->kind != KLASY_OBJECT_ON_STACK || offset < 0 ||
		    offset >= (long)f->types->type[fact->type].size)
			continue;
		a->type = fact->type;
		a->offset = offset;
		a->size = op->size;
		fn(arg, a);
	}
}

static void emit(struct klasy_flow *f, const struct state *s, const struct op *op, size_t active, klasy_access_fn *fn,
		 void *arg)
{
	struct klasy_access a = {
		.pc = op->pc, .length = op->length, .base = op->fixed ? KLASY_NO_REG : op->base, .index = op->index,
		.scale = op->scale, .mode = op->mode, .gs = op->gs, .size = op->size, .disp = op->disp,
		.bits = op->bits,
	};
	struct value v = address_of(f, s, op);
	bool declared = false;
	size_t i, j;

	if (v.kind == STACK) {
		emit_stack(f, op, &a, v.offset, active, fn, arg);
		return;
	}
	for (i = 0; i < active && !op->fixed && !op->gs; i++) {
		const struct klasy_fact *fact = f->active[i];

		if (fact->kind != KLASY_IN_REGISTER || fact->reg != op->base)
			continue;
		for (j = 0; j < i; j++) {
			if (f->active[j]->kind == KLASY_IN_REGISTER && f->active[j]->reg == fact->reg &&
			    f->active[j]->type == fact->type && f->active[j]->offset == fact->offset)
				break;
		}
		if (j < i)
			continue;
		declared = true;
		a.type = fact->type;
		a.offset = fact->offset + op->disp;
		fn(arg, &a);
	}
	if (!declared && v.kind == OBJECT) {
		a.type = v.type;
		a.offset = v.offset;
		fn(arg, &a);
	}
}

unsigned long klasy_flow_run(struct klasy_flow *f, const struct klasy_function *function, klasy_access_fn *fn,
			     void *arg)
{
	unsigned long operands = 0;
	struct state s = { .reached = true }, nothing = { .reached = true };
	struct cursor c;
	bool again = false;
	size_t i;

	f->function = function;
	decode(f);
	if (!f->ops)
		return 0;
	find_blocks(f);
	memset(f->work, 0, f->states * sizeof(*f->work));
	s.reg[KLASY_RSP] = (struct value){ STACK, 0, -8 };
	enter(f, function->entry, &s, &again);
	while (pass(f))
		;
	facts_from(f, &c);
	for (i = 0; i < f->ops; i++) {
		const struct op *op = &f->op[i];

		/* Code that nothing seen here leads to: only what the variables say. */
		if (op->leader)
			s = f->state[f->block[i]].reached ? f->state[f->block[i]] : nothing;
		facts_at(f, &c, op->pc);
		believe_facts(f, &s, c.active);
		if (op->memory && op->size) {
			operands += op->base != KLASY_RSP || op->fixed;
			emit(f, &s, op, c.active, fn, arg);
		}
		step(f, &s, op, c.active);
	}
	return operands;
}
