// SPDX-License-Identifier: GPL-2.0-only
/*
 * abi-types.c - structures, unions, enums and typedefs of a kernel build, from its debug information (DWARF 2 and
 * later). A type is put down once, whatever the number of files that were compiled with it; files that disagree about
 * one give several. Types inside functions are nobody's ABI and are left out.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "cli.h"
#include "map.h"

/* A string that grows, used again and again. */
struct text {
	char *s;
	size_t len, size;
};

struct reader {
	struct abi_build *build;
	struct lkst_map seen;		/* hash of a type -> its index */
	struct text text;
	struct abi_type type;		/* the one being read */
	const char *directory;		/* of the compiler, for this unit */
};

static void put(struct text *t, const char *s)
{
	size_t len = strlen(s);

	if (t->len + len + 1 > t->size) {
		t->size = 2 * (t->len + len) + 256;
		t->s = lkst_xrealloc(t->s, t->size);
	}
	memcpy(t->s + t->len, s, len + 1);
	t->len += len;
}

static void put_number(struct text *t, long long value)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", value);
	put(t, number);
}

/* Only what has a form with a sign is negative; but for bounds gcc 3 writes -1 (no elements) as four bytes of ones. */
static long long attr_number(Dwarf_Die *die, unsigned int name, long long otherwise)
{
	Dwarf_Attribute attr;
	Dwarf_Sword s;
	Dwarf_Word u;

	if (!dwarf_attr(die, name, &attr))
		return otherwise;
	if (dwarf_whatform(&attr) == DW_FORM_sdata || dwarf_whatform(&attr) == DW_FORM_implicit_const)
		return dwarf_formsdata(&attr, &s) ? otherwise : s;
	if (dwarf_formudata(&attr, &u))
		return otherwise;
	return name == DW_AT_upper_bound && dwarf_whatform(&attr) == DW_FORM_data4 ? (int)u : (long long)u;
}

static int type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_attr(die, DW_AT_type, &attr) && dwarf_formref_die(&attr, type);
}

