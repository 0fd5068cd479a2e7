// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-index.c - klasy index: read a kernel object's debug information and keep what was found.
 */
#include <stdio.h>

#include "cli.h"
#include "klasy.h"
#include "option.h"
#include "tree.h"
#include "store.h"

static const char help[] =
"Usage: klasy index [OPTION...]\n"
"       klasy index --source=TREE [OPTION...] FILE...\n"
"Reads the debug information of a kernel and keeps an index of every access to a struct member.\n"
"The other commands do the same when the index is not there; it is kept by the kernel's build id.\n"
"With --source, keeps besides what files of the kernel's source access, as sparse sees it, and what the\n"
"compiler made of that: it compiles them once more, and compares each function with the kernel's bytes.\n"
"\n"
"Options:\n"
"      --build=DIR    with --source: the kernel's headers; default: of the running kernel\n"
"      --check        with --source: list instructions that the compiler tells another struct or member of\n"
"                     than the index\n"
"  -o, --object=FILE  vmlinux or module with debug information; default: of the running kernel\n"
"  -f, --force        make the index anew\n"
"  -q, --quiet        print nothing but errors, and what --check lists\n"
"      --source=TREE  folder of the kernel's source; FILE is named from there\n"
"  -h, --help         this text\n"
"      --version      print the version\n"
"\n"
"ENVIRONMENT\n"
"  KLASY_CACHE        folder of the indexes; default: klasy in $XDG_CACHE_HOME or ~/.cache\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, 3 done, but functions of FILE are not as in the kernel,\n"
"  4 no debug information or no sparse here\n"
"\n"
"EXAMPLES\n"
"  klasy index                     the kernel that runs here\n"
"  klasy index -o vmlinux -f       another one, even when it was read before\n"
"  klasy index --source=/usr/src/linux-source-6.1 net/core/dev.c net/ipv4/tcp_ipv4.c\n";

enum { OPT_BUILD = LKST_OPT_FIRST, OPT_CHECK, OPT_SOURCE };

static const struct option longs[] = {
	{ "build", required_argument, NULL, OPT_BUILD },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "object", required_argument, NULL, 'o' },
	{ "force", no_argument, NULL, 'f' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "source", required_argument, NULL, OPT_SOURCE },
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
	const char *object = NULL, *tree = NULL, *headers = NULL;
	bool force = false, quiet = false, check = false;
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
		case OPT_BUILD:
			headers = optarg;
			break;
		case OPT_CHECK:
			check = true;
			break;
		case OPT_SOURCE:
			tree = optarg;
			break;
		}
	}
	if (!tree && check)
		lkst_usage_error("--check compares with --source");
	if (!tree)
		lkst_no_more(argc, argv);
	else if (optind == argc)
		lkst_usage_error("give the files of the source that are to be read");
	object = klasy_find_object(object);
	headers = tree ? klasy_find_headers(headers) : NULL;
	if (tree && !headers)
		return LKST_EXIT_UNAVAILABLE;
	if (tree && !check)
		return klasy_tree_index(object, tree, headers, argv + optind, (size_t)(argc - optind), quiet, check);
	db = klasy_store_open(object, force, quiet);
	if (!db)
		return LKST_EXIT_FAILED;
	if (tree) {
		sqlite3_close(db);
		return klasy_tree_index(object, tree, headers, argv + optind, (size_t)(argc - optind), quiet, check);
	}
	if (!quiet)
		printf("%s: %lld units, %lld functions, %lld memory operands off the stack, %lld of them typed\n",
		       object, meta(db, "units"), meta(db, "functions"), meta(db, "operands"), meta(db, "sites"));
	sqlite3_close(db);
	return LKST_EXIT_DONE;
}
