/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * types.h - structs, unions and pointers of one object file, as its DWARF tells them.
 *
 * A kernel describes the same struct anew in every compilation unit; here each exists once.
 */
#ifndef KLASY_TYPES_H
#define KLASY_TYPES_H

#include <stdbool.h>
#include <stdint.h>
#include <elfutils/libdw.h>

enum klasy_kind {
	KLASY_OTHER,		/* numbers, functions, void */
	KLASY_POINTER,
	KLASY_STRUCT,
	KLASY_UNION,
	KLASY_ARRAY
};

/* A type is named by its index; 0 is KLASY_OTHER without a size. */
typedef uint32_t klasy_type_id;

struct klasy_member {
	const char *name;	/* NULL: unnamed struct or union, whose members count as its owner's */
	klasy_type_id type;
	uint32_t offset;	/* bytes from the start of the struct */
	uint32_t size;		/* bytes; of a bit-field, of those that hold it */
	uint16_t bit, bits;	/* bit-field: first bit, counted from offset, and width; width 0: none */
};

struct klasy_type {
	enum klasy_kind kind;
	const char *name;	/* tag, or the typedef's name of an untagged one; NULL: neither */
	uint32_t size;		/* bytes; 0: not known here */
	klasy_type_id target;	/* pointer: what it points to; array: its element */
	uint32_t first, members;	/* in klasy_types.member; array: @members is how many elements it has */
	bool incomplete;	/* only declared where it was met */
};

struct klasy_types {
	struct klasy_type *type;
	struct klasy_member *member;
	uint32_t types, members;
	uint8_t word;		/* bytes of a pointer */
	struct klasy_types_private *p;
};

/* One part of an access: the member @member of a struct that begins @start bytes into the object accessed. */
struct klasy_step {
	uint32_t member;	/* index in klasy_types.member */
	long start;
	bool element;		/* the struct is an element of an array that lies in one of those before */
};

typedef void klasy_step_fn(void *arg, const struct klasy_step *step);

/**
 * klasy_types_begin - an empty table
 * @t: the table
 * @word: bytes of a pointer
 */
void klasy_types_begin(struct klasy_types *t, uint8_t word);

/**
 * klasy_types_end - free the table's memory
 * @t: the table
 */
void klasy_types_end(struct klasy_types *t);

/**
 * klasy_types_next_unit - forget where the DIEs of the last compilation unit were
 * @t: the table
 */
void klasy_types_next_unit(struct klasy_types *t);

/**
 * klasy_types_of - the type which a DIE refers to
 * @t: the table
 * @die: a DIE with DW_AT_type, its own or that of its abstract origin
 *
 * Returns the type, 0 when @die has none or it is neither pointer, struct, union nor array.
 */
klasy_type_id klasy_types_of(struct klasy_types *t, Dwarf_Die *die);

/**
 * klasy_types_pointee - what a pointer points to, with its members
 * @t: the table
 * @id: any type
 *
 * Returns a pointer, or a struct or union whose size is known, else 0. A struct only declared in the pointer's unit is
 * looked up by its name, and found when just one struct has that name.
 */
klasy_type_id klasy_types_pointee(struct klasy_types *t, klasy_type_id id);

/**
 * klasy_types_steps - the members that an access touches, outermost first
 * @t: the table
 * @id: struct or union
 * @offset: first byte accessed, from the start of @id
 * @size: bytes accessed
 * @fn: called for each member of each struct on the way
 * @arg: handed to @fn
 */
void klasy_types_steps(const struct klasy_types *t, klasy_type_id id, long offset, uint32_t size, klasy_step_fn *fn,
		       void *arg);

/**
 * klasy_types_load - the type of a pointer that lies in an object
 * @t: the table
 * @id: struct, union, or a pointer itself
 * @offset: where in @id, bytes
 *
 * Returns a pointer type; 0 when no pointer lies exactly there, or members of a union disagree.
 */
klasy_type_id klasy_types_load(const struct klasy_types *t, klasy_type_id id, long offset);

#endif
