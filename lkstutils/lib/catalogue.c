// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * catalogue.c - events.def as tables.
 */
#include <string.h>
#include <strings.h>

#include "catalogue.h"
#include "cli.h"

#define LKST_ARG(name, type, unit, meaning) \
	{ #name, #type, LKST_BITS_##type, #type[0] == 's' && #type[1] != 't', LKST_UNIT_##unit, 0, 0, meaning },
#define LKST_SRC(kind, place)	{ #kind, place }
#define LKST_HOOK(kind, place)	{ #kind, place }
#define SET_RDEFAULT	1
#define SET_EXTRA	0
#define LKST_EVENT(id, NAME, group, set, args, stock, hook26, hook24, meaning) \
	{ id, LKST_GRP_##group, SET_##set, 0, LKST_UNITS_##NAME, #NAME, meaning, { args }, stock, hook26, hook24 },
static struct lkst_event_desc events[] = {
#include <lkst/events.def>
};

#define NR	(sizeof(events) / sizeof(events[0]))

static struct lkst_event_desc *by_id[LKST_NR_EVENTS];

/* Places of arguments follow from their widths: filled from the low end, none across two units. */
static void prepare(void)
{
	unsigned int i, bit;
	struct lkst_arg_desc *arg;

	if (by_id[events[0].id])
		return;
	for (i = 0; i < NR; i++) {
		bit = 0;
		for (arg = events[i].arg; arg < events[i].arg + LKST_MAX_ARGS && arg->name; arg++) {
			arg->word = (unsigned char)(bit / 64);
			arg->shift = bit % 64;
			bit += arg->bits;
			events[i].nr_args++;
		}
		by_id[events[i].id] = &events[i];
	}
}

const struct lkst_event_desc *lkst_catalogue(unsigned int *count)
{
	prepare();
	*count = NR;
	return events;
}

const struct lkst_event_desc *lkst_event_by_id(unsigned int id)
{
	prepare();
	return id < LKST_NR_EVENTS ? by_id[id] : NULL;
}

const struct lkst_event_desc *lkst_event_by_name(const char *name)
{
	unsigned int i;

	prepare();
	for (i = 0; i < NR; i++)
		if (!strcasecmp(events[i].name, name))
			return &events[i];
	return NULL;
}

const char *lkst_group_name(unsigned int group)
{
	static const char *const names[LKST_NR_GROUPS] = {
		"PROCESS", "SCHED", "WAITQ", "SIGNAL", "INTERRUPT", "SOFTIRQ", "EXCEPTION", "SYSCALL", "TIMER",
		"MEMORY", "BLOCK", "NET", "LOCK", "IPC", "OOPS", "LKST",
	};

	return group < LKST_NR_GROUPS ? names[group] : "?";
}

void lkst_no_such_event(const char *word)
{
	char near[256] = "";
	unsigned int i;

	prepare();
	for (i = 0; i < LKST_NR_GROUPS; i++)
		lkst_add_near(near, sizeof(near), word, lkst_group_name(i));
	for (i = 0; i < NR; i++)
		lkst_add_near(near, sizeof(near), word, events[i].name);
	if (*near)
		lkst_usage_error("'%s' is neither an event nor a group (did you mean %s?)", word, near);
	lkst_usage_error("'%s' is neither an event nor a group ('lkst events' shows them)", word);
}
