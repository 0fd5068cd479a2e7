// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * print.c - records as text.
 */
#include <stdio.h>
#include <string.h>

#include "print.h"

/* "NUMBER", or "NUMBER(NAME)". */
static void print_named(FILE *out, lkst_u64 value, const char *name)
{
	fprintf(out, name ? "%llu(%s)" : "%llu", value, name);
}

void lkst_print_value(FILE *out, struct lkst_names *names, const struct lkst_arg_desc *arg, lkst_u64 value)
{
	char text[LKST_NAME_TEXT];
	const char *name;

	switch (arg->unit) {
	case LKST_UNIT_pid:
		print_named(out, value,
			    lkst_task(names, (lkst_u32)value) ? lkst_task_name(names, (lkst_u32)value) : NULL);
		return;
	case LKST_UNIT_syscall:
		if (value == 0xffff)	/* a signal handler returns: of no system call */
			fputs("-1(none)", out);
		else
			print_named(out, value, lkst_name(&names->syscalls, value));
		return;
	case LKST_UNIT_irq:
		print_named(out, value, lkst_name(&names->irqs, value));
		return;
	case LKST_UNIT_ifindex:
		print_named(out, value, lkst_name(&names->nets, value));
		return;
	case LKST_UNIT_aspect:
		print_named(out, value, lkst_name(&names->aspects, value));
		return;
	case LKST_UNIT_softirq:
		print_named(out, value, lkst_softirq_name(names, value));
		return;
	case LKST_UNIT_dev:
		name = lkst_name(&names->blocks, value);
		fprintf(out, name ? "%llu:%llu(%s)" : "%llu:%llu", value >> 20, value & 0xfffff, name);
		return;
	case LKST_UNIT_text:
		lkst_address_name(names, value, text);
		fputs(text, out);
		return;
	case LKST_UNIT_addr:
	case LKST_UNIT_uaddr:
	case LKST_UNIT_flags:
	case LKST_UNIT_state:
		fprintf(out, "0x%llx", value);
		return;
	case LKST_UNIT_name:
		fputs(lkst_chars(&value, 1, text), out);
		return;
	}
	/* A register or a result may hold anything: what no int could hold is a pointer or bits. */
	if (arg->is_signed && (arg->unit == LKST_UNIT_none || arg->unit == LKST_UNIT_errno) &&
	    (value + (1ULL << 31)) >> 32)
		fprintf(out, "0x%llx", value & ~0ULL >> (64 - arg->bits));
	else
		fprintf(out, arg->is_signed ? "%lld" : "%llu", value);
}

char *lkst_chars(const lkst_u64 *value, unsigned int count, char *text)
{
	memcpy(text, value, 8 * count);
	text[8 * count] = 0;
	return lkst_clean(text);
}

char *lkst_no_blanks(char *text)
{
	char *p;

	for (p = text; *p; p++)
		if (*p == ' ')
			*p = '_';
	return text;
}

unsigned int lkst_text_args(const struct lkst_event_desc *e, const lkst_u64 *args, unsigned int i, char *text)
{
	lkst_u64 value[LKST_MAX_ARGS];
	unsigned int n = 0;

	for (; i + n < e->nr_args && e->arg[i + n].unit == LKST_UNIT_name; n++)
		value[n] = lkst_arg_value(&e->arg[i + n], args);
	lkst_chars(value, n, text);
	return n;
}

/* The directory that openat(2) and its kin take for where the caller is; registers hold it with and without its sign. */
static int is_here(struct lkst_names *names, const struct lkst_event_desc *e, unsigned int i, const lkst_u64 *args)
{
	const char *call;

	if (i != 1 || e->arg[0].unit != LKST_UNIT_syscall || e->arg[1].unit != LKST_UNIT_none ||
	    (lkst_u32)lkst_arg_value(&e->arg[1], args) != (lkst_u32)-100)
		return 0;
	call = lkst_name(&names->syscalls, lkst_arg_value(&e->arg[0], args));
	return call && strstr(call, "at");
}

/* A record of an aspect's has room for four values, and says how many there are: the others are none. */
static unsigned int nr_args(const struct lkst_event_desc *e, const lkst_u64 *args)
{
	unsigned int values = e->nr_args - 1;

	if (e->id != LKST_EV_KLASY_DATA)
		return e->nr_args;
	while (values && strcmp(e->arg[values].name, "values"))
		values--;
	if (!values || lkst_arg_value(&e->arg[values], args) >= e->nr_args - values - 1)
		return e->nr_args;
	return values + 1 + (unsigned int)lkst_arg_value(&e->arg[values], args);
}

void lkst_print_record(FILE *out, struct lkst_names *names, lkst_u64 time_ns, unsigned int cpu, unsigned int pid,
		       const struct lkst_event_desc *e, unsigned int event, const lkst_u64 *args, unsigned int units)
{
	char task[LKST_NAME_TEXT], text[8 * LKST_MAX_ARGS + 1];
	unsigned int i, n, shown;

	snprintf(task, sizeof(task), "%s", lkst_task_name(names, pid));
	fprintf(out, "%9llu.%09llu %3u %7u %-16s ", time_ns / 1000000000, time_ns % 1000000000, cpu, pid,
		lkst_no_blanks(task));
	if (!e || units < e->units) {
		fprintf(out, "EVENT_0x%03x", event);
		for (i = 0; i < units; i++)
			fprintf(out, " 0x%llx", args[i]);
		fputc('\n', out);
		return;
	}
	fputs(e->name, out);
	shown = nr_args(e, args);
	for (i = 0; i < shown; i += n) {
		fprintf(out, " %s=", e->arg[i].name);
		n = lkst_text_args(e, args, i, text);
		if (n) {
			fputs(text, out);
			continue;
		}
		n = 1;
		if (is_here(names, e, i, args)) {
			fputs("-100(AT_FDCWD)", out);
			continue;
		}
		lkst_print_value(out, names, &e->arg[i], lkst_arg_value(&e->arg[i], args));
	}
	fputc('\n', out);
}

void lkst_json_string(FILE *out, const char *text)
{
	unsigned int length;

	fputc('"', out);
	for (; *text; text += length) {
		length = lkst_printable(text);
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		if (!length)	/* what is not UTF-8 would make the line no JSON */
			fputc('?', out);
		fwrite(text, 1, length, out);
		length += !length;
	}
	fputc('"', out);
}
