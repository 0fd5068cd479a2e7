// SPDX-License-Identifier: GPL-2.0-only
/*
 * flow.c - what the registers of one function point to at each instruction.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "flow.h"
#include "list.h"
#include "state.h"

enum {
	ALIGNED = 1 << 24	/* below the CFA: where the stack is said to go on when it was aligned */
};

struct klasy_flow {
	struct klasy_types *types;
	struct klasy_code code;
	struct klasy_state *state;		/* of each leader, by number of the op */
	uint32_t *block;		/* op -> its state, for leaders */
	uint32_t *work;
	const struct klasy_fact **active;
	size_t room;			/* in block and work, as many as ops */
	size_t states, states_max, active_max;
	const struct klasy_function *function;
};

struct klasy_flow *klasy_flow_new(struct klasy_types *types)
{
	struct klasy_flow *f = lkst_xmalloc(sizeof(*f));

	f->types = types;
	return f;
}

void klasy_flow_free(struct klasy_flow *f)
{
	free(f->code.op);
	free(f->state);
	free(f->block);
	free(f->work);
	free(f->active);
	free(f);
}

/* Edges and facts are sorted; returns the first edge from @pc or behind. */
static const struct klasy_edge *edges_from(const struct klasy_function *fn, uint64_t pc)
{
	return fn->edge + klasy_first(fn->edge, fn->edges, from, pc);
}

static void mark_leader(struct klasy_flow *f, uint64_t pc)
{
	size_t i = klasy_code_at(&f->code, pc);

	if (i < f->code.ops)
		f->code.op[i].leader = true;
}

static void find_blocks(struct klasy_flow *f)
{
	const struct klasy_function *fn = f->function;
	const struct klasy_edge *edge, *edges_end = fn->edge + fn->edges;
	size_t i;

	if (f->code.max > f->room) {
		f->room = f->code.max;
		f->block = lkst_xrealloc(f->block, f->room * sizeof(*f->block));
		f->work = lkst_xrealloc(f->work, f->room * sizeof(*f->work));
	}
	mark_leader(f, fn->entry);
	for (i = 0; i < f->code.ops; i++) {
		struct klasy_op *op = &f->code.op[i];

		if (op->target && op->kind != KLASY_OP_CALL)
			mark_leader(f, op->target);
		if ((op->target || op->ends) && op->kind != KLASY_OP_CALL && i + 1 < f->code.ops)
			f->code.op[i + 1].leader = true;
	}
	for (i = 0; i < fn->ranges; i++) {
		edge = edges_from(fn, fn->range[i].begin);
		for (; edge < edges_end && edge->from < fn->range[i].end; edge++) {
			size_t from = klasy_code_at(&f->code, edge->from);

			mark_leader(f, edge->to);
			if (from < f->code.ops)
				f->code.op[from].edges = true;
		}
	}
	f->states = 0;
	for (i = 0; i < f->code.ops; i++) {
		if (f->code.op[i].leader)
			f->block[i] = f->states++;
	}
	if (f->states > f->states_max) {
		f->states_max = f->states;
		free(f->state);
		f->state = lkst_xmalloc(f->states_max * sizeof(*f->state));
	}
	memset(f->state, 0, f->states * sizeof(*f->state));
}

static const struct klasy_global *global_at(const struct klasy_function *fn, uint64_t address)
{
	size_t low = klasy_first(fn->global, fn->globals, address, address + 1);

	if (!low || address >= fn->global[low - 1].address + fn->global[low - 1].size)
		return NULL;
	return &fn->global[low - 1];
}

/* The struct or union that a pointer variable's type points to. */
static struct klasy_pointing pointing_to(struct klasy_flow *f, klasy_type_id pointer)
{
	klasy_type_id type = klasy_types_pointee(f->types, pointer);

	return (struct klasy_pointing){ type ? KLASY_TO_OBJECT : KLASY_TO_UNKNOWN, type, 0 };
}

static struct klasy_pointing address_of_global(struct klasy_flow *f, uint64_t address)
{
	const struct klasy_global *g = global_at(f->function, address);
	klasy_type_id type;
	long offset;

