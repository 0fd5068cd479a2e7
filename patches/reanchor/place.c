// SPDX-License-Identifier: GPL-2.0-only
/*
 * place.c - where an edit belongs in the other tree, or why nowhere. A hook in the wrong place is worse than none: it records
 * what did not happen. So every rule here asks for a reason to place, never for one to refuse; doc/porting.md has the reasons.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "find.h"
#include "place.h"
#include "reanchor.h"

static int mentions_any(const struct text *t, const struct unit *u, const struct edit *e, const struct func *f, const struct text *ft)
{
	int i, found = 0;

	for (i = 0; i < e->nr_idents; i++)
		if (!f || local_type(ft, f, e->ident[i]))
			found += unit_mentions(t, u, e->ident[i]);
	return found;
}

/* May a statement be put right behind (before) this unit? Not into a head that has no braces. */
static int open_before(const struct unit *u)
{
	return !u->bare;
}

/* Units of b strictly between i and j that are no hooks: how many, and may the hook stand on either side of each of them? */
static int between(struct pair *p, struct edit *e, int i, int j, int *harmless)
{
	int n = 0, k, x;

	*harmless = 1;
	for (k = unit_after(p->b, p->nb, i); k < j; k = unit_after(p->b, p->nb, k)) {
		n++;
		if (p->b[k].kind != U_STATEMENT || p->b[k].bare || unit_transfers(p->to, &p->b[k]) || p->b[k].path != p->b[i].path)
			*harmless = 0;
		for (x = 0; x < e->nr_idents; x++)
			if (unit_mentions(p->to, &p->b[k], e->ident[x]))
				*harmless = 0;
	}
	return n;
}

/* All units before gap declare: the hook stands at the function's entry. */
static int at_entry(struct pair *p, int gap)
{
	int i;

	if (!p->f)
		return 0;
	for (i = 1; i < p->na && p->a[i].first < gap; i++)
		if (!p->a[i].hook && p->a[i].kind != U_DIRECTIVE && !unit_declares(p->old, &p->a[i]))
			return 0;
	return 1;
}

/* The token behind the declarations that b begins with. */
static int entry_of(struct pair *p)
{
	int i, depth = 0, at = p->b[0].last + 1;
	const char *s;

	for (i = 1; i < p->nb - 1; i++) {
		if (p->b[i].kind == U_DIRECTIVE) {
			s = interned(p->to->tok[p->b[i].first].id);
			depth += !strncmp(s, "#if", 3);
			depth -= !strcmp(s, "#endif");
		} else if (!p->b[i].hook && !unit_declares(p->to, &p->b[i])) {
			break;
		}
		if (depth == 0 && !p->b[i].hook && (p->b[i].kind != U_DIRECTIVE || !strcmp(interned(p->to->tok[p->b[i].first].id), "#endif")))
			at = p->b[i].last + 1;
	}
	return at;
}

/*
 * By its name a hook may be about what stands behind it (1: an entry) or before it (-1: an exit), and an exit before a return
 * about that way out (1). 0: the name does not say.
 */
static int what_about(const struct pair *p, const struct edit *e, int y)
{
	char base[200];
	int i, is_exit, about = 0;

	for (i = 0; i < e->nr_events; i++) {
		if (!pair_base(e->event[i], base, sizeof(base), &is_exit))
			continue;
		is_exit = !is_exit || (y < p->na && unit_transfers(p->old, &p->a[y]) == 2) ? 1 : -1;
		if (about && about != is_exit)
			return 0;
		about = is_exit;
	}
	return about;
}

