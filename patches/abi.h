/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * abi.h - what two builds of a kernel offer to modules: exported symbols, and types as debug information has them.
 * Shared by the sources of lkst-abi-check; of patch series and hooks it knows nothing.
 */
#ifndef LKST_ABI_H
#define LKST_ABI_H

#include <stddef.h>
#include <stdio.h>

struct abi_symbol {
	char *name;
	unsigned int crc;
	int has_crc;
	int gpl;		/* for modules under the GPL only */
};

enum abi_class { ABI_STRUCT, ABI_ENUM, ABI_TYPEDEF };

/* A member of a structure, of an enum (at is its value), or, without a name, what a typedef stands for. */
struct abi_member {
	char *name;		/* "u.tcp" for what lies in a structure without a name of its own */
	char *type;
	long long at;		/* structures: bits from the beginning */
	long long bits;		/* of a bit-field, else 0 */
};

struct abi_type {
	enum abi_class class;
	const char *tag;	/* "struct ", "union ", "enum " or "" */
	char *name;		/* of an enum without a name: its first value in braces */
	char *file;		/* where it is declared, from the top of the tree */
	long long size;		/* bytes */
	struct abi_member *member;
	unsigned int nr;
};

struct abi_build {
	const char *dir;
	struct abi_symbol *symbol;	/* by name */
	unsigned int nr_symbols;
	int has_crcs;
	struct abi_type *type;		/* by class and name; several of a name when files disagree */
	unsigned int nr_types;
	unsigned int nr_units;		/* compilation units with debug information */
	char **object;			/* vmlinux, then modules */
	unsigned int nr_objects;
};

/**
 * abi_find_objects - look for vmlinux and modules in a build folder
 * @build: dir set, the rest zero; object[] is set
 *
 * Takes what ci/legacy-kernel leaves or a kernel tree in which was built. Ends the program when there is no vmlinux.
 */
void abi_find_objects(struct abi_build *build);

/**
 * abi_read_symbols - read the exported symbols, from Module.symvers or the objects
 * @build: after abi_find_objects()
 *
 * Ends the program when there are none.
 */
void abi_read_symbols(struct abi_build *build);

/**
 * abi_read_types - read structures, unions, enums and typedefs from the objects' debug information
 * @build: after abi_find_objects()
 */
void abi_read_types(struct abi_build *build);

/* Found by comparing; the names are those of the reasons file. */
struct abi_change {
	const char *kind;	/* "symbol-lost" */
	const char *tag;	/* in front of the name: "struct " */
	const char *name;
	const char *file;	/* or NULL */
	char *detail;		/* lines without their last newline; may be empty */
	const char *severity;	/* "error", "note", "tolerated" */
	const char *reason;	/* or NULL */
};

struct abi_changes {
	struct abi_change *change;
	unsigned int nr;
};

/**
 * abi_compare_symbols - add what differs in exported symbols
 * @base: the kernel without the series
 * @patched: the one with it
 * @changes: grows
 */
void abi_compare_symbols(const struct abi_build *base, const struct abi_build *patched, struct abi_changes *changes);

/**
 * abi_compare_types - the same for structures, enums and typedefs
 * @base: as above
 * @patched:
 * @changes: grows
 */
void abi_compare_types(const struct abi_build *base, const struct abi_build *patched, struct abi_changes *changes);

/**
 * abi_copy - a string of one's own
 * @text: to be copied
 */
char *abi_copy(const char *text);

#endif
