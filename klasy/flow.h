/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flow.h - what the registers of one function point to at each instruction.
 *
 * DWARF says where variables are; between them, pointers are followed from instruction to instruction: copied, loaded
 * from members, returned by calls, spilled to the stack. What two ways into an instruction disagree on is not known.
 */
#ifndef KLASY_FLOW_H
#define KLASY_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insn.h"
#include "types.h"

/* What the debug information says of one place over one range of addresses. */
struct klasy_fact {
	uint64_t begin, end;
	enum klasy_fact_kind {
		KLASY_IN_REGISTER,	/* @reg points @offset bytes into a @type */
		KLASY_POINTER_ON_STACK,	/* a pointer to a @type lies @slot bytes from @reg, or the CFA */
		KLASY_OBJECT_ON_STACK	/* a @type itself lies there */
	} kind;
	uint8_t reg;		/* KLASY_NO_REG: the CFA */
	int32_t slot, offset;
	klasy_type_id type;	/* struct or union; of what is pointed to, also a pointer */
};

/* A variable at a fixed address. */
struct klasy_global {
	uint64_t address;
	uint32_t size;
	klasy_type_id type;	/* of the variable: struct, union, array or pointer */
};

/* A way through the code that no instruction shows: a jump label, the fixup of a fault. */
struct klasy_edge {
	uint64_t from, to;
	bool fault;		/* taken when the instruction faults */
};

/* The pointer that a call returns. */
struct klasy_returned {
	uint64_t pc;		/* of the instruction behind the call */
	klasy_type_id type;	/* struct or union pointed to */
};

/* What a function returns, for calls of which the debug information says nothing. */
struct klasy_returns {
	uint64_t entry;
	klasy_type_id type;	/* a pointer */
};

struct klasy_function {
	const struct klasy_machine *machine;
	uint64_t entry;
	const struct klasy_range *range;	/* sorted by address */
	size_t ranges;
	const struct klasy_fact *fact;		/* sorted by begin */
	size_t facts;
	const struct klasy_edge *edge;		/* of the whole object, sorted by from */
	size_t edges;
	const struct klasy_returned *returned;
	size_t returneds;
	const struct klasy_returns *returns;	/* of the whole object, sorted by entry */
	size_t nr_returns;
	const struct klasy_global *global;	/* sorted by address */
	size_t globals;
	/* Called for each operand on the stack, in the order of the addresses; NULL: not wanted. */
	void (*on_stack)(void *arg, int32_t from_cfa, uint8_t mode);
	void *on_stack_arg;
};

/* One memory operand whose object is known. The object begins at base + index * scale + disp - offset. */
struct klasy_access {
	uint64_t pc;
	uint8_t length;		/* of the instruction, bytes */
	uint8_t base, index;	/* KLASY_NO_REG: none */
	uint8_t scale;
	uint8_t mode;		/* KLASY_READ, KLASY_WRITE or both */
	bool gs;		/* per-CPU: the segment's base is to be added */
	uint16_t size;		/* bytes accessed */
	int64_t disp;
	uint64_t bits;		/* those an immediate operand selects, from the first byte on; 0: all */
	klasy_type_id type;
	long offset;		/* accessed, from the start of the object */
};

typedef void klasy_access_fn(void *arg, const struct klasy_access *access);

struct klasy_flow;

/**
 * klasy_flow_new - memory for any number of functions, one after another
 * @types: the types that facts name
 *
 * To be freed with klasy_flow_free().
 */
struct klasy_flow *klasy_flow_new(struct klasy_types *types);
void klasy_flow_free(struct klasy_flow *f);

/**
 * klasy_flow_run - find the typed memory accesses of a function
 * @f: from klasy_flow_new()
 * @function: its code and what is known of it
 * @fn: called in the order of the addresses, for each type that a base may have
 * @arg: handed to @fn
 *
 * Returns the number of memory operands seen that are not on the stack, typed or not.
 */
unsigned long klasy_flow_run(struct klasy_flow *f, const struct klasy_function *function, klasy_access_fn *fn,
			     void *arg);

/**
 * klasy_flow_entered_with - registers whose content at the entry matters
 * @f: that klasy_flow_run() has run on a function
 *
 * Returns those that the function's first instructions, up to a branch or call, read before they write them: a bit
 * each.
 */
uint16_t klasy_flow_entered_with(const struct klasy_flow *f);

#endif
