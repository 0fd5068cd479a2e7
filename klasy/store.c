// SPDX-License-Identifier: GPL-2.0-only
/*
 * store.c - the index of one object's accesses, in an SQLite file named by the object's build id.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accesses.h"
#include "cli.h"
#include "run.h"
#include "store.h"

static const char tables[] =
"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
"CREATE TABLE file(id INTEGER PRIMARY KEY, name TEXT);"
"CREATE TABLE struct(id INTEGER PRIMARY KEY, name TEXT, size INT, is_union INT);"
"CREATE TABLE member(id INTEGER PRIMARY KEY, struct INT, name TEXT, offset INT, size INT, bits INT);"
"CREATE TABLE function(id INTEGER PRIMARY KEY, name TEXT, entry INT);"
"CREATE TABLE frame(id INTEGER PRIMARY KEY, name TEXT, parent INT, file INT, line INT);"
"CREATE TABLE inlined(name TEXT PRIMARY KEY) WITHOUT ROWID;"
"CREATE TABLE site(id INTEGER PRIMARY KEY, pc INT, code BLOB, base INT, idx INT, scale INT, disp INT, gs INT, mode INT,"
" size INT, file INT, line INT, col INT, function INT, frame INT);"
"CREATE TABLE touch(member INT, site INT, start INT, element INT);";

static const char indexes[] =
"CREATE INDEX touch_member ON touch(member);"
"CREATE INDEX member_struct ON member(struct);"
"CREATE INDEX function_name ON function(name);";

enum insert { PUT_META, PUT_FILE, PUT_STRUCT, PUT_MEMBER, PUT_FUNCTION, PUT_FRAME, PUT_SITE, PUT_TOUCH,
	PUT_INLINED, PUTS };

static const char *const inserts[PUTS] = {
	"INSERT INTO meta VALUES(?,?)",
	"INSERT INTO file VALUES(?,?)",
	"INSERT INTO struct VALUES(?,?,?,?)",
	"INSERT INTO member VALUES(?,?,?,?,?,?)",
	"INSERT INTO function VALUES(?,?,?)",
	"INSERT INTO frame VALUES(?,?,?,?,?)",
	"INSERT INTO site VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	"INSERT INTO touch VALUES(?,?,?,?)",
	"INSERT OR IGNORE INTO inlined VALUES(?)",
};

enum { MAX_TOLD = 64, INLINED_SLOTS = 1 << 16 };

struct frame_entry {
	sqlite3_int64 id;		/* 0: not written yet */
	struct klasy_frame frame;
};

struct builder {
	sqlite3 *db;
	sqlite3_stmt *put[PUTS];
	struct klasy_types types;
	const struct klasy_machine *machine;
	sqlite3_int64 functions, frames, sites;
	uint64_t last_pc;
	const struct klasy_access *access;
	bool in_array;
	struct told {
		uint32_t member;
		long start;
	} tell[MAX_TOLD];		/* of the site at last_pc */
	size_t told;
	struct frame_entry *frame;
	uint32_t frame_max;
	struct {
		char *path;		/* a copy */
		sqlite3_int64 id;
	} *file;
	size_t files, file_slots;
	const char **inlined;		/* names that are written; most come again at the same address */
};

static void __attribute__((noreturn)) give_up(sqlite3 *db, const char *what)
{
	lkst_die(LKST_EXIT_FAILED, "%s the index: %s", what, sqlite3_errmsg(db));
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		give_up(db, "writing");
}

static void put(struct builder *b, enum insert which)
{
	if (sqlite3_step(b->put[which]) != SQLITE_DONE)
		give_up(b->db, "writing");
	sqlite3_reset(b->put[which]);
}

