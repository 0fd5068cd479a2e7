// SPDX-License-Identifier: GPL-2.0-only
/*
 * reanchor.c - carries a series of hooks to another tree, patch by patch, and says what becomes of each hook. It is run by
 * lkst-series, which writes the letters and makes patches out of the files. It reads trees and writes only below --stage.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalogue.h"
#include "cli.h"
#include "option.h"
#include "reanchor.h"

static const char help[] =
"Usage: lkst-reanchor --base DIR --tree DIR --series DIR [OPTION...]\n"
"Says where each hook of a series would stand in another tree. 'lkst-series status' and\n"
"'lkst-series rebase' are the commands that run it.\n"
"\n"
"Options:\n"
"      --base DIR    the tree the series is for\n"
"      --tree DIR    the other tree\n"
"      --series DIR  where the series is\n"
"      --stage DIR   write the files that patch N changes to DIR/N/a and DIR/N/b, what is left\n"
"                    out of it to DIR/N/left, and what check-hooks wants to\n"
"                    know to DIR/carried\n"
"      --json        JSON instead of text\n"
"      --quiet       without the functions in which a hook has no place\n"
"      --help        this text\n"
"      --version     print the version\n"
"\n"
"EXIT STATUS\n"
"  0 every hook has a place, 1 failed, 2 usage, 3 some have none\n"
"\n"
"EXAMPLES\n"
"  lkst-reanchor --base linux-2.6.9 --tree linux-2.6.11 --series patches/2.6\n";

enum { OPT_BASE = LKST_OPT_FIRST, OPT_TREE, OPT_SERIES, OPT_STAGE, OPT_JSON, OPT_QUIET };

static const struct option longs[] = {
	{ "base", required_argument, NULL, OPT_BASE }, { "tree", required_argument, NULL, OPT_TREE },
	{ "series", required_argument, NULL, OPT_SERIES }, { "stage", required_argument, NULL, OPT_STAGE },
	{ "json", no_argument, NULL, OPT_JSON }, { "quiet", no_argument, NULL, OPT_QUIET },
	LKST_COMMON_OPTIONS
};

static const char *const verdicts[] = { "clean", "offset", "fuzz", "three-way", "already", "conflict" };

#define MAX_FILES	64

static const char *base_dir, *tree_dir, *series_dir, *stage_dir;
static int json, quiet, total[V_CONFLICT + 1], others[V_CONFLICT + 1], nr_patches, left_out;

/* One patch and the files it touches. */
struct work {
	struct patch *patch;
	int number;
	struct text *old[MAX_FILES], *new[MAX_FILES];
	struct edit *edit[MAX_FILES];
	int count[MAX_FILES];
	enum verdict verdict;
};

static struct trees base, trees;
static FILE *carried;
static char *carried_text;
static size_t carried_len;

static void write_file(const char *path, const char *s, int len)
{
	char file[4096], *slash;
	FILE *f;

	snprintf(file, sizeof(file), "%s/%s", stage_dir, path);
	for (slash = strchr(file + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(file, 0777) && errno != EEXIST)
			lkst_die(LKST_EXIT_FAILED, "making %s: %s", file, strerror(errno));
		*slash = '/';
	}
	f = fopen(file, "w");
	if (!f || fwrite(s, 1, (size_t)len, f) != (size_t)len || fclose(f))
		lkst_die(LKST_EXIT_FAILED, "writing %s: %s", file, strerror(errno));
}

static void stage(const struct work *w, const char *side, const struct text *t)
{
	char path[4096];

	if (!stage_dir)
		return;
	snprintf(path, sizeof(path), "%d/%s/%s", w->number, side, t->path);
	write_file(path, t->s, t->len);
}

/* Put a text in the place of the one of that name; a new name is added. */
static void replace(struct trees *t, struct text *text)
{
	int i;

	for (i = 0; i < t->nr; i++)
		if (!strcmp(t->text[i]->path, text->path)) {
			t->text[i] = text;	/* edits may still point to the old one: it stays */
			return;
		}
	if (t->nr % 32 == 0)
		t->text = lkst_xrealloc(t->text, (unsigned long)(t->nr + 32) * sizeof(text));
	t->text[t->nr++] = text;
}

/* ---- what is said ---- */

static void print_json_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if (*s == '\n' || *s == '\t')
			printf(*s == '\n' ? "\\n" : "\\t");
		else if ((unsigned char)*s >= 32)
			putchar(*s);
	}
	putchar('"');
}

/* What an edit is called, and what it is for. */
static const char *name_of(const struct edit *e, int i)
{
	if (i < e->nr_events)
		return interned(e->event[i]);
	return e->nr_helpers ? interned(e->helper[0]) : "-";
}

