/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * place.h - what align.c, verdict.c, place.c, words.c and together.c have of each other.
 */
#ifndef LKST_PLACE_H
#define LKST_PLACE_H

#include <stddef.h>
#include "reanchor.h"

/* ---- align.c ---- */

/* Two bodies side by side: a of the base, b of the tree. */
struct pair {
	struct text *old, *new, *to;
	struct func *f, *g;	/* NULL: the top level */
	struct unit *a, *b;
	int na, nb;
	int *align;		/* of each unit of a, the one of b, -1 */
	int same;		/* how many are aligned */
};

/* Compare two bodies; f and g NULL: the top levels. The caller frees p->align. */
void pair_up(struct pair *p, struct text *old, struct func *f, struct text *to, struct func *g);

/* The same words under the same conditions, and no hook? */
int same_unit(const struct unit *a, const struct unit *b);

/* The unit before, or after, unit i of n; hooks are looked through. -1 and n: there is none. */
int unit_before(const struct unit *u, int i);
int unit_after(const struct unit *u, int n, int i);

/* How often do units like x and, right behind, y stand there? y NULL: x alone. */
int occurs(const struct unit *u, int n, const struct unit *x, const struct unit *y);

/* ---- verdict.c ---- */

/* Give an edit no place, with the reason: returns 0. */
int refuse(struct edit *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Give insert i of an edit its place: before token tok, or behind the one before it. Returns 1. */
int put(struct edit *e, int i, int tok, int behind);

/* A unit of the base, for a message, "" where there is none; two may be in one message. */
const char *shown(const struct pair *p, int unit);

/* The line of a token in the user's tree. */
int at_line(const struct text *t, int tok);

/* ---- words.c ---- */

/* The line of the base that words are added to the end of, -1: they are no such words. */
int line_of_words(const struct pair *p, const struct text *new, const struct edit *e);

/* They go to the end of the same list, if there is one such list there as in the base: 1; 0: refused, or there already. */
int place_words(struct pair *p, const struct text *new, struct edit *e, int line);

/* ---- together.c ---- */

/* Does an event's name say that it is the entry or the exit of something? base: of what. */
int pair_base(int event, char *base, size_t size, int *is_exit);

void check_pairs(struct text *old, struct edit *e, int count);
void check_order(struct edit *e, int count);

#endif
