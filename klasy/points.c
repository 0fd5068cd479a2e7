// SPDX-License-Identifier: GPL-2.0-only
/*
 * points.c - the accesses of the source that an advice means, and what the compiler made of each.
 *
 * Three things are joined: sparse's list of the source's accesses, the index of the kernel's instructions, and the
 * compiler's view of its own code, which knows lines and expressions where the debug information lost them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "list.h"
#include "points.h"
#include "store.h"
#include "touch.h"
#include "unit.h"
#include "ways.h"

enum { MAX_SPANS = 256 };

struct klasy_points_private {
	sqlite3 *index, *tree;
	struct klasy_ways *ways;
	const struct klasy_matches *matches;
	struct klasy_texts texts;
	struct klasy_touches touches;
	KLASY_VEC(struct klasy_fated) point;
};

const char *klasy_fate_name(enum klasy_fate fate)
{
	static const char *const name[KLASY_FATES] = { "EXACT", "BITFIELD", "WIDE", "MOVED", "LINE", "NONE" };

	return name[fate];
}

/* ---- which accesses are meant ---- */

static bool means(const struct klasy_pointcut *d, const void *point)
{
	const struct klasy_fated *f = point;

	switch (d->word) {
	case KLASY_ACCESS:
	case KLASY_GET:
	case KLASY_SET:
		return !strcmp(d->name, f->structure) && (!strcmp(d->member, "%") || !strcmp(d->member, f->member)) &&
		       (d->word != KLASY_GET || f->mode & KLASY_READ) &&
		       (d->word != KLASY_SET || f->mode & KLASY_WRITE);
	case KLASY_EXECUTION:
	case KLASY_EVENT:
		return false;
	case KLASY_WITHIN_FUNCTION:
		return !strcmp(f->function, d->name);
	case KLASY_WITHIN_FILE:
		return klasy_in_file(f->file, d->name);
	default:
		return true;
	}
}

/* Did the pointcut select an instruction of this access? It may lie in an inlined function of another name. */
static bool matched(const struct klasy_points_private *p, const struct klasy_fated *f)
{
	size_t i;

	for (i = 0; i < p->matches->n; i++) {
		const struct klasy_match *m = &p->matches->at[i];

		if (m->structure && m->file && m->line == f->line && !strcmp(m->file, f->file) &&
		    !strcmp(m->structure, f->structure) && klasy_in_list(m->member, f->member))
			return true;
	}
	return false;
}

static void add_points(struct klasy_points_private *p, const struct klasy_pointcut *all,
		       const struct klasy_pointcut *d)
{
	sqlite3_stmt *s;

	if (d->left)
		add_points(p, all, d->left);
	if (d->right)
		add_points(p, all, d->right);
	if (d->word != KLASY_ACCESS && d->word != KLASY_GET && d->word != KLASY_SET)
		return;
	s = klasy_store_query(p->tree, "SELECT DISTINCT file, line, col, member, mode, function FROM point WHERE "
			      "struct = ? AND (? = '%' OR member = ?)", d->name, d->member, d->member, NULL);
	while (klasy_store_next(s)) {
		struct klasy_fated f = {
			.file = klasy_keep(&p->texts, sqlite3_column_text(s, 0)),
			.line = (uint32_t)sqlite3_column_int64(s, 1),
			.column = (uint32_t)sqlite3_column_int64(s, 2), .structure = d->name,
			.member = klasy_keep(&p->texts, sqlite3_column_text(s, 3)),
			.mode = (uint8_t)sqlite3_column_int(s, 4),
			.function = klasy_keep(&p->texts, sqlite3_column_text(s, 5)),
		};

		f.meant = klasy_pointcut_holds(all, means, &f);
		if (f.meant || matched(p, &f))
			*klasy_add(&p->point) = f;
	}
	sqlite3_finalize(s);
}

static int by_place(const void *a, const void *b)
{
	const struct klasy_fated *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	if (!order)
		order = (x->line > y->line) - (x->line < y->line);
	if (!order)
		order = (x->column > y->column) - (x->column < y->column);
	if (!order)
		order = strcmp(x->structure, y->structure);
	if (!order)
		order = strcmp(x->member, y->member);
	return order ? order : (x->mode > y->mode) - (x->mode < y->mode);
}

