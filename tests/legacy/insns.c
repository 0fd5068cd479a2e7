// SPDX-License-Identifier: GPL-2.0-only
/*
 * insns.c - the module's lengths of instructions (kmod/attach-hook-insn.c) against a disassembler's: every function of
 * a kernel is walked as 'lkst probe add' walks it, and each step must end where the disassembler has an instruction
 * begin.
 *
 * insns TEXT BASE <LIST	TEXT: the bytes, BASE: their address; LIST: "f ADDRESS" a function begins,
 *				"i ADDRESS" an instruction does, both sorted; the last "f" is an end
 * Prints what differs, and at the end how many functions and instructions there were. Exit status: 0 nothing differs,
 * 1 something does.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach-hook-insn.h"

static unsigned char *text, *begins;
static long size;

static void read_text(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) <= 0 || fseek(f, 0, SEEK_SET))
		err(1, "%s", path);
	text = calloc(1, size + LKST_INSN_MOST);	/* which are read from the last one on */
	begins = calloc(1, size + 1);
	if (!text || !begins || fread(text, 1, size, f) != (size_t)size)
		err(1, "%s", path);
	fclose(f);
}

/* Walks [@at, @end); returns the instructions, negative where something differs. */
static long walk(unsigned long base, long at, long end)
{
	unsigned int length;
	long nr = 0;

	for (; at < end; at += length, nr++) {
		length = begins[at] ? lkst_insn_length(text + at) : 0;
		if (!length) {
			printf("%lx: %s\n", base + at, begins[at] ? "has no length" : "no instruction begins there");
			return -1;
		}
	}
	if (at > end)
		printf("%lx: the function ends before the instruction\n", base + end);
	return at > end ? -1 : nr;
}

int main(int argc, char **argv)
{
	unsigned long base, address;
	long *function, nr = 0, i, got, insns = 0, wrong = 0;
	char kind;

	if (argc != 3)
		errx(2, "insns TEXT BASE <LIST");
	read_text(argv[1]);
	base = strtoul(argv[2], NULL, 16);
	function = calloc(size + 1, sizeof(*function));
	if (!function)
		err(1, "functions");
	while (scanf(" %c %lx", &kind, &address) == 2) {
		if (address < base || address - base > (unsigned long)size)
			continue;
		if (kind == 'i')
			begins[address - base] = 1;
		else if (!nr || (unsigned long)function[nr - 1] != address - base)
			function[nr++] = address - base;
	}
	for (i = 0; i + 1 < nr; i++) {
		got = walk(base, function[i], function[i + 1]);
		if (got < 0)
			wrong++;
		else
			insns += got;
	}
	printf("%ld functions, %ld instructions, %ld wrong\n", nr - 1, insns, wrong);
	return wrong || nr < 2;
}
