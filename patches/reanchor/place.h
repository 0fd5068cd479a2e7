/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * place.h - what place.c and together.c have of each other.
 */
#ifndef LKST_PLACE_H
#define LKST_PLACE_H

#include <stddef.h>
#include "reanchor.h"

/* Give an edit no place, with the reason: returns 0. */
int refuse(struct edit *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The line of a token in the user's tree. */
int at_line(const struct text *t, int tok);

/* Does an event's name say that it is the entry or the exit of something? base: of what. */
int pair_base(int event, char *base, size_t size, int *is_exit);

void check_pairs(struct text *old, struct edit *e, int count);
void check_order(struct edit *e, int count);

#endif
