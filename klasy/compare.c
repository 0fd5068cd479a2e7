// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare.c - a compiled file beside the kernel: which of its functions are the kernel's byte by byte, and where.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "compare.h"
#include "list.h"
#include "observe.h"

/* Of the compiled file: a function whose bytes are looked for in the kernel, or a label of an instruction. */
struct place {
	uint64_t at, size;	/* in section @section */
	size_t section;
	uint64_t address;	/* function: in the kernel; 0: it is not there, or differs */
	unsigned int label;
	bool weak;		/* function: the kernel may have another one's in its place */
	const char *name;
};

/* Code of the compiled file; @mask: bytes that say nothing. */
struct code {
	const uint8_t *bytes;	/* NULL: no code */
	size_t size;
	bool *mask;
};

struct klasy_compiled {
	const struct klasy_object *kernel;
	Elf *elf;
	int fd;
	KLASY_VEC(struct place) function;
	KLASY_VEC(struct place) label;		/* sorted by number */
	KLASY_VEC(struct code) section;		/* by number */
};

static void add_symbol(void *arg, const char *name, const GElf_Sym *symbol)
{
	struct klasy_compiled *p = arg;
	struct place place = {
		.at = symbol->st_value, .size = symbol->st_size, .section = symbol->st_shndx, .name = name,
		.weak = GELF_ST_BIND(symbol->st_info) == STB_WEAK
	};

	if (GELF_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_size)
		*klasy_add(&p->function) = place;
	if (strncmp(name, KLASY_LABEL, sizeof(KLASY_LABEL) - 1))
		return;
	place.label = (unsigned int)strtoul(name + sizeof(KLASY_LABEL) - 1, NULL, 10);
	*klasy_add(&p->label) = place;
}

static bool open_compiled(struct klasy_compiled *p, const char *path)
{
	p->fd = open(path, O_RDONLY | O_CLOEXEC);
	p->elf = p->fd < 0 ? NULL : elf_begin(p->fd, ELF_C_READ, NULL);
	if (p->elf)
		klasy_elf_symbols(p->elf, add_symbol, p);
	return p->elf;
}

/* Bytes that the linker, or objtool, fills in: what is at a relocation, and jumps that a jump label may become. */
static void mask_section(struct klasy_compiled *p, size_t section, const uint8_t *code, size_t size, bool *mask)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr, target;
	GElf_Rela rela;
	GElf_Sym symbol;
	size_t i, j, names;

	elf_getshdrstrndx(p->elf, &names);
	while ((scn = elf_nextscn(p->elf, scn))) {
		Elf_Data *data, *symbols;
		bool labels;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_RELA ||
		    !gelf_getshdr(elf_getscn(p->elf, shdr.sh_info), &target))
			continue;
		labels = !strcmp(elf_strptr(p->elf, names, target.sh_name), "__jump_table");
		if (shdr.sh_info != section && !labels)
			continue;
		data = elf_getdata(scn, NULL);
		symbols = elf_getdata(elf_getscn(p->elf, shdr.sh_link), NULL);
		for (i = 0; data && i < shdr.sh_size / shdr.sh_entsize && gelf_getrela(data, (int)i, &rela); i++) {
			size_t at = rela.r_offset, n = GELF_R_TYPE(rela.r_info) == R_X86_64_64 ? 8 : 4;

			if (labels) {
				if (!gelf_getsym(symbols, (int)GELF_R_SYM(rela.r_info), &symbol) ||
				    symbol.st_shndx != section || rela.r_offset % 16)
					continue;
				at = symbol.st_value + (size_t)rela.r_addend;
				n = at < size && code[at] == 0xeb ? 2 : 5;
			}
			for (j = at; j < at + n && j < size; j++)
				mask[j] = true;
		}
	}
}

