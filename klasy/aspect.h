/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * aspect.h - aspect files: what they select and the C code that runs there. The language is in klasy(5).
 */
#ifndef KLASY_ASPECT_H
#define KLASY_ASPECT_H

#include <stdbool.h>
#include <stddef.h>

/* A place in the file, both counted from 1. */
struct klasy_place {
	unsigned int line, column;
};

enum klasy_word {
	KLASY_AND, KLASY_OR, KLASY_NOT,
	/* These select. */
	KLASY_ACCESS, KLASY_GET, KLASY_SET, KLASY_EXECUTION, KLASY_EVENT,
	/* These restrict. */
	KLASY_WITHIN_FUNCTION, KLASY_WITHIN_FILE,
	/* These bind a name of the advice. */
	KLASY_TARGET, KLASY_LOCAL_VAR, KLASY_ARGUMENT
};

struct klasy_pointcut {
	enum klasy_word word;
	struct klasy_pointcut *left, *right;	/* of AND and OR; NOT has only left */
	char *name;		/* struct, function, file, event, name bound */
	char *member;		/* of access, get, set; "%" is any */
	char *what;		/* local_var, argument: the variable, the argument's number; NULL: as the name */
	struct klasy_place place;
};

/* A piece of C, with where it begins. */
struct klasy_body {
	char *text;		/* NULL: there is none */
	struct klasy_place place;
};

struct klasy_advice {
	struct klasy_pointcut *pointcut;
	struct klasy_body before, after;
	struct klasy_place place;
};

struct klasy_aspect {
	const char *path;
	char *name;		/* NULL: not named */
	struct klasy_body *import;
	size_t imports;
	struct klasy_advice *advice;
	size_t advices;
};

/**
 * klasy_aspect_read - read an aspect file
 * @path: the file; messages name it
 * @aspect: filled in
 *
 * Returns 0. At the first error -1, with "file:line:column: what was expected" on stderr.
 */
int klasy_aspect_read(const char *path, struct klasy_aspect *aspect);

typedef bool klasy_holds_fn(const struct klasy_pointcut *designator, const void *arg);

/**
 * klasy_pointcut_holds - do its designators hold as AND, OR and NOT say?
 * @p: the pointcut
 * @fn: called with designators only
 * @arg: handed to @fn
 */
bool klasy_pointcut_holds(const struct klasy_pointcut *p, klasy_holds_fn *fn, const void *arg);

/**
 * klasy_aspect_free - give back what klasy_aspect_read() made
 * @aspect: the aspect, also one that was read in part
 */
void klasy_aspect_free(struct klasy_aspect *aspect);

#endif
