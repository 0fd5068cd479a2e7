// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-match.c - klasy match: list the instructions that an aspect selects. It touches no kernel.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "generate.h"
#include "klasy.h"
#include "match.h"
#include "option.h"
#include "print.h"

static const char help[] =
"Usage: klasy match [OPTION...] ASPECT\n"
"Lists the instructions that an aspect selects, and how surely each is the access. Touches no kernel.\n"
"\n"
"  EXACT     the instruction accesses the member and nothing else\n"
"  BITFIELD  it accesses the bytes that hold a bit-field: a neighbour may be meant\n"
"  WIDE      it accesses the member together with its neighbours\n"
"  ENTRY     the first instruction of a function\n"
"\n"
"Options:\n"
"  -a, --alias=OLD=NEW  the function OLD of the aspect is NEW in this kernel; may be repeated\n"
"  -j, --json           one object a line\n"
"  -o, --object=FILE    vmlinux or module with debug information; default: of the running kernel\n"
"  -q, --quiet          no word while an index is made\n"
"  -h, --help           this text\n"
"      --version        print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 the aspect has an error, or selects what the kernel does not have, 2 usage,\n"
"  3 done, but an advice has no instruction at all, 4 no debug information here\n"
"\n"
"EXAMPLES\n"
"  klasy match skb.aspect                  for the kernel that runs here\n"
"  klasy match -j -o vmlinux skb.aspect    as JSON, for another one\n";

static const struct option longs[] = {
	{ "alias", required_argument, NULL, 'a' },
	{ "json", no_argument, NULL, 'j' },
	{ "object", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	LKST_COMMON_OPTIONS
};

static const char *mode_name(uint8_t mode)
{
	static const char *const name[] = { "-", "r", "w", "rw" };

	return name[mode & (KLASY_READ | KLASY_WRITE)];
}

static void print_text(const struct klasy_match *m)
{
	printf("  %016llx  %-8s %-2s  ", (unsigned long long)m->pc, klasy_class_name(m->class), mode_name(m->mode));
	if (m->member)
		printf("%s.%s  ", m->structure, m->member);
	printf("%s+0x%llx", m->function, (unsigned long long)(m->pc - m->entry));
	if (m->file)
		printf("  %s:%u:%u", m->file, m->line, m->column);
	if (m->inlined)
		printf("  %s", m->inlined);
	putchar('\n');
}

static void print_json(const struct klasy_match *m, size_t advice)
{
	printf("{\"advice\":%zu,\"pc\":\"0x%llx\",\"function\":", advice + 1, (unsigned long long)m->pc);
	lkst_json_string(stdout, m->function);
	printf(",\"offset\":%llu,\"class\":\"%s\",\"mode\":\"%s\"", (unsigned long long)(m->pc - m->entry),
	       klasy_class_name(m->class), mode_name(m->mode));
	if (m->member) {
		printf(",\"struct\":");
		lkst_json_string(stdout, m->structure);
		printf(",\"member\":");
		lkst_json_string(stdout, m->member);
		printf(",\"target\":{\"base\":\"%s\",\"index\":\"%s\",\"scale\":%u,\"add\":%lld}",
		       klasy_reg_name(m->base), klasy_reg_name(m->index), m->scale,
		       (long long)m->target);
	}
	if (m->file) {
		printf(",\"file\":");
		lkst_json_string(stdout, m->file);
		printf(",\"line\":%u,\"column\":%u", m->line, m->column);
	}
	if (m->inlined) {
		printf(",\"inlined\":");
		lkst_json_string(stdout, m->inlined);
	}
	printf("}\n");
}

/* Returns false when the advice has no instruction. */
static bool print_matches(const struct klasy_matches *m, const struct klasy_advice *advice, size_t number, bool json)
{
	unsigned long count[KLASY_CLASSES] = { 0 };
	size_t i;

	if (!json)
		printf("advice %zu, line %u:\n", number + 1, advice->place.line);
	for (i = 0; i < m->n; i++) {
		count[m->at[i].class]++;
		if (json)
			print_json(&m->at[i], number);
		else
			print_text(&m->at[i]);
	}
	for (i = 0; i < m->nr_inlined; i++)
		lkst_warn("advice %zu: %s has no code of its own: it is inlined, with accesses at %lu places",
			  number + 1, m->inlined[i].name, m->inlined[i].places);
	if (json)
		return m->n;
	printf("%zu instructions:", m->n);
	for (i = 0; i < KLASY_CLASSES; i++)
		printf("%s %lu %s", i ? "," : "", count[i], klasy_class_name(i));
	putchar('\n');
	return m->n;
}

int klasy_cmd_match(int argc, char **argv)
{
	const char *object = NULL;
	bool json = false, quiet = false, all = true;
	struct klasy_words aliases = { NULL, 0 };
	struct klasy_aspect aspect;
	sqlite3 *db;
	size_t i;
	int c;

	while ((c = lkst_option(argc, argv, ":a:hjo:q", longs, help)) != -1) {
		switch (c) {
		case 'a':
			klasy_add_word(&aliases, optarg);
			break;
		case 'j':
			json = true;
			break;
		case 'o':
			object = optarg;
			break;
		case 'q':
			quiet = true;
			break;
		}
	}
	if (optind + 1 != argc)
		lkst_usage_error("give one file with an aspect");
	if (klasy_aspect_read(argv[optind], &aspect))
		return LKST_EXIT_FAILED;
	klasy_alias(&aspect, &aliases);
	free(aliases.at);
	db = klasy_store_open(klasy_find_object(object), false, quiet);
	if (!db)
		return LKST_EXIT_FAILED;
	for (i = 0; i < aspect.advices; i++) {
		struct klasy_matches m;

		if (klasy_match(db, &aspect, &aspect.advice[i], &m))
			return LKST_EXIT_FAILED;
		all &= print_matches(&m, &aspect.advice[i], i, json);
		klasy_matches_free(&m);
	}
	sqlite3_close(db);
	klasy_aspect_free(&aspect);
	return all ? LKST_EXIT_DONE : LKST_EXIT_LOSSES;
}
