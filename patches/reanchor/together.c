// SPDX-License-Identifier: GPL-2.0-only
/*
 * together.c - hooks that are of use only together: an entry and its exits, the uses of a macro, the order in a
 * function. What each of them got by itself is taken back here when another lacks it.
 */
#include <stdio.h>
#include <string.h>

#include "catalogue.h"
#include "place.h"
#include "reanchor.h"

/* Has the catalogue the other end of it, an event of this name with another ending? PROCESS_EXIT has none. */
static int has_partner(const char *base, const char *const *ends, int from, int to)
{
	char name[300];
	int i;

	for (i = from; i < to; i++) {
		snprintf(name, sizeof(name), "%s%s", base, ends[i]);
		if (lkst_event_by_name(name))
			return 1;
	}
	return 0;
}

int pair_base(int event, char *base, size_t size, int *is_exit)
{
	static const char *const ends[] = { "_ENTRY", "_ENTER", "_BEGIN", "_START", "_EXIT", "_END" };
	const char *s = interned(event);
	size_t n = strlen(s);
	int i;

	for (i = 0; i < 6; i++) {
		if (n < strlen(ends[i]) || strcmp(s + n - strlen(ends[i]), ends[i]))
			continue;
		snprintf(base, size, "%.*s", (int)(n - strlen(ends[i])), s);
		*is_exit = i >= 4;
		return *is_exit ? has_partner(base, ends, 0, 4) : has_partner(base, ends, 4, 6);
	}
	return 0;
}

static int has_place(const struct edit *e)
{
	return e->verdict <= V_THREE_WAY;
}

/* Is the unit that begins at token tok, or an expression in it, hooked by one of the exits? */
static int covered(struct edit **x, int n, int tree, const struct unit *u)
{
	int i, k, at;

	for (i = 0; i < n; i++)
		for (k = 0; k < x[i]->nr_in; k++) {
			at = tree ? x[i]->at[k] : x[i]->in[k].gap;
			if (at >= u->first && at <= u->last)
				return 1;
		}
	return 0;
}

static int transfers(const struct text *t, const struct unit *u, int n, int from, int to)
{
	int i, found = 0;

	for (i = 0; i < n; i++)
		if (u[i].first >= from && u[i].last < to && unit_transfers(t, &u[i]))
			found = 1;
	return found;
}

/* Entry and exit of one thing in one function: both or none, and no way out between them that the base has not. */
static const char *pair_broken(struct edit *entry, struct edit **x, int n, struct text *old, char *why, size_t size)
{
	struct func *f = entry->func, *g = entry->to_func;
	int i, in_base = 0, last = 0, last_base = 0;

	for (i = 0; i < n; i++) {
		if (!has_place(x[i]) || !has_place(entry) || x[i]->to_func != g)
			return "entry and exit do not both have a place";
		if (x[i]->at[0] < entry->at[0])
			return "the exit would stand before the entry";
		last = x[i]->at[0] > last ? x[i]->at[0] : last;
		last_base = x[i]->in[0].gap > last_base ? x[i]->in[0].gap : last_base;
	}
	if (!f || !g)
		return NULL;
	for (i = 0; i < f->nr; i++)
		if (f->unit[i].first >= entry->in[0].gap && unit_transfers(old, &f->unit[i]) == 2 &&
		    !covered(x, n, 0, &f->unit[i]))
			in_base++;
	for (i = 0; i < g->nr; i++) {
		if (g->unit[i].first < entry->at[0] || unit_transfers(entry->to, &g->unit[i]) != 2 ||
		    covered(x, n, 1, &g->unit[i]) || in_base-- > 0)
			continue;
		snprintf(why, size, "line %d leaves the function without an exit hook",
			 at_line(entry->to, g->unit[i].first));
		return why;
	}
	if (!transfers(old, f->unit, f->nr, entry->in[0].gap, last_base) &&
	    transfers(entry->to, g->unit, g->nr, entry->at[0], last))
		return "there is a way out between entry and exit that the base has not";
	return NULL;
}

void check_pairs(struct text *old, struct edit *e, int count)
{
	char base[200], other[200], buffer[200];
	struct edit *x[32];
	int i, j, k, m, n, is_exit, other_exit, done;
	const char *why;

	for (i = 0; i < count; i++) {
		for (k = 0; k < e[i].nr_events; k++) {
			if (!pair_base(e[i].event[k], base, sizeof(base), &is_exit) || is_exit || !e[i].func)
				continue;
			for (j = n = 0; j < count && n < 32; j++) {
				done = 0;
				for (m = 0; m < e[j].nr_events && !done && e[j].func == e[i].func && j != i; m++)
					done = pair_base(e[j].event[m], other, sizeof(other), &other_exit) &&
						other_exit && !strcmp(base, other) && e[j].in[0].gap >= e[i].in[0].gap;
				if (done)
					x[n++] = &e[j];
			}
			for (j = done = 0; j < n; j++)
				done += x[j]->verdict == V_ALREADY;
			if (!n || (done == n && e[i].verdict == V_ALREADY))
				continue;
			why = pair_broken(&e[i], x, n, old, buffer, sizeof(buffer));
			if (!why)
				continue;
			if (e[i].verdict != V_CONFLICT)
				refuse(&e[i], "%s", why);
			for (j = 0; j < n; j++)
				if (x[j]->verdict != V_CONFLICT)
					refuse(x[j], "%s", why);
		}
	}
}

/* In one function of the tree hooks come in the order they have in the base. */
void check_order(struct edit *e, int count)
{
	int i, j;

	for (i = 0; i < count; i++)
		for (j = i + 1; j < count; j++)
			if (has_place(&e[i]) && has_place(&e[j]) && !e[i].is_include && !e[j].is_include &&
			    e[i].to == e[j].to && e[i].func && e[i].func == e[j].func && e[i].at[0] > e[j].at[0]) {
				refuse(&e[i], "it would change places with another hook");
				refuse(&e[j], "it would change places with another hook");
			}
}

/* Takes the places of all edits in a file that use a macro of the series' own: 1 if there was one. */
static int take_back(struct edit *e, int count, int helper)
{
	int i, k, changed = 0;

	for (i = 0; i < count; i++)
		for (k = 0; k < e[i].nr_helpers; k++) {
			if (e[i].helper[k] != helper || !has_place(&e[i]))
				continue;
			refuse(&e[i], "a part of %s has no place, so it goes with it", interned(helper));
			changed = 1;
		}
	return changed;
}

void place_helpers(struct edit **all, int *counts, int files)
{
	int a, b, i, h, changed = 1;

	while (changed) {
		changed = 0;
		for (a = 0; a < files; a++)
			for (i = 0; i < counts[a]; i++)
				for (h = 0; h < all[a][i].nr_helpers && all[a][i].verdict == V_CONFLICT; h++)
					for (b = 0; b < files; b++)
						changed |= take_back(all[b], counts[b], all[a][i].helper[h]);
	}
}
