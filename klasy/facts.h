/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * facts.h - what the debug information says of one function: variables, returned pointers, inlined functions.
 */
#ifndef KLASY_FACTS_H
#define KLASY_FACTS_H

#include <stddef.h>
#include <stdint.h>
#include <elfutils/libdw.h>

#include "convention.h"
#include "flow.h"
#include "list.h"
#include "object.h"
#include "types.h"

enum { KLASY_MAX_RANGES = 64 };		/* of one function or block: those behind are not looked at */

/* An inlined function at one place, or the function that holds the code. */
struct klasy_frame {
	const char *name;
	uint32_t parent;	/* number of the frame it is inlined into; its own for the function itself */
	const char *call_file;	/* where it is called there, NULL: not known */
	uint32_t call_line;
};

struct klasy_frame_range {
	uint64_t begin, end;
	uint32_t frame, depth;
};

/* Begins as zeroes but for @types and @machine. */
struct klasy_facts {
	const struct klasy_machine *machine;
	struct klasy_types *types;		/* types that are met are added */
	Dwarf_Files *sources;			/* of the function's unit */
	KLASY_VEC(struct klasy_fact) fact;	/* sorted by begin */
	KLASY_VEC(struct klasy_returned) returned;
	KLASY_VEC(struct klasy_frame) frame;	/* the first is the function itself */
	KLASY_VEC(struct klasy_frame_range) frame_range;	/* sorted by begin */
};

/**
 * klasy_ranges - where the code of a function or block lies
 * @die: of it
 * @range: filled in without the code, in the order of the debug information; room for KLASY_MAX_RANGES
 *
 * Returns how many there are.
 */
size_t klasy_ranges(Dwarf_Die *die, struct klasy_range *range);

/**
 * klasy_ranges_code - the code of these, sorted by where they begin
 * @o: the object
 * @range: from klasy_ranges(), their code filled in
 * @ranges: how many
 *
 * Returns false when there is none for one of them.
 */
bool klasy_ranges_code(const struct klasy_object *o, struct klasy_range *range, size_t ranges);

/**
 * klasy_facts_read - read a function
 * @f: filled in anew, its memory used again
 * @function: its DIE
 * @range: where its code lies
 * @ranges: how many
 */
void klasy_facts_read(struct klasy_facts *f, Dwarf_Die *function, const struct klasy_range *range, size_t ranges);
/**
 * klasy_facts_entry - add what is known of a function's parameters where it begins
 * @f: from klasy_facts_read()
 * @function: its code
 * @how: they are handed over
 * @p: the parameters
 */
void klasy_facts_entry(struct klasy_facts *f, const struct klasy_function *function, enum klasy_convention how,
		       struct klasy_parameters *p);
void klasy_facts_free(struct klasy_facts *f);

/**
 * klasy_frame_at - the innermost function that code belongs to
 * @f: from klasy_facts_read()
 * @pc: its address
 *
 * Returns a number in f->frame.
 */
uint32_t klasy_frame_at(const struct klasy_facts *f, uint64_t pc);

#endif
