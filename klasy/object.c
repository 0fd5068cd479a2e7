// SPDX-License-Identifier: GPL-2.0-only
/*
 * object.c - reads one kernel object with debug information and finds every access to a struct member in it.
 */
#include <dwarf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli.h"
#include "object.h"

enum {
	MAX_RANGES = 64,
	UNITS_BETWEEN = 64	/* before pages are given back */
};

/* A growing array: VEC(struct x) v; *vec_add(&v) = ... */
#define VEC(type)	struct { type *at; size_t n, max; }
#define vec_add(v)	(vec_grow((void **)&(v)->at, (v)->n, &(v)->max, sizeof(*(v)->at)), &(v)->at[(v)->n++])

struct frame_range {
	uint64_t begin, end;
	uint32_t frame, depth;
};

struct section {
	uint64_t begin, end;
	const uint8_t *data;
	const char *name;
};

struct klasy_object {
	const char *path;
	int fd;
	Elf *elf;
	Dwarf *dwarf;
	char build_id[64];
	uint64_t id_address;
	const uint8_t *id_bytes;
	size_t id_size;
	char *root;			/* of the kernel's source, with the last slash */
	VEC(struct section) code;
	VEC(struct klasy_edge) edge;
	/* of one unit */
	VEC(struct klasy_global) global;
	Dwarf_Lines *lines;
	size_t nr_lines;
	/* of one function */
	VEC(struct klasy_fact) fact;
	VEC(struct klasy_returned) returned;
	VEC(struct klasy_frame) frame;
	VEC(struct frame_range) frame_range;
	struct klasy_range range[MAX_RANGES];
	size_t ranges;
	size_t line_at;
	struct klasy_types *types;
	const struct klasy_sink *sink;
	struct klasy_counts *counts;
};

static void vec_grow(void **at, size_t n, size_t *max, size_t size)
{
	if (n < *max)
		return;
	*max = *max ? 2 * *max : 256;
	*at = lkst_xrealloc(*at, *max * size);
}

/* ---- the file ---- */

static void read_build_id(struct klasy_object *o)
{
	const unsigned char *id;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(o->elf, scn))) {
		Elf_Data *data;
		size_t at = 0, name, desc;
		GElf_Nhdr note;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_NOTE)
			continue;
		data = elf_getdata(scn, NULL);
		while (data && (at = gelf_getnote(data, at, &note, &name, &desc)) > 0) {
			size_t i;

			if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 ||
			    memcmp((char *)data->d_buf + name, "GNU", 4))
				continue;
			id = (unsigned char *)data->d_buf + desc;
			o->id_address = shdr.sh_addr + desc;
			o->id_bytes = id;
			o->id_size = note.n_descsz;
			for (i = 0; i < note.n_descsz && 2 * i + 2 < sizeof(o->build_id); i++)
				sprintf(o->build_id + 2 * i, "%02x", id[i]);
			return;
		}
	}
}

static int by_from(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_edge *)a)->from, y = ((const struct klasy_edge *)b)->from;

	return (x > y) - (x < y);
}

/* Tables of 32-bit distances from where they stand: code, target, then @entry - 8 bytes of something else. */
static void read_edges(struct klasy_object *o, const GElf_Shdr *shdr, const Elf_Data *data, size_t entry)
{
	size_t at;

	for (at = 0; at + entry <= data->d_size; at += entry) {
		int32_t distance[2];

		memcpy(distance, (const char *)data->d_buf + at, sizeof(distance));
		*vec_add(&o->edge) = (struct klasy_edge){
			shdr->sh_addr + at + (int64_t)distance[0],
			shdr->sh_addr + at + 4 + (int64_t)distance[1]
		};
	}
}

