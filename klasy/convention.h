/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * convention.h - where a function of i386 finds its arguments: on the stack, or the first three in registers.
 *
 * Neither DWARF nor the type of a function says so for compilers of that time (regparm, fastcall). The code does: no
 * function but one with arguments on the stack reads where those would be.
 */
#ifndef KLASY_CONVENTION_H
#define KLASY_CONVENTION_H

#include <elfutils/libdw.h>

#include "flow.h"
#include "object.h"

enum klasy_convention {
	KLASY_BY_NOTHING,	/* it takes none, or nothing in the code tells */
	KLASY_BY_STACK,
	KLASY_BY_REGISTERS	/* eax, edx, ecx, then the stack */
};

enum { KLASY_MAX_PARAMETERS = 16 };

struct klasy_parameters {
	struct klasy_parameter {
		Dwarf_Die die;
		uint32_t size;		/* bytes */
		uint32_t word;		/* its first among those that all take, 4 bytes each */
	} at[KLASY_MAX_PARAMETERS];
	uint32_t n, words;
	bool big;			/* one of the first three words is part of something bigger */
};

/**
 * klasy_parameters_read - what a function takes
 * @function: its DIE
 * @p: filled in
 *
 * Returns false when that is not known, or more than that is handed over: a function that returns a struct gets its
 * address.
 */
bool klasy_parameters_read(Dwarf_Die *function, struct klasy_parameters *p);

/**
 * klasy_convention - how they are handed over
 * @flow: from klasy_flow_new()
 * @function: code and edges, without facts
 * @p: from klasy_parameters_read()
 */
enum klasy_convention klasy_convention(struct klasy_flow *flow, const struct klasy_function *function,
				       const struct klasy_parameters *p);

/**
 * klasy_convention_of - the same of one function that nothing is known of yet
 * @o: its object
 * @function: its DIE
 * @entry: where it is entered
 * @p: from klasy_parameters_read()
 */
enum klasy_convention klasy_convention_of(struct klasy_object *o, Dwarf_Die *function, uint64_t entry,
					  const struct klasy_parameters *p);

/**
 * klasy_parameter_place - where one of them is when the function is entered
 * @how: from klasy_convention()
 * @p: one of them
 * @slot: set to how far from the CFA it lies, or to 0
 *
 * Returns the register, KLASY_NO_REG for the stack.
 */
uint8_t klasy_parameter_place(enum klasy_convention how, const struct klasy_parameter *p, int32_t *slot);

#endif
