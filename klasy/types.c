// SPDX-License-Identifier: GPL-2.0-only
/*
 * types.c - structs, unions and pointers of one object file, as its DWARF tells them.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "types.h"

/* Open addressing; keys are never 0. */
struct map {
	uint64_t *key;
	uint32_t *value;
	uint32_t slots, used;
};

struct pending {
	klasy_type_id id;
	Dwarf_Die die;
};

struct klasy_types_private {
	struct map by_offset;	/* DIE -> type, of this unit */
	struct map by_key;	/* what tells structs apart -> type */
	struct map by_name;	/* name -> the complete struct of this name, UINT32_MAX when there are several */
	struct map pointer_to, array_of;
	struct pending *pending;
	uint32_t pendings, pendings_max;
	uint32_t types_max, members_max;
};

static uint32_t *map_find(struct map *m, uint64_t key)
{
	uint64_t hash = key * 0x9e3779b97f4a7c15ULL;
	uint32_t i;

	if (!m->slots)
		return NULL;
	for (i = (uint32_t)(hash >> 32) & (m->slots - 1); m->key[i]; i = (i + 1) & (m->slots - 1)) {
		if (m->key[i] == key)
			return &m->value[i];
	}
	return NULL;
}

static void map_put(struct map *m, uint64_t key, uint32_t value)
{
	uint64_t hash = key * 0x9e3779b97f4a7c15ULL;
	uint32_t i;

	if (2 * (m->used + 1) > m->slots) {
		struct map old = *m;

		m->slots = old.slots ? 2 * old.slots : 1024;
		m->used = 0;
		m->key = lkst_xmalloc(m->slots * sizeof(*m->key));
		m->value = lkst_xmalloc(m->slots * sizeof(*m->value));
		for (i = 0; i < old.slots; i++) {
			if (old.key[i])
				map_put(m, old.key[i], old.value[i]);
		}
		free(old.key);
		free(old.value);
	}
	for (i = (uint32_t)(hash >> 32) & (m->slots - 1); m->key[i] && m->key[i] != key; i = (i + 1) & (m->slots - 1))
		;
	m->used += !m->key[i];
	m->key[i] = key;
	m->value[i] = value;
}

static void map_free(struct map *m)
{
	free(m->key);
	free(m->value);
	memset(m, 0, sizeof(*m));
}

static uint64_t hash_text(const char *text, uint64_t seed)
{
	uint64_t hash = 0xcbf29ce484222325ULL ^ seed * 0x9e3779b97f4a7c15ULL;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL;
	return hash ? hash : 1;
}

static klasy_type_id new_type(struct klasy_types *t, enum klasy_kind kind)
{
	struct klasy_type *type;

	if (t->types == t->p->types_max) {
		t->p->types_max = t->types ? 2 * t->types : 4096;
		t->type = lkst_xrealloc(t->type, t->p->types_max * sizeof(*t->type));
	}
	type = &t->type[t->types];
	memset(type, 0, sizeof(*type));
	type->kind = kind;
	return t->types++;
}

void klasy_types_begin(struct klasy_types *t, uint8_t word)
{
	memset(t, 0, sizeof(*t));
	t->word = word;
	t->p = lkst_xmalloc(sizeof(*t->p));
	new_type(t, KLASY_OTHER);
}

void klasy_types_end(struct klasy_types *t)
{
	map_free(&t->p->by_offset);
	map_free(&t->p->by_key);
	map_free(&t->p->by_name);
	map_free(&t->p->pointer_to);
	map_free(&t->p->array_of);
	free(t->p->pending);
	free(t->p);
	free(t->type);
	free(t->member);
	memset(t, 0, sizeof(*t));
}

void klasy_types_next_unit(struct klasy_types *t)
{
	map_free(&t->p->by_offset);
}

