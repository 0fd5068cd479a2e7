/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * match.h - which instructions of a kernel object an advice's pointcut selects.
 */
#ifndef KLASY_MATCH_H
#define KLASY_MATCH_H

#include <stdint.h>

#include "aspect.h"
#include "catalogue.h"
#include "object.h"
#include "store.h"

/* How surely the instruction is the access. */
enum klasy_class {
	KLASY_EXACT,		/* it accesses the member and nothing else */
	KLASY_BITFIELD,		/* it accesses the bytes of a bit-field, neighbours may be meant */
	KLASY_WIDE,		/* it accesses the member together with its neighbours */
	KLASY_MOVED,		/* it does what another line's source says: see points.h */
	KLASY_LINE,		/* code of a line that accesses it, as the source says: no instruction is known to */
	KLASY_ENTRY,		/* the first instruction of a function */
	KLASY_CLASSES
};

/* One place where an advice would run. Texts last as long as the matches. */
struct klasy_match {
	uint64_t pc;		/* link-time address */
	uint64_t entry;		/* of the function that holds it */
	const char *function;
	uint8_t code[16];	/* the instruction's bytes */
	uint8_t length;		/* of them; 0 for an entry */
	uint8_t base, index, scale;
	bool gs;
	uint8_t mode;		/* KLASY_READ, KLASY_WRITE */
	enum klasy_class class;
	int64_t target;		/* from base + index * scale to the struct accessed */
	const char *structure;	/* NULL for an entry */
	const char *member;	/* "a|b": those of a union, or side by side */
	const char *file;	/* of the source, NULL: not known */
	uint32_t line, column;
	const char *inlined;	/* "a in b in c": the chain of inlined functions, NULL: none */
};

struct klasy_matches {
	const struct klasy_machine *machine;
	struct klasy_match *at;
	size_t n;
	/* Of execution(): functions that exist inlined only, with the number of places. */
	struct { char *name; unsigned long places; } *inlined;
	size_t nr_inlined;
	/* Events of the tracer at which it would run, each once, with the first event() that names it. */
	struct { const struct lkst_event_desc *desc; const struct klasy_pointcut *by; } *event;
	size_t events;
	struct klasy_matches_private *p;
};

/**
 * klasy_match_code - the bytes of an instruction
 * @object: that holds it
 * @pc: where it is
 * @code: filled in
 *
 * Returns its length, 0 when there is none.
 */
uint8_t klasy_match_code(const struct klasy_object *object, uint64_t pc, uint8_t code[16]);

/**
 * klasy_match - find where an advice would run
 * @db: index of the object
 * @aspect: for messages
 * @advice: one of its advices
 * @m: filled in, in the order of the addresses
 *
 * Returns 0; -1 with "file:line:column: ..." on stderr when the pointcut names a struct, member or function that the
 * object does not have, with near names, or an event that the tracer does not have.
 */
int klasy_match(sqlite3 *db, const struct klasy_aspect *aspect, const struct klasy_advice *advice,
		struct klasy_matches *m);
/**
 * klasy_match_add - add an instruction that the pointcut did not select by itself
 * @m: from klasy_match()
 * @structure: tag of the struct
 * @member: of it
 * @pc: address of the instruction
 * @class: how surely it is the access
 *
 * Nothing is added when it is there already, or the index has no such access.
 */
void klasy_match_add(struct klasy_matches *m, const char *structure, const char *member, uint64_t pc,
		     enum klasy_class class);

/**
 * klasy_match_add_line - add the first instruction of a line's code
 * @m: from klasy_match()
 * @object: the kernel
 * @line: class, pc, function, entry, mode, structure, member, file, line and column; texts are copied
 *
 * Nothing is added when it is there already, or is no instruction.
 */
void klasy_match_add_line(struct klasy_matches *m, const struct klasy_object *object, const struct klasy_match *line);
void klasy_matches_free(struct klasy_matches *m);

/**
 * klasy_in_file - is it that file? Leading folders may lack.
 * @file: of the source, NULL: not known
 * @wanted: its name, or the end of it from a folder on
 */
bool klasy_in_file(const char *file, const char *wanted);

/**
 * klasy_in_list - is a member among those of a match?
 * @list: "a|b", NULL: none
 * @name: the member
 */
bool klasy_in_list(const char *list, const char *name);

/**
 * klasy_class_name - EXACT, BITFIELD, WIDE, MOVED, LINE, ENTRY
 * @class: any
 */
const char *klasy_class_name(enum klasy_class class);

#endif
