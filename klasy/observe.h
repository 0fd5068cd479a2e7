/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * observe.h - what the compiler says of the memory that its instructions access: gcc -S -dP, read as text.
 *
 * -dP prints each instruction's RTL in front of it, and a memory operand there carries the expression it came from:
 * "[1 skb_45(D)->len+0 S4 A64]". What type skb_45 has stands in the dump of the tree the RTL was made of.
 */
#ifndef KLASY_OBSERVE_H
#define KLASY_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A memory operand. Texts are NULL when not known; they last as long as the list. */
struct klasy_view {
	unsigned int label;	/* number of the instruction: see klasy_observe() */
	const char *file;	/* of the access's source, as the compiler was given it */
	uint32_t line, column;
	const char *expression;
	const char *structure;	/* tag of the struct or union that the expression begins with */
	const char *member;	/* its member; NULL: the access begins @at bytes into the struct */
	const char *innermost;	/* the last member named: "c" in "a->b.c" */
	unsigned int depth;	/* of members, unnamed ones not counted: 2 in "a->b.c" */
	int64_t at;		/* bytes, from the struct or the innermost member named */
	uint32_t size;		/* bytes accessed; 0: not known */
	const char *holder;	/* tag of the struct that holds the former by a cast, NULL: none is known */
	int64_t held_at;	/* where in it */
};

struct klasy_views {
	struct klasy_view *at;
	size_t n;
	unsigned int labels;
	struct klasy_views_private *p;
};

/* Labels in the assembler text are this and a number from 0. */
#define KLASY_LABEL	"klasy_insn."

/**
 * klasy_observe - read the compiler's text
 * @assembly: output of gcc -S -dP
 * @tree: output of -fdump-tree-optimized, of the same run
 * @labelled: to be written: the assembler text with a label before each instruction that accesses memory
 * @v: filled in, in the order of the text
 *
 * Returns false with a message when a file cannot be read or written.
 */
bool klasy_observe(const char *assembly, const char *tree, const char *labelled, struct klasy_views *v);
void klasy_views_free(struct klasy_views *v);

#endif
