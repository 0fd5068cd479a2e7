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
#include "relocate.h"

enum {
	UNITS_BETWEEN = 64,	/* before pages are given back */
	JUMP_LABEL = 16,	/* bytes of an entry of the kernel's tables */
	EXCEPTION = 12
};

struct section {
	uint64_t begin, end;
	const uint8_t *data;
	const char *name;
	uint8_t *loose;			/* of a module: 1 where the loader changes a byte; @data is ours then */
};

struct klasy_object {
	const char *path;
	int fd;
	Elf *elf;
	Dwarf *dwarf;
	Dwfl *dwfl;			/* of a module */
	char module[64];		/* its name; "": the kernel itself */
	char build_id[64];
	uint64_t id_address;
	const uint8_t *id_bytes;
	size_t id_size;
	char *root;			/* of the kernel's source, with the last slash */
	KLASY_VEC(struct section) code;
	KLASY_VEC(struct section) place;	/* of a module: the sections that it keeps, without bytes */
	KLASY_VEC(struct klasy_edge) edge;
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
static void read_edges(struct klasy_object *o, uint64_t address, const char *table, size_t size, size_t entry)
{
	size_t at;

	for (at = 0; at + entry <= size; at += entry) {
		int32_t distance[2];

		memcpy(distance, table + at, sizeof(distance));
		*klasy_add(&o->edge) = (struct klasy_edge){
			address + at + (int64_t)distance[0], address + at + 4 + (int64_t)distance[1],
			entry == EXCEPTION
		};
	}
}

void klasy_elf_symbols(Elf *elf, klasy_symbol_fn *fn, void *arg)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	GElf_Sym symbol;
	size_t i;

	while ((scn = elf_nextscn(elf, scn))) {
		Elf_Data *data;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_SYMTAB || !shdr.sh_entsize)
			continue;
		data = elf_getdata(scn, NULL);
		for (i = 0; data && i < shdr.sh_size / shdr.sh_entsize && gelf_getsym(data, (int)i, &symbol); i++) {
			const char *name = elf_strptr(elf, shdr.sh_link, symbol.st_name);

			fn(arg, name ? name : "", &symbol);
		}
	}
}

/* Symbols of a module, with their addresses. */
struct addressed {
	Elf *elf;
	klasy_symbol_fn *fn;
	void *arg;
	size_t number;
};

static void tell_address(void *arg, const char *name, const GElf_Sym *symbol)
{
	struct addressed *a = arg;
	GElf_Sym copy = *symbol;

	copy.st_value = klasy_symbol_address(a->elf, symbol, a->number++);
	a->fn(a->arg, name, &copy);
}

void klasy_object_symbols(const struct klasy_object *o, klasy_symbol_fn *fn, void *arg)
{
	struct addressed a = { o->elf, fn, arg, 0 };

	if (o->dwfl)
		klasy_elf_symbols(o->elf, tell_address, &a);
	else
		klasy_elf_symbols(o->elf, fn, arg);
}

const struct klasy_edge *klasy_object_edges(const struct klasy_object *o, size_t *n)
{
	*n = o->edge.n;
	return o->edge.at;
}

static void find_jump_table(void *arg, const char *name, const GElf_Sym *symbol)
{
	GElf_Addr *table = arg;

	if (!strcmp(name, "__start___jump_table"))
		table[0] = symbol->st_value;
	else if (!strcmp(name, "__stop___jump_table"))
		table[1] = symbol->st_value;
}

/* A linked kernel has its jump labels inside of another section, between two symbols. */
static void read_jump_labels(struct klasy_object *o)
{
	GElf_Addr table[2] = { 0, 0 };
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	klasy_object_symbols(o, find_jump_table, table);
	while (table[0] < table[1] && (scn = elf_nextscn(o->elf, scn))) {
		Elf_Data *data;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_PROGBITS || table[0] < shdr.sh_addr ||
		    table[1] > shdr.sh_addr + shdr.sh_size)
			continue;
		data = elf_getdata(scn, NULL);
		if (data && data->d_buf && data->d_size == shdr.sh_size)
			read_edges(o, table[0], (const char *)data->d_buf + (table[0] - shdr.sh_addr),
				   table[1] - table[0], JUMP_LABEL);
		return;
	}
}

