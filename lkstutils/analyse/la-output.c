// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-output.c - lists and tables, as text for people and awk and as JSON.
 *
 * JSON is one object a line, the first with "schema": "lkstla-1"; times are whole nanoseconds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "la.h"
#include "print.h"

static const unsigned int shares[] = { 50000, 90000, 99000, 99900 };
static const char *const share_names[] = { "p50", "p90", "p99", "p99.9" };

#define NR_SHARES	4

const char *la_unit(const struct la *la)
{
	return la->measure->value == LA_TIME ? "s" : la->measure->value == LA_BYTES ? "bytes" : "number";
}

static void mean_text(const struct la *la, double value, char *text)
{
	if (la->measure->value == LA_TIME)
		sprintf(text, "%.9f", value / 1e9);
	else
		sprintf(text, "%.3f", value);
}

void la_print_columns(const char *key, const char *value, const char *more)
{
	printf("#%7s %7s %19s %15s %4s %-20s %s%s\n", key, "pid", "time[s]", value, "cpu", "name", "task", more);
}

void la_print_head(struct la *la)
{
	const struct la_measure *m = la->measure;

	if (la->opt.json) {
		printf("{\"schema\":\"lkstla-1\",\"type\":\"%s\",\"measure\":\"%s\",\"key\":\"%s\",\"value\":\"%s\","
		       "\"unit\":\"%s\"}\n",
		       la->opt.list ? "list" : "statistics", m->name, la_key_column(m), m->value_name,
		       m->value == LA_TIME ? "ns" : la_unit(la));
		return;
	}
	printf("# lkstla %s: %s\n", m->name, m->what);
	if (la->opt.list)
		la_print_columns(la_key_column(m), m->value == LA_TIME ? "value[s]" : m->value_name,
				 m->objects ? " object" : "");
}

void la_print_sample(struct la *la, const struct la_sample *s)
{
	char name[LA_NAME], task[LA_NAME], time[40], value[40];

	la_key_name(la, s->key, name);
	snprintf(task, sizeof(task), "%s", lkst_task_name(&la->trace->names, s->pid));
	if (la->opt.json) {
		printf("{\"type\":\"sample\",\"key\":%llu,\"name\":", s->key);
		lkst_json_string(stdout, name);
		printf(",\"pid\":%u,\"task\":", s->pid);
		lkst_json_string(stdout, task);
		printf(",\"cpu\":%u,\"time_ns\":%llu,\"value\":%llu", s->cpu, s->start, s->value);
		if (la->measure->objects)
			printf(",\"object\":%u", s->object);
		if (la->overlay)
			printf(",\"measure\":\"%s\"", la->measure->name);
		printf("}\n");
		return;
	}
	la_seconds(s->start, time);
	la_value(la, s->value, value);
	printf("%8llu %7u %19s %15s %4u %-20s %s",
	       la->measure->key == LA_KEY_FUNCTION ? la_object(la, s->key) : s->key, s->pid, time, value, s->cpu, name,
	       lkst_no_blanks(task));
	if (la->overlay)
		printf(" %s", la->measure->name);
	else if (la->measure->objects)
		printf(" %u", s->object);
	putchar('\n');
}

/* ---- tables ---- */

static int by_total(const void *a, const void *b)
{
	const struct la_group *x = *(struct la_group *const *)a, *y = *(struct la_group *const *)b;

	if (x->stats.total != y->stats.total)
		return x->stats.total > y->stats.total ? -1 : 1;
	if (x->id.pid != y->id.pid)
		return x->id.pid < y->id.pid ? -1 : 1;
	if (x->id.key != y->id.key)
		return x->id.key < y->id.key ? -1 : 1;
	if (x->id.object != y->id.object)
		return x->id.object < y->id.object ? -1 : 1;
	return (x->id.cpu > y->id.cpu) - (x->id.cpu < y->id.cpu);
}

struct la_group **la_sorted_groups(struct la *la, size_t *count)
{
	struct la_group **table = lkst_xmalloc((la->nr_groups + 1) * sizeof(*table)), *group;
	size_t i, n = 0;

	la_add_all_late(la);
	for (i = 0; i < la->groups.size; i++)
		for (group = la->groups.used[i] ? (struct la_group *)(uintptr_t)la->groups.slot[i].value : NULL; group;
		     group = group->next)
			table[n++] = group;
	qsort(table, n, sizeof(*table), by_total);
	if (la->others)
		table[n++] = la->others;
	*count = n;
	return table;
}