static int is_aggregate(int tag)
{
	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

static const char *tag_word(int tag)
{
	return tag == DW_TAG_structure_type ? "struct " : tag == DW_TAG_union_type ? "union " : "enum ";
}

/* Where a member lies, in bits; for bit-fields DWARF 2 counts from the high end of the unit of storage. */
static long long member_at(Dwarf_Die *die, long long bits)
{
	Dwarf_Attribute attr;
	Dwarf_Op *op;
	size_t nr;
	long long at = 0, from_high;
	Dwarf_Die type;

	if (dwarf_attr(die, DW_AT_data_bit_offset, &attr))
		return attr_number(die, DW_AT_data_bit_offset, 0);
	if (dwarf_attr(die, DW_AT_data_member_location, &attr) && !dwarf_getlocation(&attr, &op, &nr) && nr == 1)
		at = op[0].number * 8;
	from_high = attr_number(die, DW_AT_bit_offset, -1);
	if (from_high >= 0) {
		long long unit = attr_number(die, DW_AT_byte_size, -1);

		if (unit < 0 && type_of(die, &type))
			unit = dwarf_bytesize(&type);
		at += unit * 8 - from_high - bits;
	}
	return at;
}

static void put_type(struct text *t, Dwarf_Die *die, int in_full);

static void put_arguments(struct text *t, Dwarf_Die *function)
{
	const char *between = "";
	Dwarf_Die child, type;

	put(t, "(");
	if (!dwarf_child(function, &child))
		do {
			int tag = dwarf_tag(&child);

			if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
				continue;
			put(t, between);
			between = ", ";
			if (tag == DW_TAG_unspecified_parameters)
				put(t, "...");
			else
				put_type(t, type_of(&child, &type) ? &type : NULL, 1);
		} while (!dwarf_siblingof(&child, &child));
	put(t, *between ? ")" : dwarf_hasattr(function, DW_AT_prototyped) ? "void)" : ")");
}

static void put_bounds(struct text *t, Dwarf_Die *array)
{
	Dwarf_Die child;

	if (dwarf_child(array, &child))
		return;
	do {
		if (dwarf_tag(&child) != DW_TAG_subrange_type)
			continue;
		put(t, "[");
		if (dwarf_hasattr(&child, DW_AT_count))
			put_number(t, attr_number(&child, DW_AT_count, 0));
		else if (dwarf_hasattr(&child, DW_AT_upper_bound))
			put_number(t, attr_number(&child, DW_AT_upper_bound, 0) + 1);
		put(t, "]");
	} while (!dwarf_siblingof(&child, &child));
}

/* The members of what has no name, in one line. */
static void put_members(struct text *t, Dwarf_Die *die)
{
	Dwarf_Die child, type;

	put(t, "{ ");
	if (!dwarf_child(die, &child))
		do {
			const char *name = dwarf_diename(&child);
			long long bits;

			if (dwarf_tag(&child) == DW_TAG_enumerator) {
				put(t, name ? name : "?");
				put(t, " = ");
				put_number(t, attr_number(&child, DW_AT_const_value, 0));
			} else if (dwarf_tag(&child) == DW_TAG_member) {
				bits = attr_number(&child, DW_AT_bit_size, 0);
				put_type(t, type_of(&child, &type) ? &type : NULL, 1);
				put(t, " ");
				put(t, name ? name : "");
				put(t, " at bit ");
				put_number(t, member_at(&child, bits));
				put(t, " for ");
				put_number(t, bits);
			} else {
				continue;
			}
			put(t, "; ");
		} while (!dwarf_siblingof(&child, &child));
	put(t, "}");
}

static void put_pointer(struct text *t, Dwarf_Die *die)
{
	Dwarf_Die type, result;

	if (!type_of(die, &type)) {
		put(t, "void *");
	} else if (dwarf_tag(&type) == DW_TAG_subroutine_type) {
		put_type(t, type_of(&type, &result) ? &result : NULL, 1);
		put(t, " (*)");
		put_arguments(t, &type);
	} else {
		put_type(t, &type, 1);
		put(t, t->s[t->len - 1] == '*' ? "*" : " *");
	}
}

/* const of a pointer stands behind it, as in C */
static void put_qualified(struct text *t, Dwarf_Die *die, const char *word)
{
	Dwarf_Die type;
	int known = type_of(die, &type);

	if (known && dwarf_tag(&type) == DW_TAG_pointer_type) {
		put_type(t, &type, 1);
		put(t, " ");
		put(t, word);
	} else {
		put(t, word);
		put(t, " ");
		put_type(t, known ? &type : NULL, 1);
	}
}

/* A type as one would write it; NULL is void. in_full: with the members of what has no name */
static void put_type(struct text *t, Dwarf_Die *die, int in_full)
{
	const char *name = die ? dwarf_diename(die) : "void";
	int tag = die ? dwarf_tag(die) : DW_TAG_base_type;
	Dwarf_Die type;

	switch (tag) {
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_enumeration_type:
		put(t, tag_word(tag));
		if (name)
			put(t, name);
		else if (in_full)
			put_members(t, die);
		else
			put(t, "{...}");
		return;
	case DW_TAG_pointer_type:
		put_pointer(t, die);
		return;
	case DW_TAG_const_type:
		put_qualified(t, die, "const");
		return;
	case DW_TAG_volatile_type:
		put_qualified(t, die, "volatile");
		return;
	case DW_TAG_restrict_type:
		put_qualified(t, die, "restrict");
		return;
	case DW_TAG_array_type:
		put_type(t, type_of(die, &type) ? &type : NULL, in_full);
		put_bounds(t, die);
		return;
	case DW_TAG_subroutine_type:
		put_type(t, type_of(die, &type) ? &type : NULL, 1);
		put(t, " ");
		put_arguments(t, die);
		return;
	}
	put(t, name ? name : "?");
}

static struct abi_member *add_member(struct reader *r, const char *prefix, const char *name)
{
	struct abi_type *t = &r->type;
	struct abi_member *m;

	t->member = lkst_xrealloc(t->member, (t->nr + 1) * sizeof(*m));
	m = &t->member[t->nr++];
	memset(m, 0, sizeof(*m));
	m->name = lkst_xmalloc(strlen(prefix) + strlen(name) + 1);
	strcpy(m->name, prefix);
	strcat(m->name, name);
	return m;
}

static char *type_text(struct reader *r, Dwarf_Die *die, int in_full)
{
	r->text.len = 0;
	put(&r->text, "");
	put_type(&r->text, die, in_full);
	return abi_copy(r->text.s);
}

/* Step from a type into the elements of arrays, through const and volatile. */
static void strip_type(Dwarf_Die *type, int *is_array)
{
	Dwarf_Die next;
	int tag;

	while ((tag = dwarf_tag(type)) == DW_TAG_array_type || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type) {
		if (!type_of(type, &next))
			return;
		*is_array |= tag == DW_TAG_array_type;
		*type = next;
	}
}

/* The members of a structure; those of a structure without a name stand behind their member. */
static void read_members(struct reader *r, Dwarf_Die *die, const char *prefix, long long base)
{
	Dwarf_Die child, type;
	struct abi_member *m;
	const char *name;
	char *longer;
	int known, is_array;

	if (dwarf_child(die, &child))
		return;
	do {
		if (dwarf_tag(&child) != DW_TAG_member)
			continue;
		name = dwarf_diename(&child);
		known = type_of(&child, &type);
		m = add_member(r, prefix, name ? name : "");
		m->bits = attr_number(&child, DW_AT_bit_size, 0);
		m->at = base + member_at(&child, m->bits);
		m->type = type_text(r, known ? &type : NULL, 0);
		is_array = 0;
		if (known)
			strip_type(&type, &is_array);
		if (known && is_aggregate(dwarf_tag(&type)) && !dwarf_diename(&type)) {
			longer = lkst_xmalloc(strlen(m->name) + 4);
			sprintf(longer, "%s%s", m->name, is_array ? "[]." : name ? "." : "");
			read_members(r, &type, longer, m->at);
			free(longer);
		}
	} while (!dwarf_siblingof(&child, &child));
}

static void read_values(struct reader *r, Dwarf_Die *die)
{
	struct abi_member *m;
	Dwarf_Die child;

	if (dwarf_child(die, &child))
		return;
	do {
		if (dwarf_tag(&child) != DW_TAG_enumerator)
			continue;
		m = add_member(r, "", dwarf_diename(&child) ? dwarf_diename(&child) : "?");
		m->type = abi_copy("");
		m->at = attr_number(&child, DW_AT_const_value, 0);
	} while (!dwarf_siblingof(&child, &child));
}

static lkst_u64 hash_text(lkst_u64 h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ULL;	/* FNV-1a */
	return (h ^ 0xff) * 0x100000001b3ULL;
}

static lkst_u64 hash_type(const struct abi_type *t)
{
	lkst_u64 h = 0xcbf29ce484222325ULL ^ t->class ^ (lkst_u64)t->size << 8;
	unsigned int i;

	h = hash_text(hash_text(h, t->tag), t->name);
	h = hash_text(h, t->file);
	for (i = 0; i < t->nr; i++) {
		h = hash_text(hash_text(h, t->member[i].name), t->member[i].type);
		h = lkst_hash64(h ^ lkst_hash64(t->member[i].at * 64 + t->member[i].bits));
	}
	return h;
}

static void forget(struct abi_type *t)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		free(t->member[i].name);
		free(t->member[i].type);
	}
	free(t->member);
	free(t->name);
	free(t->file);
	memset(t, 0, sizeof(*t));
}

