/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * points.h - the accesses of the source that an advice means, and what the compiler made of each.
 */
#ifndef KLASY_POINTS_H
#define KLASY_POINTS_H

#include "aspect.h"
#include "match.h"
#include "object.h"

enum klasy_fate {
	KLASY_FATE_EXACT,	/* instructions on its line access the member and nothing else */
	KLASY_FATE_BITFIELD,	/* ... the bytes of a bit-field, neighbours may be meant */
	KLASY_FATE_WIDE,	/* ... the member together with its neighbours */
	KLASY_FATE_MOVED,	/* instructions on other lines of the function do, in its place */
	KLASY_FATE_LINE,	/* none does, but the line has code */
	KLASY_FATE_NONE,	/* none does */
	KLASY_FATES
};

/* How the instructions were found on the line. */
enum klasy_by {
	KLASY_BY_LINE,		/* by the kernel's line table */
	KLASY_BY_VIEW,		/* by the compiler's own view only */
	KLASY_BY_CALL,		/* in a function that is inlined there */
	KLASY_BYS
};

/* An access in the source. Texts last as long as the list. */
struct klasy_fated {
	const char *file, *structure, *member, *function;
	uint32_t line, column;
	uint8_t mode;		/* as in klasy_point */
	enum klasy_fate fate;
	enum klasy_by by;	/* of the first three fates */
	bool meant;		/* by the pointcut as it stands in the source; else by one of its instructions */
	bool more;		/* moved: it may fire more often than the access would run */
	const char *why;	/* moved: the evidence; line, none: the reason */
	uint64_t *pc;		/* the instructions; of a line, where its code begins */
	size_t pcs;
};

struct klasy_points {
	struct klasy_fated *at;
	size_t n;
	struct klasy_points_private *p;
};

/**
 * klasy_points_match - find the accesses in the source that an advice means
 * @index: of the kernel
 * @tree: from klasy_tree_open()
 * @object: the kernel
 * @advice: one of an aspect's; its names were checked by klasy_match()
 * @m: what klasy_match() found: an access that one of these is made of is meant, too
 * @p: filled in, in the order of files and lines
 */
void klasy_points_match(sqlite3 *index, sqlite3 *tree, const struct klasy_object *object,
			const struct klasy_advice *advice, const struct klasy_matches *m, struct klasy_points *p);
/**
 * klasy_points_add - add to what an advice selects what the source says that it means
 * @index: of the kernel
 * @tree: from klasy_tree_open()
 * @object: the kernel
 * @advice: one of an aspect's
 * @m: from klasy_match(); instructions of EXACT, BITFIELD and WIDE accesses are added, of MOVED ones where there is one
 * @lines: add where the code of LINE accesses begins, too
 *
 * A pointcut with NOT or OR adds nothing: an inlined function may be in what it excludes.
 */
void klasy_points_add(sqlite3 *index, sqlite3 *tree, const struct klasy_object *object,
		      const struct klasy_advice *advice, struct klasy_matches *m, bool lines);
void klasy_points_free(struct klasy_points *p);

/**
 * klasy_fate_name - EXACT, BITFIELD, WIDE, MOVED, LINE, NONE
 * @fate: any
 */
const char *klasy_fate_name(enum klasy_fate fate);

#endif
