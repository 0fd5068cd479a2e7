// SPDX-License-Identifier: GPL-2.0-only
/*
 * match.c - which instructions of a kernel object an advice's pointcut selects.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "insn.h"
#include "list.h"
#include "match.h"
#include "unknown.h"

enum { MAX_CHAIN = 64 };

/* That a site touches what a designator names. */
struct hit {
	sqlite3_int64 site;
	const struct klasy_pointcut *by;
	int64_t start;
	const char *structure, *member;
	uint32_t offset, size;
	bool bits;
	bool element;		/* the struct is an element of an array, which the operand's index counts */
};

/* A site that some designator names. */
struct site {
	sqlite3_int64 id;
	const struct hit *hit;
	size_t hits;
	const char *function, *file;
	const char *const *chain;	/* functions inlined there */
	const char *execution;	/* the function whose entry this is, NULL for an access */
	size_t chained;
};

/* The functions inlined at a site. Most sites have those of the one before. */
struct chain {
	sqlite3_stmt *query;
	sqlite3_int64 frame;
	const char *name[MAX_CHAIN];	/* innermost first, the one with the code last */
	size_t names;
};

struct klasy_matches_private {
	sqlite3 *db;
	KLASY_VEC(struct hit) hit;
	struct klasy_texts texts;
	struct chain chain;
	size_t matches_max;
};

const char *klasy_class_name(enum klasy_class class)
{
	static const char *const name[KLASY_CLASSES] = { "EXACT", "BITFIELD", "WIDE", "MOVED", "LINE", "ENTRY" };

	return name[class];
}

/* ---- candidates ---- */

static void add_hits(struct klasy_matches_private *p, const struct klasy_pointcut *d)
{
	static const char sql[] =
		"SELECT t.site, t.start, m.name, m.offset, m.size, m.bits, i.mode, t.element"
		" FROM struct s JOIN member m ON m.struct = s.id JOIN touch t ON t.member = m.id JOIN site i ON "
		"i.id = t.site WHERE s.name = ? AND (? = '%' OR m.name = ?)";
	sqlite3_stmt *s = klasy_store_query(p->db, sql, d->name, d->member, d->member, NULL);

	while (klasy_store_next(s)) {
		int mode = sqlite3_column_int(s, 6);

		if ((d->word == KLASY_GET && !(mode & KLASY_READ)) || (d->word == KLASY_SET && !(mode & KLASY_WRITE)))
			continue;
		*klasy_add(&p->hit) = (struct hit){
			.site = sqlite3_column_int64(s, 0), .by = d, .start = sqlite3_column_int64(s, 1),
			.structure = d->name, .member = klasy_keep(&p->texts, sqlite3_column_text(s, 2)),
			.offset = (uint32_t)sqlite3_column_int64(s, 3), .size = (uint32_t)sqlite3_column_int64(s, 4),
			.bits = sqlite3_column_int(s, 5), .element = sqlite3_column_int(s, 7),
		};
	}
	sqlite3_finalize(s);
}

static void gather(struct klasy_matches_private *p, const struct klasy_pointcut *d)
{
	if (d->word == KLASY_ACCESS || d->word == KLASY_GET || d->word == KLASY_SET)
		add_hits(p, d);
	if (d->left)
		gather(p, d->left);
	if (d->right)
		gather(p, d->right);
}

bool klasy_in_file(const char *file, const char *wanted)
{
	size_t n = file ? strlen(file) : 0, k = strlen(wanted);

	return n >= k && !strcmp(file + n - k, wanted) && (n == k || file[n - k - 1] == '/');
}

bool klasy_in_list(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (; list; list = strchr(list, '|') ? strchr(list, '|') + 1 : NULL) {
		if (!strncmp(list, name, n) && (!list[n] || list[n] == '|'))
			return true;
	}
	return false;
}

/* Names that are bound select nothing. */
static bool holds(const struct klasy_pointcut *d, const void *site)
{
	const struct site *s = site;
	size_t i;

	switch (d->word) {
	case KLASY_ACCESS:
	case KLASY_GET:
	case KLASY_SET:
		for (i = 0; i < s->hits; i++) {
			if (s->hit[i].by == d)
				return true;
		}
		return false;
	case KLASY_EXECUTION:
		return s->execution && !strcmp(s->execution, d->name);
	case KLASY_EVENT:
		return false;
	case KLASY_WITHIN_FUNCTION:
		for (i = 0; i < s->chained; i++) {
			if (!strcmp(s->chain[i], d->name))
				return true;
		}
		return !strcmp(s->function, d->name);
	case KLASY_WITHIN_FILE:
		return klasy_in_file(s->file, d->name);
	default:
		return true;
	}
}