static void table_head(const struct la *la)
{
	const char *u = la->measure->value == LA_TIME ? "[s]" : "";
	static const char *const columns[] = { "total", "min", "mean", "max", "deviation" };
	char text[40];
	unsigned int i;

	putchar('#');
	if (la->opt.by & (LA_BY_PID | LA_BY_PROCESS))
		printf("%7s %-16s ", la->opt.by & LA_BY_PID ? "pid" : "process", "task");
	if (la->opt.by & LA_BY_CPU)
		printf("%4s ", "cpu");
	if (la->opt.by & LA_BY_OBJECT)
		printf("%7s ", "object");
	if (la->opt.by & LA_BY_KEY)
		printf("%7s %-20s ", la_key_column(la->measure), "name");
	printf("%10s", "count");
	if (la->measure->value == LA_USES) {
		printf(" %8s %14s\n", "share[%]", "per_second");
		return;
	}
	for (i = 0; i < 5 + NR_SHARES; i++) {
		snprintf(text, sizeof(text), "%s%s", i < 5 ? columns[i] : share_names[i - 5], u);
		printf(" %15s", text);
	}
	putchar('\n');
}

static void table_key(struct la *la, const struct la_group *group)
{
	char name[LA_NAME];
	lkst_u64 key = group->id.key;

	putchar(' ');
	if (la->opt.by & (LA_BY_PID | LA_BY_PROCESS)) {
		snprintf(name, sizeof(name), "%s",
			 group == la->others ? "others" : lkst_task_name(&la->trace->names, group->id.pid));
		printf("%7u %-16s ", group->id.pid, lkst_no_blanks(name));
	}
	if (la->opt.by & LA_BY_CPU)
		printf("%4u ", group->id.cpu);
	if (la->opt.by & LA_BY_OBJECT)
		printf("%7u ", group->id.object);
	if (la->opt.by & LA_BY_KEY)
		printf("%7llu %-20s ", la->measure->key == LA_KEY_FUNCTION ? la_object(la, key) : key,
		       group == la->others ? "others" : la_key_name(la, key, name));
}

static void table_uses(struct la *la, const struct la_group *group)
{
	lkst_u64 span = lkst_clock_ns(&la->trace->clock, la->trace->last_event) -
			lkst_clock_ns(&la->trace->clock, la->trace->first_ticks);

	if (la->opt.has_window)
		span = la->opt.duration;
	printf(" %8.3f %14.3f\n", 100.0 * (double)group->stats.count / (double)la->samples,
	       span ? (double)group->stats.count * 1e9 / (double)span : 0.0);
}

/* printf(" %15s"), which takes most of the time of a large table. */
static void column(const char *text)
{
	static const char blanks[] = "               ";
	size_t length = strlen(text);

	putchar(' ');
	if (length < sizeof(blanks) - 1)
		fputs(blanks + length, stdout);
	fputs(text, stdout);
}

static void table_line(struct la *la, const struct la_group *group)
{
	const struct lkst_stats *s = &group->stats;
	lkst_u64 quantile[NR_SHARES];
	char text[40];
	unsigned int i;

	table_key(la, group);
	printf("%10llu", s->count);
	if (la->measure->value == LA_USES) {
		table_uses(la, group);
		return;
	}
	la_value(la, s->total, text);
	column(text);
	la_value(la, s->min, text);
	column(text);
	mean_text(la, lkst_stats_mean(s), text);
	column(text);
	la_value(la, s->max, text);
	column(text);
	mean_text(la, lkst_stats_deviation(s), text);
	column(text);
	lkst_stats_quantiles(s, shares, NR_SHARES, quantile);
	for (i = 0; i < NR_SHARES; i++) {
		la_value(la, quantile[i], text);
		column(text);
	}
	putchar('\n');
}

