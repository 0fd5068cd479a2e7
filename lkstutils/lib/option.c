// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * option.c - options and subcommands: --help, --version and the errors in one place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "option.h"

static void print_version(void)
{
	printf("%.*s (LKST) %s\n", (int)strcspn(lkst_program, " "), lkst_program, LKST_VERSION);
	exit(lkst_finish(LKST_EXIT_DONE));
}

static void print_help(const char *help)
{
	fputs(help, stdout);
	exit(lkst_finish(LKST_EXIT_DONE));
}

/* The long options that @word (with its dashes) may have meant, or else all of them. */
static void unknown_option(const char *word, const struct option *longs)
{
	char near[256] = "", all[512] = "", name[64], bare[64];
	const struct option *o;

	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(word, "="), word);
	for (o = longs; o->name; o++) {
		snprintf(name, sizeof(name), "--%s", o->name);
		lkst_add_word(all, sizeof(all), name);
		if (strlen(bare) > 3)
			lkst_add_near(near, sizeof(near), bare, name);
	}
	if (*near)
		lkst_usage_error("unknown option '%s' (did you mean %s?)", word, near);
	lkst_usage_error("unknown option '%s' (there are %s)", word, all);
}

int lkst_option(int argc, char **argv, const char *shorts, const struct option *longs, const char *help)
{
	int c = getopt_long(argc, argv, shorts, longs, NULL);
	char letter[3];

	switch (c) {
	case 'h':
		if (optarg)	/* lksteh -h HANDLER */
			break;
		/* fall through */
	case LKST_OPT_HELP:
		print_help(help);
		break;
	case LKST_OPT_VERSION:
		print_version();
		break;
	case ':':
		/* Of a short option, the place in argv is already the next one. */
		if (optopt && optopt < 0x100 && strchr(shorts, optopt))
			lkst_usage_error("option '-%c' needs an argument", optopt);
		lkst_usage_error("option '%s' needs an argument", argv[optind - 1]);
	case '?':
		if (optopt && optopt < 0x100 && !strchr(shorts, optopt)) {
			snprintf(letter, sizeof(letter), "-%c", optopt);
			unknown_option(letter, longs);
		}
		unknown_option(argv[optind - 1], longs);
	}
	return c;
}

void lkst_list_add(const char **list, const char *more)
{
	size_t size = (*list ? strlen(*list) + 1 : 0) + strlen(more) + 1;
	char *all = lkst_xmalloc(size);

	snprintf(all, size, "%s%s%s", *list ? *list : "", *list ? "," : "", more);
	free((char *)*list);
	*list = all;
}

void lkst_no_more(int argc, char **argv)
{
	if (optind < argc)
		lkst_usage_error("unexpected argument '%s'", argv[optind]);
}

int lkst_run_subcommand(int argc, char **argv, const struct lkst_subcommand *table, const char *help)
{
	static const struct option common[] = { LKST_COMMON_OPTIONS };
	static char name[64];
	const char *word = argc > 1 ? argv[1] : "";
	const struct lkst_subcommand *c;
	char all[256] = "";

	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help"))
		print_help(help);
	if (!strcmp(word, "--version"))
		print_version();
	for (c = table; c->name; c++) {
		lkst_add_word(all, sizeof(all), c->name);
		if (strcmp(c->name, word))
			continue;
		snprintf(name, sizeof(name), "%s %s", lkst_program, word);
		lkst_program = name;
		return lkst_finish(c->run(argc - 1, argv + 1));
	}
	if (!*word)
		lkst_usage_error("say what to do: %s", all);
	if (*word == '-')
		unknown_option(word, common);
	lkst_usage_error("unknown command '%s' (there are %s)", word, all);
}
