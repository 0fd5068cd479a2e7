// SPDX-License-Identifier: GPL-2.0-only
/*
 * list.c - arrays that grow, searches in sorted ones, and texts that are kept once.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "list.h"

enum { LOOKED_AT = 64 };	/* of the last texts kept */

void klasy_grow(void **at, size_t n, size_t *max, size_t size)
{
	if (n < *max)
		return;
	*max = *max ? 2 * *max : 256;
	*at = lkst_xrealloc(*at, *max * size);
}

size_t klasy_first_of(const void *at, size_t n, size_t size, size_t offset, uint64_t key)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (*(const uint64_t *)((const char *)at + middle * size + offset) < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *klasy_keep_part(struct klasy_texts *texts, const char *text, size_t n)
{
	char *copy;
	size_t i;

	for (i = texts->text.n; i-- > 0 && texts->text.n - i < LOOKED_AT; ) {
		if (!strncmp(texts->text.at[i], text, n) && !texts->text.at[i][n])
			return texts->text.at[i];
	}
	copy = strndup(text, n);
	if (!copy)
		lkst_die(LKST_EXIT_FAILED, "keeping names: there is no more memory");
	return *klasy_add(&texts->text) = copy;
}

const char *klasy_keep(struct klasy_texts *texts, const void *text)
{
	return text ? klasy_keep_part(texts, text, strlen(text)) : NULL;
}

void klasy_texts_free(struct klasy_texts *texts)
{
	size_t i;

	for (i = 0; i < texts->text.n; i++)
		free(texts->text.at[i]);
	free(texts->text.at);
}