static void read_code(struct klasy_compiled *p)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	*klasy_add(&p->section) = (struct code){ NULL, 0, NULL };
	while ((scn = elf_nextscn(p->elf, scn))) {
		struct code code = { NULL, 0, NULL };
		Elf_Data *data;

		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_PROGBITS && shdr.sh_flags & SHF_EXECINSTR) {
			data = elf_getdata(scn, NULL);
			if (data && data->d_size) {
				code = (struct code){ data->d_buf, data->d_size, lkst_xmalloc(data->d_size) };
				mask_section(p, elf_ndxscn(scn), code.bytes, code.size, code.mask);
			}
		}
		*klasy_add(&p->section) = code;
	}
}

static void compare(void *arg, const char *name, const GElf_Sym *symbol)
{
	struct klasy_compiled *p = arg;
	size_t i;

	if (GELF_ST_TYPE(symbol->st_info) != STT_FUNC || !symbol->st_size)
		return;
	for (i = 0; i < p->function.n; i++) {
		struct place *f = &p->function.at[i];
		const struct code *ours;
		const uint8_t *theirs;
		size_t j;

		if (f->address || f->size != symbol->st_size || strcmp(f->name, name) || f->section >= p->section.n)
			continue;
		theirs = klasy_object_code(p->kernel, symbol->st_value, symbol->st_value + symbol->st_size);
		ours = &p->section.at[f->section];
		if (!theirs || f->at + f->size > ours->size)
			continue;
		for (j = 0; j < f->size; j++) {
			if (!ours->mask[f->at + j] && ours->bytes[f->at + j] != theirs[j])
				break;
		}
		if (j == f->size)
			f->address = symbol->st_value;
	}
}

static int by_number(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->label > y->label) - (x->label < y->label);
}

static const struct place *function_around(const struct klasy_compiled *p, const struct place *label)
{
	size_t i;

	for (i = 0; i < p->function.n; i++) {
		const struct place *f = &p->function.at[i];

		if (f->address && f->section == label->section && label->at >= f->at && label->at < f->at + f->size)
			return f;
	}
	return NULL;
}

struct klasy_compiled *klasy_compiled_read(const char *path, const struct klasy_object *kernel)
{
	struct klasy_compiled *p = lkst_xmalloc(sizeof(*p));

	p->kernel = kernel;
	if (!open_compiled(p, path)) {
		lkst_warn("reading %s: it is no object file", path);
		klasy_compiled_free(p);
		return NULL;
	}
	read_code(p);
	klasy_object_symbols(kernel, compare, p);
	if (p->label.n)
		qsort(p->label.at, p->label.n, sizeof(*p->label.at), by_number);
	return p;
}

void klasy_compiled_free(struct klasy_compiled *p)
{
	size_t i;

	for (i = 0; i < p->section.n; i++)
		free(p->section.at[i].mask);
	free(p->section.at);
	free(p->function.at);
	free(p->label.at);
	if (p->elf)
		elf_end(p->elf);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

const char *klasy_compiled_count(const struct klasy_compiled *p, unsigned long *same, unsigned long *differ)
{
	const char *first = NULL;
	size_t i;

	*same = *differ = 0;
	for (i = 0; i < p->function.n; i++) {
		if (p->function.at[i].address)
			++*same;
		else if (!p->function.at[i].weak && !(*differ)++)
			first = p->function.at[i].name;
	}
	return first;
}

bool klasy_compiled_label(const struct klasy_compiled *p, unsigned int number, uint64_t *pc, uint64_t *end)
{
	const struct place key = { .label = number }, *label, *next, *f;

	label = p->label.n ? bsearch(&key, p->label.at, p->label.n, sizeof(key), by_number) : NULL;
	f = label ? function_around(p, label) : NULL;
	if (!f)
		return false;
	next = label + 1;
	*pc = f->address + (label->at - f->at);
	*end = f->address + f->size;
	if (next < p->label.at + p->label.n && next->section == label->section && next->at > label->at &&
	    next->at < f->at + f->size)
		*end = f->address + (next->at - f->at);
	return true;
}
