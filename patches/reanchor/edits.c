// SPDX-License-Identifier: GPL-2.0-only
/*
 * edits.c - what a patch adds to a file, as insertions between tokens. Insertions that only together have their brackets
 * closed are one edit: "LKST_VALUE1(NAME," and ")", or "{ hook" and "}".
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "reanchor.h"

static const char *line_end(const char *s)
{
	const char *e = strchr(s, '\n');

	return e ? e : s + strlen(s);
}

static struct patch_file *add_file(struct patch *p, const char *old, const char *new)
{
	struct patch_file *pf;
	const char *path = strncmp(new, "/dev/null", 9) ? new : old;
	const char *slash = strchr(path, '/');
	int n = 0;

	if (p->nr_files % 16 == 0)
		p->file = lkst_xrealloc(p->file, (unsigned long)(p->nr_files + 16) * sizeof(*pf));
	pf = &p->file[p->nr_files++];
	memset(pf, 0, sizeof(*pf));
	while (slash && slash[1 + n] && !isspace((unsigned char)slash[1 + n]))
		n++;
	pf->path = slash ? strndup(slash + 1, (size_t)n) : strdup("");
	pf->is_new = !strncmp(old, "/dev/null", 9);
	return pf;
}

struct patch *patch_read(const char *dir, const char *name)
{
	struct patch *p = lkst_xmalloc(sizeof(*p));
	struct patch_file *pf = NULL;
	const char *s, *next;
	char file[4096], *all;
	int len, old = 0, left_old = 0, left_new = 0, n;

	snprintf(file, sizeof(file), "%s/%s", dir, name);
	all = slurp(file, &len);
	if (!all)
		lkst_die(LKST_EXIT_FAILED, "reading the series: there is no patch %s", file);
	p->name = strdup(name);
	p->letter = all;
	for (s = all; *s; s = next) {
		next = line_end(s);
		len = (int)(next - s);
		next += *next == '\n';
		if (left_old <= 0 && left_new <= 0) {
			if (!strncmp(s, "--- ", 4) && !strncmp(next, "+++ ", 4)) {
				if (!p->nr_files)
					p->letter_len = (int)(s - all);
				pf = add_file(p, s + 4, next + 4);
			} else if (pf && !strncmp(s, "@@ -", 4)) {
				left_old = left_new = 1;
				n = sscanf(s, "@@ -%d,%d", &old, &left_old);
				if (n < 1 || sscanf(strchr(s, '+'), "+%*d,%d", &left_new) < 0)
					lkst_die(LKST_EXIT_FAILED, "reading %s: not understood: %.*s", file, len, s);
				old = old ? old - 1 : 0;
			}
			continue;
		}
		if (pf->nr % 64 == 0) {
			pf->line = lkst_xrealloc(pf->line, (unsigned long)(pf->nr + 64) * sizeof(*pf->line));
			pf->old_line = lkst_xrealloc(pf->old_line, (unsigned long)(pf->nr + 64) * sizeof(int));
		}
		if (*s == '\\')
			continue;
		pf->line[pf->nr] = (struct hunk_line){ *s == '+' || *s == '-' ? *s : ' ', s + (len > 0), len - (len > 0) };
		pf->old_line[pf->nr++] = old;
		old += *s != '+';
		left_old -= *s != '+';
		left_new -= *s != '-';
	}
	if (!p->nr_files)
		lkst_die(LKST_EXIT_FAILED, "reading %s: it changes no file", file);
	return p;
}

struct text *patch_apply(const struct patch_file *pf, const struct text *old)
{
	int i, at = 0, n = 0, lines = 0, from, to, nr_old = old ? old->nr_lines : 0, size;
	const struct hunk_line *l;
	struct text *t;
	char *s, *added;
	int *orig;

	size = old ? old->len : 0;
	for (i = 0; i < pf->nr; i++)
		size += pf->line[i].len + 1;
	s = lkst_xmalloc((unsigned long)size + 2);
	orig = lkst_xmalloc((unsigned long)(nr_old + pf->nr + 2) * sizeof(int));
	added = lkst_xmalloc((unsigned long)(nr_old + pf->nr + 2));
	for (i = 0; i <= pf->nr; i++) {
		to = i < pf->nr ? pf->old_line[i] : nr_old;
		for (; at < to && at < nr_old; at++) {
			from = old->line_start[at];
			size = (at + 1 < nr_old ? old->line_start[at + 1] : old->len) - from;
			memcpy(s + n, old->s + from, (size_t)size);
			n += size;
			orig[lines++] = old->orig[at];
		}
		if (i == pf->nr)
			break;
		l = &pf->line[i];
		if (l->op != '+') {
			if (at >= nr_old)
				return NULL;
			from = old->line_start[at];
			size = (at + 1 < nr_old ? old->line_start[at + 1] - 1 : old->len) - from;
			if (size != l->len || memcmp(old->s + from, l->s, (size_t)size))
				return NULL;
			if (l->op == '-') {
				at++;
				continue;
			}
		}
		memcpy(s + n, l->s, (size_t)l->len);
		n += l->len;
		s[n++] = '\n';
		added[lines] = l->op == '+';
		orig[lines++] = at < nr_old ? old->orig[at] : 0;
		at += l->op == ' ';
	}
	s[n] = s[n + 1] = '\0';
	t = text_new(pf->path, s, n, NULL);
	memcpy(t->orig, orig, (size_t)(t->nr_lines < lines ? t->nr_lines : lines) * sizeof(int));
	t->added = added;
	free(orig);
	return t;
}

/* ---- edits ---- */