/* A gap between units x and y of a: see "The rule" in doc/porting.md. */
static int place_between(struct pair *p, struct edit *e, int i, int x, int y)
{
	struct unit *a = p->a, *b = p->b;
	int px = x >= 0 ? p->align[x] : -1, py = y < p->na ? p->align[y] : -1, n, harmless, mx, my, once_x, once_y;
	int free_place = p->old->mode == MODE_KCONFIG || p->old->mode == MODE_MAKE, about = what_about(p, e, y);

	if (px >= 0 && a[x].bare != b[px].bare)
		px = -1;
	if (py >= 0 && a[y].bare != b[py].bare)
		py = -1;
	mx = x >= 0 && mentions_any(p->old, &a[x], e, p->f, p->old);
	my = y < p->na && mentions_any(p->old, &a[y], e, p->f, p->old);
	once_x = px >= 0 && occurs(a, p->na, &a[x], NULL) == 1 && occurs(b, p->nb, &b[px], NULL) == 1;
	once_y = py >= 0 && occurs(a, p->na, &a[y], NULL) == 1 && occurs(b, p->nb, &b[py], NULL) == 1;
	/* What was edited is compared with nothing but itself. */
	once_x = once_x || (px >= 0 && !same_unit(&a[x], &b[px]) && occurs(b, p->nb, &b[px], NULL) == 1);
	once_y = once_y || (py >= 0 && !same_unit(&a[y], &b[py]) && occurs(b, p->nb, &b[py], NULL) == 1);
	/* A brace or an #endif is no statement that a hook could be about. */
	if (p->g) {
		once_x = once_x && b[px].kind != U_OPEN && b[px].kind != U_CLOSE && b[px].kind != U_DIRECTIVE;
		once_y = once_y && b[py].kind != U_OPEN && b[py].kind != U_CLOSE && b[py].kind != U_DIRECTIVE;
	}
	if (px >= 0 && py >= 0) {
		n = between(p, e, px, py, &harmless);
		if (n == 0) {
			if (occurs(a, p->na, &a[x], &a[y]) != occurs(b, p->nb, &b[px], &b[py]))
				return refuse(e, "the statements around it stand there at %d places, not %d",
					      occurs(b, p->nb, &b[px], &b[py]), occurs(a, p->na, &a[x], &a[y]));
			return put(e, i, unit_after(b, p->nb, px) == px + 1 || my <= mx ? b[px].last + 1 : b[py].first, my <= mx);
		}
		if (at_entry(p, e->in[i].gap))
			return put(e, i, entry_of(p), 1);
		if (about < 0 && once_x && p->g)
			return put(e, i, b[px].last + 1, 1);
		if (about > 0 && once_y && p->g && open_before(&b[py]))
			return put(e, i, b[py].first, 0);
		if (free_place || (harmless && p->g && (once_x || once_y)) || (harmless && !p->g))
			return my && !mx ? put(e, i, b[py].first, 0) : put(e, i, b[px].last + 1, 1);
		return refuse(e, "there is more between '%s' and '%s' there", shown(p, x), shown(p, y));
	}
	if (at_entry(p, e->in[i].gap)) {
		if (func_alike(p->old, p->f, p->to, p->g) < 50)
			return refuse(e, "the function was rewritten");
		return put(e, i, entry_of(p), 1);
	}
	if (p->old->mode == MODE_ASM)
		return refuse(e, "'%s' and '%s' do not follow each other there", shown(p, x), shown(p, y));
	/* One neighbour is gone: the other will do if it is the one that the hook is about. */
	if (once_x && (free_place || !p->g || (about ? about < 0 : mx && !my)) && b[px].kind != U_HEAD)
		return put(e, i, b[px].last + 1, 1);
	if (once_y && (free_place || !p->g || (about ? about > 0 : my && !mx)) && open_before(&b[py]))
		return put(e, i, b[py].first, 0);
	if (px < 0 && py < 0)
		return refuse(e, "neither '%s' before it nor '%s' behind it stands there", shown(p, x), shown(p, y));
	return refuse(e, "'%s' %s it is not there any more, and may be what it is about", shown(p, px < 0 ? x : y),
		      px < 0 ? "before" : "behind");
}

static int unit_of_token(const struct unit *u, int n, int tok)
{
	int i;

	for (i = 0; i < n; i++)
		if (u[i].first <= tok && tok <= u[i].last)
			return i;
	return -1;
}

/* The tokens from..to of the base once, and only once, between the same neighbours and under the same path in b. */
static int find_span(struct pair *p, int from, int to, int unit)
{
	int i, k, n = to - from, found = -1, count = 0, in_base = 0, u;

	for (i = p->a[0].first; i + n <= p->a[p->na - 1].last; i++) {
		for (k = 0; k < n && p->old->tok[i + k].id == p->old->tok[from + k].id; k++)
			;
		in_base += k == n;
	}
	for (i = p->b[0].first + 1; i + n <= p->b[p->nb - 1].last; i++) {
		for (k = -1; k <= n && p->to->tok[i + k].id == p->old->tok[from + k].id; k++)
			;
		if (k <= n)
			continue;
		u = unit_of_token(p->b, p->nb, i);
		if (u < 0 || p->b[u].path != p->a[unit].path || p->b[u].kind != p->a[unit].kind ||
		    unit_of_token(p->b, p->nb, i + n - 1) != u)
			continue;
		found = i;
		count++;
	}
	return count == 1 && in_base == 1 ? found : -1;
}

