// SPDX-License-Identifier: GPL-2.0-only
/*
 * source.c - the text of an aspect's module: tables of sites, the bodies as functions with typed targets, and the
 * runtime, which is a part of this program. What is one kind of kernel's only is in its back end.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <lkst/event.h>

#include "cli.h"
#include "embed.h"
#include "source.h"
#include "weave.h"

/* The files of klasy/module/ and others that every module has, as they are. */
EMBED(klasy_run_h, "klasy/module/run.h");
EMBED(klasy_body_h, "klasy/module/body.h");
EMBED(klasy_advice_h, "klasy/module/advice.h");
EMBED(klasy_handler_h, "include/lkst/handler.h");
EMBED(klasy_event_h, "include/lkst/event.h");
EMBED(klasy_events_def, "include/lkst/events.def");
EMBED(klasy_record_h, "include/lkst/record.h");
EMBED(klasy_types_h, "include/lkst/types.h");

static const struct klasy_file common[] = {
	{ "run.h", klasy_run_h }, { "body.h", klasy_body_h }, { "advice.h", klasy_advice_h },
	{ "lkst/handler.h", klasy_handler_h },
	{ "lkst/event.h", klasy_event_h }, { "lkst/events.def", klasy_events_def },
	{ "lkst/record.h", klasy_record_h }, { "lkst/types.h", klasy_types_h },
};

/* klasy_record() in body.h lays it out by hand. */
_Static_assert(LKST_UNITS_KLASY_DATA == 6, "KLASY_DATA has the size that the runtime writes");

/* All sites of an advice have one struct, or the target is a void *. Size: of the largest struct that bears the
 * name. */
static const char *target_type(const struct klasy_source *g, const struct klasy_matches *m, unsigned long *size,
			       bool *is_union)
{
	const char *name = NULL;
	bool same = true;
	size_t i;

	*size = 0;
	*is_union = false;
	for (i = 0; i < m->n; i++) {
		sqlite3_stmt *q;

		if (!m->at[i].structure || (name && !strcmp(name, m->at[i].structure)))
			continue;
		same &= !name;
		name = m->at[i].structure;
		q = klasy_store_query(g->db, "SELECT max(size), max(is_union) FROM struct WHERE name = ?", name, NULL);
		if (klasy_store_next(q)) {
			unsigned long bytes = (unsigned long)sqlite3_column_int64(q, 0);

			*size = bytes > *size ? bytes : *size;
			*is_union = sqlite3_column_int(q, 1);
		}
		sqlite3_finalize(q);
	}
	return same ? name : NULL;
}

/* ---- the text of the module ---- */

static FILE *create(const struct klasy_source *g, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", g->dir, name);
	f = fopen(path, "w");
	if (!f)
		lkst_die(LKST_EXIT_FAILED, "writing %s: %s", path, strerror(errno));
	return f;
}

static void copy_file(const struct klasy_source *g, const struct klasy_file *file)
{
	FILE *f = create(g, file->name);

	fputs(file->text, f);
	lkst_end_output(f, file->name);
}

static void copy_files(const struct klasy_source *g)
{
	char folder[512];
	size_t i;

	snprintf(folder, sizeof(folder), "%s/lkst", g->dir);
	if (mkdir(folder, 0700))
		lkst_die(LKST_EXIT_FAILED, "making %s: %s", folder, strerror(errno));
	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		copy_file(g, &common[i]);
	for (i = 0; i < g->backend->files; i++)
		copy_file(g, &g->backend->file[i]);
}

void klasy_source_quoted(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', f);
		fputc(isprint((unsigned char)*text) ? *text : '?', f);
	}
	fputc('"', f);
}

/* The text at its own line and column, so that the compiler's words lead there. */
static void at_place(FILE *f, const struct klasy_source *g, struct klasy_place place)
{
	fprintf(f, "#line %u ", place.line);
	klasy_source_quoted(f, g->b->aspect);
	fprintf(f, "\n%*s", (int)place.column - 1, "");
}

/* At none of the advice's places is there a type to tell, for there are none. */
static const char *type_of(const struct klasy_bound *bound, size_t i)
{
	return *bound->type[i] ? bound->type[i] : "unsigned long";
}