struct list { struct insert *in; int nr; int takes_away; };

static void add_insert(struct list *l, int gap, int first, int last)
{
	if (first > last)
		return;
	if (l->nr % 32 == 0)
		l->in = lkst_xrealloc(l->in, (unsigned long)(l->nr + 32) * sizeof(*l->in));
	l->in[l->nr++] = (struct insert){ gap, first, last };
}

/* Old tokens i to i2, new tokens j to j2: the old must be found among the new, in order. */
static void block(struct list *l, const struct text *a, const struct text *b, int i, int i2, int j, int j2)
{
	int from;

	while (i < i2 && j < j2 && a->tok[i].id == b->tok[j].id) {
		i++;
		j++;
	}
	while (i < i2 && j < j2 && a->tok[i2 - 1].id == b->tok[j2 - 1].id) {
		i2--;
		j2--;
	}
	for (; i < i2; i++) {
		for (from = j; j < j2 && b->tok[j].id != a->tok[i].id; j++)
			;
		if (j == j2) {
			l->takes_away = 1;
			add_insert(l, i, from, j2 - 1);
			return;
		}
		add_insert(l, i, from, j - 1);
		j++;
	}
	add_insert(l, i, j, j2 - 1);
}

static void find_inserts(struct list *l, const struct patch_file *pf, const struct text *a, const struct text *b)
{
	char *removed = lkst_xmalloc((unsigned long)a->nr_lines + 1);
	int i, j, i2, j2;

	for (i = 0; i < pf->nr; i++)
		if (pf->line[i].op == '-')
			removed[pf->old_line[i]] = 1;
	for (i = j = 0; i < a->nr_tok || j < b->nr_tok; i++, j++) {
		for (i2 = i; i2 < a->nr_tok && removed[a->tok[i2].line]; i2++)
			;
		for (j2 = j; j2 < b->nr_tok && b->added[b->tok[j2].line]; j2++)
			;
		if (i2 > i || j2 > j)
			block(l, a, b, i, i2, j, j2);
		i = i2;
		j = j2;
		if (i < a->nr_tok && j < b->nr_tok && a->tok[i].id != b->tok[j].id)
			l->takes_away = 1;
	}
	free(removed);
}

/* The change in depth of brackets, and of conditions, over inserted tokens. */
static int balance(const struct text *t, const struct insert *in)
{
	int i, d = 0;

	for (i = in->first; i <= in->last; i++) {
		if (token_is(t, i, "(") || token_is(t, i, "{") || !strncmp(interned(t->tok[i].id), "#if", 3))
			d++;
		else if (token_is(t, i, ")") || token_is(t, i, "}") || token_is(t, i, "#endif"))
			d--;
	}
	return d;
}

static void add_name(int *list, int *nr, int max, int id)
{
	int i;

	for (i = 0; i < *nr; i++)
		if (list[i] == id)
			return;
	if (*nr < max)
		list[(*nr)++] = id;
}

static int is_hook_word(const char *s)
{
	return !strncmp(s, "LKST_HOOK", 9) || !strncmp(s, "LKST_VALUE", 10) || !strncmp(s, "LKST_FETCH", 10) ||
		!strncmp(s, "LKST_EITHER", 11) || !strncmp(s, "LKST_ASM_HOOK", 13);
}

