// SPDX-License-Identifier: GPL-2.0-only
/*
 * generate.c - makes a kernel module of an aspect and the places it selects: finds them, has the module's text written
 * (source.c) and the kernel's own makefiles compile it.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "generate.h"
#include "klasy.h"
#include "run.h"
#include "source.h"
#include "tree.h"

void klasy_add_word(struct klasy_words *words, char *word)
{
	words->at = lkst_xrealloc(words->at, (words->n + 1) * sizeof(*words->at));
	words->at[words->n++] = word;
}

static void rename_functions(struct klasy_pointcut *p, const char *old, size_t n, const char *name)
{
	if ((p->word == KLASY_EXECUTION || p->word == KLASY_WITHIN_FUNCTION) && strlen(p->name) == n &&
	    !memcmp(p->name, old, n)) {
		free(p->name);
		p->name = strdup(name);
		if (!p->name)
			lkst_die(LKST_EXIT_FAILED, "renaming functions: there is no more memory");
	}
	if (p->left)
		rename_functions(p->left, old, n, name);
	if (p->right)
		rename_functions(p->right, old, n, name);
}

void klasy_alias(struct klasy_aspect *aspect, const struct klasy_words *aliases)
{
	size_t i, k;

	for (k = 0; k < aliases->n; k++) {
		const char *old = aliases->at[k], *equals = strchr(old, '=');

		if (!equals || equals == old || !equals[1])
			lkst_usage_error("'%s' is no alias: give OLD=NEW, the function's name in the aspect and in "
					 "the kernel", old);
		for (i = 0; i < aspect->advices; i++)
			rename_functions(aspect->advice[i].pointcut, old, (size_t)(equals - old), equals + 1);
	}
}

/* ---- names ---- */

static bool choose_name(struct klasy_source *g)
{
	const char *from = g->b->name ? g->b->name : g->aspect.name, *end;
	size_t i, n;

	if (!from) {
		from = strrchr(g->b->aspect, '/');
		from = from ? from + 1 : g->b->aspect;
	}
	end = strchrnul(from, '.');
	n = (size_t)(end - from);
	if (g->b->name && *end) {
		lkst_warn("naming the aspect '%s': letters, digits and '_' only", from);
		return false;
	}
	if (!n || n >= sizeof(g->name)) {
		lkst_warn("naming the aspect '%s': give a --name of 1 to %zu characters", from, sizeof(g->name) - 1);
		return false;
	}
	for (i = 0; i < n; i++) {
		if (!isalnum((unsigned char)from[i]) && from[i] != '_' && g->b->name) {
			lkst_warn("naming the aspect '%s': letters, digits and '_' only", from);
			return false;
		}
		g->name[i] = isalnum((unsigned char)from[i]) ? from[i] : '_';
	}
	return true;
}

/* ---- the compiler ---- */

/* What the compiler says of the machinery around a value that it has refused already. */
static bool is_echo(const char *line)
{
	return strstr(line, "klasy_v") || strstr(line, "expression in static assertion is not an integer") ||
	       strstr(line, "each undeclared identifier is reported only once");
}

/* The lines of make's log that speak of the aspect, or all when the failure is not the aspect's. */
static void show_log(const struct klasy_source *g, bool failed)
{
	char path[512], line[4096];
	size_t n = strlen(g->b->aspect);
	bool any = false;
	int pass;
	FILE *f;

	snprintf(path, sizeof(path), "%s/log", g->dir);
	f = fopen(path, "r");
	if (!f)
		return;
	for (pass = 0; pass < 2; pass++) {
		rewind(f);
		while (fgets(line, sizeof(line), f)) {
			if (!strncmp(line, g->b->aspect, n) && line[n] == ':' && isdigit((unsigned char)line[n + 1])) {
				any = true;
				if (!is_echo(line))
					fputs(line, stderr);
			} else if (pass) {
				fputs(line, stderr);
			}
		}
		if (any || !failed)
			break;
	}
	fclose(f);
}

