// SPDX-License-Identifier: GPL-2.0-only
/*
 * tree.c - what units of a kernel's source access, kept in an SQLite file beside the index of the kernel.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "backend.h"
#include "cli.h"
#include "run.h"
#include "tree.h"
#include "store.h"
#include "unit.h"

/* Raised when the tables or the way they are filled change: a file of another number is made anew. */
enum { VERSION = 3 };

static const char tables[] =
"DROP TABLE IF EXISTS unit; DROP TABLE IF EXISTS point; DROP TABLE IF EXISTS view;"
"DROP TABLE IF EXISTS row;"
"CREATE TABLE unit(id INTEGER PRIMARY KEY, file TEXT UNIQUE, same INT, differ INT);"
"CREATE TABLE point(unit INT, file TEXT, line INT, col INT, struct TEXT, member TEXT, mode INT, function TEXT);"
"CREATE TABLE view(unit INT, pc INT, end INT, file TEXT, line INT, col INT, expression TEXT, struct TEXT, member TEXT,"
" depth INT, at INT, size INT, holder TEXT, held_at INT, innermost TEXT);"
"CREATE TABLE row(unit INT, file TEXT, line INT, begin INT, end INT);"
"CREATE INDEX row_line ON row(file, line);"
"CREATE INDEX point_struct ON point(struct, member);"
"CREATE INDEX view_pc ON view(pc);";

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		lkst_die(LKST_EXIT_FAILED, "writing what the source says: %s", sqlite3_errmsg(db));
}

static int version(sqlite3 *db)
{
	sqlite3_stmt *s = klasy_store_query(db, "PRAGMA user_version", NULL);
	int number = klasy_store_next(s) ? sqlite3_column_int(s, 0) : 0;

	sqlite3_finalize(s);
	return number;
}

/* What goes into a column: a text, NULL when there is none, or a number. */
struct column {
	bool is_text;
	const char *text;
	sqlite3_int64 number;
};

#define TEXT(t)		{ .is_text = true, .text = (t) }
#define NUMBER(n)	{ .number = (sqlite3_int64)(n) }

#define put(s, ...) \
	put_row(s, (const struct column[]){ __VA_ARGS__ }, \
		sizeof((const struct column[]){ __VA_ARGS__ }) / sizeof(struct column))

/* The first column is the unit. The texts are used until the next row. */
static void put_row(sqlite3_stmt *s, const struct column *column, size_t columns)
{
	size_t i;

	sqlite3_reset(s);
	for (i = 0; i < columns; i++) {
		if (column[i].is_text)
			sqlite3_bind_text(s, (int)i + 2, column[i].text, -1, SQLITE_STATIC);
		else
			sqlite3_bind_int64(s, (int)i + 2, column[i].number);
	}
	klasy_store_next(s);
}

static void put_point(sqlite3_stmt *s, const void *at)
{
	const struct klasy_point *p = at;

	put(s, TEXT(p->file), NUMBER(p->line), NUMBER(p->column), TEXT(p->structure), TEXT(p->member),
	    NUMBER(p->mode), TEXT(p->function));
}

static void put_view(sqlite3_stmt *s, const void *at)
{
	const struct klasy_placed *p = at;
	const struct klasy_view *v = p->view;

	put(s, NUMBER(p->pc), NUMBER(p->end), TEXT(v->file), NUMBER(v->line), NUMBER(v->column), TEXT(v->expression),
	    TEXT(v->structure), TEXT(v->member), NUMBER(v->depth), NUMBER(v->at), NUMBER(v->size), TEXT(v->holder),
	    NUMBER(v->held_at), TEXT(v->innermost));
}

static void put_line(sqlite3_stmt *s, const void *at)
{
	const struct klasy_row *r = at;

	put(s, TEXT(r->file), NUMBER(r->line), NUMBER(r->begin), NUMBER(r->end));
}

/* @at: @n elements of @size, each a row of the table. */
static void put_all(sqlite3 *db, const char *sql, sqlite3_int64 unit, const void *at, size_t n, size_t size,
		    void (*put_one)(sqlite3_stmt *s, const void *at))
{
	sqlite3_stmt *s = klasy_store_query(db, sql, NULL);
	size_t i;

	sqlite3_bind_int64(s, 1, unit);
	for (i = 0; i < n; i++)
		put_one(s, (const char *)at + i * size);
	sqlite3_finalize(s);
}

