// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_insn.c - the module's lengths of i386 instructions against Zydis': a probe put into the middle of an instruction
 * is the end of the kernel. Where Zydis knows none there is nothing to compare, and the module may say 0 to any.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <Zydis/Zydis.h>

#include "attach-hook-insn.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char code[LKST_INSN_MOST] = { 0 };
	ZydisDecodedInstruction insn;
	ZydisDecoder decoder;
	unsigned int length;

	memcpy(code, data, size < sizeof(code) ? size : sizeof(code));
	length = lkst_insn_length(code);
	lkst_insn_steps(code);
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_32, ZYDIS_STACK_WIDTH_32);
	if (!length || !ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code, sizeof(code), &insn)))
		return 0;
	if (insn.mnemonic == ZYDIS_MNEMONIC_UD2)
		return 0;	/* BUG() puts something behind it */
	if (length != insn.length) {
		fprintf(stderr, "%s: %u bytes, Zydis says %u\n", ZydisMnemonicGetString(insn.mnemonic), length,
			insn.length);
		abort();
	}
	return 0;
}