static struct klasy_match *new_match(struct klasy_matches *m)
{
	klasy_grow((void **)&m->at, m->n, &m->p->matches_max, sizeof(*m->at));
	memset(&m->at[m->n], 0, sizeof(m->at[m->n]));
	return &m->at[m->n++];
}

static void read_chain(struct klasy_matches_private *p, struct site *s, sqlite3_int64 frame)
{
	struct chain *c = &p->chain;

	if (!c->query)
		c->query = klasy_store_query(p->db, "SELECT name, parent FROM frame WHERE id = ?", NULL);
	if (c->frame != frame || !c->names) {
		c->frame = frame;
		c->names = 0;
		while (frame && c->names < MAX_CHAIN) {
			sqlite3_reset(c->query);
			sqlite3_bind_int64(c->query, 1, frame);
			if (!klasy_store_next(c->query))
				break;
			c->name[c->names++] = klasy_keep(&p->texts, sqlite3_column_text(c->query, 0));
			frame = sqlite3_column_int64(c->query, 1);
		}
	}
	s->chain = c->name;
	s->chained = c->names;
}

static const char *chain_text(struct klasy_matches_private *p, const struct site *s)
{
	char text[1024];
	size_t i, n = 0;

	if (s->chained < 2)
		return NULL;
	for (i = 0; i < s->chained && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", i ? " in " : "", s->chain[i]);
	return klasy_keep(&p->texts, text);
}

static enum klasy_class class_of(const struct hit *hit, uint32_t size)
{
	/* The access begins -start bytes into the struct. */
	int64_t begin = -hit->start;

	if (hit->bits)
		return KLASY_BITFIELD;
	return begin >= (int64_t)hit->offset && (begin + size <= (int64_t)hit->offset + hit->size || !hit->size) ?
	       KLASY_EXACT : KLASY_WIDE;
}

/* All members of the struct at @first that the instruction touches: of a union, or side by side. */
static void describe(struct klasy_matches_private *p, struct klasy_match *match, const struct site *s,
		     const struct hit *first, uint32_t size)
{
	char names[512];
	size_t i, n = 0;
	bool exact = false, wide = false;

	for (i = 0; i < s->hits && n < sizeof(names); i++) {
		const struct hit *hit = &s->hit[i];
		enum klasy_class class = class_of(hit, size);

		if (hit->by != first->by || hit->start != first->start)
			continue;
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", n ? "|" : "", hit->member);
		exact |= class == KLASY_EXACT;
		wide |= class == KLASY_WIDE;
	}
	match->class = exact ? KLASY_EXACT : wide ? KLASY_WIDE : KLASY_BITFIELD;
	match->structure = first->structure;
	match->member = klasy_keep(&p->texts, names);
	match->target = first->start;
}

/* The access that the advice sees: the first designator in the text that holds here. */
static const struct hit *seen_by(const struct klasy_pointcut *d, const struct site *s)
{
	const struct hit *hit;
	size_t i;

	if (d->word == KLASY_NOT)
		return NULL;
	if (d->left) {
		hit = seen_by(d->left, s);
		return hit ? hit : seen_by(d->right, s);
	}
	for (i = 0; i < s->hits; i++) {
		if (s->hit[i].by == d)
			return &s->hit[i];
	}
	return NULL;
}

static const char site_columns[] =
	"SELECT i.pc, i.code, i.base, i.idx, i.scale, i.disp, i.gs, i.mode, i.size, f.name, i.line, i.col, n.name,"
	" n.entry, i.frame FROM site i JOIN function n ON n.id = i.function LEFT JOIN file f ON f.id = i.file"
	" WHERE i.id = ?";

/* @q: of site_columns. Returns false when there is no such site. */
static bool read_site(struct klasy_matches *m, struct site *s, sqlite3_stmt *q)
{
	sqlite3_reset(q);
	sqlite3_bind_int64(q, 1, s->id);
	if (!klasy_store_next(q))
		return false;
	s->function = klasy_keep(&m->p->texts, sqlite3_column_text(q, 12));
	s->file = klasy_keep(&m->p->texts, sqlite3_column_text(q, 9));
	read_chain(m->p, s, sqlite3_column_int64(q, 14));
	return true;
}

static struct klasy_match *add_site(struct klasy_matches *m, const struct site *s, const struct hit *hit,
				    sqlite3_stmt *q)
{
	struct klasy_match *match = new_match(m);

	match->pc = (uint64_t)sqlite3_column_int64(q, 0);
	match->length = (uint8_t)sqlite3_column_bytes(q, 1);
	if (match->length > sizeof(match->code))
		match->length = sizeof(match->code);
	memcpy(match->code, sqlite3_column_blob(q, 1), match->length);
	match->base = (uint8_t)sqlite3_column_int(q, 2);
	/* An index that leads into the struct's own array tells nothing of where the struct begins. */
	match->index = hit->element ? (uint8_t)sqlite3_column_int(q, 3) : KLASY_NO_REG;
	match->scale = hit->element ? (uint8_t)sqlite3_column_int(q, 4) : 0;
	describe(m->p, match, s, hit, (uint32_t)sqlite3_column_int64(q, 8));
	match->target += sqlite3_column_int64(q, 5);
	match->gs = sqlite3_column_int(q, 6);
	match->mode = (uint8_t)sqlite3_column_int(q, 7);
	match->file = s->file;
	match->line = (uint32_t)sqlite3_column_int64(q, 10);
	match->column = (uint32_t)sqlite3_column_int64(q, 11);
	match->function = s->function;
	match->entry = (uint64_t)sqlite3_column_int64(q, 13);
	match->inlined = chain_text(m->p, s);
	return match;
}

static void match_site(struct klasy_matches *m, const struct klasy_advice *advice, struct site *s, sqlite3_stmt *q)
{
	const struct hit *hit;

	if (!read_site(m, s, q))
		return;
	hit = seen_by(advice->pointcut, s);
	if (hit && klasy_pointcut_holds(advice->pointcut, holds, s))
		add_site(m, s, hit, q);
}

static int by_site(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	return (x->site > y->site) - (x->site < y->site);
}

static void match_accesses(struct klasy_matches *m, const struct klasy_advice *advice)
{
	sqlite3_stmt *q = klasy_store_query(m->p->db, site_columns, NULL);
	size_t i, end;

	if (m->p->hit.n)
		qsort(m->p->hit.at, m->p->hit.n, sizeof(*m->p->hit.at), by_site);
	for (i = 0; i < m->p->hit.n; i = end) {
		struct site s = { .id = m->p->hit.at[i].site, .hit = &m->p->hit.at[i] };

		for (end = i; end < m->p->hit.n && m->p->hit.at[end].site == s.id; end++)
			;
		s.hits = end - i;
		match_site(m, advice, &s, q);
	}
	sqlite3_finalize(q);
}

static void match_execution(struct klasy_matches *m, const struct klasy_advice *advice, const struct klasy_pointcut *d)
{
	sqlite3_stmt *q = klasy_store_query(m->p->db, "SELECT name, entry FROM function WHERE name = ?", d->name, NULL);
	bool any = false;

	while (klasy_store_next(q)) {
		struct site s = { .function = d->name, .execution = d->name };
		struct klasy_match *match;

		any = true;
		if (!klasy_pointcut_holds(advice->pointcut, holds, &s))
			continue;
		match = new_match(m);
		match->pc = match->entry = (uint64_t)sqlite3_column_int64(q, 1);
		match->function = klasy_keep(&m->p->texts, sqlite3_column_text(q, 0));
		match->base = match->index = KLASY_NO_REG;
		match->class = KLASY_ENTRY;
	}
	sqlite3_finalize(q);
	if (any)
		return;
	q = klasy_store_query(m->p->db, "SELECT count(*) FROM frame WHERE name = ?", d->name, NULL);
	klasy_store_next(q);
	m->inlined = lkst_xrealloc(m->inlined, (m->nr_inlined + 1) * sizeof(*m->inlined));
	m->inlined[m->nr_inlined].name = d->name;
	m->inlined[m->nr_inlined++].places = (unsigned long)sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
}

static void match_executions(struct klasy_matches *m, const struct klasy_advice *advice, const struct klasy_pointcut *d)
{
	if (d->word == KLASY_EXECUTION)
		match_execution(m, advice, d);
	if (d->left && d->word != KLASY_NOT)
		match_executions(m, advice, d->left);
	if (d->right)
		match_executions(m, advice, d->right);
}

/* Does a designator hold when just this event happens? */
static bool holds_at_event(const struct klasy_pointcut *p, const void *event)
{
	return p->word == KLASY_EVENT ? lkst_event_by_name(p->name) == event : p->word >= KLASY_TARGET;
}

static void match_events(struct klasy_matches *m, const struct klasy_advice *advice, const struct klasy_pointcut *d)
{
	const struct lkst_event_desc *e = d->word == KLASY_EVENT ? lkst_event_by_name(d->name) : NULL;
	size_t i = 0;

	while (e && i < m->events && m->event[i].desc != e)
		i++;
	if (e && i == m->events && klasy_pointcut_holds(advice->pointcut, holds_at_event, e)) {
		m->event = lkst_xrealloc(m->event, (m->events + 1) * sizeof(*m->event));
		m->event[m->events].desc = e;
		m->event[m->events++].by = d;
	}
	if (d->left && d->word != KLASY_NOT)
		match_events(m, advice, d->left);
	if (d->right)
		match_events(m, advice, d->right);
}

static int by_pc(const void *a, const void *b)
{
	const struct klasy_match *x = a, *y = b;

	return (x->pc > y->pc) - (x->pc < y->pc);
}

int klasy_match(sqlite3 *db, const struct klasy_aspect *aspect, const struct klasy_advice *advice,
		struct klasy_matches *m)
{
	memset(m, 0, sizeof(*m));
	if (klasy_unknown_names(db, aspect, advice->pointcut))
		return -1;
	m->p = lkst_xmalloc(sizeof(*m->p));
	m->p->db = db;
	m->machine = klasy_store_machine(db);
	gather(m->p, advice->pointcut);
	match_accesses(m, advice);
	match_executions(m, advice, advice->pointcut);
	match_events(m, advice, advice->pointcut);
	if (m->n)
		qsort(m->at, m->n, sizeof(*m->at), by_pc);
	return 0;
}

static bool has_pc(const struct klasy_matches *m, uint64_t pc)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (m->at[i].pc == pc)
			return true;
	}
	return false;
}