/* Several designators may mean the same access. */
static void sort_points(struct klasy_points_private *p)
{
	size_t i, n = 0;

	if (p->point.n)
		qsort(p->point.at, p->point.n, sizeof(*p->point.at), by_place);
	for (i = 0; i < p->point.n; i++) {
		if (!n || by_place(&p->point.at[n - 1], &p->point.at[i]))
			p->point.at[n++] = p->point.at[i];
	}
	p->point.n = n;
}

/* ---- what became of them ---- */

static void add_pc(struct klasy_fated *f, uint64_t pc)
{
	size_t i;

	for (i = 0; i < f->pcs; i++) {
		if (f->pc[i] == pc)
			return;
	}
	f->pc = lkst_xrealloc(f->pc, (f->pcs + 1) * sizeof(*f->pc));
	f->pc[f->pcs++] = pc;
}

static bool on_line(const struct klasy_fated *f, const char *file, uint32_t line)
{
	return file && line == f->line && !strcmp(file, f->file);
}

static bool called_there(const struct klasy_points_private *p, const struct klasy_fated *f, uint32_t frame)
{
	for (; frame && frame < p->touches.frame.n; frame = p->touches.frame.at[frame].parent) {
		if (on_line(f, p->touches.frame.at[frame].file, p->touches.frame.at[frame].line))
			return true;
	}
	return false;
}

/* A read may be made of what reads, an address that is taken of anything. */
static bool fits(const struct klasy_fated *f, const struct klasy_touch *t)
{
	return !strcmp(t->member, f->member) && (f->mode & KLASY_ADDRESS_OF || f->mode & t->mode);
}

static bool find_on_line(struct klasy_points_private *p, struct klasy_fated *f)
{
	enum klasy_by by;
	size_t i;

	f->fate = KLASY_FATE_NONE;
	for (by = KLASY_BY_LINE; by < KLASY_BYS && !f->pcs; by++) {
		for (i = 0; i < p->touches.touch.n; i++) {
			const struct klasy_touch *t = &p->touches.touch.at[i];

			if (!fits(f, t) || (by == KLASY_BY_CALL ? !called_there(p, f, t->frame) :
					    t->view != (by == KLASY_BY_VIEW) || !on_line(f, t->file, t->line)))
				continue;
			if (!f->pcs || t->fate < f->fate)
				f->fate = t->fate;
			f->by = by;
			add_pc(f, t->pc);
		}
	}
	return f->pcs;
}

static size_t read_spans(struct klasy_points_private *p, const struct klasy_fated *f, struct klasy_span *span)
{
	sqlite3_stmt *s = klasy_store_query(p->tree, "SELECT DISTINCT begin, end FROM row WHERE file = ? AND line = ?",
					    f->file, NULL);
	size_t n = 0;

	sqlite3_bind_int64(s, 2, f->line);
	while (n < MAX_SPANS && klasy_store_next(s))
		span[n++] = (struct klasy_span){
			(uint64_t)sqlite3_column_int64(s, 0), (uint64_t)sqlite3_column_int64(s, 1)
		};
	sqlite3_finalize(s);
	return n;
}

static bool in_function(const struct klasy_points_private *p, const struct klasy_touch *t, const char *function)
{
	uint32_t frame = t->frame;
	const char *name;
	uint64_t entry;
	size_t n;

	for (; frame && frame < p->touches.frame.n; frame = p->touches.frame.at[frame].parent) {
		if (!strcmp(p->touches.frame.at[frame].name, function))
			return true;
	}
	/* Of what the compiler alone sees, the symbol tells: "name.part.0" is of that function. */
	name = klasy_ways_function(p->ways, t->pc, &entry);
	n = strlen(function);
	return name && !strncmp(name, function, n) && (!name[n] || name[n] == '.');
}

/* The code of the line in the function that holds an instruction; NULL when there is none. */
static const struct klasy_span *line_there(const struct klasy_points_private *p, const struct klasy_touch *t,
					   const struct klasy_span *span, size_t spans)
{
	uint64_t entry;
	size_t i;

	for (i = 0; i < spans; i++) {
		klasy_ways_function(p->ways, span[i].begin, &entry);
		if (entry == t->entry)
			return &span[i];
	}
	return NULL;
}

