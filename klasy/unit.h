/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unit.h - one file of the kernel's source: what sparse finds in it, and what the compiler makes of it.
 */
#ifndef KLASY_UNIT_H
#define KLASY_UNIT_H

#include <stdint.h>

#include "list.h"
#include "object.h"
#include "observe.h"

enum {
	KLASY_ADDRESS_OF = 4	/* a mode beside KLASY_READ and KLASY_WRITE: only the member's address is taken */
};

/* An access in the source. Texts last as long as the unit. */
struct klasy_point {
	const char *file;	/* from the root of the kernel's source */
	uint32_t line, column;
	const char *structure, *member, *function;
	uint8_t mode;		/* KLASY_READ, KLASY_WRITE, KLASY_ADDRESS_OF */
};

/* A view at its place in the kernel. */
struct klasy_placed {
	const struct klasy_view *view;	/* its file: as in klasy_point */
	uint64_t pc;			/* of the first instruction made of it */
	uint64_t end;			/* behind the last one that may be */
};

/* A row of the kernel's line table whose line has an access in the source. */
struct klasy_row {
	const char *file;
	uint32_t line;
	uint64_t begin, end;
};

struct klasy_unit {
	KLASY_VEC(struct klasy_point) point;
	KLASY_VEC(struct klasy_placed) placed;
	KLASY_VEC(struct klasy_row) row;
	unsigned long same, differ;	/* functions whose bytes are the kernel's, or not */
	const char *first_differing;
	struct klasy_views views;
	struct klasy_unit_private *p;
};

/**
 * klasy_unit_read - read one file of the source
 * @u: filled in
 * @object: the kernel
 * @tree: folder of the kernel's source
 * @headers: its build directory, or the package of its headers
 * @file: of the source, from @tree on
 *
 * Returns enum lkst_exit with a message: the file is not there, make or the compiler refuse it, sparse is not there.
 */
int klasy_unit_read(struct klasy_unit *u, struct klasy_object *object, const char *tree, const char *headers,
		    const char *file);
void klasy_unit_free(struct klasy_unit *u);

#endif
