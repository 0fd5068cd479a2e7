// SPDX-License-Identifier: GPL-2.0-only
/*
 * blank-bugs.c - lkst-blank-bugs: copy a vmlinux for i386 with the data behind each BUG() made into nops. 2.4 and 2.6
 * put the line and the address of the file's name behind the instruction ud2, where a disassembler takes them for
 * instructions and loses its step. Used by patches/check-off-path; what is written is good for nothing else.
 *
 * Six bytes behind ud2 are such data when the last four are the address of a string that ends like the name of a
 * source.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const char help[] =
"Usage: lkst-blank-bugs VMLINUX OUT\n"
"Copies a vmlinux for i386; the line and file that BUG() puts between instructions become nops.\n"
"\n"
"EXIT STATUS\n"
"  0 done, 1 failed, 2 usage\n"
"\n"
"EXAMPLES\n"
"  lkst-blank-bugs linux-2.6.9/vmlinux /tmp/v && objdump -d /tmp/v\n";

#define NAME_MAX_LEN	128
#define NOP		0x90

static unsigned char *read_file(const char *path, size_t *size)
{
	unsigned char *data;
	FILE *f = fopen(path, "rb");
	long end;

	if (!f || fseek(f, 0, SEEK_END) || (end = ftell(f)) < 0 || fseek(f, 0, SEEK_SET))
		lkst_die(LKST_EXIT_FAILED, "reading %s: %s", path, strerror(errno));
	data = lkst_xmalloc(end);
	*size = end;
	if (fread(data, 1, *size, f) != *size)
		lkst_die(LKST_EXIT_FAILED, "reading %s: it ends early", path);
	fclose(f);
	return data;
}

/* Where the bytes of an address stand in the file, and how many follow; NULL when they are not in it. */
static const unsigned char *find(Elf *elf, const unsigned char *data, size_t size, uint32_t address, size_t *rest)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr s;

	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &s) || s.sh_type == SHT_NOBITS || !(s.sh_flags & SHF_ALLOC))
			continue;
		if (address >= s.sh_addr && address - s.sh_addr < s.sh_size && s.sh_offset + s.sh_size <= size) {
			*rest = s.sh_size - (address - s.sh_addr);
			return data + s.sh_offset + (address - s.sh_addr);
		}
	}
	return NULL;
}

/* Is it the name of a source? */
static int is_source(const unsigned char *text, size_t rest)
{
	const unsigned char *end = memchr(text, 0, rest < NAME_MAX_LEN ? rest : NAME_MAX_LEN);

	return end && end - text > 2 && end[-2] == '.' && strchr("chSy", end[-1]);
}

static unsigned int blank(Elf *elf, unsigned char *data, size_t size)
{
	const unsigned char *name;
	unsigned char *at, *end;
	unsigned int done = 0;
	Elf_Scn *scn = NULL;
	uint32_t address;
	GElf_Shdr s;
	size_t rest;

	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &s) || !(s.sh_flags & SHF_EXECINSTR) || s.sh_offset + s.sh_size > size)
			continue;
		end = data + s.sh_offset + s.sh_size;
		for (at = data + s.sh_offset; at + 8 <= end; at++) {
			if (at[0] != 0x0f || at[1] != 0x0b)
				continue;
			memcpy(&address, at + 4, sizeof(address));
			name = find(elf, data, size, address, &rest);
			if (!name || !is_source(name, rest))
				continue;
			memset(at + 2, NOP, 6);
			done++;
		}
	}
	return done;
}

int main(int argc, char **argv)
{
	unsigned char *data;
	unsigned int done;
	size_t size;
	FILE *out;
	Elf *elf;

	lkst_program = "lkst-blank-bugs";
	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(help, stdout);
		return LKST_EXIT_DONE;
	}
	if (argc != 3)
		lkst_usage_error("reading the arguments: give two files, VMLINUX and OUT");
	data = read_file(argv[1], &size);
	elf_version(EV_CURRENT);
	elf = elf_memory((char *)data, size);
	if (!elf || elf_kind(elf) != ELF_K_ELF || gelf_getclass(elf) != ELFCLASS32)
		lkst_die(LKST_EXIT_FAILED, "reading %s: it is no ELF file of 32 bits", argv[1]);
	done = blank(elf, data, size);
	elf_end(elf);
	out = fopen(argv[2], "wb");
	if (!out || fwrite(data, 1, size, out) != size || fclose(out))
		lkst_die(LKST_EXIT_FAILED, "writing %s: %s", argv[2], strerror(errno));
	printf("%u\n", done);
	return LKST_EXIT_DONE;
}
