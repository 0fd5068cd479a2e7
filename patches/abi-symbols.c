// SPDX-License-Identifier: GPL-2.0-only
/*
 * abi-symbols.c - the exported symbols of a kernel build: names, versions (CRCs), and for whom they are. They come from
 * Module.symvers where there is one. Without it, and for the question who may use a symbol, they come from the symbols
 * that EXPORT_SYMBOL makes: __ksymtab_NAME, __kstrtab_NAME and (2.6) __crc_NAME. 2.4 has the CRC in the name that is
 * exported, NAME_R0123abcd: the string, and for modules the symbols as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi.h"
#include "cli.h"

char *abi_copy(const char *text)
{
	size_t len = strlen(text) + 1;

	return memcpy(lkst_xmalloc(len), text, len);
}

static void add_object(struct abi_build *build, const char *path)
{
	build->object = lkst_xrealloc(build->object, (build->nr_objects + 1) * sizeof(*build->object));
	build->object[build->nr_objects++] = abi_copy(path);
}

/* A file of the build folder, which may be beside or in the tree; NULL when there is none. */
static char *find_file(const char *dir, const char *name)
{
	static const char *const below[] = { "", "/build" };
	char path[4096];
	unsigned int i;

	for (i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		snprintf(path, sizeof(path), "%s%s/%s", dir, below[i], name);
		if (!access(path, R_OK))
			return abi_copy(path);
	}
	return NULL;
}

static int by_path(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int ends_with(const char *text, const char *end)
{
	size_t a = strlen(text), b = strlen(end);

	return a > b && !strcmp(text + a - b, end);
}

/* Modules end in .ko, installed ones of 2.4 in .o. */
static void find_modules(struct abi_build *build)
{
	char installed[4096], *roots[2] = { installed, NULL };
	int is_installed;
	FTSENT *entry;
	FTS *fts;

	snprintf(installed, sizeof(installed), "%s/lib/modules", build->dir);
	is_installed = !access(installed, R_OK);
	if (!is_installed)
		roots[0] = (char *)build->dir;
	fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_path);
	if (!fts)
		lkst_die(LKST_EXIT_FAILED, "looking for modules in %s: %s", roots[0], strerror(errno));
	while ((entry = fts_read(fts)))
		if (entry->fts_info == FTS_F && (ends_with(entry->fts_name, ".ko") ||
						 (is_installed && ends_with(entry->fts_name, ".o"))))
			add_object(build, entry->fts_path);
	fts_close(fts);
}

void abi_find_objects(struct abi_build *build)
{
	char *vmlinux = find_file(build->dir, "vmlinux");

	if (!vmlinux)
		lkst_die(LKST_EXIT_FAILED, "looking at %s: there is no vmlinux (name a folder in which a kernel was built)",
			 build->dir);
	add_object(build, vmlinux);
	free(vmlinux);
	find_modules(build);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct abi_symbol *)a)->name, ((const struct abi_symbol *)b)->name);
}

static void sort(struct abi_build *build)
{
	qsort(build->symbol, build->nr_symbols, sizeof(*build->symbol), by_name);
}

static struct abi_symbol *find(const struct abi_build *build, const char *name)
{
	struct abi_symbol key = { .name = (char *)name };

	return bsearch(&key, build->symbol, build->nr_symbols, sizeof(key), by_name);
}

static struct abi_symbol *add(struct abi_build *build, const char *name)
{
	struct abi_symbol *s;

	build->symbol = lkst_xrealloc(build->symbol, (build->nr_symbols + 1) * sizeof(*s));
	s = &build->symbol[build->nr_symbols++];
	memset(s, 0, sizeof(*s));
	s->name = abi_copy(name);
	return s;
}

/* 2.4 computes versions of all that some configuration exports. What this one does is for its objects to say. */
static char *find_symvers(const char *dir)
{
	char *of_24 = find_file(dir, "include/linux/modversions.h");

	if (!of_24)
		return find_file(dir, "Module.symvers");
	free(of_24);
	return NULL;
}

/* "0x1b7d4074 TAB printk TAB vmlinux", newer ones with "TAB EXPORT_SYMBOL_GPL" */
static int read_symvers(struct abi_build *build)
{
	char *path = find_symvers(build->dir), line[1024], name[512], kind[64];
	struct abi_symbol *s;
	unsigned int crc, n = 0;
	FILE *file;
	int fields;

	if (!path)
		return 0;
	file = fopen(path, "r");
	if (!file)
		lkst_die(LKST_EXIT_FAILED, "reading %s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		n++;
		fields = sscanf(line, "%x %511s %*s %63s", &crc, name, kind);
		if (fields < 2)
			lkst_die(LKST_EXIT_FAILED, "reading %s: line %u is no symbol and its CRC", path, n);
		s = add(build, name);
		s->crc = crc;
		s->has_crc = 1;
		s->gpl = fields > 2 && strstr(kind, "_GPL");
	}
	fclose(file);
	free(path);
	return build->nr_symbols > 0;
}

