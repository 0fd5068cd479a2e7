// SPDX-License-Identifier: GPL-2.0-only
/*
 * reader.c - the words, names and tags of an aspect file's text, and the first error in it.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "list.h"
#include "reader.h"

enum { MAX_NAME = 511 };	/* what a kernel's symbol may have */

void klasy_error(struct klasy_reader *r, struct klasy_place place, const char *fmt, ...)
{
	va_list ap;

	if (r->failed)
		return;
	r->failed = true;
	fprintf(stderr, "%s:%u:%u: ", r->path, place.line, place.column);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void klasy_read_on(struct klasy_reader *r, size_t n)
{
	for (; n && r->at < r->end; n--, r->at++) {
		if (*r->at == '\n') {
			r->place.line++;
			r->place.column = 1;
		} else {
			r->place.column++;
		}
	}
}

static bool looking_at(const struct klasy_reader *r, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(r->end - r->at) >= n && !memcmp(r->at, text, n);
}

void klasy_skip_space(struct klasy_reader *r)
{
	while (r->at < r->end && isspace((unsigned char)*r->at))
		klasy_read_on(r, 1);
}

void klasy_skip_between(struct klasy_reader *r)
{
	for (;;) {
		struct klasy_place place;

		klasy_skip_space(r);
		if (!looking_at(r, "<!--"))
			return;
		place = r->place;
		klasy_read_on(r, 4);
		while (r->at < r->end && !looking_at(r, "-->"))
			klasy_read_on(r, 1);
		if (r->at == r->end)
			klasy_error(r, place, "expected '-->' at the end of this comment");
		klasy_read_on(r, 3);
	}
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

const char *klasy_found(const struct klasy_reader *r)
{
	static char text[48];
	size_t n = 0, left = (size_t)(r->end - r->at);

	if (!left)
		return "the end of the file";
	n = strspn(r->at, *r->at == '<' ? "</" : "");
	while (n < left && n < sizeof(text) - 4 && is_name(r->at[n]))
		n++;
	if (!n)
		n = 1;
	else if (*r->at == '<' && n < left && r->at[n] == '>')
		n++;
	snprintf(text, sizeof(text), "'%.*s'", (int)n, isprint((unsigned char)*r->at) ? r->at : "?");
	return text;
}

bool klasy_open_tag(struct klasy_reader *r, const char *name)
{
	size_t n = strlen(name);

	if ((size_t)(r->end - r->at) <= n + 1 || *r->at != '<' || memcmp(r->at + 1, name, n))
		return false;
	if (r->at[n + 1] != '>' && !isspace((unsigned char)r->at[n + 1]))
		return false;
	klasy_read_on(r, n + 1);
	return true;
}

void klasy_end_of_tag(struct klasy_reader *r, const char *name)
{
	klasy_skip_space(r);
	if (r->at == r->end || *r->at != '>')
		klasy_error(r, r->place, "expected '>' at the end of <%s>, found %s", name, klasy_found(r));
	klasy_read_on(r, 1);
}

bool klasy_close_tag(struct klasy_reader *r, const char *name)
{
	struct klasy_reader try = *r;
	size_t n = strlen(name);

	if (!looking_at(r, "</"))
		return false;
	klasy_read_on(&try, 2);
	if ((size_t)(try.end - try.at) <= n || memcmp(try.at, name, n))
		return false;
	klasy_read_on(&try, n);
	klasy_skip_space(&try);
	if (try.at == try.end || *try.at != '>')
		return false;
	klasy_read_on(&try, 1);
	*r = try;
	return true;
}

/* Is there a line for the preprocessor? */
static bool has_directive(const char *begin, size_t n)
{
	bool fresh = true;

	for (; n; n--, begin++) {
		if (*begin == '#' && fresh)
			return true;
		fresh = *begin == '\n' || (fresh && isspace((unsigned char)*begin));
	}
	return false;
}

/* Reads on behind a comment, or a text in quotes. Returns false when it is an error: it does not end. */
static bool skip_opaque(struct klasy_reader *c, struct klasy_reader *r)
{
	struct klasy_place place = c->place;
	char quote = *c->at;

	if (quote == '/') {
		const char *end = c->at[1] == '*' ? "*/" : "\n";

		klasy_read_on(c, 2);
		while (c->at < c->end && !looking_at(c, end))
			klasy_read_on(c, 1);
		if (c->at == c->end && *end == '*')
			klasy_error(r, place, "expected '*/' at the end of this comment");
		klasy_read_on(c, strlen(end));
		return !r->failed;
	}
	klasy_read_on(c, 1);
	while (c->at < c->end && *c->at != quote && *c->at != '\n')
		klasy_read_on(c, *c->at == '\\' ? 2 : 1);
	if (c->at == c->end || *c->at != quote)
		klasy_error(r, place, "expected %c at the end of this text, on the same line", quote);
	klasy_read_on(c, 1);
	return !r->failed;
}

void klasy_check_code(struct klasy_reader *r, const char *begin, size_t n, struct klasy_place place)
{
	static const char opening[] = "([{", closing[] = ")]}";
	struct klasy_reader c = { .path = r->path, .at = begin, .end = begin + n, .place = place };
	KLASY_VEC(struct { char close; struct klasy_place place; }) open = { 0 };
	const char *which;

	if (has_directive(begin, n))
		return;
	while (c.at < c.end && !r->failed) {
		if (*c.at == '"' || *c.at == '\'' || looking_at(&c, "/*") || looking_at(&c, "//")) {
			if (!skip_opaque(&c, r))
				break;
			continue;
		}
		if (*c.at && (which = strchr(opening, *c.at))) {
			klasy_add(&open)->place = c.place;
			open.at[open.n - 1].close = closing[which - opening];
		} else if (*c.at && strchr(closing, *c.at)) {
			if (!open.n)
				klasy_error(r, c.place, "expected what this '%c' closes before it, in the same body",
					    *c.at);
			else if (open.at[--open.n].close != *c.at)
				klasy_error(r, c.place, "expected '%c' for what is open since line %u, column %u, "
					    "found '%c'", open.at[open.n].close, open.at[open.n].place.line,
					    open.at[open.n].place.column, *c.at);
		}
		klasy_read_on(&c, 1);
	}
	if (open.n)
		klasy_error(r, open.at[open.n - 1].place, "expected '%c' for this, found the end of the body",
			    open.at[open.n - 1].close);
	free(open.at);
}

char *klasy_copy(const char *from, size_t n)
{
	char *text = lkst_xmalloc(n + 1);

	memcpy(text, from, n);
	return text;
}

size_t klasy_name_length(const struct klasy_reader *r)
{
	size_t n = 0;

	while (r->at + n < r->end && is_name(r->at[n]))
		n++;
	return n;
}

bool klasy_take_word(struct klasy_reader *r, const char *word)
{
	size_t n = klasy_name_length(r);

	if (n != strlen(word) || memcmp(r->at, word, n))
		return false;
	klasy_read_on(r, n);
	klasy_skip_space(r);
	return true;
}

void klasy_expect(struct klasy_reader *r, char c, const char *where)
{
	klasy_skip_space(r);
	if (r->at == r->end || *r->at != c)
		klasy_error(r, r->place, "expected '%c' %s, found %s", c, where, klasy_found(r));
	klasy_read_on(r, 1);
	klasy_skip_space(r);
}

char *klasy_take_name(struct klasy_reader *r, const char *what, const char *extra)
{
	size_t n = 0;
	char *text;

	while (r->at + n < r->end && r->at[n] && (is_name(r->at[n]) || strchr(extra, r->at[n])))
		n++;
	if (!n) {
		klasy_error(r, r->place, "expected %s, found %s", what, klasy_found(r));
		return NULL;
	}
	if (n > MAX_NAME) {
		klasy_error(r, r->place, "expected %s of at most %d characters, found %zu", what, MAX_NAME, n);
		return NULL;
	}
	text = klasy_copy(r->at, n);
	klasy_read_on(r, n);
	klasy_skip_space(r);
	return text;
}
