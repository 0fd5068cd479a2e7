/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unknown.h - whether the names in a pointcut are known.
 */
#ifndef KLASY_UNKNOWN_H
#define KLASY_UNKNOWN_H

#include <sqlite3.h>

#include "aspect.h"

/**
 * klasy_unknown_names - are the structs, members, functions and events of a pointcut there?
 * @db: index of the object
 * @aspect: for messages
 * @pointcut: of one of its advices
 *
 * Returns 0; -1 with "file:line:column: ..." on stderr for each that is not, with near names.
 */
int klasy_unknown_names(sqlite3 *db, const struct klasy_aspect *aspect, const struct klasy_pointcut *pointcut);

#endif