static void put_unit(sqlite3 *db, const char *file, const struct klasy_unit *u)
{
	static const char *const forget[] = {
		"DELETE FROM point WHERE unit = (SELECT id FROM unit WHERE file = ?)",
		"DELETE FROM view WHERE unit = (SELECT id FROM unit WHERE file = ?)",
		"DELETE FROM row WHERE unit = (SELECT id FROM unit WHERE file = ?)",
	};
	sqlite3_stmt *s;
	sqlite3_int64 unit;
	size_t i;

	run(db, "BEGIN");
	for (i = 0; i < sizeof(forget) / sizeof(forget[0]); i++) {
		s = klasy_store_query(db, forget[i], file, NULL);
		klasy_store_next(s);
		sqlite3_finalize(s);
	}
	s = klasy_store_query(db, "INSERT OR REPLACE INTO unit(file, same, differ) VALUES(?, ?, ?)", file, NULL);
	sqlite3_bind_int64(s, 2, (sqlite3_int64)u->same);
	sqlite3_bind_int64(s, 3, (sqlite3_int64)u->differ);
	klasy_store_next(s);
	sqlite3_finalize(s);
	unit = sqlite3_last_insert_rowid(db);
	put_all(db, "INSERT INTO point VALUES(?,?,?,?,?,?,?,?)", unit, u->point.at, u->point.n,
		sizeof(*u->point.at), put_point);
	put_all(db, "INSERT INTO view VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", unit, u->placed.at, u->placed.n,
		sizeof(*u->placed.at), put_view);
	put_all(db, "INSERT INTO row VALUES(?,?,?,?,?)", unit, u->row.at, u->row.n, sizeof(*u->row.at), put_line);
	run(db, "COMMIT");
}

/*
 * Instructions of which both the index and the compiler know the struct. What the compiler's expression begins with is
 * compared: the struct, the member, and, where the expression has one member only, how far the operand's address lies
 * from the struct. A struct inside is the same when its member is; a cast tells of two structs. An offset that lies
 * outside of the struct tells that the pointer is meant for another one, not which.
 */
static const char compared[] =
"CREATE TEMP TABLE known AS SELECT v.pc, v.expression, s.name AS tag, m.name AS its, ifnull(s.name = v.struct AND CASE"
" WHEN v.member IS NULL THEN m.bits OR t.start = -v.at ELSE m.name = v.member AND (v.depth > 1 OR m.bits OR t.start ="
" -(m.offset + v.at)) END, 0) OR ifnull(s.name = v.holder, 0) OR ifnull(v.depth > 1 AND"
" m.name = v.innermost, 0) AS same"
" FROM main.view v JOIN index_of.site i ON i.pc = v.pc JOIN index_of.touch t ON t.site = i.id JOIN index_of.member m"
" ON m.id = t.member JOIN index_of.struct s ON s.id = m.struct WHERE v.struct IS NOT NULL AND v.unit ="
" (SELECT id FROM unit WHERE file = ?) AND (v.member IS NOT NULL OR (v.at >= 0 AND v.at < (SELECT max(size) FROM"
" index_of.struct WHERE name = v.struct)))";

static const char differing[] =
"SELECT pc, expression, group_concat(DISTINCT tag || '.' || its) FROM known GROUP BY pc HAVING NOT max(same)"
" ORDER BY pc";

static void check_unit(sqlite3 *db, const char *index, const char *file)
{
	sqlite3_stmt *s = klasy_store_query(db, "ATTACH ? AS index_of", index, NULL);
	long both, bad = 0;

	klasy_store_next(s);
	sqlite3_finalize(s);
	s = klasy_store_query(db, compared, file, NULL);
	klasy_store_next(s);
	sqlite3_finalize(s);
	s = klasy_store_query(db, "SELECT count(DISTINCT pc) FROM known", NULL);
	both = klasy_store_next(s) ? (long)sqlite3_column_int64(s, 0) : 0;
	sqlite3_finalize(s);
	for (s = klasy_store_query(db, differing, NULL); klasy_store_next(s); bad++)
		printf("  %llx  compiler: %s  index: %s\n", (unsigned long long)sqlite3_column_int64(s, 0),
		       sqlite3_column_text(s, 1), sqlite3_column_text(s, 2));
	sqlite3_finalize(s);
	printf("%s: %ld instructions of which index and compiler know the struct, they differ on %ld\n", file, both,
	       bad);
	run(db, "DROP TABLE known; DETACH index_of");
}