/* Keep the type that was read, unless it is there already. */
static void keep(struct reader *r)
{
	struct abi_build *b = r->build;
	int is_new;

	lkst_map_add(&r->seen, hash_type(&r->type), &is_new);
	if (!is_new) {
		forget(&r->type);
		return;
	}
	if (!(b->nr_types & (b->nr_types - 1)))
		b->type = lkst_xrealloc(b->type, (b->nr_types ? 2 * b->nr_types : 1) * sizeof(*b->type));
	b->type[b->nr_types++] = r->type;
	memset(&r->type, 0, sizeof(r->type));
}

/* The file of a declaration, from the top of the tree: compilers differ in whether they put the directory before it. */
static char *declared_in(struct reader *r, Dwarf_Die *die)
{
	const char *file = dwarf_decl_file(die);
	size_t len = r->directory ? strlen(r->directory) : 0;

	if (!file)
		return abi_copy("");
	if (len && !strncmp(file, r->directory, len) && file[len] == '/')
		file += len + 1;
	while (!strncmp(file, "./", 2))
		file += 2;
	return abi_copy(file);
}

/* An aggregate or enum, under its own name or that of the typedef that names it. */
static void read_aggregate(struct reader *r, Dwarf_Die *die, Dwarf_Die *named)
{
	const char *name = dwarf_diename(named);
	int tag = dwarf_tag(die);

	if (dwarf_hasattr(die, DW_AT_declaration))
		return;
	r->type.class = tag == DW_TAG_enumeration_type ? ABI_ENUM : ABI_STRUCT;
	r->type.tag = named == die ? tag_word(tag) : "";
	r->type.size = dwarf_bytesize(die);
	r->type.file = declared_in(r, named);
	if (tag == DW_TAG_enumeration_type)
		read_values(r, die);
	else
		read_members(r, die, "", 0);
	if (name) {
		r->type.name = abi_copy(name);
	} else if (tag == DW_TAG_enumeration_type && r->type.nr) {
		r->type.name = lkst_xmalloc(strlen(r->type.member[0].name) + 3);
		sprintf(r->type.name, "{%s}", r->type.member[0].name);
	} else {
		forget(&r->type);
		return;
	}
	keep(r);
}

