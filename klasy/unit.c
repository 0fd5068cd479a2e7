// SPDX-License-Identifier: GPL-2.0-only
/*
 * unit.c - one file of the kernel's source: what sparse finds in it, and what the compiler makes of it.
 *
 * The kernel's own makefiles tell how the file is compiled. sparse's indexer lists the accesses of the source; the
 * compiler, run once more with the same options, prints what each instruction accesses. Its code is compared with the
 * kernel's: only functions that are the same byte by byte count.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <unistd.h>

#include "accesses.h"
#include "cli.h"
#include "compare.h"
#include "embed.h"
#include "run.h"
#include "unit.h"

EMBED(klasy_first_h, "klasy/sparse/first.h");

/* The indexer's own numbers: members, and how they are used: bits by value, of the address, and through a pointer. */
enum { SEMIND_MEMBER = 'm', AOF = 3, READ = 4, WRITE = 8, POINTEE = 0xff00, DEFINITION = 0x10000 };

struct klasy_unit_private {
	struct klasy_object *object;
	const char *file;
	char dir[PATH_MAX], tree[PATH_MAX], headers[PATH_MAX], common[PATH_MAX];
	char *command;		/* the compiler with its options, up to the file's name */
	struct klasy_texts texts;
};

static char *format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static char *format(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		lkst_die(LKST_EXIT_FAILED, "putting a text together: there is no more memory");
	va_end(ap);
	return text;
}

/* Returns the file's text, NULL when it cannot be read. */
static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;

	if (!f)
		return NULL;
	if (getdelim(&text, &room, 0, f) < 0) {
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

/* A file's name as the kernel's debug information has it: from the root of the source. */
static const char *source_name(struct klasy_unit_private *p, const char *path)
{
	const char *roots[] = { p->tree, p->common, p->headers };
	size_t i, n;

	for (i = 0; i < 3; i++) {
		n = strlen(roots[i]);
		if (n && !strncmp(path, roots[i], n) && path[n] == '/')
			path += n + 1;
	}
	while (!strncmp(path, "./", 2))
		path += 2;
	return klasy_keep(&p->texts, path);
}

/* ---- how it is compiled ---- */

/* What is between two texts, NULL when they are not there. */
static char *between(const char *text, const char *before, const char *after)
{
	const char *begin = strstr(text, before), *end;

	if (!begin)
		return NULL;
	begin += strlen(before);
	end = strstr(begin, after);
	return end ? format("%.*s", (int)(end - begin), begin) : NULL;
}

/* Replaces all @old, in place of the freed @text. */
static char *replace(char *text, const char *old, const char *new)
{
	char *at = text, *found, *whole = format("%s", ""), *more;

	while ((found = strstr(at, old))) {
		more = format("%s%.*s%s", whole, (int)(found - at), at, new);
		free(whole);
		whole = more;
		at = found + strlen(old);
	}
	more = format("%s%s", whole, at);
	free(whole);
	free(text);
	return more;
}

/*
 * make -n prints the commands of one file. Of a folder that is no module's, given as if it were one, objects are built
 * as those of the kernel itself are. The command ends with the source's name; the same inside of quotes is what make
 * would print or note down.
 */
static char *find_command(const char *log, const char *source)
{
	const char *line, *end, *output;

	for (line = log; *line; line = *end ? end + 1 : end) {
		size_t n;

		end = line + strcspn(line, ";\n");
		line += strspn(line, " \t");
		n = (size_t)(end - line);
		while (n && line[n - 1] == ' ')
			n--;
		if (n <= strlen(source) || strncmp(line + n - strlen(source), source, strlen(source)))
			continue;
		output = memmem(line, n, " -c -o ", 7);
		if (output && !memchr(line, '\'', strcspn(line, " ")) && strncmp(line, "echo ", 5))
			return format("%.*s", (int)(output - line), line);
	}
	return NULL;
}

static int ask_make(struct klasy_unit_private *p)
{
	char *folder = format("%s/%s", p->tree, p->file), *m, *target, *source, *log, *text, *drop;
	char *argv[] = { "make", "-n", "-C", p->headers, NULL, "V=1", NULL, NULL };

	source = format("%s", folder);
	*strrchr(folder, '/') = 0;
	target = format("%s", strrchr(source, '/') + 1);
	if (strlen(target) > 2)
		strcpy(target + strlen(target) - 1, "o");
	m = format("M=%s", folder);
	argv[4] = m;
	argv[6] = target;
	log = format("%s/make.log", p->dir);
	klasy_run(NULL, log, argv);
	text = read_file(log);
	p->command = text ? find_command(text, source) : NULL;
	if (p->command) {
		/* Nothing is to be written beside the source. */
		drop = between(p->command, "-Wp,-MMD,", " ");
		if (drop) {
			char *option = format("-Wp,-MMD,%s", drop);

			p->command = replace(p->command, option, "");
			free(option);
		}
		free(drop);
		drop = between(p->command, "-fmacro-prefix-map=", "/=");
		snprintf(p->common, sizeof(p->common), "%s", drop ? drop : "");
		free(drop);
	}
	free(folder);
	free(source);
	free(target);
	free(m);
	free(log);
	free(text);
	if (p->command)
		return LKST_EXIT_DONE;
	lkst_warn("asking make how %s is compiled: it does not tell (is %s of the same kernel?)", p->file, p->headers);
	return LKST_EXIT_FAILED;
}

/* Runs a line of the shell in the build directory. @what: for the message. Returns its status. */
static int shell(const struct klasy_unit_private *p, const char *dir, const char *line, const char *log,
		 const char *what)
{
	char *path = format("%s/%s", p->dir, log), *text, *error;
	char *argv[] = { "sh", "-c", (char *)line, NULL };
	int status = klasy_run(dir, path, argv);

	if (status && what) {
		text = read_file(path);
		error = text ? strstr(text, "error:") : NULL;
		while (error && error > text && error[-1] != '\n')
			error--;
		lkst_warn("%s %s: %.*s", what, p->file, error ? (int)strcspn(error, "\n") : 30,
			  error ? error : "it failed without a word");
		free(text);
	}
	free(path);
	return status;
}

/* ---- the source's accesses ---- */

/* The indexer leaves out all that lies outside of the folder it runs in. */
static char *common_folder(const struct klasy_unit_private *p)
{
	char *folder = format("%s/", p->tree);
	const char *others[] = { p->headers, p->common };
	size_t i, n;

	for (i = 0; i < 2; i++) {
		for (n = 0; folder[n] && folder[n] == others[i][n]; n++)
			;
		while (n && folder[n - 1] != '/')
			n--;
		if (*others[i])
			folder[n] = 0;
	}
	return folder;
}

static int read_points(struct klasy_unit *u, const char *database, const char *folder)
{
	struct klasy_unit_private *p = u->p;
	sqlite3_stmt *s = NULL;
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT f.name, s.line, s.column, s.symbol, s.context, s.mode FROM semind s "
			       "JOIN file f ON f.id = s.file WHERE s.kind = ? AND s.mode > 0 AND s.mode < ? "
			       "ORDER BY 1, 2, 3", -1, &s, NULL) != SQLITE_OK) {
		lkst_warn("reading what semind found in %s: %s", p->file, sqlite3_errmsg(db));
		sqlite3_close(db);
		return LKST_EXIT_FAILED;
	}
	sqlite3_bind_int(s, 1, SEMIND_MEMBER);
	sqlite3_bind_int(s, 2, DEFINITION);
	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *symbol = (const char *)sqlite3_column_text(s, 3), *dot = strchr(symbol, '.');
		const char *context = (const char *)sqlite3_column_text(s, 4);
		int mode = sqlite3_column_int(s, 5);
		char *path, *tag;

		if (!dot)
			continue;
		path = format("%s%s", folder, sqlite3_column_text(s, 0));
		tag = format("%.*s", (int)(dot - symbol), symbol);
		*klasy_add(&u->point) = (struct klasy_point){
			.file = source_name(p, path), .line = (uint32_t)sqlite3_column_int64(s, 1),
			.column = (uint32_t)sqlite3_column_int64(s, 2),
			.structure = klasy_keep(&p->texts, tag), .member = klasy_keep(&p->texts, dot + 1),
			.function = klasy_keep(&p->texts, context ? context : ""),
			.mode = (uint8_t)((mode & (READ | POINTEE) ? KLASY_READ : 0) |
					  (mode & WRITE ? KLASY_WRITE : 0) |
					  (!(mode & ~AOF) ? KLASY_ADDRESS_OF : 0)),
		};
		free(path);
		free(tag);
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	return LKST_EXIT_DONE;
}