static Dwarf_Word udata(Dwarf_Die *die, unsigned int name, Dwarf_Word otherwise)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (!dwarf_attr(die, name, &attr) || dwarf_formudata(&attr, &value))
		return otherwise;
	return value;
}

static bool type_die(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_attr_integrate(die, DW_AT_type, &attr) && dwarf_formref_die(&attr, type);
}

static klasy_type_id resolve(struct klasy_types *t, Dwarf_Die *die);

/* Elements of an array in all its dimensions; 0 when it has no bounds. */
static uint32_t elements(Dwarf_Die *die)
{
	Dwarf_Word count = 1;
	Dwarf_Die child;

	if (dwarf_child(die, &child))
		return 0;
	do {
		if (dwarf_tag(&child) == DW_TAG_subrange_type)
			count *= udata(&child, DW_AT_count, udata(&child, DW_AT_upper_bound, (Dwarf_Word)-1) + 1);
	} while (!dwarf_siblingof(&child, &child));
	return (uint32_t)count;
}

static klasy_type_id pointer_to(struct klasy_types *t, klasy_type_id target)
{
	uint32_t *found = map_find(&t->p->pointer_to, target + 1);
	klasy_type_id id;

	if (found)
		return *found;
	id = new_type(t, KLASY_POINTER);
	t->type[id].target = target;
	t->type[id].size = t->word;
	map_put(&t->p->pointer_to, target + 1, id);
	return id;
}

static klasy_type_id array_of(struct klasy_types *t, klasy_type_id target, uint32_t count)
{
	uint64_t key = (uint64_t)count << 32 | (target + 1);
	uint32_t *found = map_find(&t->p->array_of, key);
	klasy_type_id id;

	if (found)
		return *found;
	id = new_type(t, KLASY_ARRAY);
	t->type[id].target = target;
	t->type[id].size = t->type[target].size * count;
	t->type[id].members = count;
	map_put(&t->p->array_of, key, id);
	return id;
}

/*
 * Structs are equal when name, size and line of declaration are: reading the members of each of the thousand
 * descriptions of one struct would cost as much as all the rest. Unnamed ones are met inside a named one, once each.
 */
static klasy_type_id struct_type(struct klasy_types *t, Dwarf_Die *die, enum klasy_kind kind, const char *alias)
{
	const char *name = dwarf_diename(die);
	Dwarf_Word size = udata(die, DW_AT_byte_size, 0), line = udata(die, DW_AT_decl_line, 0);
	Dwarf_Attribute attr;
	bool incomplete = dwarf_attr(die, DW_AT_declaration, &attr) != NULL;
	uint64_t key;
	uint32_t *found;
	klasy_type_id id;

	if (!name)
		name = alias;
	if (incomplete)
		size = line = 0;
	key = hash_text(name ? name : "", size << 32 ^ line << 4 ^ (Dwarf_Word)kind << 1 ^ (Dwarf_Word)incomplete);
	found = name ? map_find(&t->p->by_key, key) : NULL;
	if (found)
		return *found;
	id = new_type(t, kind);
	t->type[id].name = name;
	t->type[id].size = (uint32_t)size;
	t->type[id].incomplete = incomplete;
	if (name)
		map_put(&t->p->by_key, key, id);
	if (incomplete)
		return id;
	if (name) {
		uint64_t named = hash_text(name, kind);

		map_put(&t->p->by_name, named, map_find(&t->p->by_name, named) ? UINT32_MAX : id);
	}
	if (t->p->pendings == t->p->pendings_max) {
		t->p->pendings_max = t->p->pendings_max ? 2 * t->p->pendings_max : 1024;
		t->p->pending = lkst_xrealloc(t->p->pending, t->p->pendings_max * sizeof(*t->p->pending));
	}
	t->p->pending[t->p->pendings++] = (struct pending){ id, *die };
	return id;
}