static void put_meta(struct builder *b, const char *key, const char *value)
{
	sqlite3_bind_text(b->put[PUT_META], 1, key, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(b->put[PUT_META], 2, value, -1, SQLITE_TRANSIENT);
	put(b, PUT_META);
}

/* Returns the number of a source file, 0 of none. */
static sqlite3_int64 file_id(struct builder *b, const char *path)
{
	size_t i, hash = 5381;
	const char *c;

	if (!path)
		return 0;
	for (c = path; *c; c++)
		hash = hash * 33 + (unsigned char)*c;
	if (2 * (b->files + 1) > b->file_slots) {
		size_t old_slots = b->file_slots, j;
		typeof(b->file) old = b->file;

		b->file_slots = old_slots ? 2 * old_slots : 4096;
		b->file = lkst_xmalloc(b->file_slots * sizeof(*b->file));
		for (j = 0; j < old_slots; j++) {
			if (!old[j].path)
				continue;
			hash = 5381;
			for (c = old[j].path; *c; c++)
				hash = hash * 33 + (unsigned char)*c;
			for (i = hash & (b->file_slots - 1); b->file[i].path; i = (i + 1) & (b->file_slots - 1))
				;
			b->file[i] = old[j];
		}
		free(old);
		return file_id(b, path);
	}
	for (i = hash & (b->file_slots - 1); b->file[i].path; i = (i + 1) & (b->file_slots - 1)) {
		if (!strcmp(b->file[i].path, path))
			return b->file[i].id;
	}
	b->file[i].path = strdup(path);
	b->file[i].id = (sqlite3_int64)++b->files;
	sqlite3_bind_int64(b->put[PUT_FILE], 1, b->file[i].id);
	sqlite3_bind_text(b->put[PUT_FILE], 2, path, -1, SQLITE_TRANSIENT);
	put(b, PUT_FILE);
	return b->file[i].id;
}

/* That there is such a function: its accesses may all have moved elsewhere. */
static void put_inlined(struct builder *b, const char *name)
{
	const char **slot = &b->inlined[((uintptr_t)name * 0x9e3779b97f4a7c15ULL) >> 48];

	if (!name || *slot == name)
		return;
	*slot = name;
	sqlite3_bind_text(b->put[PUT_INLINED], 1, name, -1, SQLITE_STATIC);
	put(b, PUT_INLINED);
}

static void on_function(void *arg, const char *symbol, uint64_t entry, const struct klasy_frame *frame, uint32_t frames)
{
	struct builder *b = arg;
	sqlite3_stmt *s = b->put[PUT_FUNCTION];
	uint32_t i;

	sqlite3_bind_int64(s, 1, ++b->functions);
	sqlite3_bind_text(s, 2, symbol, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(s, 3, (sqlite3_int64)entry);
	put(b, PUT_FUNCTION);
	if (frames > b->frame_max) {
		b->frame_max = 2 * frames;
		b->frame = lkst_xrealloc(b->frame, b->frame_max * sizeof(*b->frame));
	}
	for (i = 0; i < frames; i++) {
		b->frame[i] = (struct frame_entry){ 0, frame[i] };
		if (i)
			put_inlined(b, frame[i].name);
	}
	b->last_pc = 0;
}

/* Frames without an access, which are most, are not kept. */
static sqlite3_int64 frame_id(struct builder *b, uint32_t number)
{
	struct frame_entry *e = &b->frame[number];
	sqlite3_stmt *s = b->put[PUT_FRAME];
	sqlite3_int64 parent;

	if (e->id)
		return e->id;
	parent = e->frame.parent == number ? 0 : frame_id(b, e->frame.parent);
	e->id = ++b->frames;
	sqlite3_bind_int64(s, 1, e->id);
	sqlite3_bind_text(s, 2, e->frame.name, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(s, 3, parent);
	sqlite3_bind_int64(s, 4, file_id(b, e->frame.call_file));
	sqlite3_bind_int64(s, 5, e->frame.call_line);
	put(b, PUT_FRAME);
	return e->id;
}

static bool selected(const struct klasy_access *a, const struct klasy_member *m, const struct klasy_step *step)
{
	/* Where in the accessed bytes the bit-field begins, in bits; an operand's immediate may leave it out. */
	long at = 8 * (step->start + (long)m->offset - a->offset) + m->bit;
	uint64_t field;

	if (!m->bits || !a->bits || m->bits >= 64 || at <= -64 || at >= 64)
		return true;
	field = (1ULL << m->bits) - 1;
	return a->bits & (at >= 0 ? field << at : field >> -at);
}

/* Is an array among the members? Only then may an index lead to another place than the operand's displacement says. */
static void look_for_array(void *arg, const struct klasy_step *step)
{
	struct builder *b = arg;
	const struct klasy_member *m = &b->types.member[step->member];
	const struct klasy_type *t = &b->types.type[m->type];
	uint32_t element = t->kind == KLASY_ARRAY && t->members ? m->size / t->members : 0;

	/* An index that counts in other units than the array's elements is another array's. */
	if (t->kind == KLASY_ARRAY)
		b->in_array |= !element || (element % b->access->scale == 0 && b->access->size <= element);
}

static void on_step(void *arg, const struct klasy_step *step)
{
	struct builder *b = arg;
	sqlite3_stmt *s = b->put[PUT_TOUCH];
	/* From the address that the operand gives to the struct's first byte. */
	long start = step->start - b->access->offset;
	size_t i;

	if (!selected(b->access, &b->types.member[step->member], step))
		return;
	/* Two variables that lie in one register, the struct and the one around it, tell the same. */
	for (i = 0; i < b->told; i++) {
		if (b->tell[i].member == step->member && b->tell[i].start == start)
			return;
	}
	if (b->told < MAX_TOLD)
		b->tell[b->told++] = (struct told){ step->member, start };
	sqlite3_bind_int64(s, 1, step->member);
	sqlite3_bind_int64(s, 2, b->sites);
	sqlite3_bind_int64(s, 3, start);
	sqlite3_bind_int(s, 4, step->element);
	put(b, PUT_TOUCH);
}

static void on_access(void *arg, const struct klasy_access *a, const struct klasy_line *line, uint32_t frame,
		      const uint8_t *code)
{
	struct builder *b = arg;
	sqlite3_stmt *s = b->put[PUT_SITE];

	/* Behind the end of the struct lies another object, or the variable is an array's. */
	if (a->offset < 0 || a->offset >= (long)b->types.type[a->type].size)
		return;
	/* A compiler may add a constant to the index: then the displacement names another member. */
	b->access = a;
	b->in_array = a->index == KLASY_NO_REG;
	if (!b->in_array)
		klasy_types_steps(&b->types, a->type, a->offset, a->size, look_for_array, b);
	if (!b->in_array)
		return;
	if (a->pc != b->last_pc) {
		b->last_pc = a->pc;
		b->told = 0;
		sqlite3_bind_int64(s, 1, ++b->sites);
		sqlite3_bind_int64(s, 2, (sqlite3_int64)a->pc);
		sqlite3_bind_blob(s, 3, code, a->length, SQLITE_TRANSIENT);
		sqlite3_bind_int(s, 4, a->base);
		sqlite3_bind_int(s, 5, a->index);
		sqlite3_bind_int(s, 6, a->scale);
		sqlite3_bind_int64(s, 7, a->disp);
		sqlite3_bind_int(s, 8, a->gs);
		sqlite3_bind_int(s, 9, a->mode);
		sqlite3_bind_int(s, 10, a->size);
		sqlite3_bind_int64(s, 11, file_id(b, line->file));
		sqlite3_bind_int64(s, 12, line->line);
		sqlite3_bind_int64(s, 13, line->column);
		sqlite3_bind_int64(s, 14, b->functions);
		sqlite3_bind_int64(s, 15, frame_id(b, frame));
		put(b, PUT_SITE);
	}
	klasy_types_steps(&b->types, a->type, a->offset, a->size, on_step, b);
}

/* Members of an unnamed struct are those of the struct around it: see klasy_types_steps(). */
static void put_members(struct builder *b, klasy_type_id owner, klasy_type_id id, uint32_t start)
{
	const struct klasy_type *t = &b->types.type[id];
	sqlite3_stmt *s = b->put[PUT_MEMBER];
	uint32_t i;

	for (i = t->first; i < t->first + t->members; i++) {
		const struct klasy_member *m = &b->types.member[i];

		if (!m->name) {
			put_members(b, owner, m->type, start + m->offset);
			continue;
		}
		sqlite3_bind_int64(s, 1, i);
		sqlite3_bind_int64(s, 2, owner);
		sqlite3_bind_text(s, 3, m->name, -1, SQLITE_TRANSIENT);
		sqlite3_bind_int64(s, 4, start + m->offset);
		sqlite3_bind_int64(s, 5, m->size);
		sqlite3_bind_int(s, 6, m->bits);
		put(b, PUT_MEMBER);
	}
}

static void put_types(struct builder *b)
{
	bool *inside = lkst_xmalloc(b->types.types);
	sqlite3_stmt *s = b->put[PUT_STRUCT];
	uint32_t i;

	for (i = 0; i < b->types.members; i++) {
		if (!b->types.member[i].name)
			inside[b->types.member[i].type] = true;
	}
	for (i = 0; i < b->types.types; i++) {
		const struct klasy_type *t = &b->types.type[i];

		if ((t->kind != KLASY_STRUCT && t->kind != KLASY_UNION) || t->incomplete || inside[i])
			continue;
		sqlite3_bind_int64(s, 1, i);
		sqlite3_bind_text(s, 2, t->name, -1, SQLITE_TRANSIENT);
		sqlite3_bind_int64(s, 3, t->size);
		sqlite3_bind_int(s, 4, t->kind == KLASY_UNION);
		put(b, PUT_STRUCT);
		put_members(b, i, i, 0);
	}
	free(inside);
}

static void begin(struct builder *b, const char *path)
{
	int i;

	if (sqlite3_open_v2(path, &b->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		give_up(b->db, "making");
	/* Nobody reads the file before it is whole and has its name. */
	run(b->db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; BEGIN;");
	run(b->db, tables);
	b->inlined = lkst_xmalloc(INLINED_SLOTS * sizeof(*b->inlined));
	for (i = 0; i < PUTS; i++) {
		if (sqlite3_prepare_v2(b->db, inserts[i], -1, &b->put[i], NULL) != SQLITE_OK)
			give_up(b->db, "making");
	}
}

static void end(struct builder *b)
{
	size_t i;

	for (i = 0; i < PUTS; i++)
		sqlite3_finalize(b->put[i]);
	run(b->db, indexes);
	run(b->db, "COMMIT;");
	sqlite3_close(b->db);
	for (i = 0; i < b->file_slots; i++)
		free(b->file[i].path);
	free(b->file);
	free(b->frame);
	free(b->inlined);
	klasy_types_end(&b->types);
}

static void put_counts(struct builder *b, const struct klasy_counts *n)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", KLASY_STORE_VERSION);
	put_meta(b, "version", text);
	put_meta(b, "machine", b->machine->name);
	snprintf(text, sizeof(text), "%lu", n->units);
	put_meta(b, "units", text);
	snprintf(text, sizeof(text), "%lu", n->functions);
	put_meta(b, "functions", text);
	snprintf(text, sizeof(text), "%lu", n->operands);
	put_meta(b, "operands", text);
	snprintf(text, sizeof(text), "%lld", (long long)b->sites);
	put_meta(b, "sites", text);
}

/* Returns 0, -1 with a message. */
static int build(struct klasy_object *o, const char *object, const char *path, bool quiet)
{
	struct klasy_sink sink = { .function = on_function, .access = on_access };
	struct klasy_counts counts;
	struct builder b = { 0 };
	char *new = NULL;
	int failed;

	if (asprintf(&new, "%s.%ld", path, (long)getpid()) < 0)
		lkst_die(LKST_EXIT_FAILED, "naming %s: there is no more memory", path);
	if (!quiet)
		lkst_warn("indexing %s", object);
	b.machine = klasy_object_machine(o);
	klasy_types_begin(&b.types, b.machine->word);
	klasy_unfinished(new);
	begin(&b, new);
	sink.arg = &b;
	failed = klasy_object_read(o, &b.types, &sink, &counts);
	if (!failed) {
		put_types(&b);
		put_counts(&b, &counts);
	}
	end(&b);
	if (!failed && rename(new, path)) {
		lkst_warn("naming %s: %s", path, strerror(errno));
		failed = -1;
	}
	if (failed)
		unlink(new);
	klasy_finished(new);
	free(new);
	return failed;
}

static int make_folder(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(path, 0700) && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return 0;
}

char *klasy_store_path(const char *build_id, const char *kind)
{
	const char *own = getenv("KLASY_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int n;

	if (own && *own)
		n = asprintf(&path, "%s/%s.%s", own, build_id, kind);
	else if (xdg && *xdg)
		n = asprintf(&path, "%s/klasy/%s.%s", xdg, build_id, kind);
	else
		n = asprintf(&path, "%s/.cache/klasy/%s.%s", home ? home : "", build_id, kind);
	if (n < 0)
		lkst_die(LKST_EXIT_FAILED, "naming the index: there is no more memory");
	if (make_folder(path)) {
		lkst_warn("making the folder of %s: %s; set KLASY_CACHE to a folder you may write", path,
			  strerror(errno));
		free(path);
		return NULL;
	}
	return path;
}

/* An index that another version of this program made, or that was cut short, is as good as none. */
static sqlite3 *open_made(const char *path)
{
	sqlite3_stmt *s = NULL;
	sqlite3 *db = NULL;
	bool good = false;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE key = 'version'", -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW)
		good = sqlite3_column_int(s, 0) == KLASY_STORE_VERSION;
	sqlite3_finalize(s);
	/* A new index takes the place of this one, none is written in place: the file is looked at and locked once. */
	if (good && sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL) == SQLITE_OK)
		return db;
	sqlite3_close(db);
	return NULL;
}

sqlite3 *klasy_store_open(const char *object, bool anew, bool quiet)
{
	struct klasy_object *o = klasy_object_open(object);
	sqlite3 *db = NULL;
	char *path;

	if (!o)
		return NULL;
	if (!*klasy_object_build_id(o)) {
		lkst_warn("reading %s: it has no build id, without which nothing can be checked against a running "
			  "kernel", object);
		goto out;
	}
	path = klasy_store_path(klasy_object_build_id(o), "index");
	if (!path)
		goto out;
	if (!anew)
		db = open_made(path);
	if (!db && !build(o, object, path, quiet))
		db = open_made(path);
	free(path);
out:
	klasy_object_close(o);
	return db;
}

const struct klasy_machine *klasy_store_machine(sqlite3 *db)
{
	sqlite3_stmt *s = klasy_store_query(db, "SELECT value FROM meta WHERE key = 'machine'", NULL);
	bool is_i386 = klasy_store_next(s) && !strcmp((const char *)sqlite3_column_text(s, 0), klasy_i386.name);

	sqlite3_finalize(s);
	return is_i386 ? &klasy_i386 : &klasy_x86_64;
}

sqlite3_stmt *klasy_store_query(sqlite3 *db, const char *sql, ...)
{
	sqlite3_stmt *s;
	const char *text;
	va_list ap;
	int i = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		give_up(db, "reading");
	va_start(ap, sql);
	while ((text = va_arg(ap, const char *)))
		sqlite3_bind_text(s, ++i, text, -1, SQLITE_TRANSIENT);
	va_end(ap);
	return s;
}

bool klasy_store_next(sqlite3_stmt *statement)
{
	switch (sqlite3_step(statement)) {
	case SQLITE_ROW:
		return true;
	case SQLITE_DONE:
		return false;
	default:
		give_up(sqlite3_db_handle(statement), "reading");
	}
}