static int ask_sparse(struct klasy_unit *u)
{
	static const char last[] = "compiler_types.h";
	struct klasy_unit_private *p = u->p;
	char *header = format("%s/first.h", p->dir), *folder = common_folder(p), *database, *options, *line, *more;
	FILE *f = fopen(header, "w");
	int status;

	if (!f || fputs(klasy_first_h, f) < 0 || fclose(f))
		lkst_die(LKST_EXIT_FAILED, "writing %s: %s", header, strerror(errno));
	database = format("%s/points", p->dir);
	options = format("%s", strchr(p->command, ' ') ? strchr(p->command, ' ') : "");
	line = format("-I%s/", p->headers);
	options = replace(options, "-I./", line);
	free(line);
	line = format("-include %s/", p->headers);
	options = replace(options, "-include ./", line);
	free(line);
	more = format("%s -include %s", last, header);
	options = replace(options, last, more);
	line = format("semind -D %s add -- %s %s/%s", database, options, p->tree, p->file);
	status = shell(p, folder, line, "semind.log", NULL);
	if (status == 127)
		lkst_warn("looking for semind: not installed (its package is sparse)");
	else if (status || (status = read_points(u, database, folder)))
		lkst_warn("running semind on %s: it failed with status %d", p->file, status);
	else if (!u->point.n)
		lkst_warn("running semind on %s: it found nothing (source and headers must lie in one folder, not in "
			  "/ itself)", p->file);
	free(header);
	free(folder);
	free(database);
	free(options);
	free(line);
	free(more);
	return status == 127 ? LKST_EXIT_UNAVAILABLE : status || !u->point.n ? LKST_EXIT_FAILED : LKST_EXIT_DONE;
}

