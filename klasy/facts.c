// SPDX-License-Identifier: GPL-2.0-only
/*
 * facts.c - what the debug information says of one function: variables, returned pointers, inlined functions.
 */
#include <dwarf.h>
#include <stdlib.h>

#include "cli.h"
#include "facts.h"

static klasy_type_id members_of(struct klasy_facts *f, klasy_type_id type, bool *pointer)
{
	const struct klasy_type *t = &f->types->type[type];

	*pointer = t->kind == KLASY_POINTER;
	if (*pointer)
		return klasy_types_pointee(f->types, type);
	return t->kind == KLASY_STRUCT || t->kind == KLASY_UNION ? type : 0;
}

/* Reads what a location expression says, as far as a fact can hold it; the rest of DWARF's forms says less. */
static bool locate(const struct klasy_machine *machine, struct klasy_fact *fact, bool pointer,
		   const Dwarf_Op *op, size_t ops)
{
	bool value = ops == 2 && op[1].atom == DW_OP_stack_value;
	long at;

	if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31 && ops == 1) {
		fact->kind = KLASY_IN_REGISTER;
		fact->reg = klasy_dwarf_reg(machine, op->atom - DW_OP_reg0);
		fact->offset = 0;
		return pointer && fact->reg != KLASY_NO_REG;
	}
	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31 && (value || ops == 1)) {
		at = (long)op->number;
		fact->reg = klasy_dwarf_reg(machine, op->atom - DW_OP_breg0);
		/* The variable is register + at, or, when it is no pointer, lies there. */
		if (pointer == value && fact->reg != KLASY_RSP) {
			fact->kind = KLASY_IN_REGISTER;
			fact->offset = (int32_t)-at;
			return fact->reg != KLASY_NO_REG;
		}
		/* On the stack of a function that aligns it, or an address in the frame: the latter is none. */
		fact->kind = pointer ? KLASY_POINTER_ON_STACK : KLASY_OBJECT_ON_STACK;
		fact->slot = (int32_t)at;
		fact->offset = 0;
		return !value && fact->reg != KLASY_NO_REG;
	}
	if (op->atom == DW_OP_fbreg && ops == 1) {
		fact->kind = pointer ? KLASY_POINTER_ON_STACK : KLASY_OBJECT_ON_STACK;
		fact->reg = KLASY_NO_REG;
		fact->slot = (int32_t)op->number;
		fact->offset = 0;
		return true;
	}
	return false;
}

/* gcc's location lists reach outside the block of the variable: only what lies in both counts. */
static void add_fact(struct klasy_facts *f, const struct klasy_fact *fact, const struct klasy_range *scope,
		     size_t scopes)
{
	size_t i;

	for (i = 0; i < scopes; i++) {
		struct klasy_fact part = *fact;

		if (part.begin < scope[i].begin)
			part.begin = scope[i].begin;
		if (part.end > scope[i].end)
			part.end = scope[i].end;
		if (part.begin < part.end)
			*klasy_add(&f->fact) = part;
	}
}

static void read_variable(struct klasy_facts *f, Dwarf_Die *die, const struct klasy_range *scope, size_t scopes)
{
	struct klasy_fact fact = { 0 };
	Dwarf_Addr base, begin, end;
	Dwarf_Attribute attr;
	ptrdiff_t at = 0;
	Dwarf_Op *op;
	size_t ops;
	bool pointer;

	if (f->machine->entry_only || !dwarf_attr(die, DW_AT_location, &attr))
		return;
	fact.type = members_of(f, klasy_types_of(f->types, die), &pointer);
	if (!fact.type)
		return;
	while ((at = dwarf_getlocations(&attr, at, &base, &begin, &end, &op, &ops)) > 0) {
		fact.begin = begin;
		fact.end = end;
		if (ops && begin < end && locate(f->machine, &fact, pointer, op, ops))
			add_fact(f, &fact, scope, scopes);
	}
}

static void read_call(struct klasy_facts *f, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Addr pc;
	Dwarf_Die callee;
	klasy_type_id type;

	if (!dwarf_attr(die, DW_AT_call_return_pc, &attr) || dwarf_formaddr(&attr, &pc))
		return;
	if (!dwarf_attr(die, DW_AT_call_origin, &attr) || !dwarf_formref_die(&attr, &callee))
		return;
	type = klasy_types_pointee(f->types, klasy_types_of(f->types, &callee));
	if (type)
		*klasy_add(&f->returned) = (struct klasy_returned){ pc, type };
}

size_t klasy_ranges(Dwarf_Die *die, struct klasy_range *range)
{
	Dwarf_Addr base, begin, end;
	ptrdiff_t at = 0;
	size_t n = 0;

	while (n < KLASY_MAX_RANGES && (at = dwarf_ranges(die, at, &base, &begin, &end)) > 0) {
		if (begin < end)
			range[n++] = (struct klasy_range){ begin, end, NULL };
	}
	return n;
}

static int by_range_begin(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_range *)a)->begin, y = ((const struct klasy_range *)b)->begin;

	return (x > y) - (x < y);
}

