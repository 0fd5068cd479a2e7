/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * relocate.h - kernel modules are linked when they are loaded: here they are linked to addresses of this program's own.
 */
#ifndef KLASY_RELOCATE_H
#define KLASY_RELOCATE_H

#include <stdbool.h>
#include <stdint.h>
#include <elfutils/libdwfl.h>

/**
 * klasy_module_open - open a kernel module
 * @path: its file; its debug information may be elsewhere, where debuggers look for it
 * @elf: set to the file, its sections have addresses, from 64 KiB on
 * @dwarf: set to its debug information, NULL when there is none
 *
 * Returns what klasy_module_close() wants, NULL when the file cannot be read.
 */
Dwfl *klasy_module_open(const char *path, Elf **elf, Dwarf **dwarf);
void klasy_module_close(Dwfl *dwfl);

/**
 * klasy_relocate - a section's bytes as they are when sections lie at their addresses
 * @elf: from klasy_module_open()
 * @scn: the section
 * @loose: set to as many bytes, 1 where the loader changes the section's
 *
 * Returns memory that is the caller's, as @loose; NULL when the
 * section has no bytes.
 */
uint8_t *klasy_relocate(Elf *elf, Elf_Scn *scn, uint8_t **loose);

/**
 * klasy_symbol_address - where a symbol is when sections lie at their addresses
 * @elf: from klasy_module_open()
 * @symbol: one of its table
 * @number: in the table
 *
 * One of another file gets an address that no other symbol has, with 16 KiB for its variable.
 */
uint64_t klasy_symbol_address(Elf *elf, const GElf_Sym *symbol, size_t number);

#endif