static void add_event(struct edit *e, const char *s, int len)
{
	if (!strncmp(s, "LKST_ID_", 8)) {
		s += 8;
		len -= 8;
	}
	/* Each place counts, so the same event may come twice. */
	if (e->nr_events < MAX_NAMES)
		e->event[e->nr_events++] = intern(s, len);
}

static void names_of_line(struct edit *e, const char *s)
{
	const char *p = strstr(s, "LKST_ASM_HOOK"), *q;

	p = p ? strchr(p, '(') : NULL;
	if (!p)
		return;
	for (q = ++p; isalnum((unsigned char)*q) || *q == '_'; q++)
		;
	add_event(e, p, (int)(q - p));
}

#define NO_NAMES " if else return do while for goto unlikely likely offsetof typeof sizeof inline static void int unsigned long define "

static void names_of(struct edit *e, const struct text *t, const struct insert *in)
{
	const char *s;
	char word[300];
	int i;

	for (i = in->first; i <= in->last; i++) {
		s = interned(t->tok[i].id);
		if (t->tok[i].kind == T_LINE)
			names_of_line(e, s);
		if (t->tok[i].kind != T_IDENT)
			continue;
		if (is_hook_word(s) && token_is(t, i + 1, "(")) {
			add_event(e, interned(t->tok[i + 2].id), (int)strlen(interned(t->tok[i + 2].id)));
			if (strstr(s, "EITHER")) {
				add_event(e, interned(t->tok[i + 4].id), (int)strlen(interned(t->tok[i + 4].id)));
				i += 2;
			}
			i += 2;
		} else if (!strncmp(s, "lkst_", 5)) {
			add_name(e->helper, &e->nr_helpers, MAX_NAMES, t->tok[i].id);
		} else {
			snprintf(word, sizeof(word), " %.290s ", s);
			if (!strstr(NO_NAMES, word) && strncmp(s, "__builtin", 9) && strncmp(s, "LKST_", 5) && strncmp(s, "CONFIG_", 7) &&
			    !token_is(t, i - 1, ".") && !token_is(t, i - 1, "->"))
				add_name(e->ident, &e->nr_idents, MAX_NAMES * 4, t->tok[i].id);
		}
	}
}

/* #include <linux/lkst.h> that begins an insertion is an edit of its own: how many tokens it has. */
static int include_len(const struct text *t, const struct insert *in)
{
	int i = in->first;

	if (!token_is(t, i, "#include") || !token_is(t, i + 4, "lkst"))
		return 0;
	while (i <= in->last && t->tok[i].kind != T_END_DIRECTIVE)
		i++;
	return i - in->first + 1;
}

static struct edit *new_edit(struct edit **list, int *count)
{
	if (*count % 16 == 0)
		*list = lkst_xrealloc(*list, (unsigned long)(*count + 16) * sizeof(**list));
	memset(&(*list)[*count], 0, sizeof(**list));
	return &(*list)[(*count)++];
}

struct edit *edits_find(const struct patch_file *pf, struct text *old, struct text *new, int *count)
{
	struct list l = { NULL, 0, 0 };
	struct edit *list = NULL, *e = NULL;
	int i, n, depth = 0;

	*count = 0;
	find_inserts(&l, pf, old, new);
	for (i = 0; i < l.nr; i++) {
		n = include_len(new, &l.in[i]);
		if (n && depth == 0) {
			e = new_edit(&list, count);
			e->is_include = 1;
			e->in[e->nr_in++] = (struct insert){ l.in[i].gap, l.in[i].first, l.in[i].first + n - 1 };
			l.in[i].first += n;
			if (l.in[i].first > l.in[i].last)
				continue;
		}
		if (depth == 0)
			e = new_edit(&list, count);
		if (e->nr_in == MAX_INSERTS)
			lkst_die(LKST_EXIT_FAILED, "reading the changes of %s: more than %d that belong together", pf->path, MAX_INSERTS);
		e->in[e->nr_in++] = l.in[i];
		names_of(e, new, &l.in[i]);
		depth += balance(new, &l.in[i]);
	}
	for (i = 0; i < *count; i++)
		list[i].takes_away = l.takes_away || depth != 0;
	if (!l.nr && l.takes_away)
		new_edit(&list, count)->takes_away = 1;
	free(l.in);
	return list;
}
