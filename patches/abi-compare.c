// SPDX-License-Identifier: GPL-2.0-only
/*
 * abi-compare.c - what differs between two builds, as a list of changes. How bad a change is, is not decided here.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "cli.h"

static struct abi_change *add(struct abi_changes *changes, const char *kind, const char *tag, const char *name,
			      const char *file)
{
	struct abi_change *c;

	changes->change = lkst_xrealloc(changes->change, (changes->nr + 1) * sizeof(*c));
	c = &changes->change[changes->nr++];
	memset(c, 0, sizeof(*c));
	c->kind = kind;
	c->tag = tag;
	c->name = name;
	c->file = file && *file ? file : NULL;
	c->detail = abi_copy("");
	return c;
}

/* One more line of detail. */
static void __attribute__((format(printf, 2, 3))) detail(struct abi_change *c, const char *fmt, ...)
{
	size_t len = strlen(c->detail);
	char line[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	c->detail = lkst_xrealloc(c->detail, len + strlen(line) + 2);
	sprintf(c->detail + len, "%s%s", len ? "\n" : "", line);
}

static void compare_symbol(const struct abi_symbol *old, const struct abi_symbol *new, struct abi_changes *changes)
{
	if (old->has_crc != new->has_crc)
		detail(add(changes, "symbol-changed", "", old->name, NULL), "%s a version (CRC), had %s",
		       new->has_crc ? "has" : "has not", old->has_crc ? "one" : "none");
	else if (old->crc != new->crc)
		detail(add(changes, "symbol-changed", "", old->name, NULL), "CRC 0x%08x, was 0x%08x", new->crc, old->crc);
	if (new->gpl && !old->gpl)
		detail(add(changes, "symbol-licence", "", old->name, NULL), "is for modules under the GPL only, was for all");
}

void abi_compare_symbols(const struct abi_build *base, const struct abi_build *patched, struct abi_changes *changes)
{
	const struct abi_symbol *old = base->symbol, *new = patched->symbol;
	const struct abi_symbol *old_end = old + base->nr_symbols, *new_end = new + patched->nr_symbols;
	int order;

	while (old < old_end || new < new_end) {
		order = old == old_end ? 1 : new == new_end ? -1 : strcmp(old->name, new->name);
		if (order < 0)
			add(changes, "symbol-lost", "", old->name, NULL);
		else if (order > 0)
			detail(add(changes, "symbol-added", "", new->name, NULL), "for %s",
			       new->gpl ? "modules under the GPL" : "all modules");
		else
			compare_symbol(old, new, changes);
		old += order <= 0;
		new += order >= 0;
	}
}

static int same_member(const struct abi_member *a, const struct abi_member *b)
{
	return a->at == b->at && a->bits == b->bits && !strcmp(a->name, b->name) && !strcmp(a->type, b->type);
}

static int same_type(const struct abi_type *a, const struct abi_type *b)
{
	unsigned int i;

	if (a->size != b->size || a->nr != b->nr || strcmp(a->tag, b->tag))
		return 0;
	for (i = 0; i < a->nr; i++)
		if (!same_member(&a->member[i], &b->member[i]))
			return 0;
	return 1;
}

/* "8" or "8 bit 3" */
static const char *place(const struct abi_member *m, char *text, size_t size)
{
	if (m->bits)
		snprintf(text, size, "%lld bit %lld", m->at / 8, m->at % 8);
	else
		snprintf(text, size, "%lld", m->at / 8);
	return text;
}

static const char *visible(const struct abi_member *m)
{
	return *m->name ? m->name : "(no name)";
}

static void compare_member(struct abi_change *c, const struct abi_member *old, const struct abi_member *new)
{
	char was[32], is[32];

	if (old->at != new->at)
		detail(c, "%s: offset %s, was %s", visible(old), place(new, is, sizeof(is)),
		       place(old, was, sizeof(was)));
	if (strcmp(old->type, new->type))
		detail(c, "%s: type %s, was %s", visible(old), new->type, old->type);
	if (old->bits != new->bits)
		detail(c, "%s: width in bits %lld, was %lld (0: no bit-field)", visible(old), new->bits, old->bits);
}

/* The n-th member of a name, for padding has none. */
static const struct abi_member *counterpart(const struct abi_type *of, const struct abi_member *m,
					   const struct abi_type *in)
{
	unsigned int before = 0, i;

	for (i = 0; &of->member[i] != m; i++)
		before += !strcmp(of->member[i].name, m->name);
	for (i = 0; i < in->nr; i++)
		if (!strcmp(in->member[i].name, m->name) && !before--)
			return &in->member[i];
	return NULL;
}

static void compare_structure(struct abi_change *c, const struct abi_type *old, const struct abi_type *new)
{
	const struct abi_member *m;
	unsigned int i;
	char at[32];

	if (old->size != new->size)
		detail(c, "size %lld, was %lld", new->size, old->size);
	for (i = 0; i < old->nr; i++) {
		m = counterpart(old, &old->member[i], new);
		if (m)
			compare_member(c, &old->member[i], m);
		else
			detail(c, "%s: gone, was %s at %s", visible(&old->member[i]), old->member[i].type,
			       place(&old->member[i], at, sizeof(at)));
	}
	for (i = 0; i < new->nr; i++)
		if (!counterpart(new, &new->member[i], old))
			detail(c, "%s: new, %s at %s", visible(&new->member[i]), new->member[i].type,
			       place(&new->member[i], at, sizeof(at)));
}

static void compare_enum(struct abi_change *c, const struct abi_type *old, const struct abi_type *new)
{
	const struct abi_member *m;
	unsigned int i;

	if (old->size != new->size)
		detail(c, "size %lld, was %lld", new->size, old->size);
	for (i = 0; i < old->nr; i++) {
		m = counterpart(old, &old->member[i], new);
		if (!m)
			detail(c, "%s: gone, was %lld", old->member[i].name, old->member[i].at);
		else if (m->at != old->member[i].at)
			detail(c, "%s: %lld, was %lld", m->name, m->at, old->member[i].at);
	}
	for (i = 0; i < new->nr; i++)
		if (!counterpart(new, &new->member[i], old))
			detail(c, "%s: new, %lld", new->member[i].name, new->member[i].at);
}

static void compare_type(const struct abi_type *old, const struct abi_type *new, struct abi_changes *changes)
{
	static const char *const kinds[] = { "struct-changed", "enum-changed", "typedef-changed" };
	struct abi_change *c = add(changes, kinds[old->class], old->tag, old->name, new->file);

	if (strcmp(old->tag, new->tag))
		detail(c, "is %s, was %s", *new->tag ? new->tag : "a typedef", *old->tag ? old->tag : "a typedef");
	if (old->class == ABI_TYPEDEF)
		detail(c, "%s, was %s", new->member[0].type, old->member[0].type);
	else if (old->class == ABI_ENUM)
		compare_enum(c, old, new);
	else
		compare_structure(c, old, new);
	if (!*c->detail)
		detail(c, "the same members in another order");
}

static int by_class_and_name(const struct abi_type *a, const struct abi_type *b)
{
	return a->class != b->class ? (int)a->class - (int)b->class : strcmp(a->name, b->name);
}

/* How many of one class and name stand at the head of a list. */
static unsigned int group(const struct abi_type *t, const struct abi_type *end)
{
	unsigned int n = 0;

	while (t + n < end && !by_class_and_name(t, t + n))
		n++;
	return n;
}

/* Give each old type without a partner the first free new one for which fits() is true. */
static void pair(const struct abi_type *old, unsigned int nr_old, const struct abi_type *new, unsigned int nr_new,
		 const struct abi_type **partner, char *taken, int (*fits)(const struct abi_type *, const struct abi_type *))
{
	unsigned int i, k;

	for (i = 0; i < nr_old; i++)
		for (k = 0; k < nr_new && !partner[i]; k++)
			if (!taken[k] && fits(&old[i], &new[k])) {
				partner[i] = &new[k];
				taken[k] = 1;
			}
}

static int same_file(const struct abi_type *a, const struct abi_type *b)
{
	return !strcmp(a->file, b->file);
}

static int anything(const struct abi_type *a, const struct abi_type *b)
{
	(void)a;
	(void)b;
	return 1;
}

/* All types of one name: what is equal is laid aside, then what stands in the same file is compared, then the rest. */
static void compare_group(const struct abi_type *old, unsigned int nr_old, const struct abi_type *new,
			  unsigned int nr_new, struct abi_changes *changes)
{
	static const char *const lost[] = { "struct-lost", "enum-lost", "typedef-lost" };
	static const char *const added[] = { "struct-added", "enum-added", "typedef-added" };
	const struct abi_type **partner = lkst_xmalloc(nr_old * sizeof(*partner));
	char *taken = lkst_xmalloc(nr_new);
	unsigned int i;

	pair(old, nr_old, new, nr_new, partner, taken, same_type);
	pair(old, nr_old, new, nr_new, partner, taken, same_file);
	pair(old, nr_old, new, nr_new, partner, taken, anything);
	for (i = 0; i < nr_old; i++)
		if (!partner[i])
			add(changes, lost[old[i].class], old[i].tag, old[i].name, old[i].file);
		else if (!same_type(&old[i], partner[i]))
			compare_type(&old[i], partner[i], changes);
	for (i = 0; i < nr_new; i++)
		if (!taken[i])
			add(changes, added[new[i].class], new[i].tag, new[i].name, new[i].file);
	free(partner);
	free(taken);
}

void abi_compare_types(const struct abi_build *base, const struct abi_build *patched, struct abi_changes *changes)
{
	const struct abi_type *old = base->type, *old_end = old + base->nr_types;
	const struct abi_type *new = patched->type, *new_end = new + patched->nr_types;
	unsigned int nr_old, nr_new;
	int order;

	while (old < old_end || new < new_end) {
		order = old == old_end ? 1 : new == new_end ? -1 : by_class_and_name(old, new);
		nr_old = order <= 0 ? group(old, old_end) : 0;
		nr_new = order >= 0 ? group(new, new_end) : 0;
		compare_group(old, nr_old, new, nr_new, changes);
		old += nr_old;
		new += nr_new;
	}
}
