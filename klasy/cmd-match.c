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
#include "points.h"
#include "print.h"
#include "tree.h"
#include "unknown.h"
#include "unit.h"

static const char help[] =
"Usage: klasy match [OPTION...] ASPECT\n"
"Lists the instructions that an aspect selects, and how surely each is the access. Touches no kernel.\n"
"\n"
"  EXACT     the instruction accesses the member and nothing else\n"
"  BITFIELD  it accesses the bytes that hold a bit-field: a neighbour may be meant\n"
"  WIDE      it accesses the member together with its neighbours\n"
"  ENTRY     the first instruction of a function\n"
"  EVENT     no instruction, but an event of the tracer\n"
"\n"
"With --source, lists instead the accesses in the source that it means, of the files that klasy index\n"
"--source has read, and the instructions that each was made into:\n"
"  EXACT, BITFIELD, WIDE  as above, on the same line\n"
"  MOVED     another line's instruction does it; the evidence is told\n"
"  LINE      no instruction is known to, but the line has code\n"
"  NONE      none; the reason is told\n"
"\n"
"Options:\n"
"  -a, --alias=OLD=NEW  the function OLD of the aspect is NEW in this kernel; may be repeated\n"
"  -j, --json           one object a line\n"
"  -o, --object=FILE    vmlinux or module with debug information; default: of the running kernel\n"
"  -q, --quiet          no word while an index is made\n"
"  -s, --source         list accesses in the source\n"
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
	{ "source", no_argument, NULL, 's' },
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

static void print_json(const struct klasy_match *m, size_t advice, const struct klasy_machine *machine)
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
		       klasy_reg_name(machine, m->base), klasy_reg_name(machine, m->index), m->scale,
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

/* What event() names: no instruction, but a record of the tracer. */
static void print_events(const struct klasy_matches *m, size_t advice, bool json)
{
	size_t i;

	for (i = 0; i < m->events; i++) {
		if (json)
			printf("{\"advice\":%zu,\"class\":\"EVENT\",\"event\":\"%s\"}\n", advice + 1,
			       m->event[i].desc->name);
		else
			printf("  %-16s  EVENT        %s\n", "-", m->event[i].desc->name);
	}
}

/* Returns false when the advice has neither instruction nor event. */
static bool print_matches(const struct klasy_matches *m, const struct klasy_advice *advice, size_t number, bool json)
{
	unsigned long count[KLASY_CLASSES] = { 0 };
	size_t i;

	if (!json)
		printf("advice %zu, line %u:\n", number + 1, advice->place.line);
	for (i = 0; i < m->n; i++) {
		count[m->at[i].class]++;
		if (json)
			print_json(&m->at[i], number, m->machine);
		else
			print_text(&m->at[i]);
	}
	for (i = 0; i < m->nr_inlined; i++)
		lkst_warn("advice %zu: %s has no code of its own: it is inlined, with accesses at %lu places",
			  number + 1, m->inlined[i].name, m->inlined[i].places);
	print_events(m, number, json);
	if (json)
		return m->n || m->events;
	printf("%zu instructions:", m->n);
	for (i = 0; i < KLASY_CLASSES; i++) {
		/* Only those that an instruction is known of are listed here. */
		if (i != KLASY_MOVED && i != KLASY_LINE)
			printf("%s %lu %s", i ? "," : "", count[i], klasy_class_name(i));
	}
	printf("; %zu events\n", m->events);
	return m->n || m->events;
}

static const char *point_mode(const struct klasy_fated *f)
{
	return f->mode & KLASY_ADDRESS_OF ? "&" : mode_name(f->mode);
}

static void print_point(const struct klasy_fated *f)
{
	size_t i;

	printf("  %-8s %-2s  %s.%s  %s:%u:%u  %s", klasy_fate_name(f->fate), point_mode(f), f->structure, f->member,
	       f->file, f->line, f->column, f->function);
	for (i = 0; i < f->pcs; i++)
		printf("%s%llx", i ? " " : "  ", (unsigned long long)f->pc[i]);
	if (f->why)
		printf("  %s", f->why);
	if (f->more)
		printf("; may fire more often");
	putchar('\n');
}

