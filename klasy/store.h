/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * store.h - the index of one object's accesses, in an SQLite file named by the object's build id.
 */
#ifndef KLASY_STORE_H
#define KLASY_STORE_H

#include <sqlite3.h>

#include "object.h"

/* Raised when the tables or the way they are filled change: an index of another number is made anew. */
#define KLASY_STORE_VERSION	9

/**
 * klasy_store_path - where the index of an object is kept
 * @build_id: of the object
 * @kind: "index", or "source": see tree.h
 *
 * Returns $KLASY_CACHE/ID.KIND, or the same under $XDG_CACHE_HOME/klasy or ~/.cache/klasy, the folder made; to be
 * freed. NULL with a message when the folder cannot be made.
 */
char *klasy_store_path(const char *build_id, const char *kind);

/**
 * klasy_store_open - open the index of an object, made first when it is not there
 * @object: vmlinux or module with debug information
 * @anew: make it even when it is there
 * @quiet: say nothing on the way
 *
 * Returns a read-only connection, to be closed with sqlite3_close(); NULL with a message.
 */
sqlite3 *klasy_store_open(const char *object, bool anew, bool quiet);

/**
 * klasy_store_machine - what the object's code is for
 * @db: from klasy_store_open()
 */
const struct klasy_machine *klasy_store_machine(sqlite3 *db);

/**
 * klasy_store_query - prepare a query and bind its text arguments
 * @db: from klasy_store_open()
 * @sql: with as many ? as there are arguments
 * @...: texts, ended with NULL
 *
 * Returns the statement, to be finalized; the program ends with a message when the index cannot be read.
 */
sqlite3_stmt *klasy_store_query(sqlite3 *db, const char *sql, ...);

/**
 * klasy_store_next - the next row
 * @statement: from klasy_store_query()
 *
 * Returns false at the end; the program ends with a message when the index cannot be read.
 */
bool klasy_store_next(sqlite3_stmt *statement);

#endif