void klasy_match_add(struct klasy_matches *m, const char *structure, const char *member, uint64_t pc,
		     enum klasy_class class)
{
	sqlite3_stmt *q;
	struct hit hit = { .structure = structure };
	struct site s = { .hit = &hit, .hits = 1 };

	if (has_pc(m, pc))
		return;
	q = klasy_store_query(m->p->db, "SELECT i.id, t.start, m.name, m.offset, m.size, m.bits, t.element FROM site i "
			      "JOIN touch t ON t.site = i.id JOIN member m ON m.id = t.member JOIN struct s ON s.id = "
			      "m.struct WHERE s.name = ? AND m.name = ? AND i.pc = ?", structure, member, NULL);
	sqlite3_bind_int64(q, 3, (sqlite3_int64)pc);
	if (klasy_store_next(q)) {
		s.id = sqlite3_column_int64(q, 0);
		hit.start = sqlite3_column_int64(q, 1);
		hit.member = klasy_keep(&m->p->texts, sqlite3_column_text(q, 2));
		hit.offset = (uint32_t)sqlite3_column_int64(q, 3);
		hit.size = (uint32_t)sqlite3_column_int64(q, 4);
		hit.bits = sqlite3_column_int(q, 5);
		hit.element = sqlite3_column_int(q, 6);
	}
	sqlite3_finalize(q);
	q = klasy_store_query(m->p->db, site_columns, NULL);
	if (s.id && read_site(m, &s, q)) {
		struct klasy_match *match = add_site(m, &s, &hit, q);

		if (class == KLASY_MOVED)
			match->class = class;
		qsort(m->at, m->n, sizeof(*m->at), by_pc);
	}
	sqlite3_finalize(q);
}

