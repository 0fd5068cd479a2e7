// SPDX-License-Identifier: GPL-2.0-only
/*
 * accesses.c - finds every access to a struct member in one kernel object, by its debug information.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accesses.h"
#include "cli.h"

enum { UNITS_BETWEEN = 64 };	/* before pages are given back */

/* A symbol that other units may use. */
struct shared {
	const char *name;
	uint64_t address;
};

struct reader {
	const struct klasy_object *object;
	Dwarf *dwarf;
	char *root;			/* of the kernel's source, with the last slash */
	const struct klasy_edge *edge;
	size_t edges;
	KLASY_VEC(struct klasy_returns) returns;	/* where calls do not say it; sorted by entry */
	KLASY_VEC(struct shared) shared;		/* variables; sorted by name */
	/* of one unit */
	KLASY_VEC(struct klasy_global) global;
	Dwarf_Lines *lines;
	size_t nr_lines;
	/* of one function */
	struct klasy_facts facts;
	struct klasy_range range[KLASY_MAX_RANGES];
	size_t ranges;
	size_t line_at;
	const struct klasy_sink *sink;
	struct klasy_counts *counts;
};

/* ---- one function ---- */

static const char *source_name(const struct reader *r, const char *path)
{
	size_t n = r->root ? strlen(r->root) : 0;

	while (path && !strncmp(path, "./", 2))
		path += 2;
	return path && n && !strncmp(path, r->root, n) ? path + n : path;
}

static void describe_row(const struct reader *r, size_t row, struct klasy_line *found)
{
	Dwarf_Line *line = dwarf_onesrcline(r->lines, row);
	int number;

	memset(found, 0, sizeof(*found));
	found->file = source_name(r, dwarf_linesrc(line, NULL, NULL));
	if (!dwarf_lineno(line, &number))
		found->line = (uint32_t)number;
	if (!dwarf_linecol(line, &number))
		found->column = (uint32_t)number;
}

static void find_line(struct reader *r, uint64_t pc, struct klasy_line *found)
{
	Dwarf_Addr address;
	Dwarf_Line *line;

	memset(found, 0, sizeof(*found));
	if (!r->nr_lines)
		return;
	line = dwarf_onesrcline(r->lines, r->line_at);
	if (!line || dwarf_lineaddr(line, &address) || address > pc) {
		size_t low = 0, high = r->nr_lines;

		while (low < high) {
			size_t middle = low + (high - low) / 2;

			dwarf_lineaddr(dwarf_onesrcline(r->lines, middle), &address);
			if (address <= pc)
				low = middle + 1;
			else
				high = middle;
		}
		if (!low)
			return;
		r->line_at = low - 1;
	}
	while (r->line_at + 1 < r->nr_lines &&
	       !dwarf_lineaddr(dwarf_onesrcline(r->lines, r->line_at + 1), &address) && address <= pc)
		r->line_at++;
	describe_row(r, r->line_at, found);
}

static void access_found(void *arg, const struct klasy_access *access)
{
	struct reader *r = arg;
	struct klasy_line line;

	find_line(r, access->pc, &line);
	r->sink->access(r->sink->arg, access, &line, klasy_frame_at(&r->facts, access->pc),
			klasy_object_code(r->object, access->pc, access->pc + access->length));
}

static void read_function(struct reader *r, Dwarf_Die *die, struct klasy_flow *flow)
{
	struct klasy_function fn = { 0 };
	struct klasy_parameters parameters;
	Dwarf_Addr entry;
	size_t i;

	r->ranges = klasy_ranges(die, r->range);
	if (!r->ranges)
		return;
	/* Of a function in several pieces, as one with a cold part, the first that is listed has the entry. */
	if (dwarf_entrypc(die, &entry))
		entry = r->range[0].begin;
	if (!klasy_ranges_code(r->object, r->range, r->ranges))
		return;
	klasy_facts_read(&r->facts, die, r->range, r->ranges);
	fn.machine = r->facts.machine;
	fn.entry = entry;
	fn.range = r->range;
	fn.ranges = r->ranges;
	fn.edge = r->edge;
	fn.edges = r->edges;
	if (fn.machine->entry_only && klasy_parameters_read(die, &parameters))
		klasy_facts_entry(&r->facts, &fn, klasy_convention(flow, &fn, &parameters), &parameters);
	fn.fact = r->facts.fact.at;
	fn.facts = r->facts.fact.n;
	fn.returns = r->returns.at;
	fn.nr_returns = r->returns.n;
	fn.returned = r->facts.returned.at;
	fn.returneds = r->facts.returned.n;
	fn.global = r->global.at;
	fn.globals = r->global.n;
	for (i = 0; i < r->facts.frame.n; i++)
		r->facts.frame.at[i].call_file = source_name(r, r->facts.frame.at[i].call_file);
	r->counts->functions++;
	r->sink->function(r->sink->arg, r->facts.frame.at[0].name, entry, r->facts.frame.at,
			  (uint32_t)r->facts.frame.n);
	r->counts->operands += klasy_flow_run(flow, &fn, access_found, r);
}