/* Take _R0123abcd or _Rsmp_0123abcd off a name; 1 when there was one. */
static int take_crc(char *name, unsigned int *crc)
{
	static const char *const before[] = { "_R", "_Rsmp_" };
	size_t len = strlen(name), n;
	char *digits;
	unsigned int i;

	if (len < 8)
		return 0;
	digits = name + len - 8;
	if (strspn(digits, "0123456789abcdef") != 8)
		return 0;
	for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		n = strlen(before[i]);
		if (len > n + 8 && !strncmp(digits - n, before[i], n)) {
			*crc = strtoul(digits, NULL, 16);
			digits[-(long)n] = 0;
			return 1;
		}
	}
	return 0;
}

/* What is told of one symbol of an object's symbol table. */
static void export_seen(struct abi_build *build, Elf *elf, const char *name, const GElf_Sym *sym, int listed)
{
	char plain[512];
	unsigned int crc = 0, has_crc;
	struct abi_symbol *s;
	const char *section;
	GElf_Shdr shdr;
	size_t strings;
	Elf_Scn *scn = elf_getscn(elf, sym->st_shndx);

	snprintf(plain, sizeof(plain), "%s", name);
	has_crc = take_crc(plain, &crc);
	s = listed ? find(build, plain) : add(build, plain);
	if (s && !listed) {
		s->has_crc = has_crc;
		s->crc = crc;
	}
	if (!s || !scn || !gelf_getshdr(scn, &shdr) || elf_getshdrstrndx(elf, &strings))
		return;
	section = elf_strptr(elf, strings, shdr.sh_name);
	if (section && strstr(section, "_gpl"))
		s->gpl = 1;
}

/* 2.4 says in the string who may use it, and its version: "GPLONLY_printk_R0123abcd" */
static void string_seen(struct abi_build *build, Elf *elf, const char *name, const GElf_Sym *sym, int listed)
{
	Elf_Scn *scn = elf_getscn(elf, sym->st_shndx);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;
	struct abi_symbol *s;
	char plain[512], string[512];
	unsigned int crc;
	GElf_Shdr shdr;
	GElf_Ehdr ehdr;
	GElf_Addr at;

	if (!data || !gelf_getshdr(scn, &shdr) || !gelf_getehdr(elf, &ehdr))
		return;
	at = sym->st_value - (ehdr.e_type == ET_REL ? 0 : shdr.sh_addr);
	if (at >= data->d_size)
		return;
	snprintf(string, sizeof(string), "%.*s", (int)(data->d_size - at), (char *)data->d_buf + at);
	snprintf(plain, sizeof(plain), "%s", name);
	take_crc(plain, &crc);
	s = find(build, plain);
	if (!s)
		return;
	s->gpl |= !strncmp(string, "GPLONLY_", 8);
	if (!listed && take_crc(string, &crc)) {
		s->crc = crc;
		s->has_crc = 1;
	}
}

static void crc_seen(struct abi_build *build, const char *name, const GElf_Sym *sym, int listed)
{
	struct abi_symbol *s = listed ? NULL : find(build, name);

	if (s) {
		s->crc = sym->st_value;
		s->has_crc = 1;
	}
}

static void read_table(struct abi_build *build, Elf *elf, Elf_Scn *scn, const GElf_Shdr *shdr, int pass, int listed)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	const char *name;
	GElf_Sym sym;
	size_t i;

	for (i = 1; data && i < shdr->sh_size / shdr->sh_entsize; i++) {
		if (!gelf_getsym(data, i, &sym))
			continue;
		name = elf_strptr(elf, shdr->sh_link, sym.st_name);
		if (!name)
			continue;
		if (pass == 0 && !strncmp(name, "__ksymtab_", 10) && sym.st_shndx != SHN_UNDEF)
			export_seen(build, elf, name + 10, &sym, listed);
		else if (pass == 1 && !strncmp(name, "__kstrtab_", 10) && sym.st_shndx != SHN_UNDEF)
			string_seen(build, elf, name + 10, &sym, listed);
		else if (pass == 1 && !strncmp(name, "__crc_", 6) && sym.st_shndx == SHN_ABS)
			crc_seen(build, name + 6, &sym, listed);
	}
}

static void read_object(struct abi_build *build, const char *path, int listed)
{
	int fd = open(path, O_RDONLY), pass;
	Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ_MMAP, NULL);
	Elf_Scn *scn;
	GElf_Shdr shdr;

	if (!elf || elf_kind(elf) != ELF_K_ELF)
		lkst_die(LKST_EXIT_FAILED, "reading %s: %s", path, fd < 0 ? strerror(errno) : "it is no ELF file");
	for (pass = 0; pass < 2; sort(build), pass++)
		for (scn = NULL; (scn = elf_nextscn(elf, scn)); )
			if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_SYMTAB && shdr.sh_entsize)
				read_table(build, elf, scn, &shdr, pass, listed);
	elf_end(elf);
	close(fd);
}

void abi_read_symbols(struct abi_build *build)
{
	int listed = read_symvers(build);
	unsigned int i;

	elf_version(EV_CURRENT);
	sort(build);
	for (i = 0; i < build->nr_objects; i++)
		read_object(build, build->object[i], listed);
	if (!build->nr_symbols)
		lkst_die(LKST_EXIT_FAILED, "looking at %s: it exports no symbols (was it built with CONFIG_MODULES, and not "
			 "stripped?)", build->dir);
	for (i = 0; i < build->nr_symbols; i++)
		build->has_crcs |= build->symbol[i].has_crc;
}
