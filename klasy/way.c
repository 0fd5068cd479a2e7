// SPDX-License-Identifier: GPL-2.0-only
/*
 * way.c - how control comes to an instruction: where a probe may be instead, and whether the kernel makes it a jump.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "facts.h"
#include "insn.h"
#include "list.h"
#include "scope.h"
#include "value.h"
#include "way.h"

enum { JUMP_SIZE = 5 };

struct klasy_way {
	struct klasy_object *o;
	struct klasy_code code;		/* of the function asked for last */
	struct klasy_range range[KLASY_MAX_RANGES];
	size_t ranges;
	KLASY_VEC(uint64_t) target;	/* of the jumps in it, sorted */
	KLASY_VEC(uint64_t) label;	/* instructions that become jumps and back, sorted */
	KLASY_VEC(uint64_t) patched;	/* of the jumps in code that may replace other code, sorted */
	GElf_Addr thunks[2];		/* jumps there go on to anywhere ... */
	GElf_Addr returns;		/* ... but for this one, which stands where a return belongs */
	bool indirect, faults;
};

const char *klasy_obstacle_name(enum klasy_obstacle obstacle)
{
	static const char *const name[KLASY_OBSTACLES] = {
		"", "entered", "fixed", "short", "faults", "indirect", "neighbour", "stepped", "unknown"
	};

	return name[obstacle];
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/*
 * The kernel replaces instructions by others when it starts, or jumps from them to pieces apart. Those lead back by
 * jumps that no function shows.
 */
static void read_patched(struct klasy_way *w)
{
	struct klasy_code code = { 0 };
	struct klasy_range range;
	const char *name;
	size_t i, k;

	for (i = 0; (name = klasy_object_code_next(w->o, i, &range)); i++) {
		if (strncmp(name, ".altinstr", 9))
			continue;
		klasy_code_read(&code, klasy_object_machine(w->o), &range, 1);
		for (k = 0; k < code.ops; k++) {
			if (code.op[k].target)
				*klasy_add(&w->patched) = code.op[k].target;
		}
	}
	free(code.op);
	if (w->patched.n)
		qsort(w->patched.at, w->patched.n, sizeof(*w->patched.at), by_value);
}

static void find_thunks(void *arg, const char *name, const GElf_Sym *symbol)
{
	struct klasy_way *w = arg;

	if (!strcmp(name, "__indirect_thunk_start"))
		w->thunks[0] = symbol->st_value;
	else if (!strcmp(name, "__indirect_thunk_end"))
		w->thunks[1] = symbol->st_value;
	else if (!strcmp(name, "__x86_return_thunk"))
		w->returns = symbol->st_value;
	else if (klasy_object_module(w->o) && !strncmp(name, "__x86_indirect_thunk_", 21)) {
		/* Each is a symbol of another file: what lies between them is taken for one, too. */
		if (!w->thunks[0] || symbol->st_value < w->thunks[0])
			w->thunks[0] = symbol->st_value;
		if (symbol->st_value >= w->thunks[1])
			w->thunks[1] = symbol->st_value + 1;
	}
}

struct klasy_way *klasy_way_new(struct klasy_object *o)
{
	struct klasy_way *w = lkst_xmalloc(sizeof(*w));

	w->o = o;
	read_patched(w);
	klasy_object_symbols(o, find_thunks, w);
	return w;
}

void klasy_way_free(struct klasy_way *w)
{
	free(w->code.op);
	free(w->target.at);
	free(w->label.at);
	free(w->patched.at);
	free(w);
}

static bool within(const struct klasy_way *w, uint64_t pc)
{
	size_t i;

	for (i = 0; i < w->ranges; i++) {
		if (pc >= w->range[i].begin && pc < w->range[i].end)
			return true;
	}
	return false;
}

static int by_begin(const void *a, const void *b)
{
	return by_value(&((const struct klasy_range *)a)->begin, &((const struct klasy_range *)b)->begin);
}

static void read_edges(struct klasy_way *w)
{
	size_t n, i;
	const struct klasy_edge *edge = klasy_object_edges(w->o, &n);

	w->label.n = 0;
	for (i = 0; i < n; i++) {
		if (within(w, edge[i].to))
			*klasy_add(&w->target) = edge[i].to;
		if (!within(w, edge[i].from))
			continue;
		w->faults |= edge[i].fault;
		if (!edge[i].fault)
			*klasy_add(&w->label) = edge[i].from;
	}
}

/* Makes @w know the function that holds @pc. Returns false when nothing tells where it begins. */
static bool enter(struct klasy_way *w, uint64_t pc)
{
	Dwarf_Die scope[KLASY_MAX_SCOPES];
	size_t i;

	if (within(w, pc))
		return true;
	w->ranges = w->target.n = 0;
	w->indirect = w->faults = false;
	if (!klasy_scopes(w->o, pc, scope))
		return false;
	w->ranges = klasy_ranges(&scope[0], w->range);
	qsort(w->range, w->ranges, sizeof(w->range[0]), by_begin);
	for (i = 0; i < w->ranges; i++) {
		w->range[i].code = klasy_object_code(w->o, w->range[i].begin, w->range[i].end);
		if (!w->range[i].code) {
			w->ranges = 0;
			return false;
		}
	}
	klasy_code_read(&w->code, klasy_object_machine(w->o), w->range, w->ranges);
	for (i = 0; i < w->code.ops; i++) {
		const struct klasy_op *op = &w->code.op[i];

		if (op->target && op->kind != KLASY_OP_CALL) {
			*klasy_add(&w->target) = op->target;
			w->indirect |= op->target >= w->thunks[0] && op->target < w->thunks[1] &&
				       op->target != w->returns;
		}
		w->indirect |= op->indirect;
	}
	read_edges(w);
	if (w->target.n)
		qsort(w->target.at, w->target.n, sizeof(*w->target.at), by_value);
	return true;
}

static bool leads_into(const uint64_t *at, size_t n, uint64_t begin, uint64_t end)
{
	size_t low = klasy_first_of(at, n, sizeof(*at), 0, begin);

	return low < n && at[low] < end;
}

/* Does a jump lead into [@begin, @end)? */
static bool entered(const struct klasy_way *w, uint64_t begin, uint64_t end)
{
	return leads_into(w->target.at, w->target.n, begin, end) || leads_into(w->patched.at, w->patched.n, begin, end);
}

enum klasy_obstacle klasy_way_jump(struct klasy_way *w, uint64_t pc, unsigned int *size)
{
	size_t i;

	*size = JUMP_SIZE;
	if (!enter(w, pc) || (i = klasy_code_at(&w->code, pc)) == w->code.ops)
		return KLASY_UNKNOWN;
	if (w->faults)
		return KLASY_FAULTS;
	if (w->indirect)
		return KLASY_INDIRECT;
	for (*size = 0; *size < JUMP_SIZE; i++) {
		if (i == w->code.ops || w->code.op[i].pc != pc + *size)
			return KLASY_SHORT;
		*size += w->code.op[i].length;
		if (!w->code.op[i].moveable)
			return KLASY_FIXED;
	}
	return entered(w, pc + 1, pc + JUMP_SIZE) ? KLASY_ENTERED : KLASY_FREE;
}

uint64_t klasy_way_before(struct klasy_way *w, uint64_t pc, uint16_t regs)
{
	const struct klasy_op *op;
	size_t i;

	if (!enter(w, pc) || w->indirect || entered(w, pc, pc + 1))
		return 0;
	i = klasy_code_at(&w->code, pc);
	if (i == w->code.ops || !i)
		return 0;
	op = &w->code.op[i - 1];
	if (op->pc + op->length != pc || !op->plain || (op->kills & regs) ||
	    leads_into(w->label.at, w->label.n, op->pc, pc))
		return 0;
	return op->pc;
}

uint64_t klasy_way_behind(struct klasy_way *w, uint64_t pc, uint16_t regs, bool memory)
{
	const struct klasy_op *op;
	uint64_t behind;
	size_t i;

	if (!enter(w, pc) || w->indirect)
		return 0;
	i = klasy_code_at(&w->code, pc);
	if (i + 1 >= w->code.ops)
		return 0;
	op = &w->code.op[i];
	behind = pc + op->length;
	if (op->target || op->ends || op->kind == KLASY_OP_CALL || op->gs || (op->kills & regs) ||
	    (memory && (op->mode & KLASY_WRITE)) || w->code.op[i + 1].pc != behind)
		return 0;
	return entered(w, behind, behind + 1) ? 0 : behind;
}
