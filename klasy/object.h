/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * object.h - reads one kernel object with debug information and finds every access to a struct member in it.
 */
#ifndef KLASY_OBJECT_H
#define KLASY_OBJECT_H

#include <stdint.h>

#include "facts.h"
#include "flow.h"
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

struct klasy_object;

/**
 * klasy_object_open - open a vmlinux or a module with debug information
 * @path: the file
 *
 * Returns the object, or NULL with a message on stderr: not an x86-64 ELF file, no debug information.
 */
struct klasy_object *klasy_object_open(const char *path);
void klasy_object_close(struct klasy_object *o);

/**
 * klasy_object_build_id - the build id in hexadecimal
 * @o: from klasy_object_open()
 *
 * Returns "" when the object has none.
 */
const char *klasy_object_build_id(const struct klasy_object *o);

/**
 * klasy_object_build_id_bytes - the same as it lies in memory
 * @o: from klasy_object_open()
 * @address: where it is, as linked
 * @size: bytes of it
 *
 * Returns NULL when the object has none.
 */
const uint8_t *klasy_object_build_id_bytes(const struct klasy_object *o, uint64_t *address, size_t *size);

/**
 * klasy_object_section - which section holds code
 * @o: from klasy_object_open()
 * @pc: its address, as linked
 *
 * Returns the section's name, NULL when none does.
 */
const char *klasy_object_section(const struct klasy_object *o, uint64_t pc);

/**
 * klasy_object_dwarf - its debug information, for who looks up a single thing in it
 * @o: from klasy_object_open()
 */
Dwarf *klasy_object_dwarf(struct klasy_object *o);

/**
 * klasy_object_read - walk all its functions
 * @o: from klasy_object_open()
 * @types: empty table, filled on the way
 * @sink: told of each function and access
 * @counts: what was seen
 *
 * Returns 0, or -1 with a message on stderr when the debug information is damaged.
 */
int klasy_object_read(struct klasy_object *o, struct klasy_types *types, const struct klasy_sink *sink,
		      struct klasy_counts *counts);

#endif
