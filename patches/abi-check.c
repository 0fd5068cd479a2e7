// SPDX-License-Identifier: GPL-2.0-only
/*
 * abi-check.c - lkst-abi-check: does a kernel with a patch series still take the modules built for the one without? Two
 * build folders are compared: exported symbols and their versions, and all types. What may differ stands in a file of
 * reasons. It builds nothing and knows no kernel version.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "cli.h"
#include "option.h"
#include "print.h"

static const char help[] =
"Usage: lkst-abi-check [OPTION...] BASE PATCHED\n"
"Compares two builds of a kernel, without and with a patch series: exported symbols with their\n"
"versions, structures, unions, enums and typedefs. Each is a folder in which a kernel was built\n"
"(Module.symvers, vmlinux with debug information, modules), or what ci/legacy-kernel left.\n"
"\n"
"Options:\n"
"  -r, --reasons FILE   which changes are an error, a note, or tolerated, each with its reason\n"
"      --hooks SERIES   list the hooks that this series puts into headers: modules that were\n"
"                       built before do not pass them\n"
"  -s, --symbols        compare symbols only: no debug information is wanted\n"
"  -j, --json           the result as JSON\n"
"  -q, --quiet          errors and the summary only\n"
"      --help           this text\n"
"      --version        print the version\n"
"\n"
"EXIT STATUS\n"
"  0 modules built for BASE fit PATCHED, 1 they do not, or nothing can be read, 2 usage,\n"
"  3 no error, but something could not be compared\n"
"\n"
"EXAMPLES\n"
"  lkst-abi-check --reasons patches/2.6/abi.reasons --hooks patches/2.6/series linux linux-lkst\n";

static const struct option longs[] = {
	{ "reasons", required_argument, NULL, 'r' }, { "hooks", required_argument, NULL, LKST_OPT_FIRST },
	{ "symbols", no_argument, NULL, 's' }, { "json", no_argument, NULL, 'j' }, { "quiet", no_argument, NULL, 'q' },
	LKST_COMMON_OPTIONS
};

/* A line of the reasons file. */
struct rule {
	char *severity, *kind, *name, *reason;
	unsigned int line, used;
};

struct hook {
	char *file, *name;
};

struct report {
	struct abi_build base, patched;
	struct abi_changes changes;
	struct rule *rule;
	unsigned int nr_rules;
	const char *reasons;		/* name of the file */
	struct hook *hook;
	unsigned int nr_hooks;
	const char *missing;		/* what could not be compared, or NULL */
	int symbols_only, quiet;
};

static FILE *open_file(const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file)
		lkst_die(LKST_EXIT_FAILED, "reading %s: %s", path, strerror(errno));
	return file;
}

/* SEVERITY KIND NAME REASON... */
static void read_reasons(struct report *r)
{
	FILE *file = open_file(r->reasons);
	char line[1024], severity[16], kind[32], name[256];
	unsigned int n = 0;
	struct rule *rule;
	int end;

	while (fgets(line, sizeof(line), file)) {
		n++;
		line[strcspn(line, "\n")] = 0;
		if (!line[strspn(line, " \t")] || *line == '#')
			continue;
		end = 0;
		sscanf(line, "%15s %31s %255s %n", severity, kind, name, &end);
		if (!end || !line[end])
			lkst_die(LKST_EXIT_USAGE, "reading %s: line %u: give SEVERITY KIND NAME and a reason", r->reasons, n);
		if (strcmp(severity, "error") && strcmp(severity, "note") && strcmp(severity, "tolerated"))
			lkst_die(LKST_EXIT_USAGE, "reading %s: line %u: '%s' is no severity (error, note, tolerated)",
				 r->reasons, n, severity);
		r->rule = lkst_xrealloc(r->rule, (r->nr_rules + 1) * sizeof(*rule));
		rule = &r->rule[r->nr_rules++];
		memset(rule, 0, sizeof(*rule));
		rule->severity = abi_copy(severity);
		rule->kind = abi_copy(kind);
		rule->name = abi_copy(name);
		rule->reason = abi_copy(line + end);
		rule->line = n;
	}
	fclose(file);
}

static const char *default_severity(const char *kind)
{
	return strstr(kind, "-added") ? "note" : "error";
}

/* The first line that fits decides. */
static void judge(struct report *r)
{
	struct abi_change *c;
	unsigned int i, k;

	for (i = 0; i < r->changes.nr; i++) {
		c = &r->changes.change[i];
		c->severity = default_severity(c->kind);
		for (k = 0; k < r->nr_rules; k++) {
			if (fnmatch(r->rule[k].kind, c->kind, 0) || fnmatch(r->rule[k].name, c->name, 0))
				continue;
			c->severity = r->rule[k].severity;
			c->reason = r->rule[k].reason;
			r->rule[k].used++;
			break;
		}
	}
}

