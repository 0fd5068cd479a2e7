// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * textaddr.c - kernel text addresses seen, and the symbols that cover them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "textaddr.h"

static unsigned int slot_of(const struct lkst_text_set *set, lkst_u64 address)
{
	/* Fibonacci hashing: the high bits of a product with 2^64 / golden ratio. */
	unsigned int i = (unsigned int)((address * 0x9e3779b97f4a7c15ULL) >> 32) & (set->size - 1);

	while (set->slot[i] && set->slot[i] != address)
		i = (i + 1) & (set->size - 1);
	return i;
}

static void grow(struct lkst_text_set *set)
{
	struct lkst_text_set old = *set;
	unsigned int i;

	set->size = old.size ? 2 * old.size : 1024;
	set->slot = lkst_xmalloc(set->size * sizeof(*set->slot));
	for (i = 0; i < old.size; i++)
		if (old.slot[i])
			set->slot[slot_of(set, old.slot[i])] = old.slot[i];
	free(old.slot);
}

void lkst_text_add(struct lkst_text_set *set, lkst_u64 address)
{
	unsigned int i;

	if (!address)
		return;
	if (2 * (set->used + 1) > set->size)
		grow(set);
	i = slot_of(set, address);
	if (set->slot[i])
		return;
	set->slot[i] = address;
	set->used++;
}

void lkst_text_free(struct lkst_text_set *set)
{
	free(set->slot);
	memset(set, 0, sizeof(*set));
}

static int by_value(const void *a, const void *b)
{
	lkst_u64 x = *(const lkst_u64 *)a, y = *(const lkst_u64 *)b;

	return x < y ? -1 : x > y;
}

/* First index whose address is >= @value; @n when there is none. */
static unsigned int lower_bound(const lkst_u64 *sorted, unsigned int n, lkst_u64 value)
{
	unsigned int low = 0, mid;

	while (low < n) {
		mid = low + (n - low) / 2;
		if (sorted[mid] < value)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

/*
 * A line of kallsyms is "address type name [module]"; of 2.4's ksyms, exported symbols only, "address
 * name_Rcrc [module]".
 */
static int read_symbol(FILE *f, int ksyms, lkst_u64 *address, char *name)
{
	char line[512], type, *crc;
	int got;

	while (fgets(line, sizeof(line), f)) {
		type = 'T';
		got = ksyms ? sscanf(line, "%llx %127s", address, name) + 1 :
			      sscanf(line, "%llx %c %127s", address, &type, name);
		if (got != 3 || !*address || !strchr("tTwWdDbB", type))
			continue;
		if (!ksyms)
			return 1;
		if (!strncmp(name, "__insmod_", 9))
			continue;
		if (!strncmp(name, "GPLONLY_", 8))
			memmove(name, name + 8, strlen(name + 8) + 1);
		crc = strstr(name, "_R");
		while (crc && strstr(crc + 1, "_R"))
			crc = strstr(crc + 1, "_R");
		if (crc && strlen(crc) >= 10)	/* _R or _Rsmp_, then 8 digits */
			*crc = 0;
		return 1;
	}
	return 0;
}

static FILE *open_symbols(int *ksyms)
{
	FILE *f = fopen("/proc/kallsyms", "re");

	*ksyms = !f;
	return f ? f : fopen("/proc/ksyms", "re");
}

/*
 * One pass, one slot for each address. A symbol can be the nearest only of the first address at or after it,
 * and the end only of a symbol before that address; so it is put into that slot, and into the one before as an
 * end. Afterwards a slot that stayed empty has the symbol of the one before, and hands its end down to it.
 */
static unsigned int nearest(const lkst_u64 *sorted, unsigned int n, struct lkst_text_symbol *best)
{
	unsigned int i, kept = 0;
	lkst_u64 address;
	char name[128];
	int ksyms;
	FILE *f = open_symbols(&ksyms);

	if (!f)
		return 0;
	while (read_symbol(f, ksyms, &address, name)) {
		i = lower_bound(sorted, n, address);
		if (i && (!best[i - 1].end || address < best[i - 1].end))
			best[i - 1].end = address;
		if (i == n || address <= best[i].address)
			continue;
		best[i].address = address;
		memcpy(best[i].name, name, sizeof(name));
	}
	fclose(f);
	for (i = 0; i < n; i++) {
		if (best[i].address)
			best[kept++] = best[i];
		else if (kept && best[i].end && (!best[kept - 1].end || best[i].end < best[kept - 1].end))
			best[kept - 1].end = best[i].end;
	}
	return kept;
}

struct lkst_text_symbol *lkst_text_symbols(const struct lkst_text_set *set, unsigned int *count)
{
	struct lkst_text_symbol *best;
	lkst_u64 *sorted;
	unsigned int i, n = 0;

	*count = 0;
	if (!set->used)
		return NULL;
	sorted = lkst_xmalloc(set->used * sizeof(*sorted));
	best = lkst_xmalloc(set->used * sizeof(*best));
	for (i = 0; i < set->size; i++)
		if (set->slot[i])
			sorted[n++] = set->slot[i];
	qsort(sorted, n, sizeof(*sorted), by_value);
	*count = nearest(sorted, n, best);
	free(sorted);
	if (*count)
		return best;
	free(best);
	return NULL;
}