static void json_line(struct la *la, const struct la_group *group)
{
	const struct lkst_stats *s = &group->stats;
	lkst_u64 quantile[NR_SHARES];
	char name[LA_NAME];
	unsigned int i;

	printf("{\"type\":\"group\"");
	if (la->overlay)
		printf(",\"measure\":\"%s\"", la->measure->name);
	if (la->opt.by & (LA_BY_PID | LA_BY_PROCESS)) {
		printf(la->opt.by & LA_BY_PID ? ",\"pid\":%u,\"task\":" : ",\"process\":%u,\"task\":", group->id.pid);
		lkst_json_string(stdout, lkst_task_name(&la->trace->names, group->id.pid));
	}
	if (la->opt.by & LA_BY_CPU)
		printf(",\"cpu\":%u", group->id.cpu);
	if (la->opt.by & LA_BY_OBJECT)
		printf(",\"object\":%u", group->id.object);
	if (la->opt.by & LA_BY_KEY) {
		printf(",\"key\":%llu,\"name\":",
		       la->measure->key == LA_KEY_FUNCTION ? la_object(la, group->id.key) : group->id.key);
		lkst_json_string(stdout, group == la->others ? "others" : la_key_name(la, group->id.key, name));
	}
	printf(",\"count\":%llu", s->count);
	if (la->measure->value != LA_USES) {
		printf(",\"total\":%llu,\"min\":%llu,\"mean\":%.3f,\"max\":%llu,\"deviation\":%.3f", s->total, s->min,
		       lkst_stats_mean(s), s->max, lkst_stats_deviation(s));
		lkst_stats_quantiles(s, shares, NR_SHARES, quantile);
		for (i = 0; i < NR_SHARES; i++)
			printf(",\"%s\":%llu", share_names[i], quantile[i]);
	}
	printf("}\n");
}

void la_print_stats(struct la *la)
{
	size_t i, count;
	struct la_group **table = la_sorted_groups(la, &count);

	/* Those that were counted together are none of the greatest, and are not kept back. */
	if (la->opt.top && count > la->opt.top) {
		count = la->opt.top;
		if (la->others)
			table[count++] = la->others;
	}
	if (!la->opt.json)
		table_head(la);
	for (i = 0; i < count; i++)
		if (la->opt.json)
			json_line(la, table[i]);
		else
			table_line(la, table[i]);
	free(table);
	if (la->measure->summary)
		la->measure->summary(la);
}

/* Events the measure needs that are not there: masked, or they did not happen; nobody can tell which. */
static void print_absent(const struct la *la)
{
	const lkst_u16 *id = la->measure->needs;
	unsigned int n = 0;

	for (; *id; id++) {
		if (la->trace->class[*id].seen)
			continue;
		if (la->opt.json)
			printf("%s\"%s\"", n++ ? "," : ",\"absent\":[", lkst_event_by_id(*id)->name);
		else
			printf("%s%s", n++ ? ", " : "# not in the trace: ", lkst_event_by_id(*id)->name);
	}
	if (n)
		printf(la->opt.json ? "]" : " (masked, or it did not happen)\n");
}

/* What could not be measured. */
void la_print_end(struct la *la)
{
	const struct lkst_pairs *p = &la->pairs;
	const struct lkst_trace_report *r = &la->trace->report;
	char text[40];

	if (la->opt.json) {
		printf("{\"type\":\"end\",");
		if (la->overlay)
			printf("\"measure\":\"%s\",", la->measure->name);
		printf("\"samples\":%llu,\"unpaired\":{\"no_begin\":%llu,\"no_end\":%llu,\"open\":%u,"
		       "\"cut\":%llu,"
		       "\"evicted\":%llu},\"lost\":%llu,\"missing\":%llu,\"damaged\":%llu,\"torn\":%u", la->samples,
		       p->no_begin, p->no_end, p->count, p->cut, p->evicted, r->lost, r->missing, r->damages, r->torn);
		if (la->others)
			printf(",\"folded\":%llu,\"lacking\":%llu", la->folded, la->lacking);
		print_absent(la);
		printf("}\n");
		return;
	}
	print_absent(la);
	if (lkst_trace_flawed(la->trace) && (!la->overlay || la->overlay == la))
		printf("# incomplete: %llu records lost, %llu sub-buffers missing, %llu damaged places, %u files not "
		       "closed\n",
		       r->lost, r->missing, r->damages + r->malformed, r->torn);
	if (la->others) {
		la_value(la, la->lacking, text);
		printf("# others: the smallest of the groups, %llu, were counted together; one that is shown may lack "
		       "up to %s of its total\n", la->folded, text);
	}
	printf("# ");
	if (la->overlay)
		printf("%s: ", la->measure->name);
	printf("unpaired: %llu ends without a beginning, %llu beginnings without an end, %u open at the end, %llu "
	       "cut by losses, "
	       "%llu evicted\n", p->no_begin, p->no_end, p->count, p->cut, p->evicted);
}