static const char *purpose(const char *name)
{
	const struct lkst_event_desc *d = lkst_event_by_name(name);

	return d ? d->meaning : !strncmp(name, "lkst_", 5) ? "a macro of the series' own" : "no hook";
}

static const char *func_name_of(const struct edit *e)
{
	return e->to_func ? interned(e->to_func->name) : e->func ? interned(e->func->name) : "";
}

/* The function as it stands there, or what is left of the name; NULL. */
static const struct func *func_there(const struct edit *e)
{
	int i;

	if (e->to_func || !e->to || !e->func)
		return e->to_func;
	for (i = 0; i < e->to->nr_func; i++)
		if (e->to->func[i].name == e->func->name)
			return &e->to->func[i];
	return NULL;
}

/* Where the hook would be, or where the function begins that has no place for it; 0: nowhere. */
static int line_there(const struct edit *e)
{
	const struct func *g = func_there(e);

	if (e->verdict != V_CONFLICT)
		return e->line;
	return g ? e->to->orig[e->to->tok[g->first].line] : 0;
}

static void print_function(const struct edit *e)
{
	const struct text *t = e->to;
	const struct func *g = func_there(e);
	int i, from, to;

	if (!g || quiet)
		return;
	from = t->tok[g->first].line;
	to = t->tok[g->close].line;
	printf("        %s:%d\n", t->path, t->orig[from]);
	for (i = from; i <= to; i++)
		printf("        | %.*s", (i + 1 < t->nr_lines ? t->line_start[i + 1] : t->len) - t->line_start[i], t->s + t->line_start[i]);
}

static void print_edit(const struct work *w, int file, const struct edit *e, int *first)
{
	const char *path = w->old[file]->path, *to = e->to ? e->to->path : path, *where = func_name_of(e);
	int i, n = e->nr_events ? e->nr_events : 1, line = line_there(e);
	char at[16] = "";

	if (e->is_include)
		return;
	if (line)
		snprintf(at, sizeof(at), ":%d", line);
	for (i = 0; i < n; i++) {
		(e->nr_events ? total : others)[e->verdict]++;
		if (json) {
			printf("%s\n  {\"hook\":", *first ? "" : ",");
			print_json_string(name_of(e, i));
			printf(",\"verdict\":\"%s\",\"file\":\"%s\",\"to\":\"%s\",\"function\":\"%s\",\"line\":%d,\"is_event\":%s,\"purpose\":",
			       verdicts[e->verdict], path, to, where, line, e->nr_events ? "true" : "false");
			print_json_string(purpose(name_of(e, i)));
			printf(",\"why\":");
			print_json_string(e->verdict == V_CONFLICT ? e->why : "");
			putchar('}');
		} else if (e->verdict == V_CONFLICT) {
			printf("  %-9s %-22s %s%s%s%s%s: %s\n", verdicts[e->verdict], name_of(e, i), line ? to : path, at,
			       *where ? " (" : "", where, *where ? ")" : "", e->why);
		} else {
			printf("  %-9s %-22s %s%s%s%s%s%s%s\n", verdicts[e->verdict], name_of(e, i), to, at, *where ? " (" : "", where,
			       *where ? ")" : "", strcmp(path, to) ? ", moved from " : "", strcmp(path, to) ? path : "");
		}
		*first = 0;
	}
	if (!json && e->verdict == V_CONFLICT)
		print_function(e);
}

/* For check-hooks: which events are left out where, and which files' hooks are in another. */
static void write_carried(void)
{
	fflush(carried);
	if (stage_dir)
		write_file("carried", carried_text, (int)carried_len);
}

/* For the letter of the patch: what is left to do by hand, and what for. */
static void write_left(const struct work *w, int files)
{
	char *s = NULL;
	size_t len;
	FILE *f = open_memstream(&s, &len);
	char path[100];
	int a, i, k;

	for (a = 0; a < files; a++)
		for (i = 0; i < w->count[a]; i++) {
			const struct edit *e = &w->edit[a][i];

			if (e->verdict == V_ALREADY)
				for (k = 0; k < e->nr_events; k++)
					fprintf(carried, "left %s %s\n", name_of(e, k), w->old[a]->path);
			if (e->verdict < V_CONFLICT && e->nr_events && e->to && strcmp(e->to->path, w->old[a]->path))
				fprintf(carried, "moved %s %s\n", w->old[a]->path, e->to->path);
			if (e->verdict != V_CONFLICT || e->is_include)
				continue;
			for (k = 0; k < e->nr_events; k++)
				fprintf(carried, "left %s %s\n", name_of(e, k), w->old[a]->path);
			for (k = 0; k < (e->nr_events ? e->nr_events : 1); k++)
				fprintf(f, "%s\t%s\t%s\t%s\t%s\n", name_of(e, k), w->old[a]->path, func_name_of(e), purpose(name_of(e, k)),
					e->why);
		}
	fclose(f);
	if (len && stage_dir) {
		snprintf(path, sizeof(path), "%d/left", w->number);
		write_file(path, s, (int)len);
	}
	free(s);
}

