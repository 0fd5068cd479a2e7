// SPDX-License-Identifier: GPL-2.0-only
/*
 * words.c - words that a patch adds to a list of a Makefile: they go to its end, whatever else is in it by now.
 */
#include <string.h>

#include "place.h"
#include "reanchor.h"

/* ---- words of a Makefile ---- */

int line_of_words(const struct pair *p, const struct text *new, const struct edit *e)
{
	const struct insert *in = &e->in[0];
	int u = p->na - 1;

	if (p->old->mode != MODE_MAKE || e->nr_in != 1 || !in->first ||
	    new->tok[in->first - 1].line != new->tok[in->last].line)
		return -1;
	while (u >= 0 && p->a[u].first >= in->gap)
		u--;
	return u >= 0 && p->a[u].last + 1 == in->gap ? u : -1;
}

/* A list begins behind "=", "+=", ":=" or "name:=": how many words come to there, 0: it is no list. */
static int list_head(const struct text *t, const struct unit *u)
{
	const char *s;
	int i;

	for (i = u->first; i <= u->last && i < u->first + 2; i++) {
		s = interned(t->tok[i].id);
		if (s[strlen(s) - 1] == '=')
			return i - u->first + 1;
	}
	return 0;
}

/* The lines that set or add to the same list; the last of them in *at. */
static int same_lists(const struct text *t, const struct unit *u, int nr, const struct text *like,
		      const struct unit *line, int *at)
{
	int i, k, found = 0, n = list_head(like, line);

	for (i = 0; i < nr; i++) {
		if (list_head(t, &u[i]) != n)
			continue;
		for (k = 0; k < n && t->tok[u[i].first + k].id == like->tok[line->first + k].id; k++)
			;
		if (k < n)
			continue;
		*at = i;
		found++;
	}
	return found;
}

int place_words(struct pair *p, const struct text *new, struct edit *e, int line)
{
	const struct insert *in = &e->in[0];
	int at, i, k, have = 0;
	struct unit *b;

	if (!list_head(p->old, &p->a[line]) || same_lists(p->old, p->a, p->na, p->old, &p->a[line], &at) != 1)
		return refuse(e, "'%s' is no list, or not the only one of its name", shown(p, line));
	if (same_lists(p->to, p->b, p->nb, p->old, &p->a[line], &at) != 1)
		return refuse(e, "there is not just one list like '%s' there", shown(p, line));
	b = &p->b[at];
	if (token_is(p->to, b->last, "\\"))
		return refuse(e, "the list goes on in the next line there");
	for (i = in->first; i <= in->last; i++)
		for (k = b->first; k <= b->last; k++)
			have += p->to->tok[k].id == new->tok[i].id;
	if (have == in->last - in->first + 1) {
		e->verdict = V_ALREADY;
		e->line = at_line(p->to, b->first);
		return 0;
	}
	if (have)
		return refuse(e, "some of its words are in the list already");
	return put(e, 0, b->last + 1, 1);
}