/* Inserts inside one unit, around an expression of it. */
static int place_inside(struct pair *p, struct edit *e, int u)
{
	int i, q = p->align[u], at, first = e->in[0].gap;

	if (q >= 0 && occurs(p->a, p->na, &p->a[u], NULL) == occurs(p->b, p->nb, &p->b[q], NULL)) {
		for (i = 0; i < e->nr_in; i++)
			put(e, i, p->b[q].first + e->in[i].gap - p->a[u].first, 0);
		return 1;
	}
	if (e->nr_in < 2)
		return refuse(e, "'%s' is not there, or not as often", shown(p, u));
	at = find_span(p, first, e->in[e->nr_in - 1].gap, u);
	if (at < 0)
		return refuse(e, "the expression in '%s' is not there just once", shown(p, u));
	for (i = 0; i < e->nr_in; i++)
		put(e, i, at + e->in[i].gap - first, 0);
	return 1;
}

/* Braces put around the statement of a head: head and statement must be there, one behind the other. */
static int place_around(struct pair *p, struct edit *e, int x)
{
	int u, q, end = e->in[e->nr_in - 1].gap, i;

	if (x < 0 || p->a[x].kind != U_HEAD)
		return refuse(e, "it stands around '%s', which is no head", shown(p, x));
	q = p->align[x];
	for (u = x; q >= 0 && u < p->na && p->a[u].first < end; u++) {
		if (p->a[u].hook)
			continue;
		if (p->align[u] < 0 || p->align[u] != q || p->a[u].bare != p->b[q].bare)
			q = -1;
		else
			q = unit_after(p->b, p->nb, q);
	}
	if (q < 0)
		return refuse(e, "'%s' and its statement are not there as they were", shown(p, x));
	u = unit_after(p->a, p->na, x);
	if (occurs(p->a, p->na, &p->a[x], &p->a[u]) != occurs(p->b, p->nb, &p->b[p->align[x]], &p->b[p->align[u]]))
		return refuse(e, "'%s' stands there at another number of places", shown(p, x));
	for (i = 0; i < e->nr_in; i++) {
		for (u = x; u + 1 < p->na && p->a[u + 1].first < e->in[i].gap; u++)
			;
		if (e->in[i].gap != p->a[u].last + 1)
			return refuse(e, "it goes into '%s'", shown(p, u));
		put(e, i, p->b[p->align[u]].last + 1, 1);
	}
	return 1;
}

/* ---- arguments ---- */

/* The last unit before token that sets name, -1. how: 1 if any of them does more than take its address. */
static int last_set(const struct text *t, const struct unit *u, int n, int tok, int name, int *how)
{
	int i, sets, found = -1;

	*how = 0;
	for (i = 0; i < n && u[i].first < tok; i++) {
		sets = u[i].hook ? 0 : unit_sets(t, &u[i], name);
		if (sets)
			found = i;
		*how |= sets == 1;
	}
	return found;
}

/* Is the unit "return name;"? */
static int is_return_of(const struct text *t, const struct unit *u, int n, int i, int name)
{
	return i < n && u[i].last == u[i].first + 2 && token_is(t, u[i].first, "return") && t->tok[u[i].first + 1].id == name;
}

/* An exit hook right before "return x;" that passes x passes the function's result, however that came about. */
static int returns_it(const struct pair *p, const struct edit *e, int name)
{
	int x, y, u;

	if (!p->f || e->nr_in != 1)
		return 0;
	for (x = 0; x < p->na && p->a[x].first < e->in[0].gap; x++)
		;
	for (u = 0; u < p->nb && p->b[u].first < e->at[0]; u++)
		;
	x = unit_after(p->a, p->na, x - 1);
	y = unit_after(p->b, p->nb, u - 1);
	return what_about(p, e, x) > 0 && is_return_of(p->old, p->a, p->na, x, name) && is_return_of(p->to, p->b, p->nb, y, name);
}

