// SPDX-License-Identifier: GPL-2.0-only
/*
 * align.c - two bodies side by side: which unit of the one is which of the other. What belongs where follows from that, in
 * place.c.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "find.h"
#include "place.h"
#include "reanchor.h"

int same_unit(const struct unit *a, const struct unit *b)
{
	return a->id == b->id && a->path == b->path && !a->hook && !b->hook;
}

int unit_before(const struct unit *u, int i)
{
	for (i--; i >= 0 && u[i].hook; i--)
		;
	return i;
}

int unit_after(const struct unit *u, int n, int i)
{
	for (i++; i < n && u[i].hook; i++)
		;
	return i;
}

/* Tokens that two units have in common, in order, in percent. */
static int tokens_alike(const struct pair *p, const struct unit *x, const struct unit *y)
{
	int n = x->last - x->first + 1, m = y->last - y->first + 1, i, j, up, was;
	int row[200];

	if (n > 190 || m > 190)
		return 0;
	memset(row, 0, sizeof(row));
	for (i = 0; i < n; i++)
		for (j = 0, was = 0; j < m; j++) {
			up = row[j + 1];
			if (p->old->tok[x->first + i].id == p->to->tok[y->first + j].id)
				row[j + 1] = was + 1;
			else if (row[j] > up)
				row[j + 1] = row[j];
			was = up;
		}
	return 200 * row[m] / (n + m);
}

/* The name of the function that a statement calls first, 0. */
static int called(const struct text *t, const struct unit *u)
{
	int i;

	for (i = u->first; i < u->last; i++)
		if (t->tok[i].kind == T_IDENT && token_is(t, i + 1, "("))
			return t->tok[i].id;
	return 0;
}

#define EDITED_ALIKE	60	/* percent of the tokens */

/*
 * A statement that was edited: alone between the same neighbours on both sides, it calls the same function, and most of it
 * is the same.
 */
static void align_edited(struct pair *p)
{
	int i, x, y;

	if (!p->f || !p->g)
		return;
	for (i = 1; i + 1 < p->na; i++) {
		if (p->align[i] >= 0 || p->a[i].hook || p->a[i].kind != U_STATEMENT)
			continue;
		x = unit_before(p->a, i);
		y = unit_after(p->a, p->na, i);
		if (x < 0 || y >= p->na || p->align[x] < 0 || p->align[y] < 0)
			continue;
		x = unit_after(p->b, p->nb, p->align[x]);
		if (x >= p->nb || unit_after(p->b, p->nb, x) != p->align[y] || p->b[x].kind != U_STATEMENT ||
		    p->b[x].path != p->a[i].path || !called(p->old, &p->a[i]) ||
		    called(p->old, &p->a[i]) != called(p->to, &p->b[x]) || tokens_alike(p, &p->a[i], &p->b[x]) < EDITED_ALIKE)
			continue;
		p->align[i] = x;
	}
}

static void align(struct pair *p)
{
	int w, i, j, from = 0;
	unsigned short *l;

	p->align = lkst_xmalloc((unsigned long)(p->na + 1) * sizeof(int));
	for (i = 0; i < p->na; i++)
		p->align[i] = -1;
	/* Most are the same to their end. */
	while (from < p->na && from < p->nb && same_unit(&p->a[from], &p->b[from])) {
		p->align[from] = from;
		from++;
	}
	p->same = from;
	if (from == p->na || from == p->nb)
		return;
	w = p->nb - from + 1;
	l = lkst_xmalloc((unsigned long)(p->na - from + 1) * (unsigned long)w * sizeof(*l));
#define L(i, j) l[((i) - from) * w + (j) - from]
	for (i = p->na - 1; i >= from; i--)
		for (j = p->nb - 1; j >= from; j--)
			L(i, j) = same_unit(&p->a[i], &p->b[j]) ? (unsigned short)(L(i + 1, j + 1) + 1) :
				L(i + 1, j) > L(i, j + 1) ? L(i + 1, j) : L(i, j + 1);
	for (i = j = from; i < p->na && j < p->nb;) {
		if (same_unit(&p->a[i], &p->b[j])) {
			p->align[i++] = j++;
			p->same++;
		} else if (L(i + 1, j) >= L(i, j + 1)) {
			i++;
		} else {
			j++;
		}
	}
	free(l);
}

void pair_up(struct pair *p, struct text *old, struct func *f, struct text *to, struct func *g)
{
	p->old = old;
	p->to = to;
	p->f = f;
	p->g = g;
	p->a = f ? f->unit : old->top;
	p->na = f ? f->nr : old->nr_top;
	p->b = g ? g->unit : to->top;
	p->nb = g ? g->nr : to->nr_top;
	align(p);
	align_edited(p);
}

int func_alike(struct text *old, struct func *f, struct text *to, struct func *g)
{
	struct pair p;
	int i, n = 0;

	memset(&p, 0, sizeof(p));
	pair_up(&p, old, f, to, g);
	free(p.align);
	for (i = 0; i < p.na; i++)
		n += !p.a[i].hook;
	for (i = 0; i < p.nb; i++)
		n += !p.b[i].hook;
	return n ? 200 * p.same / n : 0;
}

int occurs(const struct unit *u, int n, const struct unit *x, const struct unit *y)
{
	int i, j, found = 0;

	for (i = 0; i < n; i++) {
		if (!same_unit(&u[i], x))
			continue;
		j = unit_after(u, n, i);
		found += !y || (j < n && same_unit(&u[j], y));
	}
	return found;
}
