// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * option.c - options and subcommands: --help, --version and the errors in one place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "option.h"

/* What cannot be written must not look like success: "lkst events > /dev/full". */
static void end_output(int status)
{
	if (fflush(stdout) || ferror(stdout))
		lkst_die(LKST_EXIT_FAILED, "writing to standard output failed");
	exit(status);
}

static void print_version(void)
{
	printf("%.*s (LKST) %s\n", (int)strcspn(lkst_program, " "), lkst_program, LKST_VERSION);
	end_output(LKST_EXIT_DONE);
}

int lkst_option(int argc, char **argv, const char *shorts, const struct option *longs, const char *help)
{
	int c = getopt_long(argc, argv, shorts, longs, NULL);

	switch (c) {
	case 'h':
		if (optarg)	/* lksteh -h HANDLER */
			break;
		/* fall through */
	case LKST_OPT_HELP:
		fputs(help, stdout);
		end_output(LKST_EXIT_DONE);
		break;
	case LKST_OPT_VERSION:
		print_version();
		break;
	case ':':
		lkst_usage_error("option '%s' needs an argument", argv[optind - 1]);
	case '?':
		if (optopt && optopt < 0x100 && !strchr(shorts, optopt))
			lkst_usage_error("unknown option '-%c'", optopt);
		lkst_usage_error("unknown option '%s'", argv[optind - 1]);
	}
	return c;
}

void lkst_no_more(int argc, char **argv)
{
	if (optind < argc)
		lkst_usage_error("unexpected argument '%s'", argv[optind]);
}

int lkst_run_subcommand(int argc, char **argv, const struct lkst_subcommand *table, const char *help)
{
	static char name[64];
	const char *word = argc > 1 ? argv[1] : "";

	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help")) {
		fputs(help, stdout);
		end_output(LKST_EXIT_DONE);
	}
	if (!strcmp(word, "--version"))
		print_version();
	if (!*word)
		lkst_usage_error("say what to do");
	if (*word == '-')
		lkst_usage_error("unknown option '%s'", word);
	for (; table->name; table++) {
		if (strcmp(table->name, word))
			continue;
		snprintf(name, sizeof(name), "%s %s", lkst_program, word);
		lkst_program = name;
		return table->run(argc - 1, argv + 1);
	}
	lkst_usage_error("unknown command '%s'", word);
}