static void read_sections(struct klasy_object *o)
{
	Elf_Scn *scn = NULL;
	size_t names = 0;
	GElf_Shdr shdr;

	elf_getshdrstrndx(o->elf, &names);
	while ((scn = elf_nextscn(o->elf, scn))) {
		Elf_Data *data;
		const char *name;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_PROGBITS || !(shdr.sh_flags & SHF_ALLOC))
			continue;
		name = elf_strptr(o->elf, names, shdr.sh_name);
		if (!(shdr.sh_flags & SHF_EXECINSTR) && strcmp(name, "__jump_table") && strcmp(name, "__ex_table"))
			continue;
		data = elf_getdata(scn, NULL);
		if (!data || !data->d_buf)
			continue;
		if (shdr.sh_flags & SHF_EXECINSTR)
			*vec_add(&o->code) = (struct section){
				shdr.sh_addr, shdr.sh_addr + data->d_size, data->d_buf, name
			};
		else
			read_edges(o, &shdr, data, strcmp(name, "__jump_table") ? 12 : 16);
	}
	if (o->edge.n)
		qsort(o->edge.at, o->edge.n, sizeof(*o->edge.at), by_from);
}

struct klasy_object *klasy_object_open(const char *path)
{
	struct klasy_object *o = lkst_xmalloc(sizeof(*o));
	GElf_Ehdr ehdr;

	o->path = path;
	o->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (o->fd < 0) {
		lkst_warn("opening %s: %s", path, strerror(errno));
		goto no_file;
	}
	elf_version(EV_CURRENT);
	o->elf = elf_begin(o->fd, ELF_C_READ_MMAP, NULL);
	if (!o->elf || !gelf_getehdr(o->elf, &ehdr)) {
		lkst_warn("reading %s: not an ELF file", path);
		goto no_elf;
	}
	if (ehdr.e_machine != EM_X86_64) {
		lkst_warn("reading %s: not for x86-64", path);
		goto no_elf;
	}
	o->dwarf = dwarf_begin_elf(o->elf, DWARF_C_READ, NULL);
	if (!o->dwarf) {
		lkst_warn("reading %s: no debug information; give the vmlinux of the kernel's -dbg package", path);
		goto no_elf;
	}
	read_build_id(o);
	read_sections(o);
	return o;
no_elf:
	elf_end(o->elf);
	close(o->fd);
no_file:
	free(o);
	return NULL;
}

void klasy_object_close(struct klasy_object *o)
{
	dwarf_end(o->dwarf);
	elf_end(o->elf);
	close(o->fd);
	free(o->root);
	free(o->code.at);
	free(o->edge.at);
	free(o->global.at);
	free(o->fact.at);
	free(o->returned.at);
	free(o->frame.at);
	free(o->frame_range.at);
	free(o);
}

const char *klasy_object_build_id(const struct klasy_object *o)
{
	return o->build_id;
}

const uint8_t *klasy_object_build_id_bytes(const struct klasy_object *o, uint64_t *address, size_t *size)
{
	*address = o->id_address;
	*size = o->id_size;
	return o->id_bytes;
}

const char *klasy_object_section(const struct klasy_object *o, uint64_t pc)
{
	size_t i;

	for (i = 0; i < o->code.n; i++) {
		if (pc >= o->code.at[i].begin && pc < o->code.at[i].end)
			return o->code.at[i].name;
	}
	return NULL;
}

static const uint8_t *code_at(const struct klasy_object *o, uint64_t begin, uint64_t end)
{
	size_t i;

	for (i = 0; i < o->code.n; i++) {
		const struct section *s = &o->code.at[i];

		if (begin >= s->begin && end <= s->end)
			return s->data + (begin - s->begin);
	}
	return NULL;
}

/* ---- one function: where its variables are ---- */

static klasy_type_id members_of(struct klasy_object *o, klasy_type_id type, bool *pointer)
{
	const struct klasy_type *t = &o->types->type[type];

	*pointer = t->kind == KLASY_POINTER;
	if (*pointer)
		return klasy_types_pointee(o->types, type);
	return t->kind == KLASY_STRUCT || t->kind == KLASY_UNION ? type : 0;
}

/* Reads what a location expression says, as far as a fact can hold it; the rest of DWARF's forms says less. */
static bool locate(struct klasy_fact *fact, bool pointer, const Dwarf_Op *op, size_t ops)
{
	bool value = ops == 2 && op[1].atom == DW_OP_stack_value;
	long at;

	if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31 && ops == 1) {
		fact->kind = KLASY_IN_REGISTER;
		fact->reg = klasy_dwarf_reg(op->atom - DW_OP_reg0);
		fact->offset = 0;
		return pointer && fact->reg != KLASY_NO_REG;
	}
	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31 && (value || ops == 1)) {
		at = (long)op->number;
		fact->reg = klasy_dwarf_reg(op->atom - DW_OP_breg0);
		/* The variable is register + at, or, when it is no pointer, lies there. */
		fact->kind = KLASY_IN_REGISTER;
		fact->offset = (int32_t)-at;
		return pointer == value && fact->reg != KLASY_NO_REG && fact->reg != KLASY_RSP;
	}
	if (op->atom == DW_OP_fbreg && ops == 1) {
		fact->kind = pointer ? KLASY_POINTER_ON_STACK : KLASY_OBJECT_ON_STACK;
		fact->slot = (int32_t)op->number;
		fact->offset = 0;
		return true;
	}
	return false;
}