static bool copy_file(const char *from, const char *to)
{
	char buffer[1 << 16];
	FILE *in = fopen(from, "r"), *out;
	size_t n;

	if (!in) {
		lkst_warn("reading %s: %s", from, strerror(errno));
		return false;
	}
	out = lkst_begin_output(to);
	if (!out) {
		lkst_warn("writing %s: %s", to, strerror(errno));
		fclose(in);
		return false;
	}
	while ((n = fread(buffer, 1, sizeof(buffer), in)))
		fwrite(buffer, 1, n, out);
	fclose(in);
	lkst_end_output(out, to);
	return true;
}

static int compile(const struct klasy_source *g, const char *module)
{
	char in[600], m[300], log[300], jobs[16];
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct klasy_make make;
	char *argv[] = { make.program, "-s", jobs, m, "modules", "-C", make.folder, NULL };
	int status;

	if (!g->backend->find_make(g->b->headers, &make))
		return LKST_EXIT_UNAVAILABLE;
	if (!*make.folder)
		argv[5] = NULL;
	/* Three files are compiled. */
	snprintf(jobs, sizeof(jobs), "-j%ld", cpus < 1 ? 1 : cpus < 3 ? cpus : 3);
	snprintf(m, sizeof(m), "M=%s", g->dir);
	snprintf(log, sizeof(log), "%s/log", g->dir);
	status = klasy_run(NULL, log, argv);
	show_log(g, status);
	if (status) {
		lkst_warn("building %s: the compiler refused it (its words are above)", g->b->aspect);
		return LKST_EXIT_FAILED;
	}
	snprintf(in, sizeof(in), "%s/klasy_%s.ko", g->dir, g->name);
	return copy_file(in, module) ? LKST_EXIT_DONE : LKST_EXIT_FAILED;
}

/* ---- all together ---- */

static int make_module(struct klasy_source *g, const char *module)
{
	int status;

	if (!klasy_make_folder(g->dir, sizeof(g->dir)))
		return LKST_EXIT_FAILED;
	status = klasy_source_write(g) ? compile(g, module) : LKST_EXIT_UNAVAILABLE;
	klasy_remove_folder(g->dir);
	return status;
}

static void say_places(const struct klasy_source *g)
{
	const struct { unsigned long n; const char *why; } left[] = {
		{ g->init, "that run at boot only" }, { g->denied, "denied" },
		{ g->unavailable, "where a name is not known" },
		{ g->targetless, "lines, where nothing tells the target" },
	};
	const char *between = "; left out: ";
	size_t i;

	fprintf(stderr, "%s: %zu places", g->name, g->site.n + g->event.n);
	for (i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		if (!left[i].n)
			continue;
		fprintf(stderr, "%s%lu %s", between, left[i].n, left[i].why);
		between = ", ";
	}
	fputc('\n', stderr);
}

int klasy_build_module(const struct klasy_build *b, const char *module)
{
	struct klasy_source g = { .b = b };
	const char *object;
	int status;

	if (klasy_aspect_read(b->aspect, &g.aspect))
		return LKST_EXIT_FAILED;
	if (!choose_name(&g))
		return LKST_EXIT_USAGE;
	klasy_alias(&g.aspect, &b->aliases);
	object = klasy_find_object(b->object);
	g.db = klasy_store_open(object, false, b->quiet);
	g.object = g.db ? klasy_object_open(object) : NULL;
	if (!g.object)
		return LKST_EXIT_FAILED;
	g.backend = klasy_backend_of(g.object);
	if (!klasy_backend_can(g.backend, KLASY_ASK_WEAVE, "weaving") ||
	    (b->lines && !klasy_backend_can(g.backend, KLASY_ASK_SOURCE, "reading the source")))
		return LKST_EXIT_UNAVAILABLE;
	g.tree = klasy_tree_open(object, b->lines);
	status = b->lines && !g.tree ? LKST_EXIT_UNAVAILABLE : klasy_plan(&g);
	sqlite3_close(g.tree);
	if (!status && g.backend->chooses_place)
		klasy_probes(&g);
	if (!status)
		status = make_module(&g, module);
	if (!status && !b->quiet)
		say_places(&g);
	klasy_plan_free(&g);
	klasy_object_close(g.object);
	sqlite3_close(g.db);
	klasy_aspect_free(&g.aspect);
	return status ? status : g.init || g.denied || g.unavailable || g.targetless ? LKST_EXIT_LOSSES :
	       LKST_EXIT_DONE;
}