static void print_patch(struct work *w)
{
	int a, i, first = 1;

	for (a = 0; a < w->patch->nr_files; a++)
		for (i = 0; i < w->count[a]; i++)
			if (!w->edit[a][i].is_include && w->edit[a][i].verdict > w->verdict)
				w->verdict = w->edit[a][i].verdict;
	for (a = i = 0; a < w->patch->nr_files; a++)
		for (int k = 0; k < w->count[a]; k++)
			i += w->edit[a][k].verdict != V_ALREADY && !w->edit[a][k].is_include;
	if (w->verdict == V_ALREADY && i)
		w->verdict = V_THREE_WAY;	/* in part */
	if (json) {
		printf("%s\n {\"patch\":\"%s\",\"verdict\":\"%s\",\"hooks\":[", nr_patches ? "," : "", w->patch->name, verdicts[w->verdict]);
	} else {
		printf("%s: %s\n", w->patch->name, verdicts[w->verdict]);
	}
	for (a = 0; a < w->patch->nr_files; a++)
		for (i = 0; i < w->count[a]; i++)
			print_edit(w, a, &w->edit[a][i], &first);
	if (json)
		printf("]}");
	left_out += w->verdict == V_CONFLICT;
	nr_patches++;
}

static int sum(const int *count)
{
	int i, n = 0;

	for (i = 0; i <= V_CONFLICT; i++)
		n += count[i];
	return n;
}

static void print_counts(const int *count)
{
	int i;

	for (i = 0; i <= V_CONFLICT; i++)
		if (json)
			printf("%s\"%s\":%d", i ? "," : "", verdicts[i], count[i]);
		else
			printf(" %d %s%s", count[i], verdicts[i], i < V_CONFLICT ? "," : "\n");
}

/* The hooks come last. What is none (Makefiles, Kconfig, macros of the series' own) decides about its patch, too. */
static void print_totals(void)
{
	if (json) {
		printf("\n],\"hooks\":%d,", sum(total));
		print_counts(total);
		printf(",\"others\":{");
		print_counts(others);
		printf("}}\n");
		return;
	}
	printf("%d other changes:", sum(others));
	print_counts(others);
	printf("%d hooks in %d patches:", sum(total), nr_patches);
	print_counts(total);
}

/* ---- one patch ---- */

/* A file that the patch makes: there is nothing to look for, unless the tree has one of that name. */
static void new_file(struct work *w, int a)
{
	struct text *there = tree_text(&trees, w->new[a]->path);
	struct edit *e = lkst_xmalloc(sizeof(*e));

	w->old[a] = w->new[a];
	w->edit[a] = e;
	w->count[a] = 1;
	e->to = w->new[a];
	e->line = 1;
	if (!there)
		return;
	e->verdict = V_ALREADY;
	if (there->len != w->new[a]->len || memcmp(there->s, w->new[a]->s, (size_t)there->len)) {
		e->verdict = V_CONFLICT;
		snprintf(e->why, sizeof(e->why), "there is another file of that name");
	}
}

/* The include goes into every file that gets hooks of this patch, where the patch brings it or the hooks are in another file. */
static void includes(const struct work *w, int a, struct text *to, int moved)
{
	const struct text *new = w->new[a];
	const char *line = "#include <linux/lkst.h>\n";
	struct text *t;
	int i, wanted = moved, gap = -1, len = (int)strlen(line);

	for (i = 0; i < w->count[a]; i++)
		if (w->edit[a][i].is_include) {
			wanted = 1;
			gap = w->edit[a][i].in[0].gap;
			/* As the patch writes it: some files have a tab there. */
			line = new->s + new->line_start[new->tok[w->edit[a][i].in[0].first].line];
			len = (int)(strchr(line, '\n') - line) + 1;
		}
	if (!wanted || to->mode != MODE_C)
		return;
	t = render_include(tree_text(&trees, to->path), gap >= 0 ? w->old[a] : NULL, gap, line, len);
	if (t)
		replace(&trees, t);
}

