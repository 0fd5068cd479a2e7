/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare.h - a compiled file beside the kernel: which of its functions are the kernel's byte by byte, and where.
 */
#ifndef KLASY_COMPARE_H
#define KLASY_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "object.h"

struct klasy_compiled;

/**
 * klasy_compiled_read - read an object file and look for its functions in the kernel
 * @path: of the object file, its instructions labelled by klasy_observe()
 * @kernel: kept until klasy_compiled_free()
 *
 * Bytes that the linker or objtool fills in are not compared: what is at relocations, and the jumps of jump labels.
 *
 * Returns NULL with a message when it is no object file.
 */
struct klasy_compiled *klasy_compiled_read(const char *path, const struct klasy_object *kernel);
void klasy_compiled_free(struct klasy_compiled *c);

/**
 * klasy_compiled_count - how many of its functions the kernel has
 * @c: from klasy_compiled_read()
 * @same: set to those that are the kernel's byte by byte
 * @differ: set to the others
 *
 * Returns the first of the latter, which lasts as long as @c; NULL when there is none.
 */
const char *klasy_compiled_count(const struct klasy_compiled *c, unsigned long *same, unsigned long *differ);

/**
 * klasy_compiled_label - where an instruction is in the kernel
 * @c: from klasy_compiled_read()
 * @number: of its label
 * @pc: set to its address
 * @end: set to where the next label's instruction, or the function's end is
 *
 * Returns false when its function is not the kernel's.
 */
bool klasy_compiled_label(const struct klasy_compiled *c, unsigned int number, uint64_t *pc, uint64_t *end);

#endif
