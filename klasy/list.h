/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * list.h - arrays that grow, searches in sorted ones, and texts that are kept once.
 */
#ifndef KLASY_LIST_H
#define KLASY_LIST_H

#include <stddef.h>
#include <stdint.h>

/* A growing array: KLASY_VEC(struct x) v; *klasy_add(&v) = ... */
#define KLASY_VEC(type)	struct { type *at; size_t n, max; }
#define klasy_add(v)	(klasy_grow((void **)&(v)->at, (v)->n, &(v)->max, sizeof(*(v)->at)), &(v)->at[(v)->n++])

/**
 * klasy_grow - room for one more: see klasy_add()
 * @at: the elements, moved when there are more than before
 * @n: how many there are
 * @max: how many there is room for
 * @size: of one
 */
void klasy_grow(void **at, size_t n, size_t *max, size_t size);

/* Number of the first of @n elements whose uint64_t @member is @key or more; they are sorted by it. */
#define klasy_first(at, n, member, key) \
	klasy_first_of(at, n, sizeof(*(at)), offsetof(__typeof__(*(at)), member), key)

/**
 * klasy_first_of - search in a sorted array: see klasy_first()
 * @at: the elements
 * @n: how many there are
 * @size: of one
 * @offset: where in each its uint64_t is that they are sorted by
 * @key: looked for
 *
 * Returns the number of the first one that has @key or more, @n when none has.
 */
size_t klasy_first_of(const void *at, size_t n, size_t size, size_t offset, uint64_t key);

/* Begins as zeroes. */
struct klasy_texts {
	KLASY_VEC(char *) text;
};

/**
 * klasy_keep - a copy that lasts as long as the texts
 * @texts: where it is kept
 * @text: of any character type, NULL: none
 *
 * Texts repeat from row to row: of the last ones each is kept once.
 *
 * Returns NULL for NULL; the program ends with a message when there is no more memory.
 */
const char *klasy_keep(struct klasy_texts *texts, const void *text);

/**
 * klasy_keep_part - the same of the beginning of a text
 * @texts: where it is kept
 * @text: not NULL
 * @n: characters of it
 */
const char *klasy_keep_part(struct klasy_texts *texts, const char *text, size_t n);
void klasy_texts_free(struct klasy_texts *texts);

#endif