bool klasy_ranges_code(const struct klasy_object *o, struct klasy_range *range, size_t ranges)
{
	size_t i;

	qsort(range, ranges, sizeof(range[0]), by_range_begin);
	for (i = 0; i < ranges; i++) {
		range[i].code = klasy_object_code(o, range[i].begin, range[i].end);
		if (!range[i].code)
			return false;
	}
	return true;
}

static uint32_t add_frame(struct klasy_facts *f, Dwarf_Die *die, uint32_t parent)
{
	struct klasy_frame frame = { .name = dwarf_diename(die), .parent = parent };
	Dwarf_Word file, line;
	Dwarf_Attribute attr;

	if (f->sources && dwarf_attr(die, DW_AT_call_file, &attr) && !dwarf_formudata(&attr, &file) &&
	    dwarf_attr(die, DW_AT_call_line, &attr) && !dwarf_formudata(&attr, &line)) {
		frame.call_file = dwarf_filesrc(f->sources, file, NULL, NULL);
		frame.call_line = (uint32_t)line;
	}
	*klasy_add(&f->frame) = frame;
	return (uint32_t)f->frame.n - 1;
}

static void read_scope(struct klasy_facts *f, Dwarf_Die *scope, const struct klasy_range *range, size_t ranges,
		       uint32_t frame, uint32_t depth)
{
	struct klasy_range inner[KLASY_MAX_RANGES];
	Dwarf_Die die;
	size_t n, i;

	if (dwarf_child(scope, &die))
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_formal_parameter:
		case DW_TAG_variable:
			read_variable(f, &die, range, ranges);
			break;
		case DW_TAG_call_site:
			read_call(f, &die);
			break;
		case DW_TAG_lexical_block:
			n = klasy_ranges(&die, inner);
			if (n)
				read_scope(f, &die, inner, n, frame, depth);
			else
				read_scope(f, &die, range, ranges, frame, depth);
			break;
		case DW_TAG_inlined_subroutine: {
			uint32_t callee = add_frame(f, &die, frame);

			n = klasy_ranges(&die, inner);
			for (i = 0; i < n; i++)
				*klasy_add(&f->frame_range) = (struct klasy_frame_range){ inner[i].begin, inner[i].end,
											  callee, depth + 1 };
			read_scope(f, &die, inner, n, callee, depth + 1);
			break;
		}
		default:
			break;
		}
	} while (!dwarf_siblingof(&die, &die));
}

static int by_fact_begin(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_fact *)a)->begin, y = ((const struct klasy_fact *)b)->begin;

	return (x > y) - (x < y);
}

static int by_frame_begin(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_frame_range *)a)->begin, y = ((const struct klasy_frame_range *)b)->begin;

	return (x > y) - (x < y);
}

void klasy_facts_read(struct klasy_facts *f, Dwarf_Die *function, const struct klasy_range *range, size_t ranges)
{
	Dwarf_Die unit;
	size_t files;

	f->fact.n = f->returned.n = f->frame.n = f->frame_range.n = 0;
	f->sources = NULL;
	if (dwarf_diecu(function, &unit, NULL, NULL))
		dwarf_getsrcfiles(&unit, &f->sources, &files);
	add_frame(f, function, 0);
	read_scope(f, function, range, ranges, 0, 0);
	if (f->fact.n)
		qsort(f->fact.at, f->fact.n, sizeof(*f->fact.at), by_fact_begin);
	if (f->frame_range.n)
		qsort(f->frame_range.at, f->frame_range.n, sizeof(*f->frame_range.at), by_frame_begin);
}

void klasy_facts_entry(struct klasy_facts *f, const struct klasy_function *function, enum klasy_convention how,
		       struct klasy_parameters *p)
{
	struct klasy_range entry = { function->entry, function->entry + 1, NULL };
	uint32_t i;

	for (i = 0; how != KLASY_BY_NOTHING && i < p->n; i++) {
		struct klasy_fact fact = { .begin = entry.begin, .end = entry.end, .kind = KLASY_IN_REGISTER };
		bool pointer;

		fact.type = members_of(f, klasy_types_of(f->types, &p->at[i].die), &pointer);
		if (!fact.type || !pointer)
			continue;
		fact.reg = klasy_parameter_place(how, &p->at[i], &fact.slot);
		if (fact.reg == KLASY_NO_REG) {
			/* The slot is the variable's for as long as the function runs. */
			fact.kind = KLASY_POINTER_ON_STACK;
			fact.begin = 0;
			fact.end = UINT64_MAX;
			add_fact(f, &fact, function->range, function->ranges);
		} else {
			add_fact(f, &fact, &entry, 1);
		}
	}
	if (f->fact.n)
		qsort(f->fact.at, f->fact.n, sizeof(*f->fact.at), by_fact_begin);
}

uint32_t klasy_frame_at(const struct klasy_facts *f, uint64_t pc)
{
	uint32_t frame = 0, depth = 0;
	size_t i;

	for (i = 0; i < f->frame_range.n && f->frame_range.at[i].begin <= pc; i++) {
		const struct klasy_frame_range *r = &f->frame_range.at[i];

		if (pc < r->end && r->depth >= depth) {
			frame = r->frame;
			depth = r->depth;
		}
	}
	return frame;
}

void klasy_facts_free(struct klasy_facts *f)
{
	free(f->fact.at);
	free(f->returned.at);
	free(f->frame.at);
	free(f->frame_range.at);
}