/* ---- one unit ---- */

static int by_address(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_global *)a)->address, y = ((const struct klasy_global *)b)->address;

	return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct shared *)a)->name, ((const struct shared *)b)->name);
}

static void add_shared(void *arg, const char *name, const GElf_Sym *symbol)
{
	struct reader *r = arg;
	int type = GELF_ST_TYPE(symbol->st_info);

	if (GELF_ST_BIND(symbol->st_info) != STB_LOCAL && (type == STT_OBJECT || type == STT_NOTYPE) && *name)
		*klasy_add(&r->shared) = (struct shared){ name, symbol->st_value };
}

/*
 * Where a variable is. One that the unit declares only, as all but one declare the task that runs, is where the linker
 * found it: of its name there is one that units share.
 */
static bool find_variable(struct reader *r, Dwarf_Die *die, uint64_t *address)
{
	struct shared wanted = { dwarf_diename(die), 0 }, *found;
	Dwarf_Attribute attr;
	Dwarf_Op *op;
	size_t ops;

	if (dwarf_attr(die, DW_AT_location, &attr)) {
		if (dwarf_getlocation(&attr, &op, &ops) || ops != 1 || op->atom != DW_OP_addr)
			return false;
		*address = op->number;
		return true;
	}
	if (!wanted.name || !r->shared.n || !dwarf_hasattr(die, DW_AT_declaration) ||
	    !dwarf_hasattr(die, DW_AT_external))
		return false;
	found = bsearch(&wanted, r->shared.at, r->shared.n, sizeof(wanted), by_name);
	if (found)
		*address = found->address;
	return found;
}

static void read_global(struct reader *r, Dwarf_Die *die)
{
	klasy_type_id type;
	uint64_t address;

	if (!find_variable(r, die, &address))
		return;
	type = klasy_types_of(r->facts.types, die);
	if (type && r->facts.types->type[type].size)
		*klasy_add(&r->global) = (struct klasy_global){ address, r->facts.types->type[type].size, type };
}

static void read_unit(struct reader *r, Dwarf_Die *unit, struct klasy_flow *flow)
{
	Dwarf_Die die;

	klasy_types_next_unit(r->facts.types);
	if (dwarf_getsrclines(unit, &r->lines, &r->nr_lines))
		r->nr_lines = 0;
	r->global.n = r->line_at = 0;
	if (dwarf_child(unit, &die))
		return;
	do {
		if (dwarf_tag(&die) == DW_TAG_variable)
			read_global(r, &die);
	} while (!dwarf_siblingof(&die, &die));
	if (r->global.n)
		qsort(r->global.at, r->global.n, sizeof(*r->global.at), by_address);
	dwarf_child(unit, &die);
	do {
		if (dwarf_tag(&die) == DW_TAG_subprogram)
			read_function(r, &die, flow);
	} while (!dwarf_siblingof(&die, &die));
	r->counts->units++;
}

/* With the last slash, where the unit's compiler was run; NULL: not known. */
static char *folder_of(Dwarf_Die *unit)
{
	Dwarf_Attribute attr;
	const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attr));
	char *with_slash = NULL;

	if (folder && asprintf(&with_slash, "%s/", folder) < 0)
		with_slash = NULL;
	return with_slash;
}

/* Where names begin that all units share: init/main.c is of every kernel, and of no module. */
static char *find_root(Dwarf *dwarf)
{
	static const char known[] = "/init/main.c";
	size_t k = sizeof(known) - 1;
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;

	while (!dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit, NULL)) {
		const char *name = dwarf_diename(&unit);
		size_t n = name ? strlen(name) : 0;

		if (n > k && !strcmp(name + n - k, known))
			return strndup(name, n - k + 1);
		if (name && !strcmp(name, known + 1))
			return folder_of(&unit);
	}
	return NULL;
}