/* ---- hooks in headers ---- */

static void add_hook(struct report *r, const char *file, const char *name, size_t len)
{
	struct hook *h;

	r->hook = lkst_xrealloc(r->hook, (r->nr_hooks + 1) * sizeof(*h));
	h = &r->hook[r->nr_hooks++];
	h->file = abi_copy(file);
	h->name = lkst_xmalloc(len + 1);
	memcpy(h->name, name, len);
}

/* The hooks of one added line: LKST_HOOKn(NAME, LKST_VALUEn(NAME, LKST_EITHER3(SET, CLEAR, */
static void hooks_of_line(struct report *r, const char *file, const char *line)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	const char *at = line, *open;
	size_t len;

	while ((at = strstr(at, "LKST_"))) {
		open = at + strspn(at, upper);
		at += 5;
		if (*open != '(' || (strncmp(at, "HOOK", 4) && strncmp(at, "VALUE", 5) && strncmp(at, "FETCH", 5) &&
				     strncmp(at, "EITHER", 6)))
			continue;
		len = strspn(++open, upper);
		add_hook(r, file, open, len);
		if (!strncmp(at, "EITHER", 6) && open[len] == ',') {
			open += len + 1;
			open += strspn(open, " ");
			add_hook(r, file, open, strspn(open, upper));
		}
	}
}

static void hooks_of_patch(struct report *r, const char *path)
{
	FILE *patch = open_file(path);
	char line[4096], file[4096] = "";
	const char *slash, *end;

	while (fgets(line, sizeof(line), patch)) {
		if (!strncmp(line, "+++ ", 4)) {
			slash = strchr(line, '/');
			snprintf(file, sizeof(file), "%s", slash ? slash + 1 : line + 4);
			file[strcspn(file, " \t\n")] = 0;
			continue;
		}
		end = strrchr(file, '.');
		/* lkst.h is where the macros are made. */
		if (*line == '+' && end && !strcmp(end, ".h") && !strstr(file, "/lkst.h"))
			hooks_of_line(r, file, line);
	}
	fclose(patch);
}

static void read_series(struct report *r, const char *series)
{
	FILE *file = open_file(series);
	char line[1024], name[512], path[5120];
	const char *slash = strrchr(series, '/');

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%511s", name) != 1 || *name == '#')
			continue;
		snprintf(path, sizeof(path), "%.*s%s", slash ? (int)(slash + 1 - series) : 0, series, name);
		hooks_of_patch(r, path);
	}
	fclose(file);
}

/* ---- the report ---- */

static unsigned int count(const struct report *r, const char *kind)
{
	unsigned int n = 0, i;

	for (i = 0; i < r->changes.nr; i++)
		n += !fnmatch(kind, r->changes.change[i].kind, 0);
	return n;
}

static unsigned int errors(const struct report *r)
{
	unsigned int n = 0, i;

	for (i = 0; i < r->changes.nr; i++)
		n += !strcmp(r->changes.change[i].severity, "error");
	return n;
}

static void print_change(const struct abi_change *c)
{
	const char *line = c->detail;
	size_t len;

	printf("%-9s %-15s %s%s", c->severity, c->kind, c->tag, c->name);
	if (c->file)
		printf(" (%s)", c->file);
	putchar('\n');
	for (; *line; line += len + !!line[len]) {
		len = strcspn(line, "\n");
		printf("\t%.*s\n", (int)len, line);
	}
	if (c->reason)
		printf("\treason: %s\n", c->reason);
}

static unsigned int types_of(const struct abi_build *build, enum abi_class class)
{
	unsigned int n = 0, i;

	for (i = 0; i < build->nr_types; i++)
		n += build->type[i].class == class;
	return n;
}

static void print_text(const struct report *r)
{
	static const char *const kinds[] = { "struct", "enum", "typedef" };
	static const char *const words[] = { "structures and unions", "enums", "typedefs" };
	const struct abi_change *c;
	unsigned int i;
	char kind[32];

	for (i = 0; i < r->changes.nr; i++) {
		c = &r->changes.change[i];
		if (!r->quiet || !strcmp(c->severity, "error"))
			print_change(c);
	}
	/* What was thought to be needed and is not, is worth a look. */
	for (i = 0; i < r->nr_rules && !r->quiet; i++)
		if (!r->rule[i].used && strcmp(r->rule[i].severity, "error"))
			printf("note      unused          %s: line %u: %s %s\n", r->reasons, r->rule[i].line, r->rule[i].kind,
			       r->rule[i].name);
	for (i = 0; i < r->nr_hooks && !r->quiet; i++)
		printf("note      inline-hook     %s (%s)\n\tmodules that were built before do not pass it\n", r->hook[i].name,
		       r->hook[i].file);
	printf("symbols: %u, were %u: %u changed, %u lost, %u added%s\n", r->patched.nr_symbols, r->base.nr_symbols,
	       count(r, "symbol-changed") + count(r, "symbol-licence"), count(r, "symbol-lost"), count(r, "symbol-added"),
	       r->base.has_crcs && r->patched.has_crcs ? "" : "; names only, there are no versions");
	for (i = 0; i < 3 && !r->symbols_only; i++) {
		printf("%s: %u, were %u:", words[i], types_of(&r->patched, i), types_of(&r->base, i));
		snprintf(kind, sizeof(kind), "%s-changed", kinds[i]);
		printf(" %u changed,", count(r, kind));
		snprintf(kind, sizeof(kind), "%s-lost", kinds[i]);
		printf(" %u lost,", count(r, kind));
		snprintf(kind, sizeof(kind), "%s-added", kinds[i]);
		printf(" %u added\n", count(r, kind));
	}
	if (r->missing)
		printf("not compared: %s\n", r->missing);
	printf("%u error%s\n", errors(r), errors(r) == 1 ? "" : "s");
}

