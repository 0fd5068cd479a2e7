/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * accesses.h - finds every access to a struct member in one kernel object, by its debug information.
 */
#ifndef KLASY_ACCESSES_H
#define KLASY_ACCESSES_H

#include <stdint.h>

#include "facts.h"
#include "flow.h"
#include "object.h"
#include "types.h"

struct klasy_line {
	const char *file;	/* from the root of the kernel's source; NULL: not known */
	uint32_t line, column;
};

/* What klasy_object_read() tells as it goes; the pointers hold during the call only. */
struct klasy_sink {
	void *arg;
	/* A function begins; the number of a frame counts from 0 anew, frame 0 is the function itself. */
	void (*function)(void *arg, const char *symbol, uint64_t entry, const struct klasy_frame *frame,
			 uint32_t frames);
	void (*access)(void *arg, const struct klasy_access *access, const struct klasy_line *line, uint32_t frame,
		       const uint8_t *code);
};

struct klasy_counts {
	unsigned long units, functions, operands;
};

typedef void klasy_row_fn(void *arg, const struct klasy_line *line, uint64_t begin, uint64_t end);

/**
 * klasy_object_rows - the line table of one unit
 * @o: from klasy_object_open()
 * @file: of the unit, from the root of the source
 * @fn: called for each row: a line, and the code it stands for; end may lie before begin where a piece ends
 * @arg: handed to @fn
 *
 * Returns -1 when there is no such unit.
 */
int klasy_object_rows(const struct klasy_object *o, const char *file, klasy_row_fn *fn, void *arg);

/**
 * klasy_object_read - walk all its functions
 * @o: from klasy_object_open()
 * @types: empty table, filled on the way
 * @sink: told of each function and access
 * @counts: what was seen
 *
 * Returns 0, or -1 with a message on stderr when the debug information is damaged.
 */
int klasy_object_read(const struct klasy_object *o, struct klasy_types *types, const struct klasy_sink *sink,
		      struct klasy_counts *counts);

#endif