static void write_body(FILE *f, const struct klasy_source *g, size_t number, const char *when,
		       const struct klasy_body *body, const char *type, bool is_union)
{
	const struct klasy_pointcut *target = klasy_find_word(g->aspect.advice[number].pointcut, KLASY_TARGET);
	const struct klasy_bound *bound = &g->bound[number];
	char pointer[160] = "void *";
	size_t i;

	if (!body->text)
		return;
	if (type)
		snprintf(pointer, sizeof(pointer), "%s %s *", is_union ? "union" : "struct", type);
	for (i = 0; i < bound->n; i++) {
		if (!strncmp(bound->type[i], "struct ", 7) || !strncmp(bound->type[i], "union ", 6))
			fprintf(f, "%.*s;\n", (int)strcspn(bound->type[i], "*"), bound->type[i]);
	}
	fprintf(f, "static void klasy_%s_%zu(struct klasy_run *klasy_run, unsigned long $pc$%s%s%s", when, number,
		target ? ", " : "", target ? pointer : "", target ? target->name : "");
	for (i = 0; i < bound->n; i++)
		fprintf(f, ", %s %s", type_of(bound, i), bound->by[i]->name);
	fputs(")\n{\n", f);
	at_place(f, g, body->place);
	fprintf(f, "%s\n;}\n#line 1 \"advice.c\"\n", body->text);
	fprintf(f, "static void klasy_run_%s_%zu(struct klasy_run *run)\n{\n\tklasy_%s_%zu(run, run->pc%s",
		when, number, when, number, target ? ", run->target" : "");
	for (i = 0; i < bound->n; i++)
		fprintf(f, ", KLASY_BOUND(%s, run->bound[%zu])", type_of(bound, i), i);
	fputs(");\n}\n", f);
}

static void write_advice(const struct klasy_source *g)
{
	FILE *f = create(g, "advice.c");
	const char *type;
	unsigned long size;
	bool is_union;
	size_t i;

	fputs("#include \"compat.h\"\n", f);
	for (i = 0; i < g->aspect.imports; i++) {
		struct klasy_place line = { g->aspect.import[i].place.line, 1 };

		at_place(f, g, line);
		fprintf(f, "#include <%s>\n", g->aspect.import[i].text);
	}
	fputs("#line 1 \"advice.c\"\n#include \"advice.h\"\n#include \"hit.h\"\n", f);
	for (i = 0; i < g->aspect.advices; i++) {
		type = target_type(g, &g->matches[i], &size, &is_union);
		write_body(f, g, i, "before", &g->aspect.advice[i].before, type, is_union);
		write_body(f, g, i, "after", &g->aspect.advice[i].after, type, is_union);
	}
	for (i = 0; i < g->aspect.advices; i++) {
		target_type(g, &g->matches[i], &size, &is_union);
		if (!klasy_find_word(g->aspect.advice[i].pointcut, KLASY_TARGET))
			size = 0;
		g->backend->write_advice(f, g, i, size);
	}
	fputs("const struct klasy_advice *const klasy_advices[] = {", f);
	for (i = 0; i < g->aspect.advices; i++)
		fprintf(f, " &klasy_advice_%zu,", i);
	fputs(" };\n", f);
	lkst_end_output(f, "advice.c");
}

/* What site @i binds; sites that do it in the same way share the function. */
static const char *values_at(const struct klasy_source *g, size_t i)
{
	return i < g->site.n ? g->site.at[i].values : g->event.at[i - g->site.n].values;
}

static size_t same_values(const struct klasy_source *g, size_t i)
{
	const char *mine = values_at(g, i), *other;
	size_t k;

	for (k = 0; k < i; k++) {
		other = values_at(g, k);
		if (other && !strcmp(other, mine))
			break;
	}
	return k;
}

static void write_values(FILE *f, const struct klasy_source *g)
{
	size_t i;

	for (i = 0; i < g->site.n + g->event.n; i++) {
		if (!values_at(g, i) || same_values(g, i) < i)
			continue;
		fprintf(f, "static bool klasy_values_%zu(const void *from, u64 *bound)\n{\n\tconst %s = from;\n\n%s"
			"\treturn true;\n}\n", i, i < g->site.n ? "struct pt_regs *regs" : "u64 *args",
			values_at(g, i));
	}
}

