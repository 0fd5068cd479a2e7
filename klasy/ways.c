// SPDX-License-Identifier: GPL-2.0-only
/*
 * ways.c - the ways through a function's code: a search over its instructions.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "insn.h"
#include "list.h"
#include "ways.h"

struct symbol {
	uint64_t begin, end;
	const char *name;
};

struct klasy_ways {
	const struct klasy_object *object;
	KLASY_VEC(struct symbol) symbol;	/* functions, sorted by address */
	struct klasy_range range[2];		/* of the function that was read last, and its cold part */
	size_t ranges;
	struct klasy_code code;
	bool *seen;
	size_t *todo, room;
};

static void add_symbol(void *arg, const char *name, const GElf_Sym *symbol)
{
	struct klasy_ways *w = arg;

	if (GELF_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_size)
		*klasy_add(&w->symbol) = (struct symbol){ symbol->st_value, symbol->st_value + symbol->st_size, name };
}

static int by_begin(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return (x->begin > y->begin) - (x->begin < y->begin);
}

struct klasy_ways *klasy_ways_new(const struct klasy_object *object)
{
	struct klasy_ways *w = lkst_xmalloc(sizeof(*w));

	w->object = object;
	klasy_object_symbols(object, add_symbol, w);
	if (w->symbol.n)
		qsort(w->symbol.at, w->symbol.n, sizeof(*w->symbol.at), by_begin);
	return w;
}

void klasy_ways_free(struct klasy_ways *w)
{
	free(w->symbol.at);
	free(w->code.op);
	free(w->seen);
	free(w->todo);
	free(w);
}

static const struct symbol *symbol_at(const struct klasy_ways *w, uint64_t pc)
{
	size_t low = klasy_first(w->symbol.at, w->symbol.n, begin, pc + 1);

	return low && pc < w->symbol.at[low - 1].end ? &w->symbol.at[low - 1] : NULL;
}

/* The cold part of a function, or the function of a cold part; NULL when there is none, or several. */
static const struct symbol *other_part(const struct klasy_ways *w, const struct symbol *s)
{
	const struct symbol *found = NULL;
	size_t n = strlen(s->name), i;
	bool cold = n > 5 && !strcmp(s->name + n - 5, ".cold");

	if (cold)
		n -= 5;
	for (i = 0; i < w->symbol.n; i++) {
		const struct symbol *other = &w->symbol.at[i];

		if (strncmp(other->name, s->name, n) || strcmp(other->name + n, cold ? "" : ".cold"))
			continue;
		if (found)
			return NULL;
		found = other;
	}
	return found;
}

const char *klasy_ways_function(const struct klasy_ways *w, uint64_t pc, uint64_t *entry)
{
	const struct symbol *s = symbol_at(w, pc);

	*entry = s ? s->begin : 0;
	return s ? s->name : NULL;
}

/* Decodes the function that holds @pc, unless it is the last one's. Returns false when there is none. */
static bool read_function(struct klasy_ways *w, uint64_t pc)
{
	const struct symbol *s = symbol_at(w, pc), *part[2];
	size_t i;

	for (i = 0; i < w->ranges; i++) {
		if (pc >= w->range[i].begin && pc < w->range[i].end)
			return true;
	}
	w->ranges = 0;
	if (!s)
		return false;
	part[0] = s;
	part[1] = other_part(w, s);
	if (part[1] && strlen(part[1]->name) < strlen(s->name)) {
		part[0] = part[1];
		part[1] = s;
	}
	for (i = 0; i < 2 && part[i]; i++) {
		w->range[i] = (struct klasy_range){
			part[i]->begin, part[i]->end, klasy_object_code(w->object, part[i]->begin, part[i]->end)
		};
		if (!w->range[i].code)
			return false;
	}
	w->ranges = i;
	klasy_code_read(&w->code, klasy_object_machine(w->object), w->range, w->ranges);
	if (w->code.max > w->room) {
		w->room = w->code.max;
		w->seen = lkst_xrealloc(w->seen, w->room * sizeof(*w->seen));
		w->todo = lkst_xrealloc(w->todo, w->room * sizeof(*w->todo));
	}
	return w->code.ops;
}

