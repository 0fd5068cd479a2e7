// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * print.c - records as text.
 */
#include <string.h>

#include "print.h"

/* include/linux/interrupt.h of kernels since 2.6.28; older ones have fewer, in another order, and only numbers are right then. */
static const char *const softirqs[] = {
	"HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED", "HRTIMER", "RCU",
};

static void print_named(FILE *out, const char *name, lkst_u64 value)
{
	if (name)
		fprintf(out, "%s(%llu)", name, value);
	else
		fprintf(out, "%llu", value);
}

/* Eight characters, the first in the low byte. What comes from tasks may be anything: the terminal gets only what it can show. */
static void print_chars(FILE *out, lkst_u64 value)
{
	int c;

	for (; value; value >>= 8) {
		c = (int)(value & 0xff);
		if (c)
			fputc(c < ' ' || c > '~' ? '?' : c, out);
	}
}

void lkst_print_value(FILE *out, struct lkst_names *names, const struct lkst_arg_desc *arg, lkst_u64 value)
{
	char text[LKST_NAME_TEXT];
	const char *name;

	switch (arg->unit) {
	case LKST_UNIT_pid:
		fprintf(out, "%s(%llu)", lkst_task_name(names, (lkst_u32)value), value);
		return;
	case LKST_UNIT_syscall:
		print_named(out, lkst_name(&names->syscalls, value), value);
		return;
	case LKST_UNIT_irq:
		print_named(out, lkst_name(&names->irqs, value), value);
		return;
	case LKST_UNIT_ifindex:
		print_named(out, lkst_name(&names->nets, value), value);
		return;
	case LKST_UNIT_softirq:
		print_named(out, value < sizeof(softirqs) / sizeof(softirqs[0]) ? softirqs[value] : NULL, value);
		return;
	case LKST_UNIT_dev:
		name = lkst_name(&names->blocks, value);
		fprintf(out, name ? "%s(%llu:%llu)" : "%s%llu:%llu", name ? name : "", value >> 20, value & 0xfffff);
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
		print_chars(out, value);
		return;
	}
	fprintf(out, arg->is_signed ? "%lld" : "%llu", value);
}

void lkst_print_record(FILE *out, struct lkst_names *names, lkst_u64 time_ns, unsigned int cpu, unsigned int pid,
		       const struct lkst_event_desc *e, unsigned int event, const lkst_u64 *args, unsigned int units)
{
	unsigned int i;

	fprintf(out, "%llu.%09llu %3u %7u %-15s ", time_ns / 1000000000, time_ns % 1000000000, cpu, pid,
		lkst_task_name(names, pid));
	if (!e || units < e->units) {
		fprintf(out, "EVENT_0x%03x", event);
		for (i = 0; i < units; i++)
			fprintf(out, " 0x%llx", args[i]);
		fputc('\n', out);
		return;
	}
	fprintf(out, "%-21s", e->name);
	for (i = 0; i < e->nr_args; i++) {
		/* Characters of several arguments are one text. */
		if (!i || e->arg[i].unit != LKST_UNIT_name || e->arg[i - 1].unit != LKST_UNIT_name)
			fprintf(out, " %s=", e->arg[i].name);
		lkst_print_value(out, names, &e->arg[i], lkst_arg_value(&e->arg[i], args));
	}
	fputc('\n', out);
}

void lkst_json_string(FILE *out, const char *text)
{
	unsigned char c;

	fputc('"', out);
	while ((c = (unsigned char)*text++)) {
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < ' ')
			fprintf(out, "\\u%04x", c);
		else
			fputc(c > '~' ? '?' : c, out);
	}
	fputc('"', out);
}
