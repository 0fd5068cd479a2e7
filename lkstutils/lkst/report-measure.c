// SPDX-License-Identifier: GPL-2.0-only
/*
 * report-measure.c - what the page says of each measure: table, graph, and what stands out.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "print.h"
#include "report.h"

#define MOST_ROWS	1000U		/* of a table */
#define MOST_SHOWN	20U		/* of those, before a script shows more */
#define MOST_OUT	12U		/* things that stand out */
#define LEAST_PART	0.01		/* of the time traced: less does not stand out */

static const unsigned int shares[] = { 50000, 90000, 99000, 99900 };	/* of 100000: the quantiles in a row */
#define NR_SHARES	(sizeof(shares) / sizeof(shares[0]))

lkst_u64 report_length(struct lkst_trace *trace)
{
	lkst_u64 from = lkst_clock_ns(&trace->clock, trace->first_ticks);
	lkst_u64 to = lkst_clock_ns(&trace->clock, trace->last_event);

	return to > from ? to - from : 0;
}

static const char *unit(const struct la *la)
{
	static const char *const name[] = {
		[LA_TIME] = "ns", [LA_NUMBER] = "number", [LA_BYTES] = "bytes", [LA_USES] = "uses", [LA_OWN] = "",
	};

	return name[la->measure->value];
}

/* As a line of the table has it. */
static void row_name(struct la *la, const struct la_group *group, char *text, size_t size)
{
	char name[LA_NAME];
	size_t n = 0;

	if (group == la->others) {
		snprintf(text, size, "others");
		return;
	}
	*text = 0;
	if (la->opt.by & (LA_BY_PID | LA_BY_PROCESS))
		n = (size_t)snprintf(text, size, "%u %s ", group->id.pid,
				     lkst_task_name(&la->trace->names, group->id.pid));
	if ((la->opt.by & LA_BY_CPU) && n < size)
		n += (size_t)snprintf(text + n, size - n, "cpu%u ", group->id.cpu);
	if ((la->opt.by & LA_BY_KEY) && n < size)
		n += (size_t)snprintf(text + n, size - n, "%s", la_key_name(la, group->id.key, name));
	if (n && n < size && text[n - 1] == ' ')
		text[n - 1] = 0;
}

static void write_row(struct report *r, struct la *la, const struct la_group *group)
{
	const struct lkst_stats *s = &group->stats;
	lkst_u64 quantile[NR_SHARES];
	char name[2 * LA_NAME];

	lkst_stats_quantiles(s, shares, NR_SHARES, quantile);
	row_name(la, group, name, sizeof(name));
	report_field(r->json, "{", "name", name);
	fprintf(r->json, ",\"count\":%llu", s->count);
	if (la->measure->value == LA_USES)
		fprintf(r->json, ",\"share\":%.3f}", 100.0 * (double)s->count / (double)la->samples);
	else
		fprintf(r->json, ",\"total\":%llu,\"min\":%llu,\"mean\":%.3f,\"max\":%llu,\"deviation\":%.3f,"
			"\"p50\":%llu,\"p90\":%llu,\"p99\":%llu,\"p99.9\":%llu}", s->total, s->min,
			lkst_stats_mean(s), s->max, lkst_stats_deviation(s), quantile[0], quantile[1], quantile[2],
			quantile[3]);
}

static const char *key_of(const struct la *la)
{
	return la->opt.by == LA_BY_KEY ? la->measure->key_what : "task";
}

/* What a narrow window moves sideways, by the keyboard too. */
static void begin_scroll(struct report *r, const char *what, const char *name)
{
	fprintf(r->html, "<div class=\"scroll %s\" tabindex=\"0\" role=\"region\" aria-label=\"%s of %s\">", what, what,
		name);
}

static void write_graph(struct report *r, struct la *la)
{
	static unsigned char data[1 << 20];
	size_t size;
	FILE *f;

	if (la->measure->value == LA_USES || r->no_gnuplot)
		return;
	la->opt.plot = r->graph;
	la->opt.kind = la->measure->value == LA_NUMBER ? LA_HISTOGRAM : LA_CUMULATIVE;
	switch (la_plot_end(la)) {
	case LKST_EXIT_DONE:
		break;
	case LKST_EXIT_UNAVAILABLE:
		r->no_gnuplot = 1;
		return;
	default:
		r->no_graph = 1;
		return;
	}
	f = fopen(r->graph, "r");
	if (!f)
		return;
	size = fread(data, 1, sizeof(data), f);
	fclose(f);
	remove(r->graph);
	if (size == sizeof(data))
		return;
	begin_scroll(r, "graph", la->measure->name);
	fprintf(r->html, "<img class=\"graph\" alt=\"graph of %s\" src=\"data:image/svg+xml;base64,",
		la->measure->what);
	report_base64(r->html, data, size);
	fprintf(r->html, "\"></div>\n");
}

