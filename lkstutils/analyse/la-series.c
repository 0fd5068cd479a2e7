// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-series.c - samples over time, for a graph of any number of them.
 *
 * The time the trace covers is cut into 2000 columns. Of the samples of one series in one column the least and
 * the greatest are kept, and the last, which is the level of what is drawn as steps up to the next; so memory and
 * the size of the drawing do not grow with the trace, and no peak is lost.
 * A series is what a line of the table is (--by). The eight with the greatest totals are drawn by name, the
 * others together.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "la.h"

#define COLUMNS		2000
#define MAX_SERIES	128

struct one {
	lkst_u64 total;
	unsigned int id;		/* its place in struct la_series */
	unsigned int first, last;	/* columns in use lie between these */
	struct { struct la_sample least, greatest, last; int used; } column[COLUMNS];
};

struct la_series {
	lkst_u64 from, width;
	/* Those of the series, close together: every sample is looked for here. */
	struct la_id id[MAX_SERIES];
	struct one *one[MAX_SERIES];
	unsigned int nr;
	struct one *rest;	/* those that had to go, together; NULL when none had */
	int thinned;
};

struct la_series *la_series_start(struct la *la)
{
	struct lkst_clock *clock = &la->trace->clock;
	struct la_series *series = lkst_xmalloc(sizeof(*series));
	lkst_u64 to;

	series->from = lkst_clock_ns(clock, la->trace->first_ticks);
	to = lkst_clock_ns(clock, la->trace->last_ticks);
	if (la->opt.has_window) {
		series->from = la->opt.from;
		to = la->opt.from + la->opt.duration;
	}
	series->width = (to - series->from) / COLUMNS + 1;
	return series;
}

static void put(struct la_series *series, struct one *one, unsigned int c, const struct la_sample *sample)
{
	if (!one->column[c].used || sample->value < one->column[c].least.value)
		one->column[c].least = *sample;
	if (!one->column[c].used || sample->value > one->column[c].greatest.value)
		one->column[c].greatest = *sample;
	one->column[c].last = *sample;
	if (c < one->first)
		one->first = c;
	if (c > one->last)
		one->last = c;
	if (one->column[c].used < 3)
		one->column[c].used++;
	if (one->column[c].used > 2)
		series->thinned = 1;
}

static struct one *make(void)
{
	struct one *one = lkst_xmalloc(sizeof(*one));

	one->first = COLUMNS;
	return one;
}

/* Make room for one more: the one with the least so far joins the rest. Returns its place, empty. */
static unsigned int fold_least(struct la_series *series)
{
	unsigned int i, c, n = 0;
	struct one *least;

	for (i = 1; i < series->nr; i++)
		if (series->one[i]->total < series->one[n]->total)
			n = i;
	least = series->one[n];
	if (!series->rest)
		series->rest = make();
	for (c = least->first; c <= least->last; c++) {
		if (!least->column[c].used)
			continue;
		put(series, series->rest, c, &least->column[c].least);
		if (least->column[c].used > 1)
			put(series, series->rest, c, &least->column[c].greatest);
		least->column[c].used = 0;
	}
	least->total = 0;
	least->first = COLUMNS;
	least->last = 0;
	return n;
}

static unsigned int place(const struct la_series *series, const struct la_id *id)
{
	unsigned int i = 0;

	while (i < series->nr && !la_same_group(&series->id[i], id))
		i++;
	return i;
}

/* One that was folded away and comes again begins anew: the greatest are those of the end. */
static struct one *find(struct la_series *series, const struct la_id *id)
{
	unsigned int i = place(series, id);

	if (i < series->nr)
		return series->one[i];
	if (i == MAX_SERIES)
		i = fold_least(series);
	else
		series->one[series->nr++] = make();
	series->id[i] = *id;
	series->one[i]->id = i;
	return series->one[i];
}

static unsigned int column_of(const struct la_series *series, const struct la_sample *sample)
{
	lkst_u64 c = sample->start > series->from ? (sample->start - series->from) / series->width : 0;

	return c < COLUMNS ? (unsigned int)c : COLUMNS - 1;
}

void la_series_add(struct la *la, const struct la_sample *sample)
{
	struct la_series *series = la->series;
	struct la_id id = la_group_id(la, sample);
	struct one *one = find(series, &id);

	one->total += sample->value;
	put(series, one, column_of(series, sample), sample);
}

void la_series_fall(struct la *la, const struct la_sample *sample)
{
	struct la_series *series = la->series;
	struct la_id id = la_group_id(la, sample);
	unsigned int i = place(series, &id);

	if (i < series->nr)
		put(series, series->one[i], column_of(series, sample), sample);
}

static int by_total(const void *a, const void *b)
{
	const struct one *x = *(struct one *const *)a, *y = *(struct one *const *)b;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return x->id < y->id ? -1 : 1;		/* the order in which they came */
}

static void write_sample(const struct la *la, FILE *f, const struct la_sample *s)
{
	char time[40], value[40];

	la_seconds(s->start, time);
	la_value(la, s->value, value);
	fprintf(f, "%llu %u %s %s %u\n", s->key, s->pid, time, value, s->cpu);
}

static void write_one(const struct la *la, FILE *f, const struct one *one)
{
	int steps = la->measure->value == LA_NUMBER || la->measure->value == LA_USES;
	const struct la_sample *least, *greatest, *last;
	unsigned int c;

	for (c = one->first; c <= one->last; c++) {
		if (!one->column[c].used)
			continue;
		least = &one->column[c].least;
		greatest = &one->column[c].greatest;
		write_sample(la, f, least->start <= greatest->start ? least : greatest);
		if (one->column[c].used > 1)
			write_sample(la, f, least->start <= greatest->start ? greatest : least);
		last = &one->column[c].last;
		if (steps && one->column[c].used > 2 && last->start > least->start && last->start > greatest->start)
			write_sample(la, f, last);
	}
}

unsigned int la_series_write(struct la *la, FILE *f, unsigned int most, struct la_id *id, int *others)
{
	struct la_series *series = la->series;
	unsigned int i, drawn = series->nr > most ? most : series->nr;

	qsort(series->one, series->nr, sizeof(series->one[0]), by_total);
	fprintf(f, "# lkstla %s: %s pid time[s] value cpu\n", la->measure->name, la_key_column(la->measure));
	for (i = 0; i < series->nr; i++) {
		write_one(la, f, series->one[i]);
		if (i >= drawn)
			continue;
		id[i] = series->id[series->one[i]->id];
		fprintf(f, "\n\n");
	}
	if (series->rest)
		write_one(la, f, series->rest);
	*others = series->nr > drawn;
	return drawn;
}

int la_series_thinned(const struct la *la)
{
	return la->series->thinned;
}

void la_series_free(struct la *la)
{
	unsigned int i;

	if (!la->series)
		return;
	for (i = 0; i < la->series->nr; i++)
		free(la->series->one[i]);
	free(la->series->rest);
	free(la->series);
}
