// SPDX-License-Identifier: GPL-2.0-only
/*
 * touch.c - the instructions that access members of one struct, as far as the index and the compiler's views know them.
 */
#include <stdlib.h>
#include <string.h>

#include "store.h"
#include "touch.h"

static void read_frames(struct klasy_touches *all)
{
	sqlite3_stmt *s = klasy_store_query(all->index,
		"SELECT r.id, r.name, r.parent, f.name, r.line FROM frame r LEFT JOIN file f ON f.id = r.file"
		" ORDER BY r.id", NULL);

	*klasy_add(&all->frame) = (struct klasy_index_frame){ "", NULL, 0, 0 };
	while (klasy_store_next(s))
		*klasy_add(&all->frame) = (struct klasy_index_frame){
			klasy_keep(&all->texts, sqlite3_column_text(s, 1)),
			klasy_keep(&all->texts, sqlite3_column_text(s, 3)),
			(uint32_t)sqlite3_column_int64(s, 2), (uint32_t)sqlite3_column_int64(s, 4)
		};
	sqlite3_finalize(s);
}

static void read_members(struct klasy_touches *all)
{
	sqlite3_stmt *s = klasy_store_query(all->index,
		"SELECT DISTINCT m.name, m.offset, m.size, m.bits FROM struct s JOIN member m ON m.struct = s.id"
		" WHERE s.name = ?", all->structure, NULL);

	all->member.n = 0;
	while (klasy_store_next(s))
		*klasy_add(&all->member) = (struct klasy_index_member){
			klasy_keep(&all->texts, sqlite3_column_text(s, 0)), (uint32_t)sqlite3_column_int64(s, 1),
			(uint32_t)sqlite3_column_int64(s, 2), sqlite3_column_int(s, 3)
		};
	sqlite3_finalize(s);
}

static enum klasy_fate fate_of(const struct klasy_index_member *m, int64_t begin, uint32_t size)
{
	if (m->bits)
		return KLASY_FATE_BITFIELD;
	return begin >= (int64_t)m->offset && (!size || begin + size <= (int64_t)m->offset + m->size) ?
	       KLASY_FATE_EXACT : KLASY_FATE_WIDE;
}

static void read_sites(struct klasy_touches *all)
{
	sqlite3_stmt *s = klasy_store_query(all->index,
		"SELECT i.pc, m.name, f.name, i.line, i.frame, i.mode, m.offset, m.size, m.bits, t.start, i.size"
		" FROM struct s JOIN member m ON m.struct = s.id JOIN touch t ON t.member = m.id"
		" JOIN site i ON i.id = t.site LEFT JOIN file f ON f.id = i.file WHERE s.name = ? ORDER BY i.pc",
		all->structure, NULL);

	while (klasy_store_next(s)) {
		struct klasy_index_member m = {
			NULL, (uint32_t)sqlite3_column_int64(s, 6), (uint32_t)sqlite3_column_int64(s, 7),
			sqlite3_column_int(s, 8)
		};
		struct klasy_touch t = {
			.pc = (uint64_t)sqlite3_column_int64(s, 0),
			.member = klasy_keep(&all->texts, sqlite3_column_text(s, 1)),
			.file = klasy_keep(&all->texts, sqlite3_column_text(s, 2)),
			.line = (uint32_t)sqlite3_column_int64(s, 3),
			.frame = (uint32_t)sqlite3_column_int64(s, 4), .mode = (uint8_t)sqlite3_column_int(s, 5),
			.fate = fate_of(&m, -sqlite3_column_int64(s, 9), (uint32_t)sqlite3_column_int64(s, 10)),
		};

		klasy_ways_function(all->ways, t.pc, &t.entry);
		*klasy_add(&all->touch) = t;
	}
	sqlite3_finalize(s);
}

static const struct klasy_touch *indexed(const struct klasy_touches *all, size_t sites, uint64_t pc,
					 const char *member)
{
	size_t low = klasy_first(all->touch.at, sites, pc, pc);

	for (; low < sites && all->touch.at[low].pc == pc; low++) {
		if (!strcmp(all->touch.at[low].member, member))
			return &all->touch.at[low];
	}
	return NULL;
}

/* One member that a view touches: a place of its own when the index has it on another line, or not at all. */
static void add_view(struct klasy_touches *all, size_t sites, sqlite3_stmt *s, const struct klasy_index_member *m,
		     enum klasy_fate fate)
{
	const struct klasy_touch *known = indexed(all, sites, (uint64_t)sqlite3_column_int64(s, 0), m->name);
	struct klasy_touch t = {
		.pc = (uint64_t)sqlite3_column_int64(s, 0), .member = m->name,
		.file = klasy_keep(&all->texts, sqlite3_column_text(s, 1)),
		.line = (uint32_t)sqlite3_column_int64(s, 2),
		.mode = KLASY_READ | KLASY_WRITE, .fate = fate, .view = true,
	};

	if (known) {
		if (!t.file || (known->file && !strcmp(known->file, t.file) && known->line == t.line))
			return;
		t.mode = known->mode;
		t.fate = known->fate;
		t.frame = known->frame;
	}
	klasy_ways_function(all->ways, t.pc, &t.entry);
	*klasy_add(&all->touch) = t;
}

static void read_views(struct klasy_touches *all)
{
	sqlite3_stmt *s = klasy_store_query(all->tree,
		"SELECT pc, file, line, struct, member, depth, at, size, held_at, holder FROM view"
		" WHERE struct = ? OR holder = ?", all->structure, all->structure, NULL);
	size_t sites = all->touch.n, i;

	while (klasy_store_next(s)) {
		const char *tag = (const char *)sqlite3_column_text(s, 3);
		const char *name = (const char *)sqlite3_column_text(s, 4);
		int64_t at = sqlite3_column_int64(s, 6);
		uint32_t size = (uint32_t)sqlite3_column_int64(s, 7);
		bool own = tag && !strcmp(tag, all->structure), deep = sqlite3_column_int64(s, 5) > 1;

		for (i = 0; i < all->member.n; i++) {
			const struct klasy_index_member *m = &all->member.at[i];
			bool named = own && name && !strcmp(name, m->name);

			if (!own) {
				/* Another struct lies in this one: where it begins is known. */
				at = sqlite3_column_int64(s, 8);
				if (at < 0 || at < (int64_t)m->offset || at >= (int64_t)m->offset + m->size)
					continue;
				add_view(all, sites, s, m, KLASY_FATE_EXACT);
			} else if (named) {
				add_view(all, sites, s, m, deep ? KLASY_FATE_EXACT : fate_of(m, m->offset + at, size));
			} else if (!name && at >= 0 && at < (int64_t)m->offset + m->size &&
				   at + (int64_t)size > (int64_t)m->offset) {
				add_view(all, sites, s, m, fate_of(m, at, size));
			}
		}
	}
	sqlite3_finalize(s);
}

void klasy_touches_read(struct klasy_touches *all, const char *structure)
{
	if (all->structure && !strcmp(all->structure, structure))
		return;
	all->structure = structure;
	all->touch.n = 0;
	read_members(all);
	read_sites(all);
	read_views(all);
}

void klasy_touches_begin(struct klasy_touches *all, sqlite3 *index, sqlite3 *tree, const struct klasy_ways *ways)
{
	memset(all, 0, sizeof(*all));
	all->index = index;
	all->tree = tree;
	all->ways = ways;
	read_frames(all);
}

void klasy_touches_end(struct klasy_touches *all)
{
	klasy_texts_free(&all->texts);
	free(all->frame.at);
	free(all->touch.at);
	free(all->member.at);
}
