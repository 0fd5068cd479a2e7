/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * way.h - how control comes to an instruction: where a probe may be instead, and whether the kernel makes it a jump.
 */
#ifndef KLASY_WAY_H
#define KLASY_WAY_H

#include <stdbool.h>
#include <stdint.h>

#include "object.h"

/* Why the kernel cannot put a jump of five bytes at an instruction. */
enum klasy_obstacle {
	KLASY_FREE,
	KLASY_ENTERED,		/* a jump leads into the five bytes */
	KLASY_FIXED,		/* an instruction in the five bytes cannot run elsewhere, as a branch */
	KLASY_SHORT,		/* the function ends within them */
	KLASY_FAULTS,		/* the function has an entry in the exception table */
	KLASY_INDIRECT,		/* the function has a jump to where no instruction says */
	KLASY_NEIGHBOUR,	/* another probe is in the five bytes */
	KLASY_STEPPED,		/* the kernel steps through the access, for a body behind it */
	KLASY_UNKNOWN,		/* the function is not known */
	KLASY_OBSTACLES
};

/**
 * klasy_obstacle_name - in a word, "" for KLASY_FREE
 * @obstacle: any
 */
const char *klasy_obstacle_name(enum klasy_obstacle obstacle);

struct klasy_way;

/**
 * klasy_way_new - for one object
 * @o: stays the caller's
 *
 * To be freed by klasy_way_free(). Instructions are best asked for in the order of their addresses: the function of the
 * last one is kept.
 */
struct klasy_way *klasy_way_new(struct klasy_object *o);
void klasy_way_free(struct klasy_way *w);

/**
 * klasy_way_jump - could the kernel make a probe a jump?
 * @w: from klasy_way_new()
 * @pc: where the probe is
 * @size: set to the bytes that belong to the jump
 */
enum klasy_obstacle klasy_way_jump(struct klasy_way *w, uint64_t pc, unsigned int *size);

/**
 * klasy_way_before - the instruction before, where it makes no difference to be
 * @w: from klasy_way_new()
 * @pc: an instruction
 * @regs: registers that must be the same, a bit each
 *
 * Returns the address of an instruction after which always @pc comes, before which nothing else comes, and which
 * changes neither memory nor @regs; 0 when there is none.
 */
uint64_t klasy_way_before(struct klasy_way *w, uint64_t pc, uint16_t regs);

/**
 * klasy_way_behind - the instruction behind, where nothing else leads
 * @w: from klasy_way_new()
 * @pc: an instruction
 * @regs: registers that it must leave alone, a bit each
 * @memory: it must not write memory, either
 *
 * Returns its address; 0 when it may be reached in another way, or @pc does not always lead there.
 */
uint64_t klasy_way_behind(struct klasy_way *w, uint64_t pc, uint16_t regs, bool memory);

#endif
