// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * catalogue-text.c - the catalogue to text and back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue-text.h"
#include "cli.h"

static const char *const units[] = {
	"none", "pid", "cpu", "state", "sig", "syscall", "irq", "softirq", "dev", "ifindex", "bytes",
	"sector", "jiffies", "ns", "addr", "text", "uaddr", "errno", "flags", "name",
	"aspect",
};

#define NR_UNITS	(sizeof(units) / sizeof(units[0]))
_Static_assert(NR_UNITS == LKST_UNIT_aspect + 1, "a name for every unit");

const char *lkst_unit_name(unsigned int unit)
{
	return unit < NR_UNITS ? units[unit] : "none";
}

void lkst_event_args_text(const struct lkst_event_desc *event, char *text)
{
	unsigned int i, n = 0;

	*text = 0;
	for (i = 0; i < event->nr_args && n < LKST_EVENT_LINE; i++)
		n += snprintf(text + n, LKST_EVENT_LINE - n, "%s%s:%s:%s", i ? "," : "", event->arg[i].name,
			      event->arg[i].type,
			      lkst_unit_name(event->arg[i].unit));
}

char *lkst_catalogue_text(size_t *size)
{
	unsigned int i, count;
	const struct lkst_event_desc *event = lkst_catalogue(&count);
	char *text = lkst_xmalloc(count * 2 * LKST_EVENT_LINE), args[LKST_EVENT_LINE];
	size_t n = 0;

	for (i = 0; i < count; i++, event++) {
		lkst_event_args_text(event, args);
		n += sprintf(text + n, "0x%03x\t%s\t%s\t%s\n", event->id, event->name, lkst_group_name(event->group),
			     args);
	}
	*size = n;
	return text;
}

static char *cut(char **rest, char at)
{
	char *start = *rest, *end;

	if (!start)
		return NULL;
	end = strchr(start, at);
	*rest = end ? end + 1 : NULL;
	if (end)
		*end = 0;
	return start;
}

/* Names go to terminals and into JSON as they are. */
static int is_word(const char *text)
{
	return *text && strlen(text) < 64 &&
	       !text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")];
}

static int parse_arg(char *text, struct lkst_arg_desc *arg, unsigned int *bit)
{
	static const char *const types[] = { "u8", "u16", "u32", "u48", "u64", "s16", "s32", "s48", "s64", "str8" };
	static const unsigned char bits[] = { 8, 16, 32, 48, 64, 16, 32, 48, 64, 64 };
	const char *unit;
	unsigned int i;

	arg->name = cut(&text, ':');
	arg->type = cut(&text, ':');
	unit = cut(&text, ':');
	if (!unit || text || !is_word(arg->name))
		return -1;
	for (i = 0; i < sizeof(bits) && strcmp(types[i], arg->type); i++)
		;
	if (i == sizeof(bits) || *bit % 64 + bits[i] > 64 || *bit / 64 >= LKST_MAX_UNITS)
		return -1;
	arg->bits = bits[i];
	arg->is_signed = arg->type[0] == 's' && arg->type[1] != 't';
	arg->word = *bit / 64;
	arg->shift = *bit % 64;
	arg->meaning = "";
	*bit += bits[i];
	/* A unit of a later version prints as a plain number. */
	for (i = 0; i < NR_UNITS; i++)
		if (!strcmp(units[i], unit))
			arg->unit = i;
	return 0;
}

int lkst_event_parse(char *line, struct lkst_event_desc *event)
{
	const char *id = cut(&line, '\t'), *group;
	unsigned int bit = 0, i;
	char *args, *arg, *end;

	memset(event, 0, sizeof(*event));
	event->name = cut(&line, '\t');
	group = cut(&line, '\t');
	args = cut(&line, '\t');
	if (!args || line || !is_word(event->name) || !*id)
		return -1;
	i = (unsigned int)strtoul(id, &end, 0);
	if (*end || i >= LKST_NR_EVENTS)
		return -1;
	event->id = i;
	event->meaning = "";
	for (i = 0; i < LKST_NR_GROUPS && strcmp(lkst_group_name(i), group); i++)
		;
	event->group = i;
	while (*args && (arg = cut(&args, ','))) {
		if (event->nr_args == LKST_MAX_ARGS || parse_arg(arg, &event->arg[event->nr_args], &bit))
			return -1;
		event->nr_args++;
		if (!args)
			break;
	}
	event->units = (bit + 63) / 64;
	return 0;
}
