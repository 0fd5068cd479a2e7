// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz.c - see fuzz.h. Linked with --wrap=exit.
 */
#include "fuzz.h"

jmp_buf fuzz_back;
int fuzz_inside;

void __real_exit(int status) __attribute__((noreturn));
void __wrap_exit(int status) __attribute__((noreturn));

void __wrap_exit(int status)
{
	if (!fuzz_inside)
		__real_exit(status);	/* libFuzzer's own */
	longjmp(fuzz_back, 1);
}