static int check_arguments(struct trees *trees, struct pair *p, struct edit *e)
{
	int i, type, other, x, y, gap = e->in[0].gap, how, there;

	for (i = 0; i < e->nr_idents; i++) {
		type = p->f ? local_type(p->old, p->f, e->ident[i]) : 0;
		if (!type) {
			if (known_in(trees->base, p->old, e->ident[i]) && !known_in(trees->tree, p->to, e->ident[i]))
				return refuse(e, "%s is not known there", interned(e->ident[i]));
			continue;
		}
		other = local_type(p->to, p->g, e->ident[i]);
		if (!other)
			return refuse(e, "the function has no variable %s there", interned(e->ident[i]));
		if (other != type)
			return refuse(e, "%s is of another type there", interned(e->ident[i]));
		if (returns_it(p, e, e->ident[i]))
			continue;
		x = last_set(p->old, p->a, p->na, gap, e->ident[i], &how);
		y = last_set(p->to, p->b, p->nb, e->at[0], e->ident[i], &there);
		/* A parameter that nothing sets is what the function was called with. */
		if (y < 0 && !how && is_parameter(p->old, p->f, e->ident[i]) && is_parameter(p->to, p->g, e->ident[i]))
			continue;
		if ((x < 0) != (y < 0) || (x >= 0 && p->align[x] != y))
			return refuse(e, "%s gets its value in another way there", interned(e->ident[i]));
	}
	return 1;
}

/* ---- already there? ---- */

static int count_token(const struct text *t, const struct func *f, int id)
{
	int i, n = 0, from = f ? f->open : 0, to = f ? f->close : t->nr_tok - 1;

	for (i = from; i <= to; i++)
		n += t->tok[i].id == id;
	return n;
}

/* All inserted tokens, with what lies between, in a row in the tree, after a token: which is the first of them? -1: none. */
static int find_done(struct pair *p, struct text *new, struct edit *e, int behind)
{
	int first = e->in[0].first, n = e->in[e->nr_in - 1].last - first + 1, i, k;
	int from = p->g ? p->g->open : 0, to = p->g ? p->g->close : p->to->nr_tok;

	for (i = behind < from ? from : behind + 1; i + n <= to; i++) {
		for (k = 0; k < n && p->to->tok[i + k].id == new->tok[first + k].id; k++)
			;
		if (k == n)
			return i;
	}
	return -1;
}

/* 1: it is there, and where it belongs; -1: there in another place or form; 0: not there. */
static int already(struct pair *p, struct text *new, struct edit *e)
{
	int done = find_done(p, new, e, -1), i, id = 0, u, x, y;

	for (i = 0; i < e->nr_events && !id; i++)
		id = e->event[i];
	if (p->old->mode == MODE_C && id && p->g) {
		if (count_token(p->to, p->g, id) <= count_token(p->old, p->f, id))
			return 0;
	} else if (p->old->mode == MODE_C && !id && p->g) {
		if (count_token(p->to, p->g, e->nr_helpers ? e->helper[0] : -1) <= count_token(p->old, p->f, e->nr_helpers ? e->helper[0] : -1))
			return 0;
	}
	if (done < 0)
		return id && p->g ? -1 : 0;
	for (x = -1; x + 1 < p->na && p->a[x + 1].last < e->in[0].gap; x++)
		;
	x = unit_before(p->a, x + 1);
	y = unit_after(p->a, p->na, x);
	for (; done >= 0; done = find_done(p, new, e, done)) {
		e->line = at_line(p->to, done);
		u = unit_of_token(p->b, p->nb, done);
		if (!p->g || e->nr_in > 1 || u < 0)
			return 1;
		/* A statement: one of its neighbours must be the one it has in the base. */
		if ((x >= 0 && p->align[x] >= 0 && p->align[x] == unit_before(p->b, u)) ||
		    (y < p->na && p->align[y] >= 0 && p->align[y] == unit_after(p->b, p->nb, u)))
			return 1;
	}
	return -1;
}

/* ---- verdicts ---- */

static int same_line(const struct text *a, int i, const struct text *b, int j)
{
	int n, m;

	if (i < 0 || j < 0 || i >= a->nr_lines || j >= b->nr_lines)
		return (i < 0 && j < 0) || (i >= a->nr_lines && j >= b->nr_lines);
	n = (i + 1 < a->nr_lines ? a->line_start[i + 1] : a->len) - a->line_start[i];
	m = (j + 1 < b->nr_lines ? b->line_start[j + 1] : b->len) - b->line_start[j];
	return n == m && !memcmp(a->s + a->line_start[i], b->s + b->line_start[j], (size_t)n);
}