/* Every type on the way is entered before what it refers to, so that a struct may point to itself. */
static klasy_type_id resolve(struct klasy_types *t, Dwarf_Die *from)
{
	const char *alias = NULL;
	Dwarf_Die die = *from, next;
	uint64_t offset = dwarf_dieoffset(from) + 1;
	uint32_t *found = map_find(&t->p->by_offset, offset);
	klasy_type_id id = 0;

	if (found)
		return *found;
	for (;;) {
		switch (dwarf_tag(&die)) {
		case DW_TAG_typedef:
			alias = dwarf_diename(&die);
			/* fall through */
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			if (!type_die(&die, &next))
				return 0;
			die = next;
			continue;
		case DW_TAG_structure_type:
			id = struct_type(t, &die, KLASY_STRUCT, alias);
			break;
		case DW_TAG_union_type:
			id = struct_type(t, &die, KLASY_UNION, alias);
			break;
		case DW_TAG_pointer_type:
			id = pointer_to(t, type_die(&die, &next) ? resolve(t, &next) : 0);
			break;
		case DW_TAG_array_type:
			if (type_die(&die, &next))
				id = array_of(t, resolve(t, &next), elements(&die));
			break;
		default:
			break;
		}
		break;
	}
	map_put(&t->p->by_offset, offset, id);
	return id;
}

/* Size of what a DIE's type takes, bytes; 0 when it is not known. */
static uint32_t size_of(Dwarf_Die *die)
{
	Dwarf_Die type;
	Dwarf_Word size;

	return type_die(die, &type) && !dwarf_aggregate_size(&type, &size) ? (uint32_t)size : 0;
}

/* DWARF 2 has it as an expression that adds. */
static uint32_t member_offset(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;
	Dwarf_Op *op;
	size_t ops;

	if (!dwarf_attr(die, DW_AT_data_member_location, &attr))
		return 0;
	if (!dwarf_formudata(&attr, &value))
		return (uint32_t)value;
	return !dwarf_getlocation(&attr, &op, &ops) && ops == 1 && op->atom == DW_OP_plus_uconst ?
	       (uint32_t)op->number : 0;
}

static void add_member(struct klasy_types *t, Dwarf_Die *die)
{
	struct klasy_member m = { .name = dwarf_diename(die), .size = size_of(die) };
	Dwarf_Word bits = udata(die, DW_AT_bit_size, 0);
	Dwarf_Die type;

	m.offset = member_offset(die);
	if (bits) {
		Dwarf_Word at = udata(die, DW_AT_data_bit_offset, (Dwarf_Word)-1);

		/* DWARF 3 and older count from the highest bit of a storage unit. */
		if (at == (Dwarf_Word)-1)
			at = 8 * (m.offset + udata(die, DW_AT_byte_size, m.size)) -
			     udata(die, DW_AT_bit_offset, 0) - bits;
		m.offset = (uint32_t)(at / 8);
		m.bit = at % 8;
		m.bits = (uint16_t)bits;
		m.size = (m.bit + m.bits + 7) / 8;
	}
	if (type_die(die, &type))
		m.type = resolve(t, &type);
	if (t->members == t->p->members_max) {
		t->p->members_max = t->members ? 2 * t->members : 16384;
		t->member = lkst_xrealloc(t->member, t->p->members_max * sizeof(*t->member));
	}
	t->member[t->members++] = m;
}

static void complete_pending(struct klasy_types *t)
{
	while (t->p->pendings) {
		struct pending work = t->p->pending[--t->p->pendings];
		Dwarf_Die child;

		t->type[work.id].first = t->members;
		if (!dwarf_child(&work.die, &child)) {
			do {
				if (dwarf_tag(&child) == DW_TAG_member)
					add_member(t, &child);
			} while (!dwarf_siblingof(&child, &child));
		}
		t->type[work.id].members = t->members - t->type[work.id].first;
	}
}

klasy_type_id klasy_types_of(struct klasy_types *t, Dwarf_Die *die)
{
	Dwarf_Die type;
	klasy_type_id id;

	if (!type_die(die, &type))
		return 0;
	id = resolve(t, &type);
	complete_pending(t);
	return id;
}

