// SPDX-License-Identifier: GPL-2.0-only
/*
 * tap.c - see tap.h.
 */
#include "model.h"

static jmp_buf out;

void tap_fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	printf("# %s:%d: ", file, line);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	longjmp(out, 1);
}

int tap_run(const struct CMUnitTest *test, int count)
{
	volatile int i, failed = 0;
	void *state = NULL;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%d\n", count);
	for (i = 0; i < count; i++) {
		if (setjmp(out)) {
			printf("not ok %d - %s\n", i + 1, test[i].name);
			failed++;
			if (test[i].teardown)
				test[i].teardown(&state);
			continue;
		}
		test[i].test(&state);
		printf("ok %d - %s\n", i + 1, test[i].name);
	}
	return failed;
}