	if (!g)
		return (struct klasy_pointing){ KLASY_TO_UNKNOWN, 0, 0 };
	type = g->type;
	offset = (long)(address - g->address);
	while (f->types->type[type].kind == KLASY_ARRAY) {
		type = f->types->type[type].target;
		if (!f->types->type[type].size)
			return (struct klasy_pointing){ KLASY_TO_UNKNOWN, 0, 0 };
		offset %= f->types->type[type].size;
	}
	if (f->types->type[type].kind != KLASY_STRUCT && f->types->type[type].kind != KLASY_UNION)
		return (struct klasy_pointing){ KLASY_TO_UNKNOWN, 0, 0 };
	return (struct klasy_pointing){ KLASY_TO_OBJECT, type, (int32_t)offset };
}

/* Where a memory operand lies, by what is known of its base. An index may lead anywhere in an array. */
static struct klasy_pointing address_of(struct klasy_flow *f, const struct klasy_state *s, const struct klasy_op *op)
{
	struct klasy_pointing v = { KLASY_TO_UNKNOWN, 0, 0 };

	if (op->fixed)
		return address_of_global(f, (uint64_t)op->disp);
	if (op->base == KLASY_NO_REG || (op->gs && !op->fixed))
		return v;
	v = s->reg[op->base];
	v.offset += (int32_t)op->disp;
	if (v.kind == KLASY_TO_STACK && op->index != KLASY_NO_REG)
		v.kind = KLASY_TO_UNKNOWN;
	return v;
}

/* Where a variable on the stack lies, from the CFA. */
static bool slot_of(const struct klasy_state *s, const struct klasy_fact *fact, int32_t *at)
{
	*at = fact->slot;
	if (fact->reg == KLASY_NO_REG)
		return true;
	*at += s->reg[fact->reg].offset;
	return s->reg[fact->reg].kind == KLASY_TO_STACK;
}

/* The variable in a stack slot, by the debug information. */
static struct klasy_pointing slot_fact(struct klasy_flow *f, const struct klasy_state *s, size_t active, int32_t at)
{
	int32_t slot;
	size_t i;

	for (i = active; i--; ) {
		const struct klasy_fact *fact = f->active[i];

		if (fact->kind == KLASY_POINTER_ON_STACK && slot_of(s, fact, &slot) && slot == at)
			return (struct klasy_pointing){ KLASY_TO_OBJECT, fact->type, fact->offset };
	}
	return (struct klasy_pointing){ KLASY_TO_UNKNOWN, 0, 0 };
}