static const char *describe(struct klasy_points_private *p, const struct klasy_touch *t, const char *how)
{
	char text[512];
	const char *name;
	uint64_t entry;

	name = klasy_ways_function(p->ways, t->pc, &entry);
	snprintf(text, sizeof(text), "%s at %s+0x%llx (%s:%u): %s", t->mode & KLASY_WRITE ? "written" : "read",
		 name ? name : "?", (unsigned long long)(t->pc - entry), t->file ? t->file : "?", t->line, how);
	return klasy_keep(&p->texts, text);
}

/* An instruction, as code that others come by. */
static struct klasy_span itself(const struct klasy_touch *t)
{
	return (struct klasy_span){ t->pc, t->pc + 1 };
}

/*
 * A value that is read once serves all that read it after: then each way to the line comes by that read. A write is
 * put off, and joined with another one: then each way from the line comes by that. @more: set when the instruction runs
 * on ways that do not come by the line, too.
 */
static bool serves(struct klasy_points_private *p, const struct klasy_fated *f, const struct klasy_touch *t,
		   const struct klasy_span *span, size_t spans, bool *more)
{
	const struct klasy_span *there = line_there(p, t, span, spans), place = itself(t);

	if (!there)
		return false;
	if (f->mode & KLASY_READ) {
		*more = !klasy_ways_behind(p->ways, t->pc, span, spans);
		return klasy_ways_before(p->ways, t->pc, span, spans);
	}
	*more = !klasy_ways_before(p->ways, there->begin, &place, 1);
	return klasy_ways_behind(p->ways, there->begin, &place, 1);
}

/* Of two instructions that serve the line, is @t the nearer one? */
static bool nearer(struct klasy_points_private *p, const struct klasy_fated *f, const struct klasy_touch *t,
		   const struct klasy_touch *than)
{
	struct klasy_span place = itself(f->mode & KLASY_READ ? t : than);

	return klasy_ways_before(p->ways, f->mode & KLASY_READ ? than->pc : t->pc, &place, 1);
}

/* One instruction in each function that has code of the line: the nearest that serves it. */
static bool find_served(struct klasy_points_private *p, struct klasy_fated *f, const struct klasy_span *span,
			size_t spans)
{
	const struct klasy_touch *best = NULL;
	bool more, best_more = false;
	size_t i;

	for (i = 0; i < p->touches.touch.n; i++) {
		const struct klasy_touch *t = &p->touches.touch.at[i];

		if (strcmp(t->member, f->member) || (f->mode == KLASY_WRITE && !(t->mode & KLASY_WRITE)) ||
		    !serves(p, f, t, span, spans, &more))
			continue;
		if (best && best->entry != t->entry) {
			add_pc(f, best->pc);
			f->more |= best_more;
		} else if (best && (best->pc == t->pc || !nearer(p, f, t, best))) {
			continue;
		}
		best = t;
		best_more = more;
	}
	if (!best)
		return false;
	add_pc(f, best->pc);
	f->more |= best_more;
	f->fate = KLASY_FATE_MOVED;
	f->why = describe(p, best, f->mode & KLASY_READ ? "every way to the line comes by it" :
			  "every way from the line comes by it");
	return true;
}

/* Else whatever there is in the function: which of several it was, nobody knows. */
static bool find_elsewhere(struct klasy_points_private *p, struct klasy_fated *f)
{
	const struct klasy_touch *last = NULL;
	char how[256];
	size_t i;

	for (i = 0; i < p->touches.touch.n; i++) {
		const struct klasy_touch *t = &p->touches.touch.at[i];

		if (!fits(f, t) || !in_function(p, t, f->function))
			continue;
		last = t;
		add_pc(f, t->pc);
	}
	if (!last)
		return false;
	if (f->pcs == 1)
		snprintf(how, sizeof(how), "the only one in %s", f->function);
	else
		snprintf(how, sizeof(how), "one of %zu in %s", f->pcs, f->function);
	f->fate = KLASY_FATE_MOVED;
	f->more = true;
	f->why = describe(p, last, how);
	return true;
}

