// SPDX-License-Identifier: GPL-2.0-only
/*
 * state.c - what registers and stack slots point to at one point of a function, and what is left where two ways meet.
 */
#include "state.h"

bool klasy_pointing_same(const struct klasy_pointing *a, const struct klasy_pointing *b)
{
	return a->kind == b->kind && a->type == b->type && a->offset == b->offset;
}

struct klasy_pointing *klasy_slot_find(struct klasy_state *s, int32_t at)
{
	int i;

	for (i = 0; i < s->slots; i++) {
		if (s->slot[i].at == at)
			return &s->slot[i].value;
	}
	return NULL;
}

void klasy_slot_set(struct klasy_state *s, int32_t at, struct klasy_pointing value)
{
	struct klasy_pointing *old = klasy_slot_find(s, at);

	if (old)
		*old = value;
	else if (value.kind != KLASY_TO_UNKNOWN && s->slots < KLASY_SLOTS)
		s->slot[s->slots++] = (struct klasy_slot){ at, value };
}

void klasy_slot_forget(struct klasy_state *s, int32_t at, uint32_t size, int32_t word)
{
	int i;

	for (i = 0; i < s->slots; i++) {
		if (s->slot[i].at < at + (int32_t)size && s->slot[i].at + word > at)
			s->slot[i].value.kind = KLASY_TO_UNKNOWN;
	}
}

/* A pointer that is NULL on one way is what it is on the other. Returns true when @into is no longer what it was. */
static bool merge_value(struct klasy_pointing *into, const struct klasy_pointing *from)
{
	if (into->kind == KLASY_TO_UNKNOWN || klasy_pointing_same(into, from) ||
	    (into->kind == KLASY_TO_OBJECT && from->kind == KLASY_TO_NOWHERE))
		return false;
	if (into->kind == KLASY_TO_NOWHERE && from->kind == KLASY_TO_OBJECT)
		*into = *from;
	else
		*into = (struct klasy_pointing){ KLASY_TO_UNKNOWN, 0, 0 };
	return true;
}

bool klasy_state_merge(struct klasy_state *into, const struct klasy_state *from)
{
	static const struct klasy_pointing unknown;
	bool changed = false;
	int i;

	if (!into->reached) {
		*into = *from;
		into->reached = true;
		return true;
	}
	for (i = 0; i < KLASY_REGS; i++)
		changed |= merge_value(&into->reg[i], &from->reg[i]);
	for (i = 0; i < into->slots; i++) {
		struct klasy_pointing *theirs = klasy_slot_find((struct klasy_state *)from, into->slot[i].at);

		changed |= merge_value(&into->slot[i].value, theirs ? theirs : &unknown);
	}
	return changed;
}
