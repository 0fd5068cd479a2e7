/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * touch.h - the instructions that access members of one struct, as far as the index and the compiler's views know them.
 */
#ifndef KLASY_TOUCH_H
#define KLASY_TOUCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sqlite3.h>

#include "list.h"
#include "points.h"
#include "ways.h"

/* A frame of the index, by its number. */
struct klasy_index_frame {
	const char *name, *file;	/* file, line: where it is called */
	uint32_t parent, line;
};

struct klasy_index_member {
	const char *name;
	uint32_t offset, size;
	bool bits;
};

/* An instruction that accesses a member of the struct in question. */
struct klasy_touch {
	uint64_t pc, entry;		/* entry: of the symbol that holds it */
	const char *member, *file;
	uint32_t line, frame;		/* frame: 0: of the view only */
	uint8_t mode;
	enum klasy_fate fate;		/* exact, bit-field or wide */
	bool view;			/* file and line are the compiler's, the index has others or none */
};

/* Texts last as long as this. */
struct klasy_touches {
	sqlite3 *index, *tree;
	const struct klasy_ways *ways;
	struct klasy_texts texts;
	KLASY_VEC(struct klasy_index_frame) frame;
	const char *structure;
	KLASY_VEC(struct klasy_index_member) member;	/* of @structure */
	KLASY_VEC(struct klasy_touch) touch;		/* of @structure */
};

/**
 * klasy_touches_begin - read the frames, no struct yet
 * @all: filled in
 * @index: of the kernel
 * @tree: from klasy_tree_open()
 * @ways: of the kernel, kept until klasy_touches_end()
 */
void klasy_touches_begin(struct klasy_touches *all, sqlite3 *index, sqlite3 *tree, const struct klasy_ways *ways);
void klasy_touches_end(struct klasy_touches *all);

/**
 * klasy_touches_read - read the members of a struct, and the instructions that access them
 * @all: from klasy_touches_begin(); nothing is read again when it has that struct
 * @structure: tag, kept
 */
void klasy_touches_read(struct klasy_touches *all, const char *structure);

#endif
