// SPDX-License-Identifier: GPL-2.0-only
/*
 * print.c - not a measure: every event as a line: time, CPU, pid, task, event, arguments.
 */
#include <stdio.h>

#include "la.h"
#include "print.h"

static void print_event(struct la *la, const struct lkst_event *event)
{
	lkst_print_record(stdout, &la->trace->names, event->ns, event->cpu, event->pid,
			  lkst_trace_event_desc(la->trace, event->id),
			  event->id & (LKST_NR_EVENTS - 1), event->arg, event->units);
}

static void json_event(struct la *la, const struct lkst_event *event)
{
	const struct lkst_event_desc *desc = lkst_trace_event_desc(la->trace, event->id);
	const struct lkst_arg_desc *arg;
	char text[LKST_NAME_TEXT];
	unsigned int i, n;
	lkst_u64 value;

	printf("{\"type\":\"event\",\"time_ns\":%llu,\"cpu\":%u,\"pid\":%u,\"task\":", event->ns, event->cpu,
	       event->pid);
	lkst_json_string(stdout, lkst_task_name(&la->trace->names, event->pid));
	printf(",\"id\":%u,\"name\":", event->id & (LKST_NR_EVENTS - 1));
	lkst_json_string(stdout, desc ? desc->name : "?");
	printf(",\"args\":{");
	for (i = 0; desc && i < desc->nr_args; i += n) {
		arg = &desc->arg[i];
		value = lkst_arg_value(arg, event->arg);
		printf("%s\"%s\":", i ? "," : "", arg->name);
		n = lkst_text_args(desc, event->arg, i, text);
		if (!n && arg->unit == LKST_UNIT_text)
			lkst_address_name(&la->trace->names, value, text);
		if (n || arg->unit == LKST_UNIT_text)
			lkst_json_string(stdout, text);
		else
			printf(arg->is_signed ? "%lld" : "%llu", (lkst_s64)value);
		n += !n;
	}
	printf("}}\n");
}

static void start(struct la *la)
{
	if (la->opt.json)
		printf("{\"schema\":\"lkstla-1\",\"type\":\"print\"}\n");
	else
		printf("# %17s %3s %7s %-16s %s\n", "time[s]", "cpu", "pid", "task", "EVENT arguments");
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	for (; n--; event++) {
		if (!la_event_chosen(la, event))
			continue;
		if (la->opt.json)
			json_event(la, event);
		else
			print_event(la, event);
	}
}

const struct la_measure la_print = {
	.name = "print", .what = "every event as a line of text", .key_what = "event", .value = LA_OWN,
	.value_name = "event", .names = 1,
	.start = start, .batch = batch,
};
