/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz.h - what the targets share. To end with a message, by exit(3), is a right answer to bad input: from there it
 * goes on where fuzz_begin() was called, which is then true.
 */
#ifndef LKST_FUZZ_H
#define LKST_FUZZ_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

extern jmp_buf fuzz_back;
extern int fuzz_inside;		/* between these two */

#define fuzz_begin()	(fuzz_inside = 1, setjmp(fuzz_back))
#define fuzz_end()	(fuzz_inside = 0)

/* libFuzzer's: once for each input; and its own way to change one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed);

#endif
