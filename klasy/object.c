// SPDX-License-Identifier: GPL-2.0-only
/*
 * object.c - reads one kernel object: sections, symbols, code, and the ways through it that no instruction shows.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli.h"
#include "list.h"
#include "object.h"
#include "relocate.h"

enum {
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
	const struct klasy_machine *machine;
	char build_id[64];
	const char *banner;
	uint64_t banner_address;
	uint64_t id_address;
	const uint8_t *id_bytes;
	size_t id_size;
	KLASY_VEC(struct section) code;
	KLASY_VEC(struct section) place;	/* of a module: the sections that it keeps, without bytes */
	KLASY_VEC(struct klasy_edge) edge;
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

/* ---- a kernel from before build ids ---- */

/* Bytes of a section that is no code. NULL: there are none at that address. */
static const uint8_t *data_at(const struct klasy_object *o, uint64_t address, size_t *left)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(o->elf, scn))) {
		Elf_Data *data;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_PROGBITS || !(shdr.sh_flags & SHF_ALLOC) ||
		    address < shdr.sh_addr || address >= shdr.sh_addr + shdr.sh_size)
			continue;
		data = elf_getdata(scn, NULL);
		if (!data || !data->d_buf || data->d_size != shdr.sh_size)
			return NULL;
		*left = (size_t)(shdr.sh_addr + shdr.sh_size - address);
		return (const uint8_t *)data->d_buf + (address - shdr.sh_addr);
	}
	return NULL;
}

static void find_banner(void *arg, const char *name, const GElf_Sym *symbol)
{
	if (!strcmp(name, "linux_banner"))
		*(uint64_t *)arg = symbol->st_value;
}

/* linux_banner is the text itself; up to 2.6.20 it points to it. */
static void read_banner(struct klasy_object *o)
{
	static const char begins[] = "Linux version ";
	uint64_t address = 0;
	const uint8_t *at;
	uint32_t pointer;
	size_t left;
	int i;

	klasy_object_symbols(o, find_banner, &address);
	for (i = 0; i < 2 && address; i++) {
		at = data_at(o, address, &left);
		if (!at || left < sizeof(begins))
			return;
		if (!memcmp(at, begins, sizeof(begins) - 1) && memchr(at, 0, left)) {
			o->banner = (const char *)at;
			o->banner_address = address;
			return;
		}
		memcpy(&pointer, at, sizeof(pointer));
		address = pointer;
	}
}

static uint64_t sum_up(uint64_t sum, const void *data, size_t size)
{
	const uint8_t *at = data;

	for (; size--; at++)
		sum = (sum ^ *at) * 0x100000001b3ULL;
	return sum;
}

/* What stands for a build id: the banner, which has user, host and time, is compared in memory. */
static void make_id(struct klasy_object *o)
{
	uint64_t sum = sum_up(0xcbf29ce484222325ULL, o->banner, strlen(o->banner));
	size_t i;

	for (i = 0; i < o->code.n; i++)
		sum = sum_up(sum, o->code.at[i].data, (size_t)(o->code.at[i].end - o->code.at[i].begin));
	snprintf(o->build_id, sizeof(o->build_id), "sum-%016llx", (unsigned long long)sum);
	o->id_address = o->banner_address;
	o->id_bytes = (const uint8_t *)o->banner;
	o->id_size = strlen(o->banner);
}

static int by_from(const void *a, const void *b)
{
	uint64_t x = ((const struct klasy_edge *)a)->from, y = ((const struct klasy_edge *)b)->from;

	return (x > y) - (x < y);
}

/* i386's table of exceptions holds pairs of addresses. */
static void read_pairs(struct klasy_object *o, const char *table, size_t size)
{
	uint32_t pair[2];
	size_t at;

	for (at = 0; at + sizeof(pair) <= size; at += sizeof(pair)) {
		memcpy(pair, table + at, sizeof(pair));
		*klasy_add(&o->edge) = (struct klasy_edge){ pair[0], pair[1], true };
	}
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
		} else if (o->machine == &klasy_i386) {
			read_pairs(o, (const char *)s.data, s.end - s.begin);
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
	o->machine = ehdr.e_machine == EM_386 ? &klasy_i386 : &klasy_x86_64;
	if (ehdr.e_machine != EM_X86_64 && (ehdr.e_machine != EM_386 || ehdr.e_type == ET_REL)) {
		lkst_warn("reading %s: %s", path, ehdr.e_machine == EM_386 ?
			  "modules for i386 cannot be read, only kernels" : "neither for x86-64 nor for i386");
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
	read_banner(o);
	if (!*o->build_id && o->banner && o->machine == &klasy_i386)
		make_id(o);
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
	free(o->code.at);
	free(o->edge.at);
	free(o);
}

const struct klasy_machine *klasy_object_machine(const struct klasy_object *o)
{
	return o->machine;
}

const char *klasy_object_banner(const struct klasy_object *o, uint64_t *address)
{
	if (address)
		*address = o->banner_address;
	return o->banner ? o->banner : "";
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

const char *klasy_object_path(const struct klasy_object *o)
{
	return o->path;
}

Dwarf *klasy_object_dwarf(const struct klasy_object *o)
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

void klasy_object_give_back(const struct klasy_object *o)
{
	size_t size;
	char *image = o->dwfl ? NULL : elf_rawfile(o->elf, &size);	/* a module's are changed */

	if (image)
		madvise(image, size, MADV_DONTNEED);
}