static bool has_code(struct klasy_points_private *p, const char *function)
{
	sqlite3_stmt *s = klasy_store_query(p->index, "SELECT 1 FROM function WHERE name = ? UNION ALL SELECT 1 FROM "
					    "inlined WHERE name = ? LIMIT 1", function, function, NULL);
	bool yes = klasy_store_next(s);

	sqlite3_finalize(s);
	return yes;
}

static void find_fate(struct klasy_points_private *p, struct klasy_fated *f)
{
	struct klasy_span span[MAX_SPANS];
	size_t spans, i;

	klasy_touches_read(&p->touches, f->structure);
	if (find_on_line(p, f))
		return;
	spans = read_spans(p, f, span);
	if (f->mode & KLASY_ADDRESS_OF)
		f->why = "only its address is taken";
	else if (find_served(p, f, span, spans) || find_elsewhere(p, f))
		return;
	else
		f->why = "no instruction of the function accesses it, as far as is known";
	if (spans && !(f->mode & KLASY_ADDRESS_OF)) {
		f->fate = KLASY_FATE_LINE;
		for (i = 0; i < spans; i++)
			add_pc(f, span[i].begin);
	} else if (!spans) {
		f->why = f->mode & KLASY_ADDRESS_OF ? f->why : has_code(p, f->function) ?
			 "its line has no code: the compiler left it out" : "its function has no code";
	}
}

void klasy_points_match(sqlite3 *index, sqlite3 *tree, const struct klasy_object *object,
			const struct klasy_advice *advice, const struct klasy_matches *m, struct klasy_points *points)
{
	struct klasy_points_private *p = lkst_xmalloc(sizeof(*p));
	size_t i;

	p->index = index;
	p->tree = tree;
	p->matches = m;
	p->ways = klasy_ways_new(object);
	klasy_touches_begin(&p->touches, index, tree, p->ways);
	add_points(p, advice->pointcut, advice->pointcut);
	sort_points(p);
	for (i = 0; i < p->point.n; i++)
		find_fate(p, &p->point.at[i]);
	points->at = p->point.at;
	points->n = p->point.n;
	points->p = p;
}

static bool only_and(const struct klasy_pointcut *d)
{
	return d->word != KLASY_NOT && d->word != KLASY_OR && (!d->left || only_and(d->left)) &&
	       (!d->right || only_and(d->right));
}

static void add_lines(const struct klasy_points_private *p, const struct klasy_object *object,
		      const struct klasy_fated *f, struct klasy_matches *m)
{
	struct klasy_match line = {
		.mode = f->mode & (KLASY_READ | KLASY_WRITE), .class = KLASY_LINE, .structure = f->structure,
		.member = f->member, .file = f->file, .line = f->line, .column = f->column
	};
	size_t i;

	for (i = 0; i < f->pcs; i++) {
		line.pc = f->pc[i];
		line.function = klasy_ways_function(p->ways, line.pc, &line.entry);
		if (line.function)
			klasy_match_add_line(m, object, &line);
	}
}

void klasy_points_add(sqlite3 *index, sqlite3 *tree, const struct klasy_object *object,
		      const struct klasy_advice *advice, struct klasy_matches *m, bool lines)
{
	struct klasy_points points;
	size_t i, j;

	if (!only_and(advice->pointcut))
		return;
	klasy_points_match(index, tree, object, advice, m, &points);
	for (i = 0; i < points.n; i++) {
		const struct klasy_fated *f = &points.at[i];

		if (f->meant && f->fate == KLASY_FATE_LINE && lines)
			add_lines(points.p, object, f, m);
		if (!f->meant || f->fate > KLASY_FATE_MOVED || (f->fate == KLASY_FATE_MOVED && f->pcs > 1))
			continue;
		for (j = 0; j < f->pcs; j++)
			klasy_match_add(m, f->structure, f->member, f->pc[j],
					f->fate == KLASY_FATE_MOVED ? KLASY_MOVED : KLASY_EXACT);
	}
	klasy_points_free(&points);
}

void klasy_points_free(struct klasy_points *points)
{
	struct klasy_points_private *p = points->p;
	size_t i;

	for (i = 0; i < p->point.n; i++)
		free(p->point.at[i].pc);
	klasy_touches_end(&p->touches);
	klasy_ways_free(p->ways);
	klasy_texts_free(&p->texts);
	free(p->point.at);
	free(p);
	memset(points, 0, sizeof(*points));
}