static void begin(struct reader *r, const struct klasy_object *o)
{
	memset(r, 0, sizeof(*r));
	r->object = o;
	r->dwarf = klasy_object_dwarf(o);
	r->root = find_root(r->dwarf);
	r->edge = klasy_object_edges(o, &r->edges);
}

static int find_unit(const struct reader *r, const char *file, Dwarf_Die *unit)
{
	Dwarf_CU *cu = NULL;

	while (!dwarf_get_units(r->dwarf, cu, &cu, NULL, NULL, unit, NULL)) {
		if (dwarf_diename(unit) && !strcmp(source_name(r, dwarf_diename(unit)), file))
			return 0;
	}
	return -1;
}

int klasy_object_rows(const struct klasy_object *o, const char *file, klasy_row_fn *fn, void *arg)
{
	struct reader r;
	Dwarf_Die unit;
	size_t i;
	int err;

	begin(&r, o);
	err = find_unit(&r, file, &unit);
	if (!err && dwarf_getsrclines(&unit, &r.lines, &r.nr_lines))
		err = -1;
	for (i = 0; !err && i + 1 < r.nr_lines; i++) {
		struct klasy_line line;
		Dwarf_Addr from, to;
		bool last;

		if (dwarf_lineendsequence(dwarf_onesrcline(r.lines, i), &last) || last ||
		    dwarf_lineaddr(dwarf_onesrcline(r.lines, i), &from) ||
		    dwarf_lineaddr(dwarf_onesrcline(r.lines, i + 1), &to))
			continue;
		describe_row(&r, i, &line);
		fn(arg, &line, from, to);
	}
	free(r.root);
	return err;
}

static int by_entry(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_returns *)a)->entry, y = ((const struct klasy_returns *)b)->entry;

	return (x > y) - (x < y);
}

/* Of each function that returns a pointer: its type. What it points to may be told by a unit further on. */
static void read_returns(struct reader *r)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit, die;

	while (!dwarf_get_units(r->dwarf, cu, &cu, NULL, NULL, &unit, NULL)) {
		klasy_types_next_unit(r->facts.types);
		if (dwarf_child(&unit, &die))
			continue;
		do {
			klasy_type_id type;
			Dwarf_Addr entry;

			if (dwarf_tag(&die) != DW_TAG_subprogram || dwarf_entrypc(&die, &entry))
				continue;
			type = klasy_types_of(r->facts.types, &die);
			if (r->facts.types->type[type].kind == KLASY_POINTER)
				*klasy_add(&r->returns) = (struct klasy_returns){ entry, type };
		} while (!dwarf_siblingof(&die, &die));
	}
	if (r->returns.n)
		qsort(r->returns.at, r->returns.n, sizeof(*r->returns.at), by_entry);
}

static bool is_c(Dwarf_Die *unit)
{
	Dwarf_Attribute attr;
	Dwarf_Word language;

	return dwarf_attr(unit, DW_AT_language, &attr) && !dwarf_formudata(&attr, &language) &&
	       language != DW_LANG_Mips_Assembler;
}

int klasy_object_read(const struct klasy_object *o, struct klasy_types *types, const struct klasy_sink *sink,
		      struct klasy_counts *counts)
{
	struct klasy_flow *flow = klasy_flow_new(types);
	struct reader r;
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;
	int end;

	memset(counts, 0, sizeof(*counts));
	begin(&r, o);
	r.facts.types = types;
	r.sink = sink;
	r.counts = counts;
	r.facts.machine = klasy_object_machine(o);
	klasy_object_symbols(o, add_shared, &r);
	if (r.shared.n)
		qsort(r.shared.at, r.shared.n, sizeof(*r.shared.at), by_name);
	if (r.facts.machine->entry_only)
		read_returns(&r);
	while (!(end = dwarf_get_units(r.dwarf, cu, &cu, NULL, NULL, &unit, NULL))) {
		if (is_c(&unit))
			read_unit(&r, &unit, flow);
		if (counts->units % UNITS_BETWEEN == 0)
			klasy_object_give_back(o);
	}
	klasy_flow_free(flow);
	klasy_facts_free(&r.facts);
	free(r.global.at);
	free(r.returns.at);
	free(r.shared.at);
	free(r.root);
	if (end < 0) {
		lkst_warn("reading %s: %s", klasy_object_path(o), dwarf_errmsg(-1));
		return -1;
	}
	return 0;
}
