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
#define MOST_OUT	12U		/* things that stand out */

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
	static const unsigned int shares[] = { 50000, 90000, 99000, 99900 };
	const struct lkst_stats *s = &group->stats;
	lkst_u64 quantile[4];
	char name[2 * LA_NAME];

	lkst_stats_quantiles(s, shares, 4, quantile);
	row_name(la, group, name, sizeof(name));
	report_field(r->out, "{", "name", name);
	fprintf(r->out, ",\"count\":%llu", s->count);
	if (la->measure->value == LA_USES)
		fprintf(r->out, ",\"share\":%.3f}", 100.0 * (double)s->count / (double)la->samples);
	else
		fprintf(r->out, ",\"total\":%llu,\"min\":%llu,\"mean\":%.3f,\"max\":%llu,\"deviation\":%.3f,"
			"\"p50\":%llu,\"p90\":%llu,\"p99\":%llu,\"p99.9\":%llu}", s->total, s->min,
			lkst_stats_mean(s), s->max, lkst_stats_deviation(s), quantile[0], quantile[1], quantile[2],
			quantile[3]);
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
	fprintf(r->out, ",\"graph\":\"");
	report_base64(r->out, data, size);
	fputc('"', r->out);
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

/* The options that show these samples: for a table by key, -k; by task, -p. */
static void show_more(const struct report *r, const struct la *la, const struct la_group *group, const char *more,
		      char *text, size_t size)
{
	char what[64] = "";

	if (la->opt.by == LA_BY_KEY && la->measure->key != LA_KEY_FUNCTION)
		snprintf(what, sizeof(what), " -k %llu", group->id.key);
	else if (la->opt.by & (LA_BY_PID | LA_BY_PROCESS))
		snprintf(what, sizeof(what), " -p %u", group->id.pid);
	say_text(text, size, "lkstla %s%s%s %s", la->measure->name, what, more, r->files == 1 ? r->file[0] : "FILE...");
}

static void look_for_standouts(struct report *r, struct la *la, struct la_group *const *group, size_t count)
{
	double all = 0;
	char name[2 * LA_NAME];
	struct standout *s;
	size_t i;

	if (la->measure->value != LA_TIME)
		return;
	for (i = 0; i < count; i++)
		all += (double)group[i]->stats.total;
	if (!count || all < 1e6)
		return;
	row_name(la, group[0], name, sizeof(name));
	if (count > 1 && group[0] != la->others && (double)group[0]->stats.total > 0.4 * all) {
		s = new_standout(r, (double)group[0]->stats.total / 1e9);
		if (s) {
			say_text(s->text, sizeof(s->text),
				 "%s: %s makes up %.0f %% (%.3f s of %.3f s, %llu times): %s.",
				 la->measure->name, name, 100.0 * (double)group[0]->stats.total / all,
				 (double)group[0]->stats.total / 1e9, all / 1e9, group[0]->stats.count,
				 la->measure->what);
			show_more(r, la, group[0], "", s->command, sizeof(s->command));
		}
	}
	for (i = 0; i < count && i < 20; i++) {
		const struct lkst_stats *st = &group[i]->stats;
		lkst_u64 median = lkst_stats_quantile(st, 50000);

		if (group[i] == la->others || st->count < 20 || st->max < 1000000 ||
		    st->max < 100 * (median ? median : 1))
			continue;
		s = new_standout(r, (double)st->max / 1e9);
		if (!s)
			break;
		row_name(la, group[i], name, sizeof(name));
		say_text(s->text, sizeof(s->text), "%s: the slowest of %s took %.6f s, %llu times the median; one in a "
			 "hundred took more than %.6f s.", la->measure->name, name, (double)st->max / 1e9,
			 st->max / (median ? median : 1), (double)lkst_stats_quantile(st, 99000) / 1e9);
		show_more(r, la, group[i], " -l --top=10", s->command, sizeof(s->command));
	}
}

/* Tasks that had much of a CPU, for others to wait for. */
static void look_for_tasks(struct report *r)
{
	lkst_u64 length = report_length(r->trace);
	const struct la_timeline_task *task;
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
			 r->files == 1 ? r->file[0] : "FILE...");
	}
}

static int by_weight(const void *a, const void *b)
{
	const struct standout *x = a, *y = b;

	return (x->weight < y->weight) - (x->weight > y->weight);
}

void report_standouts(struct report *r)
{
	unsigned int i;

	look_for_tasks(r);
	qsort(r->found, r->nr_found, sizeof(r->found[0]), by_weight);
	fprintf(r->out, ",\"out\":[");
	for (i = 0; i < r->nr_found && i < MOST_OUT; i++) {
		report_field(r->out, i ? ",{" : "{", "text", r->found[i].text);
		report_field(r->out, ",", "command", r->found[i].command);
		fputc('}', r->out);
	}
	fputc(']', r->out);
}

void report_measure(struct report *r, struct la *la, const char *comma)
{
	const struct lkst_pairs *p = &la->pairs;
	struct la_group **group;
	size_t i, count;
	char text[300];

	fprintf(r->out, "%s{", comma);
	report_field(r->out, "", "name", la->measure->name);
	fprintf(r->out, ",\"number\":%u", la->measure->number);
	report_field(r->out, ",", "what", la->measure->what);
	report_field(r->out, ",", "key", la->opt.by == LA_BY_KEY ? la->measure->key_what : "task");
	fprintf(r->out, ",\"unit\":\"%s\",\"samples\":%llu", unit(la), la->samples);
	if (!la->samples) {
		missing_events(la, text, sizeof(text));
		report_field(r->out, ",", "missing", la->offered || la->trace->class[la->measure->needs[0]].seen ?
		      "Nothing to measure: the events are there, but none that belong together." : text);
		fprintf(r->out, ",\"rows\":[]}");
		return;
	}
	if (p->no_begin || p->no_end || p->count || p->cut || p->evicted) {
		snprintf(text, sizeof(text), "Not counted: %llu ends without a beginning, "
			 "%llu beginnings without an end, %u open at the end, %llu cut by losses.", p->no_begin,
			 p->no_end + p->evicted, p->count, p->cut);
		report_field(r->out, ",", "unpaired", text);
	}
	fprintf(r->out, ",\"folded\":%llu", la->others ? la->others->stats.count : 0ULL);
	write_graph(r, la);
	group = la_sorted_groups(la, &count);
	look_for_standouts(r, la, group, count);
	fprintf(r->out, ",\"rows\":[");
	for (i = 0; i < count && i < MOST_ROWS; i++) {
		fputs(i ? "," : "", r->out);
		write_row(r, la, group[i]);
	}
	fprintf(r->out, "]}");
	free(group);
}
