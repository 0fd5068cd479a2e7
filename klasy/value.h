/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value.h - where the debug information says that a variable is at one instruction, as C code that fetches it.
 */
#ifndef KLASY_VALUE_H
#define KLASY_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <elfutils/libdw.h>

#include "generate.h"
#include "object.h"

enum klasy_value_state {
	KLASY_VALUE_KNOWN,
	KLASY_VALUE_NO_NAME,	/* no variable of that name is visible there */
	KLASY_VALUE_NOWHERE,	/* the compiler keeps it nowhere at that instruction */
	KLASY_VALUE_ENTRY,	/* only what a register held at the function's entry is described, and that is lost */
	KLASY_VALUE_PIECES,	/* it lies in several places, or the way to it takes more than whole numbers */
	KLASY_VALUE_BIG,	/* it has more than 8 bytes, or is an array */
	KLASY_VALUE_ENTERED,	/* i386: only arguments are known, where a function is entered */
	KLASY_VALUE_CONVENTION,	/* i386: not how they are handed over */
	KLASY_VALUE_STATES
};

/* A variable at one instruction. */
struct klasy_value {
	enum klasy_value_state state;
	char type[128];		/* as C has it; that of a pointer to what has no tag is void * */
	bool pointer;
	bool memory;		/* it is read from memory */
	uint16_t regs;		/* registers it is computed from, a bit each */
	char *code;		/* C: statements that set "value", or return false; NULL unless known; to be freed */
};

/**
 * klasy_value_find - a variable at an instruction
 * @o: the object
 * @pc: the instruction
 * @name: of the variable, or the number of an argument
 * @argument: only arguments are looked at
 * @functions: when one of these is around the instruction, its variables are meant (innermost first); else all that
 *	       are visible from the innermost function outwards
 * @v: filled in
 *
 * The code uses "regs", the struct pt_regs * at that instruction, and "klasy_slide", the distance that the kernel has
 * been moved.
 */
void klasy_value_find(struct klasy_object *o, uint64_t pc, const char *name, bool argument,
		      const struct klasy_words *functions, struct klasy_value *v);

/**
 * klasy_value_reason - why there is none, to go behind "N places: "
 * @state: not KLASY_VALUE_KNOWN
 */
const char *klasy_value_reason(enum klasy_value_state state);

#endif
