/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * option.h - options of the commands, read the same way everywhere.
 */
#ifndef LKST_OPTION_H
#define LKST_OPTION_H

#include <getopt.h>

/* Values of long options without a letter start above these. */
#define LKST_OPT_HELP		0x100
#define LKST_OPT_VERSION	0x101
#define LKST_OPT_FIRST		0x102

/* The last entries of every table of long options. */
#define LKST_COMMON_OPTIONS \
	{ "help", no_argument, NULL, LKST_OPT_HELP }, \
	{ "version", no_argument, NULL, LKST_OPT_VERSION }, \
	{ NULL, 0, NULL, 0 }

/**
 * lkst_option - the next option, as getopt_long(3) gives it
 * @argc: as main() has them
 * @argv:
 * @shorts: letters, begun with ":" or "+:" ("+" stops at the first argument that is no option)
 * @longs: table ended with LKST_COMMON_OPTIONS
 * @help: text of --help
 *
 * Prints @help or the version and exits when asked to; ends the program with LKST_EXIT_USAGE at an unknown
 * option and at a missing argument.
 *
 * Return: the option's value, -1 when there are no more.
 */
int lkst_option(int argc, char **argv, const char *shorts, const struct option *longs, const char *help);

/**
 * lkst_list_add - one more list of an option that may be given again: each counts
 * @list: what was given before, NULL: nothing; it is freed and replaced
 * @more: "A,B"
 */
void lkst_list_add(const char **list, const char *more);

/**
 * lkst_no_more - end the program with LKST_EXIT_USAGE when arguments are left that the command does not take
 * @argc: as main() has them
 * @argv:
 */
void lkst_no_more(int argc, char **argv);

/* One word after the command's name: "list", "read". */
struct lkst_subcommand {
	const char *name;
	int (*run)(int argc, char **argv);	/* returns enum lkst_exit */
};

/**
 * lkst_run_subcommand - find and run the subcommand that argv[1] names
 * @argc: as main() has them
 * @argv:
 * @table: ended with a NULL name
 * @help: text of --help
 *
 * Sets lkst_program to "command subcommand" for messages.
 *
 * Return: what the subcommand returned.
 */
int lkst_run_subcommand(int argc, char **argv, const struct lkst_subcommand *table, const char *help);

#endif