/* Ranges are in the order of the parts, not of their addresses: klasy_code_at() does not do. */
static size_t op_at(const struct klasy_ways *w, uint64_t pc)
{
	size_t i, first = 0, last;

	for (i = 0; i < w->ranges; i++, first = last) {
		struct klasy_code part;

		for (last = first; last < w->code.ops && w->code.op[last].pc >= w->range[i].begin &&
		     w->code.op[last].pc < w->range[i].end; last++)
			;
		if (pc < w->range[i].begin || pc >= w->range[i].end)
			continue;
		part = (struct klasy_code){ w->code.op + first, last - first, 0 };
		i = klasy_code_at(&part, pc);
		return i == part.ops ? w->code.ops : first + i;
	}
	return w->code.ops;
}

static bool within(uint64_t pc, const struct klasy_span *span, size_t spans)
{
	size_t i;

	for (i = 0; i < spans; i++) {
		if (pc >= span[i].begin && pc < span[i].end)
			return true;
	}
	return false;
}

struct search {
	struct klasy_ways *w;
	size_t todos;
	bool left;			/* a way led out of the function */
};

static void visit(struct search *s, size_t op)
{
	if (op == s->w->code.ops) {
		s->left = true;
	} else if (!s->w->seen[op]) {
		s->w->seen[op] = true;
		s->w->todo[s->todos++] = op;
	}
}

static bool stops_for_good(const struct klasy_ways *w, const struct klasy_op *op)
{
	const uint8_t *code = klasy_object_code(w->object, op->pc, op->pc + op->length);

	return code && op->length == 2 && code[0] == 0x0f && code[1] == 0x0b;
}

static void go_on(struct search *s, size_t number)
{
	struct klasy_ways *w = s->w;
	const struct klasy_op *op = &w->code.op[number];
	const struct klasy_edge *edge;
	size_t edges, i;

	if (op->target && op->kind != KLASY_OP_CALL)
		visit(s, op_at(w, op->target));
	if (!op->ends)
		visit(s, number + 1);
	else if (!op->target && !stops_for_good(w, op))
		s->left = true;
	edge = klasy_object_edges(w->object, &edges);
	for (i = klasy_first(edge, edges, from, op->pc); i < edges && edge[i].from == op->pc; i++)
		visit(s, op_at(w, edge[i].to));
}

bool klasy_ways_before(struct klasy_ways *w, uint64_t pc, const struct klasy_span *span, size_t spans)
{
	struct search s = { .w = w };
	bool round, reached[2] = { false, false };
	int i;

	/* Once without the instruction, once with it: code that is reached with it only. */
	for (i = 0; i < 2; i++) {
		round = i;
		if (!read_function(w, pc))
			return false;
		memset(w->seen, 0, w->code.ops * sizeof(*w->seen));
		s.todos = 0;
		visit(&s, op_at(w, w->range[0].begin));
		while (s.todos) {
			size_t op = w->todo[--s.todos];

			if (within(w->code.op[op].pc, span, spans)) {
				reached[i] = true;
				break;
			}
			if (round || w->code.op[op].pc != pc)
				go_on(&s, op);
		}
	}
	return !reached[0] && reached[1];
}

bool klasy_ways_behind(struct klasy_ways *w, uint64_t pc, const struct klasy_span *span, size_t spans)
{
	struct search s = { .w = w };
	size_t op;

	if (!read_function(w, pc))
		return false;
	op = op_at(w, pc);
	if (op == w->code.ops)
		return false;
	memset(w->seen, 0, w->code.ops * sizeof(*w->seen));
	go_on(&s, op);
	while (s.todos && !s.left) {
		op = w->todo[--s.todos];
		if (!within(w->code.op[op].pc, span, spans))
			go_on(&s, op);
	}
	return !s.left;
}
