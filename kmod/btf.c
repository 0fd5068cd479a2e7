// SPDX-License-Identifier: GPL-2.0-only
/*
 * btf.c - read the running kernel's type information: prototypes as text, and offsets of members.
 *
 * The format is that of Documentation/bpf/btf.rst: a header, records of types one after the other,
 * and strings. Types are numbered from 1 in the order they lie there, so an index from number to
 * place is made first, and a hash of the names of functions, structures and btf_trace_* types.
 * Prototypes are compared as text that both sides are brought into: "struct task_struct *, unsigned
 * int"; that is what the user is shown, too.
 */
#include <linux/bpf.h>	/* before btf.h: that of 5.10 does not stand by itself */
#include <linux/btf.h>
#include <linux/ctype.h>
#include <linux/hash.h>
#include <linux/stringhash.h>
#include "lkst.h"
#include "btf.h"

#define TEXT_LEN	256

static struct {
	const char *types, *strings;
	u32 types_len, strings_len;
	u32 *place;		/* of a type's record, by number */
	u32 nr_types;
	u32 *hash;		/* numbers of types with a name that may be asked for; 0: empty */
	u32 hash_bits;
} btf;

static const struct btf_type *type_of(u32 id)
{
	return id && id <= btf.nr_types ? (const void *)(btf.types + btf.place[id]) : NULL;
}

static const char *string_at(u32 off)
{
	return off < btf.strings_len ? btf.strings + off : "";
}

#define kind_of(t)	BTF_INFO_KIND((t)->info)
#define nr_of(t)	BTF_INFO_VLEN((t)->info)

#define KIND_ENUM64	19	/* since 6.0 */

/* Bytes behind the common part of a type's record, -1 for a kind nobody had heard of. */
static int extra_bytes(const struct btf_type *t)
{
	switch (kind_of(t)) {
	case BTF_KIND_INT:
	case 14:		/* variable */
	case 17:		/* declaration tag */
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return nr_of(t) * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return nr_of(t) * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return nr_of(t) * sizeof(struct btf_param);
	case 15:		/* section */
	case KIND_ENUM64:
		return nr_of(t) * 12;
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case 16:		/* floating point */
	case 18:		/* type tag */
		return 0;
	}
	return -1;
}

static bool worth_a_name(const struct btf_type *t)
{
	switch (kind_of(t)) {
	case BTF_KIND_FUNC:
	case BTF_KIND_STRUCT:
		return true;
	case BTF_KIND_TYPEDEF:
		return !strncmp(string_at(t->name_off), "btf_trace_", 10);
	}
	return false;
}

static u32 hash_of(const char *name)
{
	return hash_32(full_name_hash(NULL, name, strlen(name)), btf.hash_bits);
}

/* Number the types, or with @place NULL count them. Returns how many to hash, or an error. */
static int walk_types(u32 *place)
{
	u32 off = 0, id = 0;
	int names = 0, extra;

	while (off + sizeof(struct btf_type) <= btf.types_len) {
		const struct btf_type *t = (const void *)(btf.types + off);

		extra = extra_bytes(t);
		if (extra < 0 || off + sizeof(*t) + extra > btf.types_len)
			return -EINVAL;
		id++;
		if (place)
			place[id] = off;
		names += worth_a_name(t);
		off += sizeof(*t) + extra;
	}
	btf.nr_types = id;
	return names;
}

static void fill_hash(void)
{
	u32 id, slot, mask = (1U << btf.hash_bits) - 1;

	for (id = 1; id <= btf.nr_types; id++) {
		const struct btf_type *t = type_of(id);

		if (!worth_a_name(t))
			continue;
		slot = hash_of(string_at(t->name_off));
		while (btf.hash[slot])
			slot = (slot + 1) & mask;
		btf.hash[slot] = id;
	}
}