/* Sets data, loose and, to their number, end. */
static bool read_bytes(struct klasy_object *o, Elf_Scn *scn, struct section *s)
{
	Elf_Data *data = elf_getdata(scn, NULL);

	memset(s, 0, sizeof(*s));
	if (!data || !data->d_buf)
		return false;
	s->end = data->d_size;
	s->data = o->dwfl ? klasy_relocate(o->elf, scn, &s->loose) : data->d_buf;
	return s->data;
}

static void free_bytes(struct section *s)
{
	if (s->loose)
		free((uint8_t *)s->data);
	free(s->loose);
}

/* Of a module: what a running one has, but its tables. */
static bool is_kept(const char *name)
{
	static const char *const kept[] = { ".text", ".noinstr", ".data", ".bss", ".rodata", ".note.gnu.build-id",
		".static_call.text" };
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		if (!strncmp(name, kept[i], strlen(kept[i])))
			return true;
	}
	return false;
}

/* Of a module: the sections that are kept, and its name, which stands in one of them as name=NAME. */
static void read_places(struct klasy_object *o)
{
	Elf_Scn *scn = NULL;
	size_t names = 0;
	GElf_Shdr shdr;

	elf_getshdrstrndx(o->elf, &names);
	while ((scn = elf_nextscn(o->elf, scn))) {
		const char *name, *text, *end;
		Elf_Data *data;

		if (!gelf_getshdr(scn, &shdr) || !(shdr.sh_flags & SHF_ALLOC) || !shdr.sh_size)
			continue;
		name = elf_strptr(o->elf, names, shdr.sh_name);
		if (is_kept(name))
			*klasy_add(&o->place) = (struct section){
				.begin = shdr.sh_addr, .end = shdr.sh_addr + shdr.sh_size, .name = name
			};
		data = strcmp(name, ".modinfo") ? NULL : elf_getdata(scn, NULL);
		text = data ? data->d_buf : NULL;
		end = text ? text + data->d_size : NULL;
		for (; text && text < end; text += strnlen(text, (size_t)(end - text)) + 1) {
			if (end - text > 5 && !memcmp(text, "name=", 5))
				snprintf(o->module, sizeof(o->module), "%.*s",
					 (int)strnlen(text + 5, (size_t)(end - text) - 5), text + 5);
		}
	}
}

static void read_sections(struct klasy_object *o)
{
	Elf_Scn *scn = NULL;
	size_t names = 0;
	bool labels = false;
	struct section s;
	GElf_Shdr shdr;

	elf_getshdrstrndx(o->elf, &names);
	while ((scn = elf_nextscn(o->elf, scn))) {
		const char *name;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_PROGBITS || !(shdr.sh_flags & SHF_ALLOC))
			continue;
		name = elf_strptr(o->elf, names, shdr.sh_name);
		if (!(shdr.sh_flags & SHF_EXECINSTR) && strcmp(name, "__jump_table") && strcmp(name, "__ex_table"))
			continue;
		if (!read_bytes(o, scn, &s))
			continue;
		s.begin = shdr.sh_addr;
		s.end = s.begin + s.end;
		s.name = name;
		if (shdr.sh_flags & SHF_EXECINSTR) {
			*klasy_add(&o->code) = s;
		} else {
			bool label = !strcmp(name, "__jump_table");

			labels |= label;
			read_edges(o, s.begin, (const char *)s.data, s.end - s.begin, label ? JUMP_LABEL : EXCEPTION);
			free_bytes(&s);
		}
	}
	if (!labels)
		read_jump_labels(o);
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
	if (ehdr.e_type == ET_REL) {
		elf_end(o->elf);
		o->elf = NULL;
		o->dwfl = klasy_module_open(path, &o->elf, &o->dwarf);
		if (!o->dwfl) {
			lkst_warn("reading %s: %s", path, dwfl_errmsg(-1));
			goto no_elf;
		}
		read_places(o);
		if (!*o->module) {
			lkst_warn("reading %s: no kernel module: it has no name in .modinfo", path);
			goto no_elf;
		}
	} else {
		o->dwarf = dwarf_begin_elf(o->elf, DWARF_C_READ, NULL);
	}
	if (!o->dwarf && o->dwfl) {
		lkst_warn("reading %s: no debug information, neither in it nor where debuggers look for it; install "
			  "the kernel's -dbg package", path);
		goto no_elf;
	}
	if (!o->dwarf) {
		lkst_warn("reading %s: no debug information; give the vmlinux of the kernel's -dbg package", path);
		goto no_elf;
	}
	read_build_id(o);
	read_sections(o);
	return o;
