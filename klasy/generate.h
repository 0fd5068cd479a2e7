/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * generate.h - makes a kernel module of an aspect and the places it selects.
 */
#ifndef KLASY_GENERATE_H
#define KLASY_GENERATE_H

#include <stdbool.h>
#include <stddef.h>

#include "aspect.h"

/* Arguments of an option that may be repeated. */
struct klasy_words {
	char **at;
	size_t n;
};

/**
 * klasy_add_word - one more
 * @words: its memory is the caller's to free
 * @word: kept as it is, not copied
 */
void klasy_add_word(struct klasy_words *words, char *word);

struct klasy_build {
	const char *aspect;		/* file */
	const char *name;		/* NULL: the aspect's own, or the file's */
	const char *object;		/* vmlinux with debug information; NULL: of the running kernel */
	const char *headers;		/* kernel build directory; NULL: of the running kernel */
	struct klasy_words aliases;	/* "OLD=NEW" */
	struct klasy_words within;	/* functions; when there are any, only places in them */
	struct klasy_words denied;	/* functions */
	unsigned long max_sites;
	bool skip_unknown;		/* leave out places where a local_var or argument is not known */
	bool trusted;			/* targets are not looked at before bodies use them */
	bool lines;			/* also where code of a line begins: see klasy_points_add() */
	bool quiet;
};

/**
 * klasy_alias - give functions of an aspect the names that they have in this kernel
 * @aspect: changed in place
 * @aliases: "OLD=NEW" each
 *
 * Ends the program with LKST_EXIT_USAGE when one of @aliases has another form.
 */
void klasy_alias(struct klasy_aspect *aspect, const struct klasy_words *aliases);

/**
 * klasy_build_module - aspect to module
 * @b: what to build
 * @module: file to be written
 *
 * Returns enum lkst_exit, with the reason on stderr: one line, or the C compiler's own words at the aspect's lines.
 * LKST_EXIT_LOSSES: built, but places had to be left out.
 */
int klasy_build_module(const struct klasy_build *b, const char *module);

#endif
