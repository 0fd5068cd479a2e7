// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-plot.c - samples as a graph over time, drawn by gnuplot(1).
 *
 * The time the trace covers is cut into 2000 columns. Of the samples of one series in one column the least and the greatest
 * are kept, so memory and the size of the drawing do not grow with the trace, and no peak is lost. The eight series with the
 * greatest totals are drawn by name, the others together.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "la.h"

#define COLUMNS		2000
#define MAX_SERIES	128
#define DRAWN		8

struct series {
	lkst_u64 key;
	lkst_u64 total;
	struct { struct la_sample least, greatest; int used; } column[COLUMNS];
};

struct la_plot {
	lkst_u64 from, width;
	struct series *series[MAX_SERIES];
	unsigned int nr;
	struct series *rest;	/* keys that had to go, together; NULL when none had */
	int thinned;
	char *data, *script;
};

static int ends_with(const char *text, const char *end)
{
	return strlen(text) > strlen(end) && !strcmp(text + strlen(text) - strlen(end), end);
}

static const char *terminal(const char *path)
{
	if (ends_with(path, ".svg"))
		return "svg size 1200,600 dynamic background rgb 'white'";
	if (ends_with(path, ".png"))
		return "pngcairo size 1200,600";
	if (ends_with(path, ".pdf"))
		return "pdfcairo size 12,6";
	return NULL;
}

static int have_gnuplot(void)
{
	const char *path = getenv("PATH"), *end;
	char file[4096];

	for (; path && *path; path = *end ? end + 1 : end) {
		end = path + strcspn(path, ":");
		snprintf(file, sizeof(file), "%.*s/gnuplot", (int)(end - path), path);
		if (!access(file, X_OK))
			return 1;
	}
	return 0;
}

void la_plot_start(struct la *la)
{
	struct lkst_clock *clock = &la->trace->clock;
	struct la_plot *plot = lkst_xmalloc(sizeof(*plot));
	lkst_u64 to;

	if (!terminal(la->opt.plot))
		lkst_usage_error("--plot '%s': the name must end with .svg, .png or .pdf", la->opt.plot);
	/* The script quotes file names with "'". */
	if (strpbrk(la->opt.plot, "'\n"))
		lkst_usage_error("--plot '%s': the name must not hold quotes or line ends", la->opt.plot);
	if (!have_gnuplot())
		lkst_die(LKST_EXIT_UNAVAILABLE, "drawing %s: gnuplot is not installed (install the package gnuplot-nox)",
			 la->opt.plot);
	plot->from = lkst_clock_ns(clock, la->trace->first_ticks);
	to = lkst_clock_ns(clock, la->trace->last_ticks);
	if (la->opt.has_window) {
		plot->from = la->opt.from;
		to = la->opt.from + la->opt.duration;
	}
	plot->width = (to - plot->from) / COLUMNS + 1;
	la->plot = plot;
}

static void put(struct la_plot *plot, struct series *series, unsigned int c, const struct la_sample *sample)
{
	if (!series->column[c].used || sample->value < series->column[c].least.value)
		series->column[c].least = *sample;
	if (!series->column[c].used || sample->value > series->column[c].greatest.value)
		series->column[c].greatest = *sample;
	if (series->column[c].used < 3)
		series->column[c].used++;
	if (series->column[c].used > 2)
		plot->thinned = 1;
}

/* Make room for one more key: the one with the least so far joins the rest. Returns its series, empty. */
static struct series *fold_least(struct la_plot *plot)
{
	struct series *least = plot->series[0];
	unsigned int i, c;

	for (i = 1; i < plot->nr; i++)
		if (plot->series[i]->total < least->total)
			least = plot->series[i];
	if (!plot->rest)
		plot->rest = lkst_xmalloc(sizeof(struct series));
	for (c = 0; c < COLUMNS; c++) {
		if (!least->column[c].used)
			continue;
		put(plot, plot->rest, c, &least->column[c].least);
		if (least->column[c].used > 1)
			put(plot, plot->rest, c, &least->column[c].greatest);
	}
	memset(least, 0, sizeof(*least));
	return least;
}

/* The series of a key. A key that was folded away and comes again begins anew: the greatest are those of the end. */
static struct series *series_of(struct la_plot *plot, lkst_u64 key)
{
	struct series *series;
	unsigned int i;

	for (i = 0; i < plot->nr; i++)
		if (plot->series[i]->key == key)
			return plot->series[i];
	series = i < MAX_SERIES ? lkst_xmalloc(sizeof(struct series)) : fold_least(plot);
	series->key = key;
	if (i < MAX_SERIES)
		plot->series[plot->nr++] = series;
	return series;
}

void la_plot_add(struct la *la, const struct la_sample *sample)
{
	struct la_plot *plot = la->plot;
	struct series *series = series_of(plot, sample->key);
	lkst_u64 c = sample->start > plot->from ? (sample->start - plot->from) / plot->width : 0;

	series->total += sample->value;
	put(plot, series, c < COLUMNS ? c : COLUMNS - 1, sample);
}