static void write_common(FILE *f, const struct klasy_source *g, size_t i, size_t advice)
{
	fprintf(f, "\t{ .advice = %zu", advice);
	if (values_at(g, i))
		fprintf(f, ", .values = klasy_values_%zu", same_values(g, i));
}

/* Class, member and place in the source, for the user. */
static void write_what(FILE *f, const struct klasy_match *m)
{
	char what[1024];
	int n;

	if (m->member)
		n = snprintf(what, sizeof(what), "%s %s.%.300s", klasy_class_name(m->class), m->structure, m->member);
	else
		n = snprintf(what, sizeof(what), "%s", klasy_class_name(m->class));
	if (m->file)
		snprintf(what + n, sizeof(what) - (size_t)n, " %s:%u", m->file, m->line);
	fputs(", .what = ", f);
	klasy_source_quoted(f, what);
}

static void write_site(FILE *f, const struct klasy_source *g, size_t number)
{
	const struct klasy_planned *p = &g->site.at[number];
	const struct klasy_match *m = p->match;

	write_common(f, g, number, p->advice);
	fprintf(f, ", .pc = 0x%" PRIx64 ", .add = %" PRId64 "LL, .base = %u, .index = %u, .scale = %u,\n\t ", m->pc,
		m->target, m->base, m->index, m->scale);
	g->backend->write_site(f, g, p);
	write_what(f, m);
	fputs(" },\n", f);
}

static void write_event(FILE *f, const struct klasy_source *g, size_t number)
{
	const struct klasy_planned *p = &g->event.at[number];

	write_common(f, g, g->site.n + number, p->advice);
	fprintf(f, ", .event = LKST_EV_%s, .base = KLASY_NO_REG, .index = KLASY_NO_REG, .what = \"%s\" },\n",
		p->event->name, p->event->name);
}

static bool write_sites(struct klasy_source *g)
{
	FILE *f = create(g, "sites.c");
	const uint8_t *note;
	uint64_t note_at;
	size_t size, i;

	fputs("#include \"runtime.h\"\n#include <linux/module.h>\n#include <lkst/event.h>\n", f);
	write_values(f, g);
	fputs("const struct klasy_site klasy_sites[] = {\n", f);
	for (i = 0; i < g->site.n; i++)
		write_site(f, g, i);
	for (i = 0; i < g->event.n; i++)
		write_event(f, g, i);
	fprintf(f, "};\nconst unsigned int klasy_nr_sites = %zu, klasy_nr_events = %zu;\n",
		g->site.n + g->event.n, g->event.n);
	fprintf(f, "const char klasy_name[] = \"%s\";\nconst char klasy_source[] = ", g->name);
	klasy_source_quoted(f, g->b->aspect);
	fprintf(f, ";\nconst char klasy_build_id[] = \"%s\";\n", klasy_object_build_id(g->object));
	if (!g->backend->write_kernel(f, g)) {
		fclose(f);
		return false;
	}
	note = klasy_object_build_id_bytes(g->object, &note_at, &size);
	fprintf(f, "const u64 klasy_note = 0x%" PRIx64 ";\nconst unsigned int klasy_note_size = %zu;\nconst u8 "
		"klasy_note_bytes[] = {", note_at, size);
	for (i = 0; i < size; i++)
		fprintf(f, " %u,", note[i]);
	fprintf(f, " };\nconst bool klasy_trusted = %d;\nconst unsigned int klasy_aspect = %u;\n", g->b->trusted,
		klasy_number(g->name));
	fprintf(f, "MODULE_INFO(klasy_build_id, \"%s\");\nMODULE_INFO(klasy_name, \"%s\");\n",
		klasy_object_build_id(g->object), g->name);
	lkst_end_output(f, "sites.c");
	return true;
}

static void write_makefile(const struct klasy_source *g)
{
	FILE *f = create(g, g->backend->makefile_name);

	g->backend->write_makefile(f, g);
	lkst_end_output(f, g->backend->makefile_name);
}

bool klasy_source_write(struct klasy_source *g)
{
	copy_files(g);
	write_advice(g);
	write_makefile(g);
	return write_sites(g);
}
