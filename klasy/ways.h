/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ways.h - the ways through a function's code, as far as one asks whether a place is on all of them.
 */
#ifndef KLASY_WAYS_H
#define KLASY_WAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "object.h"

/* Code of a source line. */
struct klasy_span {
	uint64_t begin, end;
};

struct klasy_ways;

/**
 * klasy_ways_new - prepare for questions about an object's functions
 * @object: kept until klasy_ways_free()
 */
struct klasy_ways *klasy_ways_new(const struct klasy_object *object);
void klasy_ways_free(struct klasy_ways *w);

/**
 * klasy_ways_function - the function that holds code
 * @w: from klasy_ways_new()
 * @pc: address of the code
 * @entry: set to the function's address
 *
 * Returns its symbol's name; NULL when there is none.
 */
const char *klasy_ways_function(const struct klasy_ways *w, uint64_t pc, uint64_t *entry);

/**
 * klasy_ways_before - does every way to some code come by an instruction?
 * @w: from klasy_ways_new()
 * @pc: of the instruction
 * @span: the code, in the same function; what lies elsewhere does not count
 * @spans: how many
 *
 * Returns false also when no way leads to the code.
 */
bool klasy_ways_before(struct klasy_ways *w, uint64_t pc, const struct klasy_span *span, size_t spans);

/**
 * klasy_ways_behind - does every way from an instruction to the function's end come by some code?
 * @w: from klasy_ways_new()
 * @pc: of the instruction
 * @span: the code
 * @spans: how many
 *
 * Where the kernel stops for good is no end.
 */
bool klasy_ways_behind(struct klasy_ways *w, uint64_t pc, const struct klasy_span *span, size_t spans);

#endif
