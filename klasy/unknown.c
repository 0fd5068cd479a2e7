// SPDX-License-Identifier: GPL-2.0-only
/*
 * unknown.c - whether the names in a pointcut are known, and which are near to one that is not.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "cli.h"
#include "generate.h"
#include "scope.h"
#include "store.h"
#include "unknown.h"

struct check {
	sqlite3 *db;
	const struct klasy_aspect *aspect;
	const struct klasy_pointcut *pointcut;
	bool failed;
};

static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[64], i, j, n = (unsigned int)strlen(b);

	if (n >= 64 || strlen(a) >= 64)
		return 64;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 0; a[i]; i++) {
		unsigned int corner = row[0];

		row[0] = i + 1;
		for (j = 0; j < n; j++) {
			unsigned int best = corner + (a[i] != b[j]);

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j + 1] + 1 < best)
				best = row[j + 1] + 1;
			corner = row[j + 1];
			row[j + 1] = best;
		}
	}
	return row[n];
}

/* Is a whole name between underscores of the other one? sys_open is in __x64_sys_open. */
static bool is_part(const char *a, const char *b)
{
	size_t n = strlen(a);
	const char *at;

	if (!n)
		return false;
	for (at = strstr(b, a); at; at = strstr(at + 1, a)) {
		if ((at == b || at[-1] == '_') && (!at[n] || at[n] == '_'))
			return true;
	}
	return false;
}

enum { BASE = 16 };	/* added where a name is no part of the other one: those it is a part of come first */

/* Words of a name, between underscores, that the other name has too, weigh more than letters: a function that was
 * renamed often keeps one. */
static unsigned int unlike(const char *a, const char *b)
{
	unsigned int score = 4 * distance(a, b);
	const char *word, *end;

	if (is_part(a, b))
		return (unsigned int)(strlen(b) - strlen(a)) / 4;

	for (word = a; *word; word = *end ? end + 1 : end) {
		char copy[64];

		end = strchrnul(word, '_');
		if (end - word < 4 || end - word >= (long)sizeof(copy))
			continue;
		memcpy(copy, word, (size_t)(end - word));
		copy[end - word] = 0;
		if (strstr(b, copy))
			score -= score < 10 ? score : 10;
	}
	return score + BASE;
}

/* The access that a function's name restricts: the first one of the pointcut. */
static const struct klasy_pointcut *first_access(const struct klasy_pointcut *d)
{
	const struct klasy_pointcut *found;

	if (d->word == KLASY_ACCESS || d->word == KLASY_GET || d->word == KLASY_SET)
		return d;
	found = d->left && d->word != KLASY_NOT ? first_access(d->left) : NULL;
	return found || !d->right ? found : first_access(d->right);
}

/* A function that got another name altogether still does what it did: those that access the same member most often. */
static void say_same_access(struct check *c)
{
	const struct klasy_pointcut *access = first_access(c->pointcut);
	const char *before = ": ";
	sqlite3_stmt *s;

	if (!access)
		return;
	s = klasy_store_query(c->db,
		"SELECT f.name FROM struct s JOIN member m ON m.struct = s.id JOIN touch t ON t.member = m.id"
		" JOIN site i ON i.id = t.site JOIN function f ON f.id = i.function"
		" WHERE s.name = ? AND (? = '%' OR m.name = ?)"
		" GROUP BY f.name ORDER BY count(DISTINCT i.id) DESC, f.name LIMIT 5",
		access->name, access->member, access->member, NULL);
	while (klasy_store_next(s)) {
		if (*before == ':')
			fprintf(stderr, "; most accesses to %s.%s are in", access->name, access->member);
		fprintf(stderr, "%s%s", before + (*before == ':'), sqlite3_column_text(s, 0));
		before = ", ";
	}
	sqlite3_finalize(s);
}

/* The three names that are most like one. */
struct near {
	const char *name;
	struct { unsigned int score; char name[64]; } at[3];
	size_t found;
};

static void look_at(struct near *near, const char *other)
{
	unsigned int score = other ? unlike(near->name, other) : 0;
	size_t i;

	if (!other || strlen(other) >= sizeof(near->at[0].name) || score > 4 * strlen(near->name) / 2 + 12 + BASE)
		return;
	for (i = 0; i < near->found; i++) {
		if (!strcmp(near->at[i].name, other))
			return;
	}
	for (i = near->found < 3 ? near->found++ : 3; i > 0 && near->at[i - 1].score > score; i--) {
		if (i < 3)
			near->at[i] = near->at[i - 1];
	}
	if (i < 3) {
		near->at[i].score = score;
		strcpy(near->at[i].name, other);
	}
}