no_elf:
	if (o->dwfl)
		klasy_module_close(o->dwfl);
	else
		elf_end(o->elf);
	free(o->place.at);
	close(o->fd);
no_file:
	free(o);
	return NULL;
}

void klasy_object_close(struct klasy_object *o)
{
	size_t i;

	if (o->dwfl) {
		klasy_module_close(o->dwfl);
	} else {
		dwarf_end(o->dwarf);
		elf_end(o->elf);
	}
	close(o->fd);
	for (i = 0; i < o->code.n; i++)
		free_bytes(&o->code.at[i]);
	free(o->place.at);
	free(o->root);
	free(o->code.at);
	free(o->edge.at);
	free(o->global.at);
	klasy_facts_free(&o->facts);
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

const char *klasy_object_module(const struct klasy_object *o)
{
	return *o->module ? o->module : NULL;
}

const char *klasy_object_place(const struct klasy_object *o, uint64_t address, uint64_t *begin)
{
	size_t i;

	for (i = 0; i < o->place.n; i++) {
		if (address >= o->place.at[i].begin && address < o->place.at[i].end) {
			*begin = o->place.at[i].begin;
			return o->place.at[i].name;
		}
	}
	return NULL;
}

const char *klasy_object_place_next(const struct klasy_object *o, size_t i, uint64_t *begin, uint64_t *end)
{
	if (i >= o->place.n)
		return NULL;
	*begin = o->place.at[i].begin;
	*end = o->place.at[i].end;
	return o->place.at[i].name;
}

unsigned int klasy_object_loose(const struct klasy_object *o, uint64_t pc, unsigned int length)
{
	unsigned int mask = 0, k;
	size_t i;

	for (i = 0; i < o->code.n; i++) {
		const struct section *s = &o->code.at[i];

		for (k = 0; s->loose && pc >= s->begin && pc + length <= s->end && k < length; k++)
			mask |= (unsigned int)s->loose[pc - s->begin + k] << k;
	}
	return mask;
}

Dwarf *klasy_object_dwarf(struct klasy_object *o)
{
	return o->dwarf;
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

const uint8_t *klasy_object_code(const struct klasy_object *o, uint64_t begin, uint64_t end)
{
	size_t i;

	for (i = 0; i < o->code.n; i++) {
		const struct section *s = &o->code.at[i];

		if (begin >= s->begin && end <= s->end)
			return s->data + (begin - s->begin);
	}
	return NULL;
}

const char *klasy_object_code_next(const struct klasy_object *o, size_t i, struct klasy_range *range)
{
	if (i >= o->code.n)
		return NULL;
	*range = (struct klasy_range){ o->code.at[i].begin, o->code.at[i].end, o->code.at[i].data };
	return o->code.at[i].name;
}

/* ---- one function ---- */

static const char *source_name(const struct klasy_object *o, const char *path)
{
	size_t n = o->root ? strlen(o->root) : 0;

	while (path && !strncmp(path, "./", 2))
		path += 2;
	return path && n && !strncmp(path, o->root, n) ? path + n : path;
}

static void describe_row(const struct klasy_object *o, size_t row, struct klasy_line *found)
{
	Dwarf_Line *line = dwarf_onesrcline(o->lines, row);
	int number;

	memset(found, 0, sizeof(*found));
	found->file = source_name(o, dwarf_linesrc(line, NULL, NULL));
	if (!dwarf_lineno(line, &number))
		found->line = (uint32_t)number;
	if (!dwarf_linecol(line, &number))
		found->column = (uint32_t)number;
}

static void find_line(struct klasy_object *o, uint64_t pc, struct klasy_line *found)
{
	Dwarf_Addr address;
	Dwarf_Line *line;

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
	describe_row(o, o->line_at, found);
}

static void access_found(void *arg, const struct klasy_access *access)
{
	struct klasy_object *o = arg;
	struct klasy_line line;

	find_line(o, access->pc, &line);
	o->sink->access(o->sink->arg, access, &line, klasy_frame_at(&o->facts, access->pc),
			klasy_object_code(o, access->pc, access->pc + access->length));
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

	o->ranges = klasy_ranges(die, o->range);
	if (!o->ranges)
		return;
	/* Of a function in several pieces, as one with a cold part, the first that is listed has the entry. */
	if (dwarf_entrypc(die, &entry))
		entry = o->range[0].begin;
	qsort(o->range, o->ranges, sizeof(o->range[0]), by_range_begin);
	for (i = 0; i < o->ranges; i++) {
		o->range[i].code = klasy_object_code(o, o->range[i].begin, o->range[i].end);
		if (!o->range[i].code)
			return;
	}
	klasy_facts_read(&o->facts, die, o->range, o->ranges);
	fn.entry = entry;
	fn.range = o->range;
	fn.ranges = o->ranges;
	fn.fact = o->facts.fact.at;
	fn.facts = o->facts.fact.n;
	fn.edge = o->edge.at;
	fn.edges = o->edge.n;
	fn.returned = o->facts.returned.at;
	fn.returneds = o->facts.returned.n;
	fn.global = o->global.at;
	fn.globals = o->global.n;
	for (i = 0; i < o->facts.frame.n; i++)
		o->facts.frame.at[i].call_file = source_name(o, o->facts.frame.at[i].call_file);
	o->counts->functions++;
	o->sink->function(o->sink->arg, o->facts.frame.at[0].name, entry, o->facts.frame.at,
			  (uint32_t)o->facts.frame.n);
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
	type = klasy_types_of(o->facts.types, die);
	if (type && o->facts.types->type[type].size)
		*klasy_add(&o->global) = (struct klasy_global){ op->number, o->facts.types->type[type].size, type };
}

static void find_root(struct klasy_object *o, const char *name)
{
	static const char known[] = "/init/main.c";
	size_t n = name ? strlen(name) : 0, k = sizeof(known) - 1;

	if (o->root || n <= k || strcmp(name + n - k, known))
		return;
	o->root = strdup(name);
	if (o->root)
		o->root[n - k + 1] = 0;
}

static void read_unit(struct klasy_object *o, Dwarf_Die *unit, struct klasy_flow *flow)
{
	Dwarf_Die die;

	klasy_types_next_unit(o->facts.types);
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

int klasy_object_rows(struct klasy_object *o, const char *file, klasy_row_fn *fn, void *arg)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;
	size_t i;

	while (!dwarf_get_units(o->dwarf, cu, &cu, NULL, NULL, &unit, NULL)) {
		find_root(o, dwarf_diename(&unit));
		if (!dwarf_diename(&unit) || strcmp(source_name(o, dwarf_diename(&unit)), file))
			continue;
		if (dwarf_getsrclines(&unit, &o->lines, &o->nr_lines))
			return -1;
		for (i = 0; i + 1 < o->nr_lines; i++) {
			struct klasy_line line;
			Dwarf_Addr begin, end;
			bool last;

			if (dwarf_lineendsequence(dwarf_onesrcline(o->lines, i), &last) || last ||
			    dwarf_lineaddr(dwarf_onesrcline(o->lines, i), &begin) ||
			    dwarf_lineaddr(dwarf_onesrcline(o->lines, i + 1), &end))
				continue;
			describe_row(o, i, &line);
			fn(arg, &line, begin, end);
		}
		return 0;
	}
	return -1;
}

/*
 * Pages of the file that were read count as this program's memory until they are given back; the kernel keeps them in
 * its cache. A vmlinux has 600 MB of them.
 */
static void give_back_pages(struct klasy_object *o)
{
	size_t size;
	char *image = o->dwfl ? NULL : elf_rawfile(o->elf, &size);	/* a module's are changed */

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
	o->facts.types = types;
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