int lkst_btf_open(const void *data, size_t size)
{
	const struct btf_header *h = data;
	int names;

	if (size < sizeof(*h) || h->magic != BTF_MAGIC || h->version != BTF_VERSION ||
	    (u64)h->hdr_len + h->type_off + h->type_len > size ||
	    (u64)h->hdr_len + h->str_off + h->str_len > size || !h->str_len)
		return -EINVAL;
	btf.types = (const char *)data + h->hdr_len + h->type_off;
	btf.types_len = h->type_len;
	btf.strings = (const char *)data + h->hdr_len + h->str_off;
	btf.strings_len = h->str_len;
	if (btf.strings[btf.strings_len - 1])
		return -EINVAL;
	names = walk_types(NULL);
	if (names < 0)
		return names;
	btf.hash_bits = ilog2(names + 1) + 2;
	btf.place = vmalloc(array_size(btf.nr_types + 1, sizeof(u32)));
	btf.hash = vzalloc(sizeof(u32) << btf.hash_bits);
	if (!btf.place || !btf.hash) {
		lkst_btf_close();
		return -ENOMEM;
	}
	walk_types(btf.place);
	fill_hash();
	return 0;
}

void lkst_btf_close(void)
{
	vfree(btf.place);
	vfree(btf.hash);
	memset(&btf, 0, sizeof(btf));
}

static const struct btf_type *find(const char *name, u32 kind)
{
	u32 slot, mask = (1U << btf.hash_bits) - 1;

	if (!btf.hash)
		return NULL;
	for (slot = hash_of(name); btf.hash[slot]; slot = (slot + 1) & mask) {
		const struct btf_type *t = type_of(btf.hash[slot]);

		if (kind_of(t) == kind && !strcmp(string_at(t->name_off), name))
			return t;
	}
	return NULL;
}

/* ---- both sides as text ---- */

struct text {
	char s[TEXT_LEN];
	size_t len;
};

static __printf(2, 3) void add(struct text *x, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	x->len += vscnprintf(x->s + x->len, sizeof(x->s) - x->len, fmt, args);
	va_end(args);
}

static void add_star(struct text *x)
{
	add(x, "%s", x->len && x->s[x->len - 1] == '*' ? "*" : " *");
}

/* Pointers nest, and qualifiers stand between: go down to the named type, then add the stars. */
static void add_type(struct text *x, u32 id)
{
	const struct btf_type *t = type_of(id);
	unsigned int stars = 0, depth;

	for (depth = 0; t && depth < 32; depth++, t = type_of(t->type)) {
		u32 kind = kind_of(t);

		if (kind == BTF_KIND_PTR)
			stars++;
		else if (kind != BTF_KIND_CONST && kind != BTF_KIND_VOLATILE &&
			 kind != BTF_KIND_RESTRICT && kind != 18)
			break;
	}
	if (!t)
		add(x, "void");
	else if (kind_of(t) == BTF_KIND_STRUCT)
		add(x, "struct %s", string_at(t->name_off));
	else if (kind_of(t) == BTF_KIND_UNION)
		add(x, "union %s", string_at(t->name_off));
	else if (kind_of(t) == BTF_KIND_ENUM || kind_of(t) == KIND_ENUM64)
		add(x, "enum %s", string_at(t->name_off));
	else if (kind_of(t) == BTF_KIND_FWD)
		add(x, "%s %s", BTF_INFO_KFLAG(t->info) ? "union" : "struct",
		    string_at(t->name_off));
	else if (kind_of(t) == BTF_KIND_FUNC_PROTO)
		add(x, "function");
	else
		add(x, "%s", string_at(t->name_off));
	while (stars--)
		add_star(x);
}

/* Parameters of the prototype @t but the first @skip ones. */
static void add_prototype(struct text *x, const struct btf_type *t, u32 skip)
{
	const struct btf_param *p = (const void *)(t + 1);
	u32 i;

	x->s[0] = '\0';
	x->len = 0;
	for (i = skip; i < nr_of(t); i++) {
		if (i > skip)
			add(x, ", ");
		add_type(x, p[i].type);
	}
}

/* The compiler's names of the integer types, as they are in the type information. */
static const char *integer_name(const char *name)
{
	static const char *const names[][2] = {
		{ "unsigned", "unsigned int" },
		{ "long", "long int" },
		{ "unsigned long", "long unsigned int" },
		{ "long long", "long long int" },
		{ "unsigned long long", "long long unsigned int" },
		{ "short", "short int" },
		{ "unsigned short", "short unsigned int" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i][0]))
			return names[i][1];
	return name;
}

static bool is_qualifier(const char *word)
{
	return !strcmp(word, "const") || !strcmp(word, "volatile") || !strcmp(word, "__user") ||
	       !strcmp(word, "restrict");
}

