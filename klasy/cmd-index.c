// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-index.c - klasy index: read a kernel object's debug information and keep what was found.
 */
#include <stdio.h>

#include "cli.h"
#include "klasy.h"
#include "option.h"
#include "store.h"

static const char help[] =
"Usage: klasy index [OPTION...]\n"
"Reads the debug information of a kernel and keeps an index of every access to a struct member.\n"
"The other commands do the same when the index is not there; it is kept by the kernel's build id.\n"
"\n"
"Options:\n"
"  -o, --object=FILE  vmlinux or module with debug information; default: of the running kernel\n"
"  -f, --force        make the index anew\n"
"  -q, --quiet        print nothing\n"
"  -h, --help         this text\n"
"      --version      print the version\n"
"\n"
"ENVIRONMENT\n"
"  KLASY_CACHE        folder of the indexes; default: klasy in $XDG_CACHE_HOME or ~/.cache\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 4 no debug information here\n"
"\n"
"EXAMPLES\n"
"  klasy index                     the kernel that runs here\n"
"  klasy index -o vmlinux -f       another one, even when it was read before\n";

static const struct option longs[] = {
	{ "object", required_argument, NULL, 'o' },
	{ "force", no_argument, NULL, 'f' },
	{ "quiet", no_argument, NULL, 'q' },
	LKST_COMMON_OPTIONS
};

static long long meta(sqlite3 *db, const char *key)
{
	sqlite3_stmt *s = klasy_store_query(db, "SELECT value FROM meta WHERE key = ?", key, NULL);
	long long value = klasy_store_next(s) ? sqlite3_column_int64(s, 0) : 0;

	sqlite3_finalize(s);
	return value;
}

int klasy_cmd_index(int argc, char **argv)
{
	const char *object = NULL;
	bool force = false, quiet = false;
	sqlite3 *db;
	int c;

	while ((c = lkst_option(argc, argv, ":ho:fq", longs, help)) != -1) {
		switch (c) {
		case 'o':
			object = optarg;
			break;
		case 'f':
			force = true;
			break;
		case 'q':
			quiet = true;
			break;
		}
	}
	lkst_no_more(argc, argv);
	object = klasy_find_object(object);
	db = klasy_store_open(object, force, quiet);
	if (!db)
		return LKST_EXIT_FAILED;
	if (!quiet)
		printf("%s: %lld units, %lld functions, %lld memory operands off the stack, %lld of them typed\n",
		       object, meta(db, "units"), meta(db, "functions"), meta(db, "operands"), meta(db, "sites"));
	sqlite3_close(db);
	return LKST_EXIT_DONE;
}