/* ---- the table as it stands in the page ---- */

static const char *show_value(const struct la *la, double value, char *text, size_t size)
{
	static const struct {
		double size;
		const char *name;
	} times[] = { { 1e9, " s" }, { 1e6, " ms" }, { 1e3, " \302\265s" }, { 1, " ns" } };
	unsigned int i = 0;

	if (la->measure->value != LA_TIME || value == 0) {
		snprintf(text, size, "%.*f", value != (double)(lkst_u64)value ? 2 : 0, value);
		return text;
	}
	while (i < 3 && value < times[i].size)
		i++;
	snprintf(text, size, "%.4g%s", value / times[i].size, times[i].name);
	return text;
}

static void show_row(struct report *r, struct la *la, const struct la_group *group)
{
	const struct lkst_stats *s = &group->stats;
	char name[2 * LA_NAME], text[64];
	lkst_u64 quantile[NR_SHARES];
	double value[9];
	unsigned int i;

	row_name(la, group, name, sizeof(name));
	fprintf(r->html, "<tr><td title=\"");
	report_html(r->html, name);
	fprintf(r->html, "\">");
	report_html(r->html, name);
	fprintf(r->html, "</td><td>%llu</td>", s->count);
	if (la->measure->value == LA_USES) {
		fprintf(r->html, "<td>%.1f %%</td></tr>\n", 100.0 * (double)s->count / (double)la->samples);
		return;
	}
	lkst_stats_quantiles(s, shares, NR_SHARES, quantile);
	value[0] = (double)s->total;
	value[1] = (double)s->min;
	value[2] = lkst_stats_mean(s);
	for (i = 0; i < NR_SHARES; i++)
		value[3 + i] = (double)quantile[i];
	value[7] = (double)s->max;
	value[8] = lkst_stats_deviation(s);
	for (i = 0; i < 9; i++)
		fprintf(r->html, "<td>%s</td>", show_value(la, value[i], text, sizeof(text)));
	fprintf(r->html, "</tr>\n");
}

static void show_table(struct report *r, struct la *la, struct la_group *const *group, size_t count)
{
	static const char *const columns[] = {
		"count", "total", "min", "mean", "p50", "p90", "p99", "p99.9", "max", "deviation"
	};
	size_t i;

	begin_scroll(r, "table", la->measure->name);
	fprintf(r->html, "<table><thead><tr><th scope=\"col\">%s</th>", key_of(la));
	for (i = 0; i < (la->measure->value == LA_USES ? 1 : sizeof(columns) / sizeof(columns[0])); i++)
		fprintf(r->html, "<th scope=\"col\">%s</th>", columns[i]);
	if (la->measure->value == LA_USES)
		fprintf(r->html, "<th scope=\"col\">share</th>");
	fprintf(r->html, "</tr></thead><tbody>\n");
	for (i = 0; i < count && i < MOST_SHOWN; i++)
		show_row(r, la, group[i]);
	fprintf(r->html, "</tbody></table></div>\n");
	if (count > MOST_SHOWN)
		fprintf(r->html, "<p class=\"what more\">The first %u of %zu.</p>\n", MOST_SHOWN, count);
}

static void missing_events(const struct la *la, char *text, size_t size)
{
	const lkst_u16 *id = la->measure->needs;
	size_t n = (size_t)snprintf(text, size, "Not measured: the trace has no");

	for (; *id && n < size; id++)
		n += (size_t)snprintf(text + n, size - n, "%s %s", id == la->measure->needs ? "" : " and no",
				      lkst_event_by_id(*id)->name);
	if (n < size)
		snprintf(text + n, size - n, ".");
}

/* ---- what stands out ---- */

static void __attribute__((format(printf, 3, 4))) say_text(char *text, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, size, fmt, ap);
	va_end(ap);
}

static struct standout *new_standout(struct report *r, double weight)
{
	struct standout *s;

	if (r->nr_found == sizeof(r->found) / sizeof(r->found[0]))
		return NULL;
	s = &r->found[r->nr_found++];
	s->weight = weight;
	return s;
}

#define MOST_FILE	280	/* of a command's 400 bytes */

/* A command is there to be copied into a shell: a word of these means there what it says. */
static int is_plain(const char *word)
{
	return *word && *word != '-' && !word[strspn(word, "0123456789abcdefghijklmnopqrstuvwxyz"
						     "ABCDEFGHIJKLMNOPQRSTUVWXYZ_./:+-")];
}