static void json_pair(const char *name, const char *value, const char *end)
{
	printf("\"%s\": ", name);
	if (value)
		lkst_json_string(stdout, value);
	else
		printf("null");
	printf("%s", end);
}

static void print_json(const struct report *r)
{
	const struct abi_change *c;
	unsigned int i;

	printf("{\n");
	json_pair("base", r->base.dir, ",\n");
	json_pair("patched", r->patched.dir, ",\n");
	printf("\"changes\": [");
	for (i = 0; i < r->changes.nr; i++) {
		c = &r->changes.change[i];
		printf("%s\n  { ", i ? "," : "");
		json_pair("severity", c->severity, ", ");
		json_pair("kind", c->kind, ", ");
		json_pair("tag", c->tag, ", ");
		json_pair("name", c->name, ", ");
		json_pair("file", c->file, ", ");
		json_pair("detail", c->detail, ", ");
		json_pair("reason", c->reason, " }");
	}
	printf("\n],\n\"inline_hooks\": [");
	for (i = 0; i < r->nr_hooks; i++) {
		printf("%s\n  { ", i ? "," : "");
		json_pair("hook", r->hook[i].name, ", ");
		json_pair("file", r->hook[i].file, " }");
	}
	printf("\n],\n\"symbols\": { \"before\": %u, \"now\": %u, \"versions\": %s },\n", r->base.nr_symbols,
	       r->patched.nr_symbols, r->base.has_crcs && r->patched.has_crcs ? "true" : "false");
	printf("\"types\": { \"before\": %u, \"now\": %u },\n", r->base.nr_types, r->patched.nr_types);
	json_pair("not_compared", r->missing, ",\n");
	printf("\"errors\": %u\n}\n", errors(r));
}

static void read_build(struct report *r, struct abi_build *build)
{
	abi_find_objects(build);
	abi_read_symbols(build);
	if (!r->symbols_only)
		abi_read_types(build);
	if (!r->symbols_only && !build->nr_units)
		r->missing = "types: a build has no debug information (CONFIG_DEBUG_INFO; --symbols does without)";
	else if (!r->missing && !build->has_crcs)
		r->missing = "versions of symbols: a build has none (CONFIG_MODVERSIONS)";
}

int main(int argc, char **argv)
{
	struct report r = { .symbols_only = 0 };
	const char *series = NULL;
	int opt, json = 0;

	lkst_program = "lkst-abi-check";
	while ((opt = lkst_option(argc, argv, ":r:sjq", longs, help)) != -1)
		switch (opt) {
		case 'r': r.reasons = optarg; break;
		case LKST_OPT_FIRST: series = optarg; break;
		case 's': r.symbols_only = 1; break;
		case 'j': json = 1; break;
		case 'q': r.quiet = 1; break;
		}
	if (argc - optind != 2)
		lkst_usage_error("reading the arguments: give two build folders, BASE and PATCHED");
	r.base.dir = argv[optind];
	r.patched.dir = argv[optind + 1];
	if (r.reasons)
		read_reasons(&r);
	if (series)
		read_series(&r, series);
	read_build(&r, &r.base);
	read_build(&r, &r.patched);
	abi_compare_symbols(&r.base, &r.patched, &r.changes);
	if (r.base.nr_units && r.patched.nr_units)
		abi_compare_types(&r.base, &r.patched, &r.changes);
	judge(&r);
	if (json)
		print_json(&r);
	else
		print_text(&r);
	if (fflush(stdout) || ferror(stdout))
		lkst_die(LKST_EXIT_FAILED, "writing the report: %s", strerror(errno));
	return errors(&r) ? LKST_EXIT_FAILED : r.missing ? LKST_EXIT_LOSSES : LKST_EXIT_DONE;
}