static void write_files(struct work *w)
{
	struct text *before[MAX_FILES * 2], *t;
	int a, i, k, n = 0;

	for (a = 0; a < w->patch->nr_files; a++) {
		if (w->patch->file[a].is_new) {
			if (w->edit[a]->verdict == V_CLEAN) {
				replace(&trees, w->new[a]);
				stage(w, "b", w->new[a]);
			}
			continue;
		}
		for (i = 0; i < w->count[a]; i++) {
			struct text *to = w->edit[a][i].to;

			if (w->edit[a][i].verdict > V_THREE_WAY || w->edit[a][i].is_include || !to)
				continue;
			for (k = 0; k < n && before[k] != to; k++)
				;
			if (k < n || n == MAX_FILES * 2)
				continue;
			before[n++] = to;
			t = render(to, w->old[a], w->new[a], w->edit[a], w->count[a]);
			if (!t)
				continue;
			replace(&trees, t);
			includes(w, a, to, strcmp(to->path, w->old[a]->path) != 0);
			stage(w, "a", to);
			stage(w, "b", tree_text(&trees, to->path));
		}
	}
}

/* A patch none of whose hooks has a place goes as a whole: an option that switches nothing on is no use. */
static void drop_rest(struct work *w)
{
	int a, i, placed = 0, refused = 0;
	struct edit *e;

	for (a = 0; a < w->patch->nr_files; a++)
		for (i = 0; i < w->count[a]; i++) {
			placed += w->edit[a][i].nr_events && w->edit[a][i].verdict != V_CONFLICT;
			refused += w->edit[a][i].nr_events && w->edit[a][i].verdict == V_CONFLICT;
		}
	for (a = 0; a < w->patch->nr_files && !placed && refused; a++)
		for (i = 0; i < w->count[a]; i++) {
			e = &w->edit[a][i];
			if (e->is_include || e->verdict > V_THREE_WAY)
				continue;
			e->verdict = V_CONFLICT;
			snprintf(e->why, sizeof(e->why), "none of the hooks of its patch has a place");
		}
}

static void do_patch(const char *name, int number)
{
	struct work *w = lkst_xmalloc(sizeof(*w));
	struct patch_file *pf;
	int a;

	w->patch = patch_read(series_dir, name);
	w->number = number;
	if (w->patch->nr_files > MAX_FILES)
		lkst_die(LKST_EXIT_FAILED, "reading %s: it changes more than %d files", name, MAX_FILES);
	for (a = 0; a < w->patch->nr_files; a++) {
		pf = &w->patch->file[a];
		w->old[a] = pf->is_new ? NULL : tree_text(&base, pf->path);
		if (!pf->is_new && !w->old[a])
			lkst_die(LKST_EXIT_FAILED, "applying %s to its base: there is no %s/%s", name, base_dir, pf->path);
		w->new[a] = patch_apply(pf, w->old[a]);
		if (!w->new[a])
			lkst_die(LKST_EXIT_FAILED, "applying %s to its base: it does not apply to %s (wrong --base?)", name, pf->path);
		if (pf->is_new) {
			new_file(w, a);
			continue;
		}
		w->edit[a] = edits_find(pf, w->old[a], w->new[a], &w->count[a]);
		place_edits(&trees, w->old[a], w->new[a], w->edit[a], w->count[a]);
	}
	place_helpers(w->edit, w->count, w->patch->nr_files);
	drop_rest(w);
	print_patch(w);
	write_left(w, w->patch->nr_files);
	write_files(w);
	for (a = 0; a < w->patch->nr_files; a++)
		replace(&base, w->new[a]);
}

static void read_series(void)
{
	char file[4096], line[1000];
	int number = 0;
	FILE *f;

	snprintf(file, sizeof(file), "%s/series", series_dir);
	f = fopen(file, "r");
	if (!f)
		lkst_die(LKST_EXIT_FAILED, "reading the series: %s: %s", file, strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "# \t\n")] = '\0';
		if (*line)
			do_patch(line, ++number);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	int c;

	lkst_program = "lkst-reanchor";
	while ((c = lkst_option(argc, argv, ":", longs, help)) != -1) {
		switch (c) {
		case OPT_BASE: base_dir = optarg; break;
		case OPT_TREE: tree_dir = optarg; break;
		case OPT_SERIES: series_dir = optarg; break;
		case OPT_STAGE: stage_dir = optarg; break;
		case OPT_JSON: json = 1; break;
		case OPT_QUIET: quiet = 1; break;
		}
	}
	lkst_no_more(argc, argv);
	if (!base_dir || !tree_dir || !series_dir)
		lkst_usage_error("--base, --tree and --series are wanted");
	base.base = base.tree = base_dir;
	trees.base = base_dir;
	trees.tree = tree_dir;
	if (json)
		printf("{\"patches\":[");
	carried = open_memstream(&carried_text, &carried_len);
	read_series();
	write_carried();
	print_totals();
	return left_out ? LKST_EXIT_LOSSES : LKST_EXIT_DONE;
}