static bool has_members(const struct klasy_type *type)
{
	return type->kind == KLASY_STRUCT || type->kind == KLASY_UNION;
}

klasy_type_id klasy_types_pointee(struct klasy_types *t, klasy_type_id id)
{
	const struct klasy_type *target;
	uint32_t *found;

	if (t->type[id].kind != KLASY_POINTER)
		return 0;
	id = t->type[id].target;
	target = &t->type[id];
	if (target->kind == KLASY_POINTER)
		return id;
	if (!has_members(target))
		return 0;
	if (!target->incomplete)
		return target->size ? id : 0;
	found = target->name ? map_find(&t->p->by_name, hash_text(target->name, target->kind)) : NULL;
	return found && *found != UINT32_MAX ? *found : 0;
}

/* A flexible array at the end of a struct reaches as far as the access does; elsewhere, [0] only marks a place. */
static bool touches(const struct klasy_member *m, bool last, long offset, uint32_t size)
{
	if (offset + (long)size <= (long)m->offset)
		return false;
	return offset < (long)(m->offset + m->size) || (last && !m->size);
}

static void steps(const struct klasy_types *t, klasy_type_id id, long start, struct klasy_step owner, long offset,
		  uint32_t size, klasy_step_fn *fn, void *arg)
{
	const struct klasy_type *type = &t->type[id];
	uint32_t i;

	for (i = type->first; i < type->first + type->members; i++) {
		const struct klasy_member *m = &t->member[i];
		klasy_type_id inner = m->type;
		struct klasy_step inside = owner;
		long begin = start + m->offset;

		if (!touches(m, i + 1 == type->first + type->members, offset - start, size))
			continue;
		if (!m->name) {
			steps(t, inner, begin, owner, offset, size, fn, arg);
			continue;
		}
		owner.member = i;
		fn(arg, &owner);
		while (t->type[inner].kind == KLASY_ARRAY) {
			inner = t->type[inner].target;
			inside.element = true;
			if (t->type[inner].size && offset >= begin)
				begin += (offset - begin) / t->type[inner].size * t->type[inner].size;
		}
		inside.start = begin;
		if (has_members(&t->type[inner]))
			steps(t, inner, begin, inside, offset, size, fn, arg);
	}
}

void klasy_types_steps(const struct klasy_types *t, klasy_type_id id, long offset, uint32_t size, klasy_step_fn *fn,
		       void *arg)
{
	steps(t, id, 0, (struct klasy_step){ 0, 0, false }, offset, size, fn, arg);
}

struct load {
	const struct klasy_types *types;
	long offset;
	klasy_type_id found;
	bool disagree;
};

static void load_step(void *arg, const struct klasy_step *step)
{
	struct load *load = arg;
	const struct klasy_member *m = &load->types->member[step->member];
	klasy_type_id id = m->type;
	const struct klasy_type *type = &load->types->type[id];
	long at = load->offset - step->start - (long)m->offset;
	uint32_t size = m->size, word = load->types->word;

	while (type->kind == KLASY_ARRAY) {
		id = type->target;
		type = &load->types->type[id];
		size = type->size;
	}
	/* A union's number in the place of the pointer is no other pointer. */
	if (type->kind != KLASY_POINTER || size != word || at < 0 || at % (long)word || (at && id == m->type))
		return;
	if (load->found && load->found != id)
		load->disagree = true;
	load->found = id;
}

klasy_type_id klasy_types_load(const struct klasy_types *t, klasy_type_id id, long offset)
{
	struct load load = { .types = t, .offset = offset };

	if (t->type[id].kind == KLASY_POINTER)
		return offset % t->word ? 0 : id;
	klasy_types_steps(t, id, offset, t->word, load_step, &load);
	return load.disagree ? 0 : load.found;
}