static struct klasy_pointing loaded(struct klasy_flow *f, struct klasy_state *s, const struct klasy_op *op,
				    size_t active)
{
	struct klasy_pointing from = address_of(f, s, op), *spilled, nothing = { KLASY_TO_UNKNOWN, 0, 0 };

	if (op->fixed && from.kind == KLASY_TO_UNKNOWN) {
		const struct klasy_global *g = global_at(f->function, (uint64_t)op->disp);

		return g && g->address == (uint64_t)op->disp ? pointing_to(f, g->type) : nothing;
	}
	if (from.kind == KLASY_TO_OBJECT)
		return pointing_to(f, klasy_types_load(f->types, from.type, from.offset));
	if (from.kind != KLASY_TO_STACK)
		return nothing;
	spilled = klasy_slot_find(s, from.offset);
	return spilled && spilled->kind != KLASY_TO_UNKNOWN ? *spilled : slot_fact(f, s, active, from.offset);
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

/* By the callee's own declaration, when it is known. */
static klasy_type_id returned_by(struct klasy_flow *f, uint64_t callee)
{
	const struct klasy_function *fn = f->function;
	size_t i = klasy_first(fn->returns, fn->nr_returns, entry, callee);

	return callee && i < fn->nr_returns && fn->returns[i].entry == callee ?
	       klasy_types_pointee(f->types, fn->returns[i].type) : 0;
}

static void forget_written(struct klasy_state *s, const struct klasy_op *op)
{
	int i;

	for (i = 0; i < KLASY_REGS; i++) {
		if (op->kills & 1 << i)
			s->reg[i].kind = KLASY_TO_UNKNOWN;
	}
}

static void call(struct klasy_flow *f, struct klasy_state *s, const struct klasy_op *op)
{
	struct klasy_pointing sp = s->reg[KLASY_RSP];
	klasy_type_id type = returned_at(f->function, op->pc + op->length);
	int i;

	if (!type)
		type = returned_by(f, op->target);
	for (i = 0; i < KLASY_REGS; i++) {
		if (f->function->machine->caller_saved & 1 << i)
			s->reg[i].kind = KLASY_TO_UNKNOWN;
	}
	s->reg[KLASY_RSP] = sp;
	if (type)
		s->reg[KLASY_RAX] = (struct klasy_pointing){ KLASY_TO_OBJECT, type, 0 };
}

/* One step: what the registers hold behind the instruction. */
static void step(struct klasy_flow *f, struct klasy_state *s, const struct klasy_op *op, size_t active)
{
	struct klasy_pointing sp = s->reg[KLASY_RSP], v = { KLASY_TO_UNKNOWN, 0, 0 }, to;
	int32_t word = f->function->machine->word;

	switch (op->kind) {
	case KLASY_OP_CALL:
		call(f, s, op);
		return;
	case KLASY_OP_PUSH:
		v = op->src == KLASY_NO_REG ? v : s->reg[op->src];
		sp.offset -= word;
		s->reg[KLASY_RSP] = sp;
		if (sp.kind == KLASY_TO_STACK) {
			klasy_slot_forget(s, sp.offset, (uint32_t)word, word);
			klasy_slot_set(s, sp.offset, v);
		}
		return;
	case KLASY_OP_POP:
		if (sp.kind == KLASY_TO_STACK && klasy_slot_find(s, sp.offset))
			v = *klasy_slot_find(s, sp.offset);
		sp.offset += word;
		s->reg[KLASY_RSP] = sp;
		if (op->dst != KLASY_NO_REG)
			s->reg[op->dst] = v;
		return;
	case KLASY_OP_COPY:
		v = s->reg[op->src];
		break;
	case KLASY_OP_LOAD:
		v = op->gs && !op->fixed ? v : loaded(f, s, op, active);
		break;
	case KLASY_OP_ADDRESS:
		if (op->index == KLASY_NO_REG)
			v = address_of(f, s, op);
		break;
	case KLASY_OP_ADD:
		v = s->reg[op->dst];
		v.offset += v.kind == KLASY_TO_NOWHERE ? 0 : (int32_t)op->add;
		v.kind = v.kind == KLASY_TO_NOWHERE ? KLASY_TO_UNKNOWN : v.kind;
		break;
	default:
		break;
	}
	if (op->memory && (op->mode & KLASY_WRITE)) {
		to = address_of(f, s, op);
		if (to.kind == KLASY_TO_STACK) {
			klasy_slot_forget(s, to.offset, op->size, word);
			if (op->kind == KLASY_OP_STORE && op->src != KLASY_NO_REG)
				klasy_slot_set(s, to.offset, s->reg[op->src]);
		}
	}
	forget_written(s, op);
	if (op->kind == KLASY_OP_ALIGN && sp.kind == KLASY_TO_STACK)
		s->reg[KLASY_RSP] = (struct klasy_pointing){ KLASY_TO_STACK, 0, sp.offset - ALIGNED };
	if (op->kind == KLASY_OP_ZERO)
		s->reg[op->dst] = (struct klasy_pointing){ KLASY_TO_NOWHERE, 0, 0 };
	if (op->kind == KLASY_OP_COPY || op->kind == KLASY_OP_LOAD || op->kind == KLASY_OP_ADDRESS ||
	    op->kind == KLASY_OP_ADD)
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
static void believe_facts(struct klasy_flow *f, struct klasy_state *s, size_t active)
{
	uint16_t agreed = 0;
	size_t i;

	for (i = 0; i < active; i++) {
		const struct klasy_fact *fact = f->active[i];
		struct klasy_pointing v = { KLASY_TO_OBJECT, fact->type, fact->offset };

		if (fact->kind == KLASY_IN_REGISTER && klasy_pointing_same(&s->reg[fact->reg], &v))
			agreed |= 1 << fact->reg;
	}
	for (i = 0; i < active; i++) {
		const struct klasy_fact *fact = f->active[i];

		if (fact->kind == KLASY_IN_REGISTER && !(agreed & 1 << fact->reg))
			s->reg[fact->reg] = (struct klasy_pointing){ KLASY_TO_OBJECT, fact->type, fact->offset };
	}
}

static void enter(struct klasy_flow *f, uint64_t pc, const struct klasy_state *s, bool *again)
{
	size_t i = klasy_code_at(&f->code, pc);
	struct klasy_state *to;

	if (i == f->code.ops || !f->code.op[i].leader)
		return;
	to = &f->state[f->block[i]];
	if (klasy_state_merge(to, s)) {
		f->work[f->block[i]] = 1;
		*again = true;
	}
}

static void leave(struct klasy_flow *f, const struct klasy_op *op, const struct klasy_state *before,
		  const struct klasy_state *after, bool *again)
{
	const struct klasy_function *fn = f->function;
	const struct klasy_edge *edge;
	struct klasy_state faulted;

	if (op->target && op->kind != KLASY_OP_CALL)
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
	struct klasy_state s, before;
	struct cursor c;
	bool running = false, again = false;
	size_t i;

	facts_from(f, &c);
	for (i = 0; i < f->code.ops; i++) {
		const struct klasy_op *op = &f->code.op[i];

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

static void emit_stack(struct klasy_flow *f, const struct klasy_state *s, const struct klasy_op *op,
		       struct klasy_access *a, int32_t at, size_t active, klasy_access_fn *fn, void *arg)
{
	int32_t slot;
	size_t i;

	for (i = 0; i < active; i++) {
		const struct klasy_fact *fact = f->active[i];
		long offset;

		if (fact->kind != KLASY_OBJECT_ON_STACK || !slot_of(s, fact, &slot))
			continue;
		offset = at - slot;
		if (offset < 0 || offset >= (long)f->types->type[fact->type].size)
			continue;
		a->type = fact->type;
		a->offset = offset;
		a->size = op->size;
		fn(arg, a);
	}
}

static void emit(struct klasy_flow *f, const struct klasy_state *s, const struct klasy_op *op, size_t active,
		 klasy_access_fn *fn, void *arg)
{
	struct klasy_access a = {
		.pc = op->pc, .length = op->length, .base = op->fixed ? KLASY_NO_REG : op->base, .index = op->index,
		.scale = op->scale, .mode = op->mode, .gs = op->gs, .size = op->size, .disp = op->disp,
		.bits = op->bits,
	};
	struct klasy_pointing v = address_of(f, s, op);
	bool declared = false;
	size_t i, j;

	if (v.kind == KLASY_TO_STACK) {
		if (f->function->on_stack)
			f->function->on_stack(f->function->on_stack_arg, v.offset, op->mode);
		emit_stack(f, s, op, &a, v.offset, active, fn, arg);
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
		if (f->types->type[fact->type].kind == KLASY_POINTER)
			continue;
		a.type = fact->type;
		a.offset = fact->offset + op->disp;
		fn(arg, &a);
	}
	if (!declared && v.kind == KLASY_TO_OBJECT && f->types->type[v.type].kind != KLASY_POINTER) {
		a.type = v.type;
		a.offset = v.offset;
		fn(arg, &a);
	}
}

unsigned long klasy_flow_run(struct klasy_flow *f, const struct klasy_function *function, klasy_access_fn *fn,
			     void *arg)
{
	unsigned long operands = 0;
	struct klasy_state s = { .reached = true }, nothing = { .reached = true };
	struct cursor c;
	bool again = false;
	size_t i;

	f->function = function;
	klasy_code_read(&f->code, function->machine, function->range, function->ranges);
	if (!f->code.ops)
		return 0;
	find_blocks(f);
	memset(f->work, 0, f->states * sizeof(*f->work));
	s.reg[KLASY_RSP] = (struct klasy_pointing){ KLASY_TO_STACK, 0, -function->machine->word };
	enter(f, function->entry, &s, &again);
	while (pass(f))
		;
	facts_from(f, &c);
	for (i = 0; i < f->code.ops; i++) {
		const struct klasy_op *op = &f->code.op[i];

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

uint16_t klasy_flow_entered_with(const struct klasy_flow *f)
{
	uint16_t written = 0, read = 0;
	size_t i;

	for (i = klasy_code_at(&f->code, f->function->entry); i < f->code.ops; i++) {
		const struct klasy_op *op = &f->code.op[i];

		if (op->leader && op->pc != f->function->entry)
			break;
		read |= op->reads & ~written;
		written |= op->kills;
		if (op->target || op->ends || op->kind == KLASY_OP_CALL)
			break;
	}
	return read;
}
