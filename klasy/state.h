/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * state.h - what registers and stack slots point to at one point of a function, and what is left where two ways meet.
 */
#ifndef KLASY_STATE_H
#define KLASY_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "insn.h"
#include "types.h"

enum {
	KLASY_SLOTS = 24	/* spilled pointers followed at once; more are forgotten */
};

/* Where a register points: nowhere (NULL), a number of bytes into an object, or from the CFA. */
struct klasy_pointing {
	enum { KLASY_TO_UNKNOWN, KLASY_TO_OBJECT, KLASY_TO_STACK, KLASY_TO_NOWHERE } kind : 8;
	klasy_type_id type;
	int32_t offset;
};

struct klasy_slot {
	int32_t at;		/* from the CFA */
	struct klasy_pointing value;
};

/* Begins as zeroes: no way has led here. */
struct klasy_state {
	struct klasy_pointing reg[KLASY_REGS];
	struct klasy_slot slot[KLASY_SLOTS];
	uint8_t slots;
	bool reached;
};

bool klasy_pointing_same(const struct klasy_pointing *a, const struct klasy_pointing *b);

/**
 * klasy_slot_find - what was spilled to the stack
 * @s: the state
 * @at: where, from the CFA
 *
 * Returns NULL when nothing was.
 */
struct klasy_pointing *klasy_slot_find(struct klasy_state *s, int32_t at);

/**
 * klasy_slot_set - spill
 * @s: the state
 * @at: where, from the CFA
 * @value: what; forgotten when there is no room
 */
void klasy_slot_set(struct klasy_state *s, int32_t at, struct klasy_pointing value);

/**
 * klasy_slot_forget - what is stored somewhere in [@at, @at + @size) is no longer what was spilled there
 * @s: the state
 * @at: from the CFA
 * @size: bytes
 * @word: bytes of what is spilled
 */
void klasy_slot_forget(struct klasy_state *s, int32_t at, uint32_t size, int32_t word);

/**
 * klasy_state_merge - one more way leads to a point
 * @into: state there
 * @from: state on that way
 *
 * Returns true when @into has changed.
 */
bool klasy_state_merge(struct klasy_state *into, const struct klasy_state *from);

#endif