/* gcc's location lists reach outside the block of the variable: only what lies in both counts. */
static void add_fact(struct klasy_object *o, const struct klasy_fact *fact, const struct klasy_range *scope,
		     size_t scopes)
{
	size_t i;

	for (i = 0; i < scopes; i++) {
		struct klasy_fact f = *fact;

		if (f.begin < scope[i].begin)
			f.begin = scope[i].begin;
		if (f.end > scope[i].end)
			f.end = scope[i].end;
		if (f.begin < f.end)
			*vec_add(&o->fact) = f;
	}
}

static void read_variable(struct klasy_object *o, Dwarf_Die *die, const struct klasy_range *scope, size_t scopes)
{
	struct klasy_fact fact = { 0 };
	Dwarf_Addr base, begin, end;
	Dwarf_Attribute attr;
	ptrdiff_t at = 0;
	Dwarf_Op *op;
	size_t ops;
	bool pointer;

	if (!dwarf_attr(die, DW_AT_location, &attr))
		return;
	fact.type = members_of(o, klasy_types_of(o->types, die), &pointer);
	if (!fact.type)
		return;
	while ((at = dwarf_getlocations(&attr, at, &base, &begin, &end, &op, &ops)) > 0) {
		fact.begin = begin;
		fact.end = end;
		if (ops && begin < end && locate(&fact, pointer, op, ops))
			add_fact(o, &fact, scope, scopes);
	}
}

static void read_call(struct klasy_object *o, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Addr pc;
	Dwarf_Die callee;
	klasy_type_id type;

	if (!dwarf_attr(die, DW_AT_call_return_pc, &attr) || dwarf_formaddr(&attr, &pc))
		return;
	if (!dwarf_attr(die, DW_AT_call_origin, &attr) || !dwarf_formref_die(&attr, &callee))
		return;
	type = klasy_types_pointee(o->types, klasy_types_of(o->types, &callee));
	if (type)
		*vec_add(&o->returned) = (struct klasy_returned){ pc, type };
}

static size_t read_ranges(Dwarf_Die *die, struct klasy_range *range)
{
	Dwarf_Addr base, begin, end;
	ptrdiff_t at = 0;
	size_t n = 0;

	while (n < MAX_RANGES && (at = dwarf_ranges(die, at, &base, &begin, &end)) > 0) {
		if (begin < end)
			range[n++] = (struct klasy_range){ begin, end, NULL };
	}
	return n;
}

static const char *source_name(const struct klasy_object *o, const char *path)
{
	size_t n = o->root ? strlen(o->root) : 0;

	while (path && !strncmp(path, "./", 2))
		path += 2;
	return path && n && !strncmp(path, o->root, n) ? path + n : path;
}

static uint32_t add_frame(struct klasy_object *o, Dwarf_Die *die, uint32_t parent)
{
	*vec_add(&o->frame) = (struct klasy_frame){ dwarf_diename(die), parent };
	return (uint32_t)o->frame.n - 1;
}

static void read_scope(struct klasy_object *o, Dwarf_Die *scope, const struct klasy_range *range, size_t ranges,
		       uint32_t frame, uint32_t depth)
{
	struct klasy_range inner[MAX_RANGES];
	Dwarf_Die die;
	size_t n, i;

	if (dwarf_child(scope, &die))
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_formal_parameter:
		case DW_TAG_variable:
			read_variable(o, &die, range, ranges);
			break;
		case DW_TAG_call_site:
			read_call(o, &die);
			break;
		case DW_TAG_lexical_block:
			n = read_ranges(&die, inner);
			if (n)
				read_scope(o, &die, inner, n, frame, depth);
			else
				read_scope(o, &die, range, ranges, frame, depth);
			break;
		case DW_TAG_inlined_subroutine: {
			uint32_t callee = add_frame(o, &die, frame);

			n = read_ranges(&die, inner);
			for (i = 0; i < n; i++)
				*vec_add(&o->frame_range) = (struct frame_range){ inner[i].begin, inner[i].end, callee,
										 depth + 1 };
			read_scope(o, &die, inner, n, callee, depth + 1);
			break;
		}
		default:
			break;
		}
	} while (!dwarf_siblingof(&die, &die));
}

