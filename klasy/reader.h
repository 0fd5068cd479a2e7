/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader.h - the words, names and tags of an aspect file's text, and the first error in it.
 *
 * What takes something reads on behind it, and behind the space there, but for tags.
 */
#ifndef KLASY_READER_H
#define KLASY_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "aspect.h"

struct klasy_reader {
	const char *path;
	const char *at, *end;
	struct klasy_place place;	/* of @at */
	unsigned int depth, designators;	/* of the pointcut that is read */
	bool failed;
};

/**
 * klasy_error - say "file:line:column: ..." on stderr, and fail
 * @r: the reader
 * @place: where
 * @fmt: what was expected and what was found
 *
 * Only the first error is told: what follows it is its consequence.
 */
void klasy_error(struct klasy_reader *r, struct klasy_place place, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * klasy_found - what stands there, for a message: a word, or one character
 * @r: the reader
 *
 * Returns a text that lasts until the next call.
 */
const char *klasy_found(const struct klasy_reader *r);

void klasy_read_on(struct klasy_reader *r, size_t n);
void klasy_skip_space(struct klasy_reader *r);
/* Between tags: space and <!-- comments -->. */
void klasy_skip_between(struct klasy_reader *r);

/**
 * klasy_open_tag - take "<name", up to what ends the name
 * @r: the reader
 * @name: of the tag
 *
 * Returns false when that is not there.
 */
bool klasy_open_tag(struct klasy_reader *r, const char *name);

/**
 * klasy_end_of_tag - take '>', an error when it is not there
 * @r: the reader
 * @name: of the tag
 */
void klasy_end_of_tag(struct klasy_reader *r, const char *name);

/**
 * klasy_close_tag - take "</name>"
 * @r: the reader
 * @name: of the tag
 *
 * Returns false when that is not there.
 */
bool klasy_close_tag(struct klasy_reader *r, const char *name);

/**
 * klasy_name_length - how long the name is that stands there
 * @r: the reader
 *
 * Returns 0 when there is none.
 */
size_t klasy_name_length(const struct klasy_reader *r);

/**
 * klasy_take_word - take one word
 * @r: the reader
 * @word: which
 *
 * Returns false when another one stands there, or none.
 */
bool klasy_take_word(struct klasy_reader *r, const char *word);

/**
 * klasy_expect - take one character, an error when it is not there
 * @r: the reader
 * @c: which
 * @where: it stands, for the message
 */
void klasy_expect(struct klasy_reader *r, char c, const char *where);

/**
 * klasy_take_name - take a name of C, an error when there is none
 * @r: the reader
 * @what: it names, for the message
 * @extra: further characters that it may hold
 *
 * Returns a copy to be freed, NULL when there is none.
 */
char *klasy_take_name(struct klasy_reader *r, const char *what, const char *extra);

/**
 * klasy_check_code - an error where C code does not end what it begins, which the compiler would tell elsewhere
 * @r: the reader, behind the code
 * @begin: of the code
 * @n: bytes of it
 * @place: where it begins
 *
 * Looks at brackets, texts and comments. Code with lines for the preprocessor is left to the compiler: what is open in
 * one branch may be closed in another.
 */
void klasy_check_code(struct klasy_reader *r, const char *begin, size_t n, struct klasy_place place);

/**
 * klasy_copy - a piece of the text
 * @from: its beginning
 * @n: bytes of it
 *
 * Returns a copy to be freed.
 */
char *klasy_copy(const char *from, size_t n);

#endif