static void read_typedef(struct reader *r, Dwarf_Die *die)
{
	struct abi_member *m;
	Dwarf_Die type;
	int known = type_of(die, &type), tag = known ? dwarf_tag(&type) : 0;

	if (!dwarf_diename(die))
		return;
	if ((is_aggregate(tag) || tag == DW_TAG_enumeration_type) && !dwarf_diename(&type)) {
		read_aggregate(r, &type, die);
		return;
	}
	r->type.class = ABI_TYPEDEF;
	r->type.tag = "";
	r->type.name = abi_copy(dwarf_diename(die));
	r->type.file = declared_in(r, die);
	m = add_member(r, "", "");
	m->type = type_text(r, known ? &type : NULL, 1);
	keep(r);
}

static void read_die(struct reader *r, Dwarf_Die *die)
{
	Dwarf_Die child;
	int tag = dwarf_tag(die);

	if (tag == DW_TAG_typedef)
		read_typedef(r, die);
	else if (tag == DW_TAG_enumeration_type)
		read_aggregate(r, die, die);
	else if (is_aggregate(tag) && dwarf_diename(die))
		read_aggregate(r, die, die);
	if (is_aggregate(tag) && !dwarf_child(die, &child))
		do
			read_die(r, &child);
		while (!dwarf_siblingof(&child, &child));
}

static void read_unit(struct reader *r, Dwarf_Die *unit)
{
	Dwarf_Attribute attr;
	Dwarf_Die child;

	r->directory = dwarf_attr(unit, DW_AT_comp_dir, &attr) ? dwarf_formstring(&attr) : NULL;
	r->build->nr_units++;
	if (!dwarf_child(unit, &child))
		do
			read_die(r, &child);
		while (!dwarf_siblingof(&child, &child));
}

static int by_class_and_name(const void *va, const void *vb)
{
	const struct abi_type *a = va, *b = vb;
	int order = (int)a->class - (int)b->class;

	order = order ? order : strcmp(a->name, b->name);
	order = order ? order : strcmp(a->tag, b->tag);
	return order ? order : strcmp(a->file, b->file);
}

void abi_read_types(struct abi_build *build)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};
	struct reader r = { .build = build };
	Dwfl *dwfl = dwfl_begin(&callbacks);
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;
	unsigned int i;

	if (!dwfl)
		lkst_die(LKST_EXIT_FAILED, "reading debug information: %s", dwfl_errmsg(-1));
	dwfl_report_begin(dwfl);
	for (i = 0; i < build->nr_objects; i++)
		if (!dwfl_report_offline(dwfl, build->object[i], build->object[i], -1))
			lkst_die(LKST_EXIT_FAILED, "reading %s: %s", build->object[i], dwfl_errmsg(-1));
	dwfl_report_end(dwfl, NULL, NULL);
	while ((unit = dwfl_nextcu(dwfl, unit, &bias)))
		read_unit(&r, unit);
	dwfl_end(dwfl);
	qsort(build->type, build->nr_types, sizeof(*build->type), by_class_and_name);
	lkst_map_free(&r.seen);
	free(r.text.s);
}
