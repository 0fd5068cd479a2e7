// SPDX-License-Identifier: GPL-2.0-only
/*
 * relocate.c - kernel modules are linked when they are loaded: here they are linked to addresses of this program's own.
 * libdwfl lays out the sections and relocates the debug information; what is left is the code and its tables.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "relocate.h"

/* Where symbols of other files lie: room for a variable each, within what an instruction can address. */
enum { OTHERS = 1 << 28, ROOM = 1 << 14 };

Dwfl *klasy_module_open(const char *path, Elf **elf, Dwarf **dwarf)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);
	Dwfl_Module *module;
	GElf_Addr bias;

	if (!dwfl)
		return NULL;
	dwfl_report_begin(dwfl);
	module = dwfl_report_offline(dwfl, "", path, -1);
	dwfl_report_end(dwfl, NULL, NULL);
	*elf = module ? dwfl_module_getelf(module, &bias) : NULL;
	if (!*elf) {
		dwfl_end(dwfl);
		return NULL;
	}
	*dwarf = dwfl_module_getdwarf(module, &bias);
	return dwfl;
}

void klasy_module_close(Dwfl *dwfl)
{
	dwfl_end(dwfl);
}

/* One of another file has an address of its own, above those of the sections. */
uint64_t klasy_symbol_address(Elf *elf, const GElf_Sym *symbol, size_t number)
{
	Elf_Scn *scn = symbol->st_shndx && symbol->st_shndx < SHN_LORESERVE ? elf_getscn(elf, symbol->st_shndx) : NULL;
	GElf_Shdr shdr;

	if (symbol->st_shndx == SHN_ABS)
		return symbol->st_value;
	return scn && gelf_getshdr(scn, &shdr) ? shdr.sh_addr + symbol->st_value :
	       OTHERS + (uint64_t)number * ROOM;
}

static void relocate(const GElf_Shdr *section, const GElf_Rela *rela, uint64_t symbol, uint8_t *code, uint8_t *loose)
{
	uint64_t value = symbol + (uint64_t)rela->r_addend, place = section->sh_addr + rela->r_offset;
	size_t size = 4;

	switch (GELF_R_TYPE(rela->r_info)) {
	case R_X86_64_64:
		size = 8;
		break;
	case R_X86_64_PC64:
		size = 8;
		value -= place;
		break;
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		value -= place;
		break;
	case R_X86_64_32:
	case R_X86_64_32S:
		break;
	default:
		return;
	}
	if (rela->r_offset > section->sh_size || section->sh_size - rela->r_offset < size)
		return;
	memcpy(code + rela->r_offset, &value, size);
	memset(loose + rela->r_offset, 1, size);
}

static void apply(Elf *elf, const GElf_Shdr *section, Elf_Scn *relocations, const GElf_Shdr *table, uint8_t *code,
		  uint8_t *loose)
{
	Elf_Data *data = elf_getdata(relocations, NULL);
	Elf_Scn *symbols = elf_getscn(elf, table->sh_link);
	Elf_Data *names = symbols ? elf_getdata(symbols, NULL) : NULL;
	GElf_Rela rela;
	GElf_Sym symbol;
	int i;

	for (i = 0; data && names && gelf_getrela(data, i, &rela); i++) {
		if (gelf_getsym(names, (int)GELF_R_SYM(rela.r_info), &symbol))
			relocate(section, &rela, klasy_symbol_address(elf, &symbol, GELF_R_SYM(rela.r_info)), code,
				 loose);
	}
}

uint8_t *klasy_relocate(Elf *elf, Elf_Scn *scn, uint8_t **loose)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	Elf_Scn *other = NULL;
	GElf_Shdr shdr, table;
	uint8_t *code;

	if (!gelf_getshdr(scn, &shdr) || !data || !data->d_buf || data->d_size != shdr.sh_size || !shdr.sh_size)
		return NULL;
	code = lkst_xmalloc(shdr.sh_size);
	*loose = lkst_xmalloc(shdr.sh_size);
	memcpy(code, data->d_buf, shdr.sh_size);
	while ((other = elf_nextscn(elf, other))) {
		if (gelf_getshdr(other, &table) && table.sh_type == SHT_RELA && table.sh_info == elf_ndxscn(scn))
			apply(elf, &shdr, other, &table, code, *loose);
	}
	return code;
}
