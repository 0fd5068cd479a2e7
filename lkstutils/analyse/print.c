// SPDX-License-Identifier: GPL-2.0-only
/*
 * print.c - not a measure: every event as a line: time, CPU, pid, task, event, arguments.
 */
#include <stdio.h>
#include <string.h>

#include "la.h"

static void print_characters(lkst_u64 value)
{
	unsigned int i, c;

	for (i = 0; i < 8 && (c = value >> 8 * i & 0xff); i++)
		putchar(c < ' ' || c > 126 ? '?' : (int)c);
}

static void print_value(struct la *la, const struct lkst_arg_desc *arg, lkst_u64 value)
{
	const struct lkst_names *names = &la->trace->names;
	const char *name = NULL;
	char text[LKST_NAME_TEXT];

	switch (arg->unit) {
	case LKST_UNIT_text:
		lkst_address_name(&la->trace->names, value, text);
		printf("%s", text);
		return;
	case LKST_UNIT_addr:
	case LKST_UNIT_uaddr:
	case LKST_UNIT_flags:
	case LKST_UNIT_state:
		printf("0x%llx", value);
		return;
	case LKST_UNIT_name:
		print_characters(value);
		return;
	case LKST_UNIT_syscall:
		name = lkst_name(&names->syscalls, value);
		break;
	case LKST_UNIT_irq:
		name = lkst_name(&names->irqs, value);
		break;
	case LKST_UNIT_dev:
		name = lkst_name(&names->blocks, value);
		if (!name) {
			printf("%llu:%llu", value >> 20, value & 0xfffff);
			return;
		}
		break;
	case LKST_UNIT_ifindex:
		name = lkst_name(&names->nets, value);
		break;
	case LKST_UNIT_pid:
		name = value && lkst_task(names, (lkst_u32)value) ? lkst_task_name(names, (lkst_u32)value) : NULL;
		break;
	}
	printf(arg->is_signed ? "%lld" : "%llu", (lkst_s64)value);
	if (name)
		printf("(%s)", name);
}

static void print_event(struct la *la, const struct lkst_event *event)
{
	const struct lkst_event_desc *desc = lkst_trace_event_desc(la->trace, event->id);
	char time[40], task[32];
	unsigned int i;

	la_seconds(event->ns, time);
	snprintf(task, sizeof(task), "%s", lkst_task_name(&la->trace->names, event->pid));
	printf("%19s %3u %7u %-16s ", time, event->cpu, event->pid, la_no_blanks(task));
	if (!desc) {
		printf("EVENT_0x%03x", event->id & (LKST_NR_EVENTS - 1));
		for (i = 0; i < event->units; i++)
			printf(" 0x%llx", event->arg[i]);
	} else {
		printf("%s", desc->name);
	}
	for (i = 0; desc && i < desc->nr_args; i++) {
		printf(" %s=", desc->arg[i].name);
		print_value(la, &desc->arg[i], lkst_arg_value(&desc->arg[i], event->arg));
	}
	putchar('\n');
}

static void json_event(struct la *la, const struct lkst_event *event)
{
	const struct lkst_event_desc *desc = lkst_trace_event_desc(la->trace, event->id);
	const struct lkst_arg_desc *arg;
	char text[LKST_NAME_TEXT];
	unsigned int i;
	lkst_u64 value;

	printf("{\"type\":\"event\",\"time_ns\":%llu,\"cpu\":%u,\"pid\":%u,\"task\":", event->ns, event->cpu, event->pid);
	la_json_string(lkst_task_name(&la->trace->names, event->pid));
	printf(",\"id\":%u,\"name\":", event->id & (LKST_NR_EVENTS - 1));
	la_json_string(desc ? desc->name : "?");
	printf(",\"args\":{");
	for (i = 0; desc && i < desc->nr_args; i++) {
		arg = &desc->arg[i];
		value = lkst_arg_value(arg, event->arg);
		printf("%s\"%s\":", i ? "," : "", arg->name);
		if (arg->unit == LKST_UNIT_name) {
			memcpy(text, &value, 8);
			text[8] = 0;
			la_json_string(text);
		} else if (arg->unit == LKST_UNIT_text) {
			lkst_address_name(&la->trace->names, value, text);
			la_json_string(text);
		} else {
			printf(arg->is_signed ? "%lld" : "%llu", (lkst_s64)value);
		}
	}
	printf("}}\n");
}

static int is_name(const struct la *la, const struct lkst_event *event)
{
	const struct lkst_event_desc *desc;

	if (!la->opt.has_key)
		return 1;
	if (!la->opt.key_is_name)
		return (event->id & (LKST_NR_EVENTS - 1)) == la->opt.key_number;
	desc = lkst_trace_event_desc(la->trace, event->id);
	return desc && !strcmp(desc->name, la->opt.key);
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
		if (!la_event_chosen(la, event) || !is_name(la, event))
			continue;
		la->samples++;
		if (la->opt.json)
			json_event(la, event);
		else
			print_event(la, event);
	}
}

const struct la_measure la_print = {
	.name = "print", .what = "every event as a line of text", .key_what = "event", .value = LA_OWN, .value_name = "event",
	.start = start, .batch = batch,
};
