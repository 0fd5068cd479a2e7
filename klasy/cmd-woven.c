// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-woven.c - klasy list, status and unweave: the aspects that are in the running kernel.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "klasy.h"
#include "option.h"
#include "print.h"
#include "weave.h"

static const char list_help[] =
"Usage: klasy list [OPTION...]\n"
"Lists the aspects that are woven into the running kernel.\n"
"\n"
"Options:\n"
"  -j, --json     one object a line\n"
"  -h, --help     this text\n"
"      --version  print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, also when there are none, 1 failed, 2 usage, 4 no right to read what one of them did\n"
"\n"
"EXAMPLES\n"
"  klasy list\n";

static const char status_help[] =
"Usage: klasy status [OPTION...] NAME\n"
"Shows what a woven aspect did, place by place:\n"
"\n"
"  hits        times the place was reached\n"
"  null        of them without its body: the target was NULL\n"
"  unreadable  of them without its body: the target, or a name, could not be read\n"
"  missed      times more, without its body: reached while another body ran on this CPU\n"
"  full        of the hits, those that gathered more than 16 values: the rest is lost\n"
"  probe       jump, trap (a breakpoint, and why, where that was foreseen), call (at a function's entry) or event\n"
"\n"
"Options:\n"
"  -j, --json     one object\n"
"  -h, --help     this text\n"
"      --version  print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 no such aspect is woven, 2 usage, 3 done; it was stopped because it took too much,\n"
"  4 no right to, or no tracer\n"
"\n"
"EXAMPLES\n"
"  klasy status skb\n";

static const char unweave_help[] =
"Usage: klasy unweave [OPTION...] NAME...\n"
"Takes aspects out of the running kernel. When it is done no body of theirs runs any more.\n"
"\n"
"Options:\n"
"  -j, --json     one object for each\n"
"  -h, --help     this text\n"
"      --version  print the version\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 one of them is not woven, 2 usage, 4 no right to, or no tracer\n"
"\n"
"EXAMPLES\n"
"  klasy unweave skb\n";

static const struct option longs[] = {
	{ "json", no_argument, NULL, 'j' },
	LKST_COMMON_OPTIONS
};

static bool read_options(int argc, char **argv, const char *help)
{
	bool json = false;

	while (lkst_option(argc, argv, ":hj", longs, help) != -1)
		json = true;
	return json;
}

struct sums {
	size_t woven, refused;
	uint64_t hits, skipped, missed;
};

static struct sums sums_of(const struct klasy_status *s)
{
	struct sums sum = { 0 };
	size_t i;

	for (i = 0; i < s->sites; i++) {
		sum.woven += !s->site[i].err;
		sum.refused += s->site[i].err != 0;
		sum.hits += s->site[i].hits;
		sum.skipped += s->site[i].null + s->site[i].unreadable;
		sum.missed += s->site[i].missed;
	}
	return sum;
}

static const char *state(const struct klasy_status *s)
{
	return s->stopped ? "stopped" : "running";
}

static void json_head(const struct klasy_status *s)
{
	struct sums sum = sums_of(s);

	printf("{\"name\":");
	lkst_json_string(stdout, s->name);
	printf(",\"aspect\":%u,\"state\":\"%s\",\"source\":", s->aspect, state(s));
	lkst_json_string(stdout, s->source);
	if (s->handler)
		printf(",\"handler\":%u", s->handler);
	printf(",\"woven\":%zu,\"refused\":%zu,\"hits\":%" PRIu64 ",\"skipped\":%" PRIu64 ",\"missed\":%" PRIu64,
	       sum.woven, sum.refused, sum.hits, sum.skipped, sum.missed);
}

struct listing {
	bool json;
	int status;
};

static void list_one(const char *name, void *arg)
{
	struct listing *list = arg;
	struct klasy_status s;
	struct sums sum;

	if (!klasy_status_read(name, &s)) {
		/* It may have been unwoven just now. */
		if (errno == ENOENT)
			return;
		lkst_warn("reading /proc/klasy_%s: %s (root may)", name, strerror(errno));
		list->status = LKST_EXIT_UNAVAILABLE;
		return;
	}
	sum = sums_of(&s);
	if (list->json) {
		json_head(&s);
		printf("}\n");
	} else {
		printf("%-6u %-8s %6zu %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "  %s\n", s.aspect, state(&s),
		       sum.woven, sum.hits, sum.skipped, sum.missed, name);
	}
	klasy_status_free(&s);
}