static int index_file(sqlite3 *db, struct klasy_object *o, const char *tree, const char *headers,
		      const char *file, bool quiet)
{
	struct klasy_unit u;
	int status = klasy_unit_read(&u, o, tree, headers, file);

	if (!status) {
		put_unit(db, file, &u);
		if (!quiet)
			printf("%s: %zu accesses in the source, %zu in the compiler's view; functions byte by byte as "
			       "in the kernel: %lu of %lu%s%s\n", file, u.point.n, u.placed.n, u.same,
			       u.same + u.differ, u.differ ? ", not " : "", u.differ ? u.first_differing : "");
		if (u.differ)
			status = LKST_EXIT_LOSSES;
	}
	klasy_unit_free(&u);
	return status;
}

static sqlite3 *open_for(const struct klasy_object *o, int flags, bool *missing)
{
	char *path = klasy_store_path(klasy_object_build_id(o), "source");
	sqlite3 *db = NULL;

	*missing = !path;
	if (path && sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK) {
		sqlite3_close(db);
		db = NULL;
	}
	free(path);
	return db;
}

/* What there was not before, and SQLite's own file beside it: removed at the end, unless something came into it. */
static struct fresh {
	char *path, *journal;
} fresh;

static void begin_fresh(const struct klasy_object *o)
{
	char *path = klasy_store_path(klasy_object_build_id(o), "source");
	struct stat st;

	if (!path || (!stat(path, &st) && st.st_size)) {
		free(path);
		return;
	}
	fresh.path = path;
	fresh.journal = lkst_xmalloc(strlen(path) + sizeof("-journal"));
	strcat(strcpy(fresh.journal, path), "-journal");
	klasy_unfinished(fresh.path);
	klasy_unfinished(fresh.journal);
}

static void end_fresh(void)
{
	if (!fresh.path)
		return;
	klasy_finished(fresh.path);
	klasy_finished(fresh.journal);
	free(fresh.path);
	free(fresh.journal);
	fresh.path = NULL;
}

int klasy_tree_index(const char *object, const char *tree, const char *headers, char *const *file, size_t files,
		     bool quiet, bool check)
{
	struct klasy_object *o = klasy_object_open(object);
	int status = LKST_EXIT_FAILED, all = LKST_EXIT_DONE;
	bool missing;
	char text[64], *index = NULL;
	sqlite3 *db;
	size_t i;

	if (!o)
		return LKST_EXIT_FAILED;
	if (!klasy_backend_can(klasy_backend_of(o), KLASY_ASK_SOURCE, "reading the source")) {
		status = LKST_EXIT_UNAVAILABLE;
		goto out;
	}
	begin_fresh(o);
	db = open_for(o, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &missing);
	if (!db && !missing)
		lkst_warn("writing what the source says: the folder of the indexes cannot be written");
	if (!db)
		goto out;
	if (version(db) != VERSION) {
		run(db, "BEGIN");
		run(db, tables);
		snprintf(text, sizeof(text), "PRAGMA user_version = %d; COMMIT", VERSION);
		run(db, text);
	}
	index = check ? klasy_store_path(klasy_object_build_id(o), "index") : NULL;
	for (i = 0; i < files; i++) {
		status = index_file(db, o, tree, headers, file[i], quiet);
		if (status && status != LKST_EXIT_LOSSES)
			break;
		end_fresh();
		if (check)
			check_unit(db, index, file[i]);
		if (status)
			all = status;
	}
	if (i == files)
		status = all;
	sqlite3_close(db);
	free(index);
out:
	klasy_object_close(o);
	return status;
}

sqlite3 *klasy_tree_open(const char *object, bool say)
{
	struct klasy_object *o = klasy_object_open(object);
	bool missing;
	sqlite3 *db;

	if (!o)
		return NULL;
	db = open_for(o, SQLITE_OPEN_READONLY, &missing);
	klasy_object_close(o);
	if (db && version(db) == VERSION)
		return db;
	sqlite3_close(db);
	if (say)
		lkst_warn("looking for the source of %s: nothing is kept of it (klasy index --source=TREE FILE...)",
			  object);
	return NULL;
}