static void print_point_json(const struct klasy_fated *f, size_t advice)
{
	static const char *const by[KLASY_BYS] = { "line", "view", "call" };
	size_t i;

	printf("{\"advice\":%zu,\"class\":\"%s\",\"mode\":\"%s\",\"struct\":", advice + 1, klasy_fate_name(f->fate),
	       point_mode(f));
	lkst_json_string(stdout, f->structure);
	printf(",\"member\":");
	lkst_json_string(stdout, f->member);
	printf(",\"file\":");
	lkst_json_string(stdout, f->file);
	printf(",\"line\":%u,\"column\":%u,\"function\":", f->line, f->column);
	lkst_json_string(stdout, f->function);
	if (f->fate <= KLASY_FATE_WIDE)
		printf(",\"by\":\"%s\"", by[f->by]);
	if (f->why) {
		printf(",\"why\":");
		lkst_json_string(stdout, f->why);
	}
	printf(",\"more_often\":%s,\"pcs\":[", f->more ? "true" : "false");
	for (i = 0; i < f->pcs; i++)
		printf("%s\"0x%llx\"", i ? "," : "", (unsigned long long)f->pc[i]);
	printf("]}\n");
}

/* Returns false when the advice means no access. */
static bool print_points(const struct klasy_points *p, const struct klasy_advice *advice, size_t number, bool json)
{
	unsigned long count[KLASY_FATES] = { 0 };
	size_t i;

	if (!json)
		printf("advice %zu, line %u:\n", number + 1, advice->place.line);
	for (i = 0; i < p->n; i++) {
		count[p->at[i].fate]++;
		if (json)
			print_point_json(&p->at[i], number);
		else
			print_point(&p->at[i]);
	}
	if (json)
		return p->n;
	printf("%zu accesses in the source:", p->n);
	for (i = 0; i < KLASY_FATES; i++)
		printf("%s %lu %s", i ? "," : "", count[i], klasy_fate_name(i));
	putchar('\n');
	return p->n;
}

int klasy_cmd_match(int argc, char **argv)
{
	const char *object = NULL;
	bool json = false, quiet = false, source = false, all = true;
	struct klasy_words aliases = { NULL, 0 };
	struct klasy_aspect aspect;
	struct klasy_object *kernel = NULL;
	sqlite3 *db, *tree = NULL;
	size_t i;
	int c;

	while ((c = lkst_option(argc, argv, ":a:hjo:qs", longs, help)) != -1) {
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
		case 's':
			source = true;
			break;
		}
	}
	if (optind + 1 != argc)
		lkst_usage_error("give one file with an aspect");
	if (klasy_aspect_read(argv[optind], &aspect))
		return LKST_EXIT_FAILED;
	klasy_alias(&aspect, &aliases);
	free(aliases.at);
	object = klasy_find_object(object);
	db = klasy_store_open(object, false, quiet);
	if (!db)
		return LKST_EXIT_FAILED;
	if (source) {
		tree = klasy_tree_open(object, true);
		kernel = tree ? klasy_object_open(object) : NULL;
		if (!kernel)
			return LKST_EXIT_UNAVAILABLE;
	}
	for (i = 0; i < aspect.advices; i++) {
		struct klasy_matches m;

		if (klasy_match(db, &aspect, &aspect.advice[i], &m) ||
		    klasy_unknown_variables(object, &aspect, aspect.advice[i].pointcut, &m))
			return LKST_EXIT_FAILED;
		if (source) {
			struct klasy_points points;

			klasy_points_match(db, tree, kernel, &aspect.advice[i], &m, &points);
			all &= print_points(&points, &aspect.advice[i], i, json) || m.events;
			klasy_points_free(&points);
		} else {
			all &= print_matches(&m, &aspect.advice[i], i, json);
		}
		klasy_matches_free(&m);
	}
	if (source) {
		klasy_object_close(kernel);
		sqlite3_close(tree);
	}
	sqlite3_close(db);
	klasy_aspect_free(&aspect);
	return all ? LKST_EXIT_DONE : LKST_EXIT_LOSSES;
}
