/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * object.h - reads one kernel object: sections, symbols, code, and the ways through it that no instruction shows.
 */
#ifndef KLASY_OBJECT_H
#define KLASY_OBJECT_H

#include <stdint.h>
#include <gelf.h>

#include "flow.h"

struct klasy_object;

/**
 * klasy_object_open - open a vmlinux or a module with debug information
 * @path: the file
 *
 * Returns the object, or NULL with a message on stderr: not an ELF file for x86-64 or i386, no debug information.
 */
struct klasy_object *klasy_object_open(const char *path);
void klasy_object_close(struct klasy_object *o);

/**
 * klasy_object_path - the file, for messages
 * @o: from klasy_object_open()
 */
const char *klasy_object_path(const struct klasy_object *o);

/**
 * klasy_object_machine - what its code is for
 * @o: from klasy_object_open()
 */
const struct klasy_machine *klasy_object_machine(const struct klasy_object *o);

/**
 * klasy_object_banner - what the kernel says of itself when it starts
 * @o: from klasy_object_open()
 * @address: set to where it is, as linked; NULL: not wanted
 *
 * Returns "" for a module.
 */
const char *klasy_object_banner(const struct klasy_object *o, uint64_t *address);

/**
 * klasy_object_build_id - the build id in hexadecimal
 * @o: from klasy_object_open()
 *
 * A kernel that was linked before there were any has a sum of its code and banner instead.
 *
 * Returns "" when the object has none.
 */
const char *klasy_object_build_id(const struct klasy_object *o);

/**
 * klasy_object_build_id_bytes - the same as it lies in memory; of a kernel without one, its banner
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
 * klasy_object_module - which kernel module it is
 * @o: from klasy_object_open()
 *
 * Returns its name, NULL for the kernel itself. Addresses in a module are those that this program gave its sections.
 */
const char *klasy_object_module(const struct klasy_object *o);

/**
 * klasy_object_place - which section of a module holds an address
 * @o: from klasy_object_open()
 * @address: any
 * @begin: set to where the section begins
 *
 * Returns the section's name, NULL when none does or it is no module.
 */
const char *klasy_object_place(const struct klasy_object *o, uint64_t address, uint64_t *begin);

/**
 * klasy_object_place_next - the sections of a module one by one, but those that go when it has started
 * @o: from klasy_object_open()
 * @i: which, from 0
 * @begin: set to where it begins
 * @end: set to where it ends
 *
 * Returns the section's name, NULL when there are no more.
 */
const char *klasy_object_place_next(const struct klasy_object *o, size_t i, uint64_t *begin, uint64_t *end);

/**
 * klasy_object_loose - bytes of code that the loader of modules changes
 * @o: from klasy_object_open()
 * @pc: the first byte
 * @length: of them, at most 16
 *
 * Returns a bit for each.
 */
unsigned int klasy_object_loose(const struct klasy_object *o, uint64_t pc, unsigned int length);

/**
 * klasy_object_dwarf - its debug information, for who looks up a single thing in it
 * @o: from klasy_object_open()
 */
Dwarf *klasy_object_dwarf(const struct klasy_object *o);

/**
 * klasy_object_code - bytes of code
 * @o: from klasy_object_open()
 * @begin: address as linked
 * @end: behind the last byte
 *
 * Returns NULL when they do not lie in one section of code.
 */
const uint8_t *klasy_object_code(const struct klasy_object *o, uint64_t begin, uint64_t end);

/**
 * klasy_object_code_next - the sections of code one by one
 * @o: from klasy_object_open()
 * @i: which, from 0
 * @range: filled in
 *
 * Returns the section's name, NULL when there are no more.
 */
const char *klasy_object_code_next(const struct klasy_object *o, size_t i, struct klasy_range *range);

typedef void klasy_symbol_fn(void *arg, const char *name, const GElf_Sym *symbol);

/**
 * klasy_elf_symbols - tell all symbols of a file
 * @elf: the file
 * @fn: called for each, in the order of the table; a name that cannot be read is ""
 * @arg: handed to @fn
 */
void klasy_elf_symbols(Elf *elf, klasy_symbol_fn *fn, void *arg);

/**
 * klasy_object_symbols - tell all symbols
 * @o: from klasy_object_open()
 * @fn: called for each, in the order of the table
 * @arg: handed to @fn
 */
void klasy_object_symbols(const struct klasy_object *o, klasy_symbol_fn *fn, void *arg);

/**
 * klasy_object_edges - the ways through the code that no instruction shows
 * @o: from klasy_object_open()
 * @n: set to how many there are
 *
 * Returns them sorted by from.
 */
const struct klasy_edge *klasy_object_edges(const struct klasy_object *o, size_t *n);

/**
 * klasy_object_give_back - give back the pages of the file that were read
 * @o: from klasy_object_open()
 *
 * They count as this program's memory until then; the kernel keeps them in its cache. A vmlinux has 600 MB of them.
 */
void klasy_object_give_back(const struct klasy_object *o);

#endif
