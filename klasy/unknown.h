/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unknown.h - whether the names in a pointcut are known.
 */
#ifndef KLASY_UNKNOWN_H
#define KLASY_UNKNOWN_H

#include <sqlite3.h>

#include "aspect.h"
#include "match.h"

/**
 * klasy_unknown_names - are the structs, members, functions and events of a pointcut there?
 * @db: index of the object
 * @aspect: for messages
 * @pointcut: of one of its advices
 *
 * Returns 0; -1 with "file:line:column: ..." on stderr for each that is not, with near names.
 */
int klasy_unknown_names(sqlite3 *db, const struct klasy_aspect *aspect, const struct klasy_pointcut *pointcut);

/**
 * klasy_unknown_variables - is what local_var and argument name there, at one place at least?
 * @object: file of the kernel or module, opened only when the pointcut has such a designator
 * @aspect: for messages
 * @pointcut: of one of its advices
 * @m: what it selects; of more than 1000 places nothing is said
 *
 * Whether its value is known there is another question (value.h). Returns 0; -1 with "file:line:column: ..." on
 * stderr, with near names.
 */
int klasy_unknown_variables(const char *object, const struct klasy_aspect *aspect,
			    const struct klasy_pointcut *pointcut, const struct klasy_matches *m);

#endif