static void say_near(const struct near *near)
{
	size_t i;

	for (i = 0; i < near->found; i++)
		fprintf(stderr, "%s%s", i ? ", " : "; near it: ", near->at[i].name);
}

static void say_unknown(struct check *c, const struct klasy_pointcut *d, const char *what,
			const char *name, sqlite3_stmt *names)
{
	struct near near = { .name = name };

	while (klasy_store_next(names))
		look_at(&near, (const char *)sqlite3_column_text(names, 0));
	sqlite3_finalize(names);
	fprintf(stderr, "%s:%u:%u: the kernel has no %s '%s'", c->aspect->path, d->place.line, d->place.column, what,
		name);
	say_near(&near);
	if (d->word == KLASY_EXECUTION || d->word == KLASY_WITHIN_FUNCTION)
		say_same_access(c);
	fputc('\n', stderr);
	c->failed = true;
}

static bool exists(struct check *c, const char *sql, const char *a, const char *b)
{
	sqlite3_stmt *s = klasy_store_query(c->db, sql, a, b, NULL);
	bool yes = klasy_store_next(s);

	sqlite3_finalize(s);
	return yes;
}

static void check_member(struct check *c, const struct klasy_pointcut *d)
{
	if (!exists(c, "SELECT 1 FROM struct WHERE name = ?", d->name, NULL))
		say_unknown(c, d, "struct", d->name,
			    klasy_store_query(c->db, "SELECT DISTINCT name FROM struct", NULL));
	else if (strcmp(d->member, "%") &&
		 !exists(c, "SELECT 1 FROM member m JOIN struct s ON s.id = m.struct WHERE s.name = ? AND m.name = ?",
			 d->name, d->member))
		say_unknown(c, d, "member of that struct named", d->member,
			    klasy_store_query(c->db, "SELECT DISTINCT m.name FROM member m JOIN struct s ON s.id = "
					      "m.struct WHERE s.name = ?", d->name, NULL));
}

/* As many of the last parts of a path as another one has. */
static const char *last_parts(const char *path, const char *like)
{
	const char *at = path + strlen(path);
	int parts = 1;

	for (; *like; like++)
		parts += *like == '/';
	while (at > path && (at[-1] != '/' || --parts))
		at--;
	return at;
}

/* It may be that a file is in no place where the index has an access, so that is no error. */
static void check_file(struct check *c, const struct klasy_pointcut *d)
{
	struct near near = { .name = d->name };
	sqlite3_stmt *s = klasy_store_query(c->db, "SELECT name FROM file", NULL);
	bool found = false;

	while (!found && klasy_store_next(s)) {
		const char *file = (const char *)sqlite3_column_text(s, 0);

		found = klasy_in_file(file, d->name);
		if (file)
			look_at(&near, last_parts(file, d->name));
	}
	sqlite3_finalize(s);
	if (found)
		return;
	fprintf(stderr, "%s:%u:%u: there is no instruction of a file '%s'", c->aspect->path, d->place.line,
		d->place.column, d->name);
	say_near(&near);
	fputc('\n', stderr);
}

static void check_function(struct check *c, const struct klasy_pointcut *d)
{
	if (!exists(c, "SELECT 1 FROM function WHERE name = ?", d->name, NULL) &&
	    !exists(c, "SELECT 1 FROM inlined WHERE name = ?", d->name, NULL))
		say_unknown(c, d, "function", d->name,
			    klasy_store_query(c->db, "SELECT DISTINCT name FROM function", NULL));
}

static void check_event(struct check *c, const struct klasy_pointcut *d)
{
	if (lkst_event_by_name(d->name))
		return;
	fprintf(stderr, "%s:%u:%u: the tracer has no event '%s' ('lkst events' lists them)\n", c->aspect->path,
		d->place.line, d->place.column, d->name);
	c->failed = true;
}