/* ---- the compiler's view ---- */

static int compile(struct klasy_unit *u)
{
	struct klasy_unit_private *p = u->p;
	char *line, *assembly = format("%s/unit.s", p->dir), *labelled = format("%s/labelled.s", p->dir);
	char *tree = format("%s/tree", p->dir);
	int status = LKST_EXIT_FAILED;

	line = format("%s -S -dP -fdump-tree-optimized=%s -o %s %s/%s", p->command, tree, assembly, p->tree, p->file);
	if (shell(p, p->headers, line, "compile.log", "compiling"))
		goto out;
	if (!klasy_observe(assembly, tree, labelled, &u->views))
		goto out;
	free(line);
	line = format("%.*s -c -o %s/unit.o %s", (int)strcspn(p->command, " "), p->command, p->dir, labelled);
	if (!shell(p, p->headers, line, "assemble.log", "assembling"))
		status = LKST_EXIT_DONE;
out:
	free(line);
	free(assembly);
	free(labelled);
	free(tree);
	return status;
}

/* ---- both at their places in the kernel ---- */

static int by_line(const struct klasy_point *point, const char *file, uint32_t line)
{
	int order = strcmp(point->file, file);

	return order ? order : (point->line > line) - (point->line < line);
}

/* Points are sorted by file and line. */
static void add_row(void *arg, const struct klasy_line *line, uint64_t begin, uint64_t end)
{
	struct klasy_unit *u = arg;
	size_t low = 0, high = u->point.n;

	if (!line->file || begin >= end)
		return;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_line(&u->point.at[middle], line->file, line->line) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < u->point.n && !by_line(&u->point.at[low], line->file, line->line))
		*klasy_add(&u->row) = (struct klasy_row){ u->point.at[low].file, line->line, begin, end };
}

static int point_order(const void *a, const void *b)
{
	const struct klasy_point *x = a, *y = b;

	return by_line(x, y->file, y->line);
}

static int place(struct klasy_unit *u)
{
	struct klasy_unit_private *p = u->p;
	char *path = format("%s/unit.o", p->dir);
	struct klasy_compiled *compiled = klasy_compiled_read(path, p->object);
	const char *differing;
	size_t i;

	free(path);
	if (!compiled)
		return LKST_EXIT_FAILED;
	differing = klasy_compiled_count(compiled, &u->same, &u->differ);
	u->first_differing = klasy_keep(&p->texts, differing);
	for (i = 0; i < u->views.n; i++) {
		struct klasy_placed placed = { .view = &u->views.at[i] };

		if (!klasy_compiled_label(compiled, placed.view->label, &placed.pc, &placed.end))
			continue;
		if (placed.view->file)
			u->views.at[i].file = source_name(p, placed.view->file);
		*klasy_add(&u->placed) = placed;
	}
	klasy_compiled_free(compiled);
	qsort(u->point.at, u->point.n, sizeof(*u->point.at), point_order);
	if (klasy_object_rows(p->object, p->file, add_row, u)) {
		lkst_warn("looking for %s in the kernel: it has no such unit (of a module's, give the .ko with "
			  "--object)", p->file);
		return LKST_EXIT_FAILED;
	}
	return LKST_EXIT_DONE;
}

int klasy_unit_read(struct klasy_unit *u, struct klasy_object *object, const char *tree, const char *headers,
		    const char *file)
{
	struct klasy_unit_private *p = lkst_xmalloc(sizeof(*p));
	size_t n = strlen(file);
	char *path;
	int status;

	memset(u, 0, sizeof(*u));
	u->p = p;
	p->object = object;
	p->file = file;
	if (!realpath(tree, p->tree) || !realpath(headers, p->headers)) {
		lkst_warn("looking for the source: %s or %s: %s", tree, headers, strerror(errno));
		return LKST_EXIT_FAILED;
	}
	path = format("%s/%s", p->tree, file);
	status = n > 3 && !strcmp(file + n - 2, ".c") && strchr(file, '/') && !access(path, R_OK) ? LKST_EXIT_DONE :
		 LKST_EXIT_FAILED;
	free(path);
	if (status) {
		lkst_warn("looking for %s in %s: no such file (give it from the root of the source: net/core/dev.c)",
			  file, tree);
		return status;
	}
	if (!klasy_make_folder(p->dir, sizeof(p->dir)))
		return LKST_EXIT_FAILED;
	status = ask_make(p);
	if (!status)
		status = ask_sparse(u);
	if (!status)
		status = compile(u);
	if (!status)
		status = place(u);
	klasy_remove_folder(p->dir);
	return status;
}

void klasy_unit_free(struct klasy_unit *u)
{
	struct klasy_unit_private *p = u->p;

	klasy_texts_free(&p->texts);
	free(p->command);
	free(p);
	free(u->point.at);
	free(u->row.at);
	free(u->placed.at);
	klasy_views_free(&u->views);
}
