// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-plot.c - graphs, drawn by gnuplot(1): samples over time, how often each value was there (histogram), or
 * the share of samples up to each value (cumulative). A series is what a line of the table is; the eight
 * greatest have their names.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "la.h"

/* What is in the data of one measure: blocks with names, and perhaps one more of all others. */
struct blocks {
	struct la_id id[LA_DRAWN];
	unsigned int nr;
	int others;
};

/* One graph: a measure, or several over each other. */
struct graph {
	struct la *const *la;
	unsigned int nr;
	struct blocks blocks[LA_MAX_OVERLAY];
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
	if (!terminal(la->opt.plot))
		lkst_usage_error("--plot '%s': the name must end with .svg, .png or .pdf", la->opt.plot);
	/* The script quotes file names with "'"; one that begins like these is a command for gnuplot. */
	if (strpbrk(la->opt.plot, "'\n") || strchr("|<", *la->opt.plot))
		lkst_usage_error("--plot '%s': the name must not hold quotes or line ends, nor begin with | or <",
				 la->opt.plot);
	if (la->opt.kind != LA_OVER_TIME && la->measure->value == LA_USES)
		lkst_usage_error("--kind: '%s' counts, it has no values to show the distribution of",
				 la->measure->name);
	if (la->opt.kind == LA_OVER_TIME)
		la->series = la_series_start(la);
}

/* ---- data ---- */

/* Numbers one by one; times and sizes in eighths of an octave. */
static unsigned int bin_steps(const struct la *la)
{
	return la->measure->value == LA_NUMBER ? 1 : LKST_STATS_STEPS / 8;
}

/* For "with steps": the count from each value on, 0 behind a range that has no neighbour. */
static void write_histogram(const struct la *la, FILE *f, const struct lkst_stats *stats)
{
	lkst_u64 low, high, count, end = 0;
	unsigned int at = 0;
	char value[40];

	while ((count = lkst_stats_range(stats, &at, bin_steps(la), &low, &high))) {
		if (low != end || !end) {
			if (end) {
				la_value(la, end, value);
				fprintf(f, "%s 0\n", value);
			}
			la_value(la, low, value);
			fprintf(f, "%s 0\n", value);
		}
		la_value(la, low, value);
		fprintf(f, "%s %llu\n", value, count);
		end = high + 1;
	}
	la_value(la, end, value);
	fprintf(f, "%s 0\n", value);
}

static void write_cumulative(const struct la *la, FILE *f, const struct lkst_stats *stats)
{
	lkst_u64 low, high, count, sum = 0;
	unsigned int at = 0;
	char value[40];

	la_value(la, stats->min, value);
	fprintf(f, "%s 0\n", value);
	while ((count = lkst_stats_range(stats, &at, 1, &low, &high))) {
		sum += count;
		la_value(la, high < stats->max ? high : stats->max, value);
		fprintf(f, "%s %.4f\n", value, 100.0 * (double)sum / (double)stats->count);
	}
}

static void write_distribution(struct la *la, FILE *f, struct blocks *blocks)
{
	void (*const write)(const struct la *la, FILE *f, const struct lkst_stats *stats) =
		la->opt.kind == LA_HISTOGRAM ? write_histogram : write_cumulative;
	struct lkst_stats rest = { 0 };
	size_t i, count;
	struct la_group **group = la_sorted_groups(la, &count);

	fprintf(f, "# lkstla %s: value %s\n", la->measure->name, la->opt.kind == LA_HISTOGRAM ? "samples" : "share[%]");
	for (i = 0; i < count; i++) {
		if (i >= LA_DRAWN || group[i] == la->others) {
			lkst_stats_merge(&rest, &group[i]->stats);
			continue;
		}
		blocks->id[blocks->nr++] = group[i]->id;
		write(la, f, &group[i]->stats);
		fprintf(f, "\n\n");
	}
	blocks->others = rest.count != 0;
	if (rest.count)
		write(la, f, &rest);
	lkst_stats_free(&rest);
	free(group);
}

