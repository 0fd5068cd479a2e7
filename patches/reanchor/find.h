/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * find.h - finding functions and names in a whole tree.
 */
#ifndef LKST_FIND_H
#define LKST_FIND_H

#include <stddef.h>
#include "reanchor.h"

/* How much of two functions is the same, in percent of their units: place.c. */
int func_alike(struct text *old, struct func *f, struct text *to, struct func *g);

/**
 * find_func - the function of the tree that is what f is in the base
 * @to: the file of the same name, or NULL; set to the file where the function is
 * @g: set to the function
 * @why: the reason when there is none
 *
 * Return: is there one, and no doubt about it?
 */
int find_func(struct trees *trees, struct text *old, struct func *f, struct text **to, struct func **g, char *why, size_t size);

/**
 * known_in - is a name, other than a local variable, known to a file?
 * @tree: whose headers are looked at when it is not in the file
 */
int known_in(const char *tree, const struct text *t, int name);

#endif