/* As patch would find it: the three lines before and behind. */
static void judge(struct pair *p, struct edit *e)
{
	int up = 0, down = 0, last = e->nr_in - 1, i, b0, t0, b1, t1;

	b0 = p->old->tok[e->in[0].gap < p->old->nr_tok ? e->in[0].gap : p->old->nr_tok - 1].line;
	t0 = p->to->tok[e->at[0] < p->to->nr_tok ? e->at[0] : p->to->nr_tok - 1].line;
	b1 = e->in[last].gap ? p->old->tok[e->in[last].gap - 1].line : 0;
	t1 = e->at[last] ? p->to->tok[e->at[last] - 1].line : 0;
	/* An insert in the middle of lines: those change, so look around them. */
	if (b1 >= b0 && e->nr_in > 1) {
		for (i = 0; i <= b1 - b0; i++)
			if (!same_line(p->old, b0 + i, p->to, t0 + i))
				up = -10;
	} else if (e->nr_in == 1) {
		b1 = b0 - 1;
		t1 = t0 - 1;
	}
	for (i = 1; i <= 3 && same_line(p->old, b0 - i, p->to, t0 - i); i++)
		up++;
	for (i = 1; i <= 3 && same_line(p->old, b1 + i, p->to, t1 + i); i++)
		down++;
	e->line = at_line(p->to, e->at[0]);
	if (strcmp(p->old->path, p->to->path) || up < 1 || down < 1)
		e->verdict = V_THREE_WAY;
	else if (up < 3 || down < 3)
		e->verdict = V_FUZZ;
	else
		e->verdict = e->line == p->old->orig[b0] ? V_CLEAN : V_OFFSET;
}

/* ---- edits ---- */

static void place_edit(struct trees *trees, struct pair *p, struct text *new, struct edit *e)
{
	int gap = e->in[0].gap, last = e->in[e->nr_in - 1].gap, x, u, there, ok, line;

	e->func = p->f;
	e->to = p->to;
	e->to_func = p->g;
	line = line_of_words(p, new, e);
	if (line >= 0) {
		if (place_words(p, new, e, line))
			judge(p, e);
		return;
	}
	there = already(p, new, e);
	if (there == 1) {
		e->verdict = V_ALREADY;
		return;
	}
	if (there < 0) {
		refuse(e, "a hook for it is there, in another place or form");
		return;
	}
	for (x = -1; x + 1 < p->na && p->a[x + 1].first < gap; x++)
		;
	u = unit_of_token(p->a, p->na, gap);
	if (u >= 0 && p->a[u].first < gap && p->a[u].last >= last)
		ok = place_inside(p, e, u);
	else if (u >= 0 && e->nr_in > 1 && p->a[u].kind == U_STATEMENT && p->a[u].last >= last - 1 && p->a[u].first == gap &&
		 last <= p->a[u].last)
		ok = place_inside(p, e, u);
	else if (e->nr_in > 1)
		ok = place_around(p, e, unit_before(p->a, x + 1));
	else
		ok = place_between(p, e, 0, unit_before(p->a, x + 1), unit_after(p->a, p->na, x));
	if (ok && check_arguments(trees, p, e))
		judge(p, e);
}

void place_edits(struct trees *trees, struct text *old, struct text *new, struct edit *e, int count)
{
	struct text *same = tree_text(trees, old->path), *to;
	struct pair p;
	struct func *g;
	int i, f;

	for (i = 0; i < count; i++) {
		e[i].verdict = V_CONFLICT;
		e[i].to = same;
		f = old->mode == MODE_C && e[i].nr_in ? func_at(old, e[i].in[0].gap) : -1;
		e[i].func = f >= 0 ? &old->func[f] : NULL;
		if (e[i].takes_away) {
			refuse(&e[i], "the patch takes lines away here");
			continue;
		}
		if (e[i].is_include)
			continue;	/* goes where hooks go: see reanchor.c */
		to = same;
		g = NULL;
		if (e[i].func && !find_func(trees, old, e[i].func, &to, &g, e[i].why, sizeof(e[i].why)))
			continue;
		if (!to) {
			refuse(&e[i], "the file is not there");
			continue;
		}
		memset(&p, 0, sizeof(p));
		pair_up(&p, old, e[i].func, to, g);
		e[i].to_func = g;
		place_edit(trees, &p, new, &e[i]);
		free(p.align);
	}
	check_order(e, count);
	check_pairs(old, e, count);
}
