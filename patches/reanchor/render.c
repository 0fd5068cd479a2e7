// SPDX-License-Identifier: GPL-2.0-only
/*
 * render.c - a file of the tree with what is placed in it. Where white space and comments around a place are those of the
 * base, the result is what the patch itself would have made; else whole lines stay whole lines.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "reanchor.h"

struct piece { int from, to; char *s; int len; int order; };	/* to.s[from..to) becomes s */

static int tok_start(const struct text *t, int tok)
{
	return tok < t->nr_tok ? t->tok[tok].start : t->len;
}

static int tok_end(const struct text *t, int tok)
{
	return tok >= 0 ? t->tok[tok].end : 0;
}

static int line_of(const struct text *t, int pos)
{
	int lo = 0, hi = t->nr_lines - 1, mid;

	while (lo < hi) {
		mid = (lo + hi + 1) / 2;
		if (t->line_start[mid] <= pos)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

static int line_start(const struct text *t, int line)
{
	return line < t->nr_lines ? t->line_start[line] : t->len;
}

/* Nothing but white space between two places of a text? */
static int blank(const struct text *t, int from, int to)
{
	for (; from < to; from++)
		if (!isspace((unsigned char)t->s[from]))
			return 0;
	return 1;
}

/* The end of the line that tok ends in, and of the comment that begins in that line, if one does. */
static int behind_line(const struct text *t, int tok)
{
	int i, comment = 0;

	for (i = tok_end(t, tok); i < t->len; i++) {
		if (!comment && t->s[i] == '/' && t->s[i + 1] == '*')
			comment = 1;
		else if (comment && t->s[i] == '*' && t->s[i + 1] == '/')
			comment = 0;
		if (t->s[i] == '\n' && !comment)
			return i + 1;
	}
	return t->len;
}

static void set(struct piece *p, int from, int to, const char *s, int len)
{
	p->from = from;
	p->to = to;
	p->s = lkst_xmalloc((unsigned long)len + 3);
	memcpy(p->s, s, (size_t)len);
	p->len = len;
}

static void make_piece(struct piece *p, struct text *to, struct text *old, struct text *new, const struct edit *e, int i)
{
	const struct insert *in = &e->in[i];
	int at = e->at[i], from, end, first_line, last_line, inline_too, before;
	int gap_from = tok_end(old, in->gap - 1), gap_to = tok_start(old, in->gap);
	int to_from = tok_end(to, at - 1), to_to = tok_start(to, at);

	if (gap_to - gap_from == to_to - to_from && !memcmp(old->s + gap_from, to->s + to_from, (size_t)(gap_to - gap_from))) {
		from = tok_end(new, in->first - 1);
		end = tok_start(new, in->last + 1);
		set(p, to_from, to_to, new->s + from, end - from);
		return;
	}
	first_line = new->tok[in->first].line;
	last_line = line_of(new, new->tok[in->last].end);
	from = new->line_start[first_line];
	inline_too = !blank(new, from, new->tok[in->first].start) ||
		(in->last + 1 < new->nr_tok && new->tok[in->last + 1].line == last_line);
	/* Lines of their own in the patch; are there two lines to put them between? */
	if (!inline_too && (at >= to->nr_tok || at == 0 || to->tok[at].line > line_of(to, to->tok[at - 1].end))) {
		while (first_line > 0 && new->added[first_line - 1] &&
		       (in->first == 0 || line_of(new, new->tok[in->first - 1].end) < first_line - 1))
			first_line--;
		while (last_line + 1 < new->nr_lines && new->added[last_line + 1] &&
		       (in->last + 1 >= new->nr_tok || new->tok[in->last + 1].line > last_line + 1))
			last_line++;
		from = new->line_start[first_line];
		end = line_start(new, last_line + 1);
		gap_from = e->behind[i] || at >= to->nr_tok ? behind_line(to, at - 1) : to->line_start[to->tok[at].line];
		if (gap_from >= to_from && gap_from <= to_to && (e->behind[i] || blank(to, gap_from, to_to))) {
			set(p, gap_from, gap_from, new->s + from, end - from);
			return;
		}
	}
	from = new->tok[in->first].start;
	end = new->tok[in->last].end;
	/* In a line: what closes goes behind the token before it, an expression's head before the token behind it. */
	before = strchr("{,)", new->s[from]) == NULL && to_from < to_to && at < to->nr_tok && to->mode != MODE_MAKE;
	set(p, before ? to_to : to_from, before ? to_to : to_from, new->s + from - 1, end - from + 2);
	if (before || from == 0 || !isspace((unsigned char)p->s[0]))
		memmove(p->s, p->s + 1, (size_t)--p->len);
	else
		p->s[0] = ' ';
	if (!isspace((unsigned char)p->s[p->len - 1]) || (!before && to_from < to_to))
		p->len--;
	else
		p->s[p->len - 1] = ' ';
}

static int by_place(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : x->order - y->order;
}

/* The text with pieces put in; lines keep the number they have in the user's tree. */
static struct text *put_in(struct text *to, struct piece *p, int n)
{
	int size = to->len, i, k, at = 0, len = 0, lines = 0, max = to->nr_lines, bol = 1;
	struct text *t;
	char *s;
	int *orig;

	for (i = 0; i < n; i++) {
		size += p[i].len;
		for (k = 0; k < p[i].len; k++)
			max += p[i].s[k] == '\n';
	}
	s = lkst_xmalloc((unsigned long)size + 2);
	orig = lkst_xmalloc((unsigned long)max * sizeof(int) + sizeof(int));
	for (i = 0; i <= n; i++) {
		for (; at < (i < n ? p[i].from : to->len); at++) {
			if (bol)
				orig[lines++] = to->orig[line_of(to, at)];
			bol = to->s[at] == '\n';
			s[len++] = to->s[at];
		}
		for (k = 0; i < n && k < p[i].len; k++) {
			if (bol)
				orig[lines++] = to->orig[line_of(to, p[i].to)];
			bol = p[i].s[k] == '\n';
			s[len++] = p[i].s[k];
		}
		if (i < n && p[i].to > at)
			at = p[i].to;
	}
	if (bol)
		orig[lines++] = to->orig[to->nr_lines - 1];
	t = text_new(to->path, s, len, orig);
	free(orig);
	return t;
}

struct text *render(struct text *to, struct text *old, struct text *new, struct edit *e, int count)
{
	struct piece *p = NULL;
	struct text *t = NULL;
	int i, k, n = 0;

	for (i = 0; i < count; i++) {
		if (e[i].to != to || e[i].verdict > V_THREE_WAY || e[i].is_include)
			continue;
		for (k = 0; k < e[i].nr_in; k++) {
			if (n % 32 == 0)
				p = lkst_xrealloc(p, (unsigned long)(n + 32) * sizeof(*p));
			memset(&p[n], 0, sizeof(*p));
			make_piece(&p[n], to, old, new, &e[i], k);
			p[n].order = n;
			n++;
		}
	}
	if (n) {
		qsort(p, (size_t)n, sizeof(*p), by_place);
		for (i = 1; i < n; i++)
			if (p[i].from < p[i - 1].to)
				lkst_die(LKST_EXIT_FAILED, "writing %s: two changes at one place (line %d)", to->path,
					 to->orig[line_of(to, p[i].from)]);
		t = put_in(to, p, n);
	}
	for (i = 0; i < n; i++)
		free(p[i].s);
	free(p);
	return t;
}

/* The include of the same words at the top level, under as few conditions as the first one; -1: there is none. */
static int same_include(const struct text *to, int words)
{
	int i;

	for (i = 0; words && i < to->nr_top; i++)
		if (to->top[i].id == words && token_is(to, to->top[i].first, "#include"))
			return i;
	return -1;
}

/* Behind the last of the first includes of linux/, under no more conditions than they: the guard of a header. */
static int last_include(const struct text *to)
{
	int i, at = -1, path = 0;

	for (i = 0; i < to->nr_top; i++) {
		struct unit *u = &to->top[i];

		if (u->kind != U_DIRECTIVE) {
			if (at >= 0 && u->path == path)
				break;
			continue;
		}
		if (!token_is(to, u->first, "#include") || !token_is(to, u->first + 2, "linux"))
			continue;
		if (at < 0 || u->path == path || strlen(interned(u->path)) < strlen(interned(path))) {
			path = u->path;
			at = i;
		}
	}
	return at;
}

struct text *render_include(struct text *to, struct text *old, int gap, const char *line, int len)
{
	int i, x = -1, y, at;
	struct piece p;
	struct text *t;

	for (i = 0; i < to->nr_top; i++)
		if (token_is(to, to->top[i].first, "#include") && token_is(to, to->top[i].first + 4, "lkst"))
			return NULL;
	for (i = 0; old && i < old->nr_top && old->top[i].first < gap; i++)
		x = i;
	y = x >= 0 && x + 1 < old->nr_top ? same_include(to, old->top[x + 1].id) : -1;
	x = x >= 0 ? same_include(to, old->top[x].id) : -1;
	if (x < 0 && y < 0)
		x = last_include(to);
	if (x < 0 && y < 0)
		return NULL;
	at = x >= 0 ? behind_line(to, to->top[x].last) : to->line_start[to->tok[to->top[y].first].line];
	memset(&p, 0, sizeof(p));
	set(&p, at, at, line, len);
	t = put_in(to, &p, 1);
	free(p.s);
	return t;
}