/* The traces, as a shell takes them; FILE where that is too much for a line. */
static const char *files_of(const struct report *r, char *text, size_t size)
{
	const char *from = r->file[0];
	size_t n = 0;

	if (r->files > 1)
		return "FILE...";
	if (is_plain(from) && strlen(from) < size)
		return from;
	if (*from == '-')
		n += (size_t)snprintf(text, size, "./");
	for (text[n++] = '\''; *from && n + 6 < size; from++)
		n += (size_t)snprintf(text + n, size - n, *from == '\'' ? "'\\''" : "%c", *from);
	snprintf(text + n, size - n, "'");
	return *from ? "FILE" : text;
}

/* What -k takes for a key: its name, where no two have the same. */
static void word_of(struct la *la, lkst_u64 key, char *text)
{
	switch (la->measure->key) {
	case LA_KEY_SYSCALL:
	case LA_KEY_DEV:
	case LA_KEY_SOFTIRQ:
	case LA_KEY_LABEL:
		la_key_name(la, key, text);
		/* Digits alone would be taken for a number. */
		if (is_plain(text) && text[strspn(text, "0123456789")])
			return;
		break;
	default:
		break;
	}
	snprintf(text, LA_NAME, "%llu", key);
}

/* The options that show these samples: for a table by key, -k; by task, -p. */
static void show_more(const struct report *r, struct la *la, const struct la_group *group, const char *more,
		      char *text, size_t size)
{
	char what[64 + LA_NAME] = "", key[LA_NAME], files[MOST_FILE];

	if (la->opt.by == LA_BY_KEY && la->measure->key != LA_KEY_FUNCTION) {
		word_of(la, group->id.key, key);
		snprintf(what, sizeof(what), " -k %s", key);
	} else if (la->opt.by & (LA_BY_PID | LA_BY_PROCESS)) {
		snprintf(what, sizeof(what), " -p %u", group->id.pid);
	}
	say_text(text, size, "lkstla %s%s%s %s", la->measure->name, what, more, files_of(r, files, sizeof(files)));
}

/* The key that has most of a measure's time, and much of the time traced. */
static void look_for_share(struct report *r, struct la *la, const struct la_group *group, double all, size_t count)
{
	double total = (double)group->stats.total, length = (double)report_length(r->trace);
	char name[2 * LA_NAME], of[64] = "";
	struct standout *s;

	if (la->measure->overlaps || group == la->others || total <= 0.4 * all || total < LEAST_PART * length)
		return;
	s = new_standout(r, total / 1e9);
	if (!s)
		return;
	row_name(la, group, name, sizeof(name));
	if (count > 1)
		say_text(of, sizeof(of), ", %.0f %% of all", 100.0 * total / all);
	say_text(s->text, sizeof(s->text), "%s: %s took %.3f s in %llu times%s, and %.0f %% of the time traced: %s.",
		 la->measure->name, name, total / 1e9, group->stats.count, of, 100.0 * total / length,
		 la->measure->what);
	show_more(r, la, group, "", s->command, sizeof(s->command));
}

static void look_for_standouts(struct report *r, struct la *la, struct la_group *const *group, size_t count)
{
	double all = 0, length = (double)report_length(r->trace);
	char name[2 * LA_NAME], more[64];
	struct standout *s;
	size_t i;

	if (la->measure->value != LA_TIME)
		return;
	for (i = 0; i < count; i++)
		all += (double)group[i]->stats.total;
	if (!count || all < 1e6)
		return;
	look_for_share(r, la, group[0], all, count);
	for (i = 0; i < count && i < 20; i++) {
		const struct lkst_stats *st = &group[i]->stats;
		lkst_u64 median = lkst_stats_quantile(st, 50000), high = lkst_stats_quantile(st, 99000);

		if (group[i] == la->others || st->count < 20 || st->max < 1000000 ||
		    st->max < 100 * (median ? median : 1) || (double)st->max < LEAST_PART * length)
			continue;
		s = new_standout(r, (double)st->max / 1e9);
		if (!s)
			break;
		row_name(la, group[i], name, sizeof(name));
		/* Of less than a hundred that one is the slowest itself. */
		if (st->count < 100 || high >= st->max)
			say_text(more, sizeof(more), "there are %llu", st->count);
		else
			say_text(more, sizeof(more), "one in a hundred took more than %.6f s", (double)high / 1e9);
		say_text(s->text, sizeof(s->text), "%s: the slowest of %s took %.6f s, %.0f %% of the time traced and "
			 "%llu times the median; %s.", la->measure->name, name, (double)st->max / 1e9,
			 100.0 * (double)st->max / length, st->max / (median ? median : 1), more);
		show_more(r, la, group[i], " -l --top=10", s->command, sizeof(s->command));
	}
}

