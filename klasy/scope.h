/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scope.h - the blocks and functions around an instruction, and their variables.
 */
#ifndef KLASY_SCOPE_H
#define KLASY_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <elfutils/libdw.h>

#include "generate.h"
#include "object.h"

enum { KLASY_MAX_SCOPES = 128 };

/**
 * klasy_scopes - the blocks and functions around an instruction
 * @o: the object
 * @pc: the instruction
 * @scope: filled in, outermost first; the first one is the function itself
 *
 * Returns how many there are.
 */
size_t klasy_scopes(struct klasy_object *o, uint64_t pc, Dwarf_Die scope[KLASY_MAX_SCOPES]);

/**
 * klasy_scope_find - a variable or an argument by its name
 * @scope: from klasy_scopes()
 * @scopes: how many
 * @name: of it, or the number of an argument
 * @argument: arguments only
 * @functions: the innermost of these is meant; without any, all that is around the instruction
 * @found: filled in
 */
bool klasy_scope_find(Dwarf_Die *scope, size_t scopes, const char *name, bool argument,
		      const struct klasy_words *functions, Dwarf_Die *found);

/**
 * klasy_scope_has - is there such a variable at an instruction?
 * @o: the object
 * @pc: the instruction
 * @name: as for klasy_scope_find(), as are @argument and @functions
 * @fn: when not: told the names of all variables and arguments around the instruction
 * @arg: handed to @fn
 */
bool klasy_scope_has(struct klasy_object *o, uint64_t pc, const char *name, bool argument,
		     const struct klasy_words *functions, void (*fn)(void *arg, const char *name), void *arg);

#endif