/* What is not to be kept has another name than what a user may have kept before. */
static FILE *create(const struct la *la, const char *end, char **name)
{
	const char *plot = la->opt.plot;
	FILE *f;

	*name = lkst_xmalloc(strlen(plot) + sizeof(LA_PLOT_NOT_KEPT) + strlen(end));
	sprintf(*name, "%s%s%s", plot, la->opt.keep ? "" : LA_PLOT_NOT_KEPT, end);
	f = lkst_begin_output(*name);
	if (!f)
		lkst_die(LKST_EXIT_FAILED, "drawing %s: writing %s: %s", plot, *name, strerror(errno));
	return f;
}

static char *write_data(struct graph *graph)
{
	struct la *la = graph->la[0];
	struct blocks *blocks;
	unsigned int i;
	char *name;
	FILE *f = create(la, ".dat", &name);

	if (la->opt.kind != LA_OVER_TIME)
		write_distribution(la, f, &graph->blocks[0]);
	for (i = 0; la->opt.kind == LA_OVER_TIME && i < graph->nr; i++) {
		blocks = &graph->blocks[i];
		if (i && graph->blocks[i - 1].others)
			fprintf(f, "\n\n");
		blocks->nr = la_series_write(graph->la[i], f, LA_DRAWN / graph->nr, blocks->id, &blocks->others);
	}
	lkst_end_output(f, name);
	return name;
}

/* ---- script ---- */

/* In titles gnuplot takes '_', '^', '@' and braces as they are (noenhanced), quotes are left out. */
static void print_title(FILE *f, const char *text)
{
	for (; *text; text++)
		if (*text != '\'' && *text != '\\')
			fputc(*text, f);
}

/* As in the table: pid and task, CPU, key. Two tasks of one name are two series. */
static void print_series_title(struct la *la, FILE *f, const struct la_id *id)
{
	const char *blank = "";
	char name[LA_NAME];

	if (la->opt.by & (LA_BY_PID | LA_BY_PROCESS)) {
		fprintf(f, "%u ", id->pid);
		print_title(f, lkst_task_name(&la->trace->names, id->pid));
		blank = " ";
	}
	if (la->opt.by & LA_BY_CPU) {
		fprintf(f, "%scpu%u", blank, id->cpu);
		blank = " ";
	}
	if (la->opt.by & LA_BY_OBJECT) {
		fprintf(f, "%sobject %u", blank, id->object);
		blank = " ";
	}
	if (la->opt.by & LA_BY_KEY) {
		fputs(blank, f);
		if (la->measure->key == LA_KEY_PID)
			fprintf(f, "%llu ", id->key);
		print_title(f, la_key_name(la, id->key, name));
	}
}

/* Least and greatest of all values, beyond what @min and @max are already. */
static void extremes(struct la *la, lkst_u64 *min, lkst_u64 *max)
{
	size_t i, count;
	struct la_group **group = la_sorted_groups(la, &count);

	for (i = 0; i < count; i++) {
		if (group[i]->stats.min < *min)
			*min = group[i]->stats.min;
		if (group[i]->stats.max > *max)
			*max = group[i]->stats.max;
	}
	free(group);
}

/* Words for what a value is, once each; not "time" for both axes. */
static void value_label(const struct la_measure *m, FILE *f, const char *comma)
{
	const char *p;

	fputs(comma, f);
	for (p = strcmp(m->value_name, "time") ? m->value_name : "duration"; *p; p++)
		fputc(*p == '_' ? ' ' : *p, f);
}

/*
 * The axis of values, "x", "y" or "y2", for the measures whose unit is that of @unit: times with a prefix (20us),
 * on a logarithmic scale; so a value of 0 is drawn at 1 ns.
 */
static void value_axis(const struct graph *graph, FILE *f, const char *axis, const struct la *unit)
{
	const struct la_measure *last = NULL, *m = NULL;
	lkst_u64 min = ~0ULL, max = 0;
	unsigned int i;

	fprintf(f, "set %slabel '", axis);
	for (i = 0; i < graph->nr; i++) {
		m = graph->la[i]->measure;
		if (strcmp(la_unit(graph->la[i]), la_unit(unit)))
			continue;
		if (!last || strcmp(m->value_name, last->value_name))
			value_label(m, f, last ? ", " : "");
		last = m;
		extremes(graph->la[i], &min, &max);
	}
	fprintf(f, "'\n");
	if (min > max)
		min = max;
	if (last && last->value == LA_TIME) {
		/* Below a decade the marks are not at powers of ten alone. */
		fprintf(f, "set logscale %s\nset format %s '%s'\n", axis, axis,
			max / 10 >= min ? "%.0s%cs" : "%.2s%cs");
		fprintf(f, "set %srange [%.1e:*]\n", axis, (double)(min ? min : 1) * 0.7e-9);
	} else {
		fprintf(f, "set %srange [0:*]\n", axis);
		if (max < 12)
			fprintf(f, "set %stics 1\n", axis);
	}
}