/* Tasks that had much of a CPU, for others to wait for. */
static void look_for_tasks(struct report *r)
{
	lkst_u64 length = report_length(r->trace);
	const struct la_timeline_task *task;
	char files[MOST_FILE];
	struct standout *s;
	unsigned int i;

	for (i = 1; i < r->timeline->tasks; i++) {
		task = &r->timeline->task[i];
		if (!length || (double)task->ran < 0.4 * (double)length)
			continue;
		s = new_standout(r, (double)task->ran / 1e9);
		if (!s)
			break;
		say_text(s->text, sizeof(s->text), "CPU: %s (%u) ran for %.3f s of %.3f s, %.0f %% of one CPU.",
			 lkst_task_name(&r->trace->names, task->pid), task->pid, (double)task->ran / 1e9,
			 (double)length / 1e9, 100.0 * (double)task->ran / (double)length);
		say_text(s->command, sizeof(s->command), "lkstla state --by=pid,key -p %u %s", task->pid,
			 files_of(r, files, sizeof(files)));
	}
}

static int by_weight(const void *a, const void *b)
{
	const struct standout *x = a, *y = b;

	return (x->weight < y->weight) - (x->weight > y->weight);
}

void report_standouts(struct report *r, FILE *html)
{
	unsigned int i;

	look_for_tasks(r);
	qsort(r->found, r->nr_found, sizeof(r->found[0]), by_weight);
	fprintf(r->json, ",\"out\":[");
	fprintf(html, r->nr_found ? "<ol class=\"out\">\n" :
		"<p>Nothing: no measure has a share or a tail worth a line.</p>");
	for (i = 0; i < r->nr_found && i < MOST_OUT; i++) {
		report_field(r->json, i ? ",{" : "{", "text", r->found[i].text);
		report_field(r->json, ",", "command", r->found[i].command);
		fputc('}', r->json);
		fprintf(html, "<li>");
		report_html(html, r->found[i].text);
		fprintf(html, " <code>");
		report_html(html, r->found[i].command);
		fprintf(html, "</code></li>\n");
	}
	fputc(']', r->json);
	fprintf(html, r->nr_found ? "</ol>" : "");
}

/* A line about the measure, for both. */
static void say(struct report *r, const char *name, const char *text)
{
	report_field(r->json, ",", name, text);
	fprintf(r->html, "<p class=\"what\">");
	report_html(r->html, text);
	fprintf(r->html, "</p>\n");
}

static void begin_section(struct report *r, const struct la_measure *m)
{
	fprintf(r->html, "<section><h2 id=\"%s\">%s</h2>\n<p class=\"what\">", m->name, m->name);
	report_html(r->html, m->what);
	if (m->number)
		fprintf(r->html, " (measure %u of the 18)", m->number);
	fprintf(r->html, "</p>\n");
}

void report_measure(struct report *r, struct la *la, const char *comma)
{
	const struct lkst_pairs *p = &la->pairs;
	struct la_group **group;
	size_t i, count;
	char text[300];

	begin_section(r, la->measure);
	fprintf(r->json, "%s{", comma);
	report_field(r->json, "", "name", la->measure->name);
	fprintf(r->json, ",\"number\":%u", la->measure->number);
	report_field(r->json, ",", "what", la->measure->what);
	report_field(r->json, ",", "key", key_of(la));
	fprintf(r->json, ",\"unit\":\"%s\",\"samples\":%llu", unit(la), la->samples);
	if (!la->samples) {
		missing_events(la, text, sizeof(text));
		say(r, "missing", la->offered || la->trace->class[la->measure->needs[0]].seen ?
		    "Nothing to measure: the events are there, but none that belong together." : text);
		fprintf(r->json, ",\"rows\":[]}");
		fprintf(r->html, "</section>\n");
		return;
	}
	if (p->no_begin || p->no_end || p->count || p->cut || p->evicted) {
		snprintf(text, sizeof(text), "Not counted: %llu ends without a beginning, "
			 "%llu beginnings without an end, %u open at the end, %llu cut by losses.", p->no_begin,
			 p->no_end + p->evicted, p->count, p->cut);
		say(r, "unpaired", text);
	}
	fprintf(r->json, ",\"folded\":%llu", la->others ? la->others->stats.count : 0ULL);
	write_graph(r, la);
	group = la_sorted_groups(la, &count);
	look_for_standouts(r, la, group, count);
	fprintf(r->json, ",\"rows\":[");
	for (i = 0; i < count && i < MOST_ROWS; i++) {
		fputs(i ? "," : "", r->json);
		write_row(r, la, group[i]);
	}
	fprintf(r->json, "]}");
	show_table(r, la, group, count);
	if (la->others)
		fprintf(r->html, "<p class=\"what\">Further keys were counted together as \342\200\234others"
			"\342\200\235: %llu samples.</p>\n", la->others->stats.count);
	fprintf(r->html, "</section>\n");
	free(group);
}
