// SPDX-License-Identifier: GPL-2.0-only
/*
 * convention.c - where a function of i386 finds its arguments: on the stack, or the first three in registers.
 */
#include <dwarf.h>
#include <string.h>

#include "convention.h"
#include "facts.h"

enum { WORD = 4, IN_REGISTERS = 3 };

static const uint8_t in_order[IN_REGISTERS] = { 0, 2, 1 };	/* eax, edx, ecx */

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attr), type) && !dwarf_peel_type(type, type);
}

bool klasy_parameters_read(Dwarf_Die *function, struct klasy_parameters *p)
{
	Dwarf_Attribute attr;
	Dwarf_Die origin = *function, die, type;
	Dwarf_Word size;
	int tag;

	memset(p, 0, sizeof(*p));
	if (type_of(function, &type) &&
	    ((tag = dwarf_tag(&type)) == DW_TAG_structure_type || tag == DW_TAG_union_type))
		return false;
	/* A copy of a function may have fewer. */
	if (dwarf_attr(function, DW_AT_abstract_origin, &attr))
		dwarf_formref_die(&attr, &origin);
	if (dwarf_child(&origin, &die))
		return true;
	do {
		struct klasy_parameter *one = &p->at[p->n];

		if (dwarf_tag(&die) != DW_TAG_formal_parameter)
			continue;
		if (p->n == KLASY_MAX_PARAMETERS || !type_of(&die, &type) || dwarf_aggregate_size(&type, &size) ||
		    !size)
			return false;
		*one = (struct klasy_parameter){ die, (uint32_t)size, p->words };
		p->big |= size > WORD && p->words < IN_REGISTERS;
		p->words += (uint32_t)(size + WORD - 1) / WORD;
		p->n++;
	} while (!dwarf_siblingof(&die, &die));
	return true;
}

/* What is above the return address: the arguments, and behind them the caller's own. */
struct seen {
	int32_t begin, end;	/* bytes that only arguments on the stack can be in */
	bool any;
};

static void see(void *arg, int32_t from_cfa, uint8_t mode)
{
	struct seen *s = arg;

	s->any |= (mode & KLASY_READ) && from_cfa >= s->begin && from_cfa < s->end;
}

static void no_access(void *arg, const struct klasy_access *access)
{
	(void)arg;
	(void)access;
}

enum klasy_convention klasy_convention(struct klasy_flow *flow, const struct klasy_function *function,
				       const struct klasy_parameters *p)
{
	struct klasy_function bare = *function;
	int32_t first = p->words > IN_REGISTERS ? (int32_t)p->words - IN_REGISTERS : 0;
	struct seen seen = { first * WORD, (int32_t)p->words * WORD, false };
	uint16_t read, wanted = 0;
	uint32_t i;

	if (!p->words)
		return KLASY_BY_NOTHING;
	bare.on_stack = see;
	bare.on_stack_arg = &seen;
	klasy_flow_run(flow, &bare, no_access, NULL);
	read = klasy_flow_entered_with(flow);
	for (i = 0; i < IN_REGISTERS && i < p->words; i++)
		wanted |= (uint16_t)(1 << in_order[i]);
	if (seen.any == ((read & wanted) != 0))
		return KLASY_BY_NOTHING;
	if (seen.any)
		return KLASY_BY_STACK;
	return p->big ? KLASY_BY_NOTHING : KLASY_BY_REGISTERS;
}

enum klasy_convention klasy_convention_of(struct klasy_object *o, Dwarf_Die *function, uint64_t entry,
					  const struct klasy_parameters *p)
{
	struct klasy_range range[KLASY_MAX_RANGES];
	struct klasy_function fn = { .machine = klasy_object_machine(o), .entry = entry, .range = range };
	struct klasy_types types;
	struct klasy_flow *flow;
	enum klasy_convention how;

	fn.ranges = klasy_ranges(function, range);
	if (!klasy_ranges_code(o, range, fn.ranges))
		return KLASY_BY_NOTHING;
	fn.edge = klasy_object_edges(o, &fn.edges);
	klasy_types_begin(&types, fn.machine->word);
	flow = klasy_flow_new(&types);
	how = klasy_convention(flow, &fn, p);
	klasy_flow_free(flow);
	klasy_types_end(&types);
	return how;
}

uint8_t klasy_parameter_place(enum klasy_convention how, const struct klasy_parameter *p, int32_t *slot)
{
	*slot = 0;
	if (how == KLASY_BY_REGISTERS && p->word < IN_REGISTERS)
		return in_order[p->word];
	*slot = ((int32_t)p->word - (how == KLASY_BY_REGISTERS ? IN_REGISTERS : 0)) * WORD;
	return KLASY_NO_REG;
}
