/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tree.h - what units of a kernel's source access, kept in an SQLite file beside the index of the kernel.
 *
 * Tables: unit(file, same, differ): of its functions, how many are the kernel's byte by byte; point, view, row: see
 * unit.h.
 */
#ifndef KLASY_TREE_H
#define KLASY_TREE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * klasy_tree_index - read files of the source, in place of what is kept of them
 * @object: vmlinux with debug information
 * @tree: folder of its source
 * @headers: its build directory, or the package of its headers
 * @file: from @tree on, "net/core/dev.c"
 * @files: how many
 * @quiet: say nothing of those that are read
 * @check: print where the compiler's view differs from the index, which must be there
 *
 * Returns enum lkst_exit: LKST_EXIT_LOSSES when functions of a file are not the kernel's byte by byte. Files before the
 * first one that cannot be read are kept.
 */
int klasy_tree_index(const char *object, const char *tree, const char *headers, char *const *file, size_t files,
		     bool quiet, bool check);

/**
 * klasy_tree_open - open what is kept of a kernel's source
 * @object: vmlinux with debug information
 * @say: that nothing is kept is worth a message
 *
 * Returns a read-only connection, to be closed with sqlite3_close(); NULL when nothing is kept.
 */
sqlite3 *klasy_tree_open(const char *object, bool say);

#endif
