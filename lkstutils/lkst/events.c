// SPDX-License-Identifier: GPL-2.0-only
/*
 * events.c - lkst events: the catalogue, and with the module loaded what this kernel has of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "catalogue.h"
#include "cli.h"
#include "device.h"
#include "lkst.h"
#include "option.h"
#include "print.h"

static const char help[] =
"Usage: lkst events [OPTION...] [NAME|GROUP|ID...]\n"
"Lists the events: id, name, group, whether the default maskset has it, and meaning. With\n"
"the module loaded also whether this kernel has it, and if it is attached now ('*').\n"
"\n"
"Options:\n"
"      --sizes   bytes of one record, and its arguments\n"
"      --source  where each event comes from on each family of kernels, or why it\n"
"                does not; with the module loaded, on this kernel\n"
"      --json    one JSON object a line, with everything\n"
"  -h, --help    this text\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage, or no such event\n"
"\n"
"EXAMPLES\n"
"  lkst events SYSCALL PROCESS_FORK\n"
"  lkst events --sizes\n"
"  lkst events --source LOCK\n";

enum { OPT_SIZES = LKST_OPT_FIRST, OPT_SOURCE, OPT_JSON };

static const struct option longs[] = {
	{ "sizes", no_argument, NULL, OPT_SIZES }, { "source", no_argument, NULL, OPT_SOURCE },
	{ "json", no_argument, NULL, OPT_JSON },
	LKST_COMMON_OPTIONS
};

/* What the module says; -1: there is none to ask. */
static int device;

static int matches(const struct lkst_event_desc *e, const char *word)
{
	char *end;

	if (!strcasecmp(e->name, word) || !strcasecmp(lkst_group_name(e->group), word))
		return 1;
	return *word >= '0' && *word <= '9' && strtoul(word, &end, 0) == e->id && !*end;
}

static int wanted(const struct lkst_event_desc *e, char **words)
{
	if (!*words)
		return 1;
	for (; *words; words++)
		if (matches(e, *words))
			return 1;
	return 0;
}

static void check_words(const struct lkst_event_desc *e, unsigned int count, char **words)
{
	unsigned int i;

	for (; *words; words++) {
		for (i = 0; i < count && !matches(&e[i], *words); i++)
			;
		if (i == count)
			lkst_no_such_event(*words);
	}
}

static int ask(const struct lkst_event_desc *e, struct lkst_event_state *state)
{
	memset(state, 0, sizeof(*state));
	state->id = e->id;
	return device >= 0 && !lkst_ioctl(device, LKST_IOC_EVENT_NEXT, state) && state->id == e->id;
}

static void print_plain(const struct lkst_event_desc *e)
{
	struct lkst_event_state s;
	const char *here = "";

	if (ask(e, &s))
		here = s.flags & LKST_EVENT_ATTACHED ? "* " : s.flags & LKST_EVENT_AVAILABLE ? "  " : "- ";
	printf("%s0x%03x %-23s %-10s %-9s %s", here, e->id, e->name, lkst_group_name(e->group),
	       e->rdefault ? "RDEFAULT" : "",
	       e->meaning);
	if (*here && *s.reason)
		printf(" [%.*s]", LKST_REASON_LEN, s.reason);
	putchar('\n');
}

static void print_sizes(const struct lkst_event_desc *e)
{
	unsigned int i;

	printf("0x%03x %-23s %3u bytes ", e->id, e->name, 8 + 8 * e->units);
	for (i = 0; i < e->nr_args; i++)
		printf(" %s:%s", e->arg[i].name, e->arg[i].type);
	putchar('\n');
}

static void print_source(const struct lkst_event_desc *e)
{
	struct lkst_event_state s;

	printf("0x%03x %s\n", e->id, e->name);
	printf("  stock  %-10s %s\n", e->stock.kind, e->stock.place);
	printf("  2.6    %-10s %s\n", e->hook26.kind, e->hook26.place);
	printf("  2.4    %-10s %s\n", e->hook24.kind, e->hook24.place);
	if (ask(e, &s))
		printf("  here   %.*s%s%.*s%s\n", LKST_REASON_LEN, s.source, *s.source && *s.reason ? ", " : "",
		       LKST_REASON_LEN,
		       s.reason, s.flags & LKST_EVENT_ATTACHED ? " (attached)" : "");
}

static void json_source(const char *key, const struct lkst_source_desc *source)
{
	printf(",\"%s\":{\"kind\":\"%s\",\"place\":", key, source->kind);
	lkst_json_string(stdout, source->place);
	putchar('}');
}

static void print_json(const struct lkst_event_desc *e)
{
	struct lkst_event_state s;
	unsigned int i;

	printf("{\"id\":%u,\"name\":\"%s\",\"group\":\"%s\",\"rdefault\":%s,\"bytes\":%u,\"meaning\":", e->id, e->name,
	       lkst_group_name(e->group), e->rdefault ? "true" : "false", 8 + 8 * e->units);
	lkst_json_string(stdout, e->meaning);
	printf(",\"args\":[");
	for (i = 0; i < e->nr_args; i++) {
		printf("%s{\"name\":\"%s\",\"type\":\"%s\",\"meaning\":", i ? "," : "", e->arg[i].name, e->arg[i].type);
		lkst_json_string(stdout, e->arg[i].meaning);
		putchar('}');
	}
	putchar(']');
	json_source("stock", &e->stock);
	json_source("hook26", &e->hook26);
	json_source("hook24", &e->hook24);
	if (ask(e, &s)) {
		printf(",\"available\":%s,\"armed\":%s,\"attached\":%s,\"source\":",
		       s.flags & LKST_EVENT_AVAILABLE ? "true" : "false",
		       s.flags & LKST_EVENT_ARMED ? "true" : "false", s.flags & LKST_EVENT_ATTACHED ? "true" : "false");
		lkst_json_string(stdout, s.source);
		printf(",\"reason\":");
		lkst_json_string(stdout, s.reason);
		printf(",\"counted\":%llu", s.hits);
	}
	printf("}\n");
}

int lkst_cmd_events(int argc, char **argv)
{
	unsigned int i, count;
	const struct lkst_event_desc *e = lkst_catalogue(&count);
	void (*print)(const struct lkst_event_desc *e) = print_plain;
	int c;

	while ((c = lkst_option(argc, argv, ":h", longs, help)) != -1)
		print = c == OPT_SIZES ? print_sizes : c == OPT_SOURCE ? print_source : print_json;
	argv += optind;
	check_words(e, count, argv);
	device = lkst_try_open(LKST_READ);
	for (i = 0; i < count; i++)
		if (wanted(&e[i], argv))
			print(&e[i]);
	return LKST_EXIT_DONE;
}