static int by_total(const void *a, const void *b)
{
	const struct series *x = *(struct series *const *)a, *y = *(struct series *const *)b;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

static void write_sample(const struct la *la, FILE *f, const struct la_sample *s)
{
	char time[40], value[40];

	la_seconds(s->start, time);
	if (la->measure->value == LA_TIME)
		la_seconds(s->value, value);
	else
		sprintf(value, "%llu", s->value);
	fprintf(f, "%llu %u %s %s\n", s->key, s->pid, time, value);
}

static void write_series(const struct la *la, FILE *f, const struct series *series)
{
	const struct la_sample *least, *greatest;
	unsigned int c;

	for (c = 0; c < COLUMNS; c++) {
		if (!series->column[c].used)
			continue;
		least = &series->column[c].least;
		greatest = &series->column[c].greatest;
		write_sample(la, f, least->start <= greatest->start ? least : greatest);
		if (series->column[c].used > 1)
			write_sample(la, f, least->start <= greatest->start ? greatest : least);
	}
}

static FILE *create(const char *plot, const char *end, char **name)
{
	FILE *f;

	*name = lkst_xmalloc(strlen(plot) + strlen(end) + 1);
	sprintf(*name, "%s%s", plot, end);
	f = fopen(*name, "w");
	if (!f)
		lkst_die(LKST_EXIT_FAILED, "drawing %s: writing %s: %s", plot, *name, strerror(errno));
	return f;
}

static void finish_file(FILE *f, const char *name)
{
	if (fflush(f) || ferror(f)) {
		remove(name);
		lkst_die(LKST_EXIT_FAILED, "drawing: writing %s: %s", name, strerror(errno));
	}
	fclose(f);
}

/* One data block a series; gnuplot counts them from 0. */
static unsigned int write_data(struct la *la)
{
	struct la_plot *plot = la->plot;
	unsigned int i, drawn = plot->nr > DRAWN ? DRAWN : plot->nr;
	FILE *f = create(la->opt.plot, ".dat", &plot->data);

	fprintf(f, "# lkstla %s: %s pid time[s] value\n", la->measure->name, la_key_column(la->measure));
	for (i = 0; i < plot->nr; i++) {
		write_series(la, f, plot->series[i]);
		if (i < drawn)
			fprintf(f, "\n\n");
	}
	if (plot->rest)
		write_series(la, f, plot->rest);
	finish_file(f, plot->data);
	return drawn;
}

/* In titles gnuplot takes '_', '^', '@' and braces as they are (noenhanced), quotes are left out. */
static void print_title(FILE *f, const char *text)
{
	for (; *text; text++)
		if (*text != '\'' && *text != '\\')
			fputc(*text, f);
}

static void write_script(struct la *la, unsigned int drawn)
{
	const struct la_measure *m = la->measure;
	struct la_plot *plot = la->plot;
	FILE *f = create(la->opt.plot, ".gnuplot", &plot->script);
	char name[LA_NAME];
	unsigned int i;

	fprintf(f, "set terminal %s noenhanced\nset output '%s'\n", terminal(la->opt.plot), la->opt.plot);
	fprintf(f, "set title 'lkstla %s: %s%s'\nset key outside right top\nset grid\n", m->name, m->what,
		plot->thinned ? " (least and greatest per column)" : "");
	fprintf(f, "set xlabel 'time [s]'\nset ylabel '%s%s'\nset format x '%%.6g'\n", m->value_name,
		m->value == LA_TIME ? " [s]" : "");
	if (m->value == LA_TIME)
		fprintf(f, "set logscale y\n");
	fprintf(f, "plot ");
	for (i = 0; i < drawn + (plot->nr > drawn); i++) {
		fprintf(f, "%s'%s' index %u using 3:4 with %s%s title '", i ? ", \\\n     " : "", plot->data, i,
			m->value == LA_TIME || m->value == LA_BYTES ? "points pt 7 ps 0.4" : "steps",
			/* gnuplot has eight colours: the ninth would be that of the first. */
			i < drawn ? "" : " lc rgb 'gray60'");
		print_title(f, i < drawn ? la_key_name(la, plot->series[i]->key, name) : "others");
		fputc('\'', f);
	}
	fputc('\n', f);
	finish_file(f, plot->script);
}

static int run_gnuplot(const char *script)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		execlp("gnuplot", "gnuplot", script, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void la_plot_end(struct la *la)
{
	struct la_plot *plot = la->plot;
	unsigned int i;
	int status;

	if (!plot->nr) {
		lkst_warn("drawing %s: there are no samples, nothing was drawn", la->opt.plot);
		free(plot);
		return;
	}
	qsort(plot->series, plot->nr, sizeof(plot->series[0]), by_total);
	write_script(la, write_data(la));
	status = run_gnuplot(plot->script);
	if (!la->opt.keep) {
		remove(plot->data);
		remove(plot->script);
	}
	if (status) {
		remove(la->opt.plot);
		lkst_die(LKST_EXIT_FAILED, "drawing %s: gnuplot ended with status %d (--keep leaves its script)", la->opt.plot, status);
	}
	for (i = 0; i < plot->nr; i++)
		free(plot->series[i]);
	free(plot->rest);
	free(plot->data);
	free(plot->script);
	free(plot);
}