int klasy_cmd_list(int argc, char **argv)
{
	struct listing list = { read_options(argc, argv, list_help), LKST_EXIT_DONE };

	lkst_no_more(argc, argv);
	if (!list.json)
		printf("%-6s %-8s %6s %12s %12s %12s  %s\n", "aspect", "state", "places", "hits", "skipped", "missed",
		       "name");
	klasy_woven(list_one, &list);
	return list.status;
}

static void print_site(const struct klasy_place_status *p, bool json, bool first)
{
	if (!json) {
		printf("%5u %12" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %8" PRIu64 "  %-5s  %s  %s",
		       p->number, p->hits, p->null, p->unreadable, p->missed, p->full, p->how, p->place, p->what);
		if (*p->obstacle && strcmp(p->how, "jump"))
			printf("  (%s)", p->obstacle);
		if (p->err)
			printf("  refused: %s", strerror(-p->err));
		putchar('\n');
		return;
	}
	printf("%s{\"site\":%u,\"place\":", first ? "" : ",", p->number);
	lkst_json_string(stdout, p->place);
	printf(",\"what\":");
	lkst_json_string(stdout, p->what);
	printf(",\"hits\":%" PRIu64 ",\"null\":%" PRIu64 ",\"unreadable\":%" PRIu64, p->hits, p->null, p->unreadable);
	printf(",\"missed\":%" PRIu64 ",\"full\":%" PRIu64 ",\"probe\":\"%s\"", p->missed, p->full, p->how);
	if (*p->obstacle)
		printf(",\"obstacle\":\"%s\"", p->obstacle);
	if (p->err) {
		printf(",\"refused\":");
		lkst_json_string(stdout, strerror(-p->err));
	}
	putchar('}');
}

int klasy_cmd_status(int argc, char **argv)
{
	bool json = read_options(argc, argv, status_help);
	struct klasy_status s;
	struct sums sum;
	int status;
	size_t i;

	if (optind + 1 != argc)
		lkst_usage_error("give the name of one aspect ('klasy list' has them)");
	if (!klasy_status_read(argv[optind], &s)) {
		if (errno == ENOENT)
			return klasy_not_woven(argv[optind]);
		lkst_warn("reading /proc/klasy_%s: %s (root may)", argv[optind], strerror(errno));
		return LKST_EXIT_UNAVAILABLE;
	}
	sum = sums_of(&s);
	if (json) {
		json_head(&s);
		printf(",\"breaker\":%u,\"sites\":[", s.limit);
	} else {
		printf("%s: aspect %u of %s, %s", s.name, s.aspect, s.source, state(&s));
		if (s.stopped)
			printf(" (it took %u per cent of a CPU, the limit is %u)", s.took, s.limit);
		printf(", %zu places, %zu refused", sum.woven, sum.refused);
		if (s.handler)
			printf(", handler 0x%x of its events", s.handler);
		putchar('\n');
		printf("%5s %12s %10s %10s %10s %8s  %-5s  place\n", "site", "hits", "null", "unreadable", "missed",
		       "full", "probe");
	}
	for (i = 0; i < s.sites; i++)
		print_site(&s.site[i], json, !i);
	if (json)
		printf("]}\n");
	status = s.stopped ? LKST_EXIT_LOSSES : LKST_EXIT_DONE;
	klasy_status_free(&s);
	return status;
}

int klasy_cmd_unweave(int argc, char **argv)
{
	bool json = read_options(argc, argv, unweave_help);
	int status = LKST_EXIT_DONE, one;

	if (optind == argc)
		lkst_usage_error("give the names of aspects ('klasy list' has them)");
	for (; optind < argc; optind++) {
		one = klasy_unload(argv[optind]);
		status = one ? one : status;
		if (!json)
			continue;
		printf("{\"name\":");
		lkst_json_string(stdout, argv[optind]);
		printf(",\"unwoven\":%s}\n", one ? "false" : "true");
	}
	return status;
}
