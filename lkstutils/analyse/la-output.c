// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-output.c - lists and tables, as text for people and awk and as JSON.
 *
 * JSON is one object a line, the first with "schema": "lkstla-1"; times are whole nanoseconds.
 */
#include <stdarg.h>
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

/* Lines on their way out: a table of thousands is made in pieces, by two threads where there are two. */
struct text {
	struct la *la;
	struct la_group *const *group;
	size_t nr_groups;
	char *byte;
	size_t n, room;
};

#define LINE		1024	/* there is room for */
#define COLUMN		40
#define FEW		256	/* lines that are no work for two */
#define MANY		2048	/* lines at a time */

static void __attribute__((format(printf, 2, 3))) say(struct text *text, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text->n += (size_t)vsnprintf(text->byte + text->n, text->room - text->n, fmt, ap);
	va_end(ap);
}

static void table_key(struct text *text, const struct la_group *group)
{
	struct la *la = text->la;
	char name[LA_NAME];
	lkst_u64 key = group->id.key;

	say(text, " ");
	if (la->opt.by & (LA_BY_PID | LA_BY_PROCESS)) {
		snprintf(name, sizeof(name), "%s",
			 group == la->others ? "others" : lkst_task_name(&la->trace->names, group->id.pid));
		say(text, "%7u %-16s ", group->id.pid, lkst_no_blanks(name));
	}
	if (la->opt.by & LA_BY_CPU)
		say(text, "%4u ", group->id.cpu);
	if (la->opt.by & LA_BY_OBJECT)
		say(text, "%7u ", group->id.object);
	if (la->opt.by & LA_BY_KEY)
		say(text, "%7llu %-20s ", la->measure->key == LA_KEY_FUNCTION ? la_object(la, key) : key,
		    group == la->others ? "others" : la_key_name(la, key, name));
}

static void table_uses(struct text *text, const struct la_group *group)
{
	struct la *la = text->la;
	lkst_u64 span = lkst_clock_ns(&la->trace->clock, la->trace->last_event) -
			lkst_clock_ns(&la->trace->clock, la->trace->first_ticks);

	if (la->opt.has_window)
		span = la->opt.duration;
	say(text, " %8.3f %14.3f\n", 100.0 * (double)group->stats.count / (double)la->samples,
	    span ? (double)group->stats.count * 1e9 / (double)span : 0.0);
}

/* printf(" %15s"), which takes most of the time of a large table. @value: COLUMN bytes, all of which are copied. */
static void column(struct text *text, const char *value)
{
	size_t length = strlen(value);
	char *to = text->byte + text->n;

	memset(to, ' ', 16);
	to += length < 15 ? 16 - length : 1;
	memcpy(to, value, COLUMN);
	text->n = (size_t)(to - text->byte) + length;
}

static void table_line(struct text *text, const struct la_group *group)
{
	const struct lkst_stats *s = &group->stats;
	struct la *la = text->la;
	lkst_u64 quantile[NR_SHARES];
	char value[COLUMN] = "";
	unsigned int i;

	table_key(text, group);
	say(text, "%10llu", s->count);
	if (la->measure->value == LA_USES) {
		table_uses(text, group);
		return;
	}
	la_value(la, s->total, value);
	column(text, value);
	la_value(la, s->min, value);
	column(text, value);
	mean_text(la, lkst_stats_mean(s), value);
	column(text, value);
	la_value(la, s->max, value);
	column(text, value);
	mean_text(la, lkst_stats_deviation(s), value);
	column(text, value);
	lkst_stats_quantiles(s, shares, NR_SHARES, quantile);
	for (i = 0; i < NR_SHARES; i++) {
		la_value(la, quantile[i], value);
		column(text, value);
	}
	text->byte[text->n++] = '\n';
}

static void *make_lines(void *arg)
{
	struct text *text = arg;
	size_t i;

	for (i = 0; i < text->nr_groups; i++) {
		if (text->room - text->n < LINE) {
			text->room = 2 * text->room + 16 * LINE;
			text->byte = lkst_xrealloc(text->byte, text->room);
		}
		table_line(text, text->group[i]);
	}
	return NULL;
}

static void put_lines(struct text *text)
{
	make_lines(text);
	fwrite(text->byte, 1, text->n, stdout);
	text->n = 0;
}

/* Half of @count lines by another thread. Returns -1 when there is none. */
static int put_lines_by_two(struct text *text, struct text *other, size_t count)
{
	const struct lkst_helper *helper = count < FEW ? NULL : la_helper();

	text->nr_groups = count / 2;
	other->group = text->group + count / 2;
	other->nr_groups = count - count / 2;
	if (!helper || helper->start(make_lines, other))
		return -1;
	put_lines(text);
	helper->wait();
	fwrite(other->byte, 1, other->n, stdout);
	other->n = 0;
	return 0;
}

static void print_lines(struct la *la, struct la_group *const *group, size_t count)
{
	struct text text = { .la = la, .group = group }, other = { .la = la };
	size_t i, n;

	/* They are given numbers in the order of the table. */
	for (i = 0; i < count && la->measure->key == LA_KEY_FUNCTION; i++)
		la_object(la, group[i]->id.key);
	for (; count; count -= n, text.group += n) {
		n = count < MANY ? count : MANY;
		if (put_lines_by_two(&text, &other, n)) {
			text.nr_groups = n;
			put_lines(&text);
		}
	}
	free(text.byte);
	free(other.byte);
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
	if (la->opt.json) {
		for (i = 0; i < count; i++)
			json_line(la, table[i]);
	} else {
		table_head(la);
		print_lines(la, table, count);
	}
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