/* The first measure whose unit is not that of the first of all, NULL when all have one. */
static const struct la *second_unit(const struct graph *graph)
{
	unsigned int i;

	for (i = 1; i < graph->nr; i++)
		if (strcmp(la_unit(graph->la[i]), la_unit(graph->la[0])))
			return graph->la[i];
	return NULL;
}

static void axes(const struct graph *graph, FILE *f)
{
	const struct la *la = graph->la[0], *other = second_unit(graph);

	value_axis(graph, f, la->opt.kind == LA_OVER_TIME ? "y" : "x", la);
	if (other) {
		fprintf(f, "set ytics nomirror\nset y2tics\n");
		value_axis(graph, f, "y2", other);
	}
	if (la->opt.kind == LA_OVER_TIME)
		fprintf(f, "set xlabel 'began at [s], CLOCK_MONOTONIC of the traced machine'\nset format x '%%.10g'\n");
	else if (la->opt.kind == LA_HISTOGRAM)
		fprintf(f, "set ylabel 'samples%s'\nset logscale y\nset yrange [0.5:*]\nset format y '%%.0f'\n",
			bin_steps(la) == 1 ? "" : ", in each eighth of an octave");
	else
		fprintf(f, "set ylabel 'samples up to this value [%%]'\nset yrange [0:101]\nset key bottom\n");
}

static void print_graph_title(const struct graph *graph, FILE *f)
{
	static const char *const titles[] = { "", ", how often each value was there", ", cumulative" };
	const struct la *la = graph->la[0];
	unsigned int i;
	int thinned = 0;

	fprintf(f, "set title 'lkstla ");
	if (graph->nr == 1)
		fprintf(f, "%s: %s", la->measure->name, la->measure->what);
	else
		fputs("overlay:", f);
	for (i = 0; i < graph->nr; i++) {
		if (graph->nr > 1)
			fprintf(f, "%s %s", i ? "," : "", graph->la[i]->measure->name);
		if (graph->nr > 1 && graph->la[i]->opt.has_key) {
			fputc(' ', f);
			print_title(f, graph->la[i]->opt.key);
		}
		thinned |= la->opt.kind == LA_OVER_TIME && la_series_thinned(graph->la[i]);
	}
	fprintf(f, "%s'\n", thinned ? " (least and greatest per column)" : titles[la->opt.kind]);
}

/* The columns, and how they are drawn: @measure is its place in the graph. */
static void print_style(const struct graph *graph, unsigned int measure, FILE *f)
{
	static const unsigned int points[LA_MAX_OVERLAY] = { 7, 5, 9, 13 };
	const struct la *la = graph->la[measure];
	int is_time = la->measure->value == LA_TIME;

	if (la->opt.kind == LA_HISTOGRAM) {
		fprintf(f, "%s:($2 > 0 ? $2 : 0.5) with steps lw 2", is_time ? "($1 > 0 ? $1 : 1e-9)" : "1");
		return;
	}
	if (la->opt.kind == LA_CUMULATIVE) {
		fprintf(f, "%s:2 with steps lw 2", is_time ? "($1 > 0 ? $1 : 1e-9)" : "1");
		return;
	}
	fprintf(f, "3:%s%s with ", is_time ? "($4 > 0 ? $4 : 1e-9)" : "4",
		strcmp(la_unit(la), la_unit(graph->la[0])) ? " axes x1y2" : "");
	if (is_time || la->measure->value == LA_BYTES)
		fprintf(f, "points pt %u ps 0.4", points[measure]);
	else
		fputs("steps", f);
}