/* One parameter "TYPE name": the words but qualifiers and the last one, then the stars. */
static void add_wanted(struct text *x, const char *param, const char *end)
{
	char type[64] = "", word[48] = "", next[48];
	unsigned int stars = 0, n;

	while (param < end) {
		if (*param == '*')
			stars++;
		if (!isalnum(*param) && *param != '_') {
			param++;
			continue;
		}
		for (n = 0; param < end && (isalnum(*param) || *param == '_'); param++)
			if (n < sizeof(next) - 1)
				next[n++] = *param;
		next[n] = '\0';
		if (is_qualifier(next))
			continue;
		if (*word) {
			if (*type)
				strlcat(type, " ", sizeof(type));
			strlcat(type, word, sizeof(type));
		}
		strscpy(word, next, sizeof(word));
	}
	add(x, "%s", integer_name(type));
	while (stars--)
		add_star(x);
}

/* All of them. Returns whether more parameters than those are all right. */
static bool add_wanted_list(struct text *x, const char *wants)
{
	x->s[0] = '\0';
	x->len = 0;
	while (*wants) {
		const char *end = strchrnul(wants, ',');

		wants = skip_spaces(wants);
		if (!strcmp(wants, "..."))
			return true;
		if (x->len)
			add(x, ", ");
		add_wanted(x, wants, end);
		wants = *end ? end + 1 : end;
	}
	return false;
}

static int check_prototype(const struct btf_type *t, u32 skip, const char *wants, char *why,
			   size_t size)
{
	struct text has, wanted;
	bool more;

	if (!t || kind_of(t) != BTF_KIND_FUNC_PROTO)
		return -ENOENT;
	add_prototype(&has, t, skip);
	more = add_wanted_list(&wanted, wants);
	if (!strncmp(has.s, wanted.s, wanted.len) &&
	    (!has.s[wanted.len] || (more && (!wanted.len || has.s[wanted.len] == ','))))
		return 0;
	scnprintf(why, size, "prototype differs: kernel has (%s), probe wants (%s)", has.s,
		  wanted.s);
	return -EPROTOTYPE;
}

/* Both the typedef and the function that calls the probes have the probe's own data in front. */
int lkst_btf_check_tracepoint(const char *name, const char *wants, char *why, size_t size)
{
	const struct btf_type *t;
	char buf[96];

	snprintf(buf, sizeof(buf), "btf_trace_%s", name);
	t = find(buf, BTF_KIND_TYPEDEF);
	if (t) {
		t = type_of(t->type);
		if (!t || kind_of(t) != BTF_KIND_PTR)
			return -ENOENT;
		return check_prototype(type_of(t->type), 1, wants, why, size);
	}
	snprintf(buf, sizeof(buf), "__traceiter_%s", name);
	t = find(buf, BTF_KIND_FUNC);
	return t ? check_prototype(type_of(t->type), 1, wants, why, size) : -ENOENT;
}

int lkst_btf_check_function(const char *name, const char *wants, char *why, size_t size)
{
	const struct btf_type *t = find(name, BTF_KIND_FUNC);

	return t ? check_prototype(type_of(t->type), 0, wants, why, size) : -ENOENT;
}

int lkst_btf_member(const char *structure, const char *member, unsigned int size)
{
	const struct btf_type *t = find(structure, BTF_KIND_STRUCT), *m;
	const struct btf_member *p = (const void *)(t + 1);
	unsigned int i, depth;

	for (i = 0; t && i < nr_of(t); i++, p++) {
		if (strcmp(string_at(p->name_off), member))
			continue;
		m = type_of(p->type);
		for (depth = 0; m && depth < 32 && kind_of(m) != BTF_KIND_INT; depth++)
			m = kind_of(m) == BTF_KIND_TYPEDEF || kind_of(m) == BTF_KIND_CONST ||
			    kind_of(m) == BTF_KIND_VOLATILE ? type_of(m->type) : NULL;
		/* bit-fields put their width above the 24 bits of the offset */
		if (!m || m->size != size || p->offset % 8 ||
		    (BTF_INFO_KFLAG(t->info) && p->offset >> 24))
			return -ENOENT;
		return p->offset / 8;
	}
	return -ENOENT;
}