/* ---- one function: its accesses ---- */

static void find_line(struct klasy_object *o, uint64_t pc, struct klasy_line *found)
{
	Dwarf_Addr address;
	Dwarf_Line *line;
	int number;

	memset(found, 0, sizeof(*found));
	if (!o->nr_lines)
		return;
	line = dwarf_onesrcline(o->lines, o->line_at);
	if (!line || dwarf_lineaddr(line, &address) || address > pc) {
		size_t low = 0, high = o->nr_lines;

		while (low < high) {
			size_t middle = low + (high - low) / 2;

			dwarf_lineaddr(dwarf_onesrcline(o->lines, middle), &address);
			if (address <= pc)
				low = middle + 1;
			else
				high = middle;
		}
		if (!low)
			return;
		o->line_at = low - 1;
	}
	while (o->line_at + 1 < o->nr_lines &&
	       !dwarf_lineaddr(dwarf_onesrcline(o->lines, o->line_at + 1), &address) && address <= pc)
		o->line_at++;
	line = dwarf_onesrcline(o->lines, o->line_at);
	found->file = source_name(o, dwarf_linesrc(line, NULL, NULL));
	if (!dwarf_lineno(line, &number))
		found->line = (uint32_t)number;
	if (!dwarf_linecol(line, &number))
		found->column = (uint32_t)number;
}

static uint32_t frame_at(const struct klasy_object *o, uint64_t pc)
{
	uint32_t frame = 0, depth = 0;
	size_t i;

	for (i = 0; i < o->frame_range.n && o->frame_range.at[i].begin <= pc; i++) {
		const struct frame_range *r = &o->frame_range.at[i];

		if (pc < r->end && r->depth >= depth) {
			frame = r->frame;
			depth = r->depth;
		}
	}
	return frame;
}

static void access_found(void *arg, const struct klasy_access *access)
{
	struct klasy_object *o = arg;
	struct klasy_line line;

	find_line(o, access->pc, &line);
	o->sink->access(o->sink->arg, access, &line, frame_at(o, access->pc),
			code_at(o, access->pc, access->pc + access->length));
}

static int by_fact_begin(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_fact *)a)->begin, y = ((const struct klasy_fact *)b)->begin;

	return (x > y) - (x < y);
}

static int by_frame_begin(const void *a, const void *b)
{
	uint64_t x = ((const struct frame_range *)a)->begin, y = ((const struct frame_range *)b)->begin;

	return (x > y) - (x < y);
}

static int by_range_begin(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_range *)a)->begin, y = ((const struct klasy_range *)b)->begin;

	return (x > y) - (x < y);
}

static void read_function(struct klasy_object *o, Dwarf_Die *die, struct klasy_flow *flow)
{
	struct klasy_function fn = { 0 };
	Dwarf_Addr entry;
	size_t i;

	o->ranges = read_ranges(die, o->range);
	if (!o->ranges || dwarf_entrypc(die, &entry))
		return;
	qsort(o->range, o->ranges, sizeof(o->range[0]), by_range_begin);
	for (i = 0; i < o->ranges; i++) {
		o->range[i].code = code_at(o, o->range[i].begin, o->range[i].end);
		if (!o->range[i].code)
			return;
	}
	o->fact.n = o->returned.n = o->frame.n = o->frame_range.n = 0;
	add_frame(o, die, 0);
	read_scope(o, die, o->range, o->ranges, 0, 0);
	if (o->fact.n)
		qsort(o->fact.at, o->fact.n, sizeof(*o->fact.at), by_fact_begin);
	if (o->frame_range.n)
		qsort(o->frame_range.at, o->frame_range.n, sizeof(*o->frame_range.at), by_frame_begin);
	fn.entry = entry;
	fn.range = o->range;
	fn.ranges = o->ranges;
	fn.fact = o->fact.at;
	fn.facts = o->fact.n;
	fn.edge = o->edge.at;
	fn.edges = o->edge.n;
	fn.returned = o->returned.at;
	fn.returneds = o->returned.n;
	fn.global = o->global.at;
	fn.globals = o->global.n;
	o->counts->functions++;
	o->sink->function(o->sink->arg, o->frame.at[0].name, entry, o->frame.at, (uint32_t)o->frame.n);
	o->counts->operands += klasy_flow_run(flow, &fn, access_found, o);
}