static void print_plots(const struct graph *graph, FILE *f, const char *data)
{
	const struct blocks *blocks;
	unsigned int i, n, index = 0;

	fprintf(f, "plot ");
	for (n = 0; n < graph->nr; n++) {
		blocks = &graph->blocks[n];
		for (i = 0; i < blocks->nr + !!blocks->others; i++) {
			fprintf(f, "%s'%s' index %u using ", index ? ", \\\n     " : "", data, index);
			index++;
			print_style(graph, n, f);
			/* gnuplot has eight colours: the ninth would be that of the first. */
			fprintf(f, "%s title '", i < blocks->nr ? "" : " lc rgb 'gray60'");
			if (graph->nr > 1)
				fprintf(f, "%s ", graph->la[n]->measure->name);
			if (i < blocks->nr)
				print_series_title(graph->la[n], f, &blocks->id[i]);
			else
				fputs("others", f);
			fputc('\'', f);
		}
	}
	fputc('\n', f);
}

static char *write_script(const struct graph *graph, const char *data)
{
	const char *plot = graph->la[0]->opt.plot;
	char *name;
	FILE *f = create(graph->la[0], ".gnuplot", &name);

	fprintf(f, "set encoding utf8\nset terminal %s noenhanced\n", terminal(plot));
	fprintf(f, "if (!exists(\"piped\")) set output '%s'\n", plot);
	print_graph_title(graph, f);
	fprintf(f, "set key outside right top\nset grid\n");
	axes(graph, f);
	print_plots(graph, f, data);
	lkst_end_output(f, name);
	return name;
}

/* gnuplot does not say when the disk is full, so what it draws is written here. */
static int run_gnuplot(const char *script, FILE *out)
{
	char buffer[65536];
	int status, fd[2];
	ssize_t n;
	pid_t pid;

	fflush(NULL);
	if (pipe(fd))
		return -1;
	pid = fork();
	if (!pid) {
		dup2(fd[1], STDOUT_FILENO);
		close(fd[0]);
		close(fd[1]);
		execlp("gnuplot", "gnuplot", "-e", "piped = 1", script, (char *)NULL);
		_exit(127);
	}
	close(fd[1]);
	while (pid > 0 && ((n = read(fd[0], buffer, sizeof(buffer))) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0)
			fwrite(buffer, 1, (size_t)n, out);
	close(fd[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int draw_file(const struct la *la, const char *script)
{
	const char *plot = la->opt.plot;
	FILE *out = lkst_begin_output(plot);
	int status;

	if (!out) {
		lkst_warn("drawing %s: %s", plot, strerror(errno));
		return LKST_EXIT_FAILED;
	}
	status = run_gnuplot(script, out);
	if (!status && !fflush(out) && !ferror(out)) {
		lkst_end_output(out, plot);
		return LKST_EXIT_DONE;
	}
	if (status)
		lkst_warn("drawing %s: gnuplot ended with status %d (--keep leaves its script)", plot, status);
	else
		lkst_warn("drawing %s: not all of it could be written (is the disk full?)", plot);
	return LKST_EXIT_FAILED;	/* what there is of it goes when the program ends */
}

/* The files are there; what is left to do. */
static int draw(const struct la *la, const char *script, const char *data)
{
	int status = LKST_EXIT_UNAVAILABLE;

	if (have_gnuplot())
		status = draw_file(la, script);
	else if (la->opt.keep)
		lkst_warn("drawing %s: gnuplot is not installed (install gnuplot-nox, then run 'gnuplot %s')",
			  la->opt.plot, script);
	else
		lkst_warn("drawing %s: gnuplot is not installed (install the package gnuplot-nox)", la->opt.plot);
	if (!la->opt.keep) {
		remove(data);
		remove(script);
	}
	return status;
}

int la_plot_several(struct la *const *la, unsigned int nr)
{
	struct graph graph = { .la = la, .nr = nr };
	char *data, *script;
	int status = LKST_EXIT_DONE;
	lkst_u64 samples = 0;
	unsigned int i;

	for (i = 0; i < nr; i++)
		samples += la[i]->samples;
	if (samples) {
		data = write_data(&graph);
		script = write_script(&graph, data);
		status = draw(la[0], script, data);
		free(data);
		free(script);
	}
	for (i = 0; i < nr; i++)
		la_series_free(la[i]);
	return status;
}

int la_plot_end(struct la *la)
{
	return la_plot_several(&la, 1);
}