static void check_names(struct check *c, const struct klasy_pointcut *d)
{
	switch (d->word) {
	case KLASY_ACCESS:
	case KLASY_GET:
	case KLASY_SET:
		check_member(c, d);
		break;
	case KLASY_EXECUTION:
	case KLASY_WITHIN_FUNCTION:
		check_function(c, d);
		break;
	case KLASY_WITHIN_FILE:
		check_file(c, d);
		break;
	case KLASY_EVENT:
		check_event(c, d);
		break;
	default:
		break;
	}
	if (d->left)
		check_names(c, d->left);
	if (d->right)
		check_names(c, d->right);
}

int klasy_unknown_names(sqlite3 *db, const struct klasy_aspect *aspect, const struct klasy_pointcut *pointcut)
{
	struct check c = { .db = db, .aspect = aspect, .pointcut = pointcut };

	check_names(&c, pointcut);
	return c.failed ? -1 : 0;
}

/* ---- variables, which are known by place ---- */

enum { LOOKED_AT = 1000 };	/* places; as many as are woven by default */

static void functions_named(const struct klasy_pointcut *d, struct klasy_words *functions)
{
	if (d->word == KLASY_WITHIN_FUNCTION)
		klasy_add_word(functions, d->name);
	if (d->word == KLASY_NOT)
		return;
	if (d->left)
		functions_named(d->left, functions);
	if (d->right)
		functions_named(d->right, functions);
}

static void look_at_variable(void *arg, const char *name)
{
	look_at(arg, name);
}

/* At the places that the advice selects: is it there at one of them? */
static bool seen(struct klasy_object *o, const struct klasy_pointcut *d, const struct klasy_words *functions,
		 const struct klasy_matches *m, struct near *near)
{
	bool argument = d->word == KLASY_ARGUMENT;
	size_t i;

	for (i = 0; i < m->n && i < LOOKED_AT; i++) {
		char *entry[] = { (char *)m->at[i].function };
		const struct klasy_words executed = { entry, 1 };

		if (klasy_scope_has(o, m->at[i].pc, near->name, argument,
				    m->at[i].class == KLASY_ENTRY ? &executed : functions, look_at_variable, near))
			return true;
	}
	return m->n > LOOKED_AT;
}

static bool known(struct klasy_object *o, const struct klasy_aspect *aspect, const struct klasy_pointcut *d,
		  const struct klasy_words *functions, const struct klasy_matches *m)
{
	struct near near = { .name = d->what ? d->what : d->name };
	bool number = isdigit((unsigned char)*near.name);

	if (seen(o, d, functions, m, &near))
		return true;
	fprintf(stderr, "%s:%u:%u: at none of the %zu places there is %s %s%s%s", aspect->path, d->place.line,
		d->place.column, m->n, d->word == KLASY_ARGUMENT ? "an argument" : "a variable", number ? "" : "'",
		near.name, number ? "" : "'");
	if (!number)
		say_near(&near);
	fputc('\n', stderr);
	return false;
}

static int check_variables(struct klasy_object *o, const struct klasy_aspect *aspect, const struct klasy_pointcut *d,
			   const struct klasy_words *functions, const struct klasy_matches *m)
{
	int failed = 0;

	if ((d->word == KLASY_LOCAL_VAR || d->word == KLASY_ARGUMENT) && !known(o, aspect, d, functions, m))
		failed = -1;
	if (d->left && check_variables(o, aspect, d->left, functions, m))
		failed = -1;
	if (d->right && check_variables(o, aspect, d->right, functions, m))
		failed = -1;
	return failed;
}

static bool binds(const struct klasy_pointcut *d)
{
	return d->word == KLASY_LOCAL_VAR || d->word == KLASY_ARGUMENT || (d->left && binds(d->left)) ||
	       (d->right && binds(d->right));
}

int klasy_unknown_variables(const char *object, const struct klasy_aspect *aspect,
			    const struct klasy_pointcut *pointcut, const struct klasy_matches *m)
{
	struct klasy_words functions = { NULL, 0 };
	struct klasy_object *o;
	int failed;

	/* Those of an event are checked by themselves. */
	if (!m->n || m->events || !binds(pointcut))
		return 0;
	o = klasy_object_open(object);
	if (!o)
		return -1;
	functions_named(pointcut, &functions);
	failed = check_variables(o, aspect, pointcut, &functions, m);
	free(functions.at);
	klasy_object_close(o);
	return failed;
}