uint8_t klasy_match_code(const struct klasy_object *object, uint64_t pc, uint8_t code[16])
{
	struct klasy_range range = { pc, pc + 15, NULL };
	struct klasy_code decoded = { 0 };
	uint8_t length = 0;

	while (range.end > pc && !(range.code = klasy_object_code(object, pc, range.end)))
		range.end--;
	if (!range.code)
		return 0;
	klasy_code_read(&decoded, klasy_object_machine(object), &range, 1);
	if (decoded.ops && decoded.op[0].pc == pc) {
		length = decoded.op[0].length;
		memcpy(code, range.code, length);
	}
	free(decoded.op);
	return length;
}

void klasy_match_add_line(struct klasy_matches *m, const struct klasy_object *object, const struct klasy_match *line)
{
	struct klasy_match *match;
	uint8_t code[16], length = klasy_match_code(object, line->pc, code);

	if (!length || has_pc(m, line->pc))
		return;
	match = new_match(m);
	*match = *line;
	match->function = klasy_keep(&m->p->texts, line->function);
	match->structure = klasy_keep(&m->p->texts, line->structure);
	match->member = klasy_keep(&m->p->texts, line->member);
	match->file = klasy_keep(&m->p->texts, line->file);
	match->base = match->index = KLASY_NO_REG;
	match->length = length;
	memcpy(match->code, code, length);
	qsort(m->at, m->n, sizeof(*m->at), by_pc);
}

void klasy_matches_free(struct klasy_matches *m)
{
	sqlite3_finalize(m->p->chain.query);
	klasy_texts_free(&m->p->texts);
	free(m->p->hit.at);
	free(m->p);
	free(m->at);
	free(m->inlined);
	free(m->event);
	memset(m, 0, sizeof(*m));
}