/* ---- one unit ---- */

static int by_address(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_global *)a)->address, y = ((const struct klasy_global *)b)->address;

	return (x > y) - (x < y);
}

static void read_global(struct klasy_object *o, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	klasy_type_id type;
	Dwarf_Op *op;
	size_t ops;

	if (!dwarf_attr(die, DW_AT_location, &attr) || dwarf_getlocation(&attr, &op, &ops) || ops != 1 ||
	    op->atom != DW_OP_addr)
		return;
	type = klasy_types_of(o->types, die);
	if (type && o->types->type[type].size)
		*vec_add(&o->global) = (struct klasy_global){ op->number, o->types->type[type].size, type };
}

static void find_root(struct klasy_object *o, const char *name)
{
	static const char known[] = "/init/main.c";
	size_t n = name ? strlen(name) : 0, k = sizeof(known) - 1;

	if (n <= k || strcmp(name + n - k, known))
		return;
	o->root = strdup(name);
	if (o->root)
		o->root[n - k + 1] = 0;
}

static void read_unit(struct klasy_object *o, Dwarf_Die *unit, struct klasy_flow *flow)
{
	Dwarf_Die die;

	klasy_types_next_unit(o->types);
	if (dwarf_getsrclines(unit, &o->lines, &o->nr_lines))
		o->nr_lines = 0;
	o->global.n = o->line_at = 0;
	if (dwarf_child(unit, &die))
		return;
	do {
		if (dwarf_tag(&die) == DW_TAG_variable)
			read_global(o, &die);
	} while (!dwarf_siblingof(&die, &die));
	if (o->global.n)
		qsort(o->global.at, o->global.n, sizeof(*o->global.at), by_address);
	dwarf_child(unit, &die);
	do {
		if (dwarf_tag(&die) == DW_TAG_subprogram)
			read_function(o, &die, flow);
	} while (!dwarf_siblingof(&die, &die));
	o->counts->units++;
}

/*
 * Pages of the file that were read count as this program's memory until they are given back; the kernel keeps them in
 * its cache. A vmlinux has 600 MB of them.
 */
static void give_back_pages(struct klasy_object *o)
{
	size_t size;
	char *image = elf_rawfile(o->elf, &size);

	if (image)
		madvise(image, size, MADV_DONTNEED);
}

static bool is_c(Dwarf_Die *unit)
{
	Dwarf_Attribute attr;
	Dwarf_Word language;

	return dwarf_attr(unit, DW_AT_language, &attr) && !dwarf_formudata(&attr, &language) &&
	       language != DW_LANG_Mips_Assembler;
}

int klasy_object_read(struct klasy_object *o, struct klasy_types *types, const struct klasy_sink *sink,
		      struct klasy_counts *counts)
{
	struct klasy_flow *flow;
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;
	int end = 0;

	memset(counts, 0, sizeof(*counts));
	while (!o->root && !dwarf_get_units(o->dwarf, cu, &cu, NULL, NULL, &unit, NULL))
		find_root(o, dwarf_diename(&unit));
	cu = NULL;
	flow = klasy_flow_new(types);
	o->types = types;
	o->sink = sink;
	o->counts = counts;
	while (!(end = dwarf_get_units(o->dwarf, cu, &cu, NULL, NULL, &unit, NULL))) {
		if (is_c(&unit))
			read_unit(o, &unit, flow);
		if (o->counts->units % UNITS_BETWEEN == 0)
			give_back_pages(o);
	}
	klasy_flow_free(flow);
	if (end < 0) {
		lkst_warn("reading %s: %s", o->path, dwarf_errmsg(-1));
		return -1;
	}
	return 0;
}
