// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_maskset.c - the text of a maskset: what is read without an error is written and read again as the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "maskset_text.h"

static unsigned int parse(const void *text, size_t size, struct lkst_maskset *m)
{
	FILE *in = fmemopen((void *)text, size, "r");
	unsigned int errors;

	if (!in)
		abort();
	memset(m, 0, sizeof(*m));
	errors = lkst_maskset_parse(in, "text", m);
	fclose(in);
	return errors;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lkst_maskset first, second;
	char *text = NULL;
	size_t length;
	FILE *out;

	if (!size || fuzz_begin() || parse(data, size, &first)) {
		fuzz_end();
		return 0;
	}
	fuzz_end();
	out = open_memstream(&text, &length);
	lkst_maskset_print(out, &first);
	fclose(out);
	if (parse(text, length, &second) || memcmp(&first, &second, sizeof(first)))
		abort();
	free(text);
	return 0;
}
