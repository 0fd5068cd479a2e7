// SPDX-License-Identifier: GPL-2.0-only
/*
 * la-context.c - whether a CPU is in a task, in an interrupt or in a soft interrupt, out of entries and exits.
 */
#include <string.h>

#include "la.h"

/* Entry or exit of what? Returns whether it is either. */
static int edge(const struct lkst_event *event, struct la_level *level, int *entry)
{
	memset(level, 0, sizeof(*level));
	level->number = (lkst_u16)event->arg[0];
	switch (event->id) {
	case LKST_EV_INTERRUPT_ENTRY:
	case LKST_EV_INTERRUPT_EXIT:
		level->where = LA_IN_INTERRUPT;
		*entry = event->id == LKST_EV_INTERRUPT_ENTRY;
		return 1;
	case LKST_EV_INTERRUPT_TIMER_ENTRY:
	case LKST_EV_INTERRUPT_TIMER_EXIT:
		level->where = LA_IN_TIMER;
		*entry = event->id == LKST_EV_INTERRUPT_TIMER_ENTRY;
		return 1;
	case LKST_EV_INTERRUPT_IPI_ENTRY:
	case LKST_EV_INTERRUPT_IPI_EXIT:
		level->where = LA_IN_IPI;
		*entry = event->id == LKST_EV_INTERRUPT_IPI_ENTRY;
		return 1;
	case LKST_EV_SOFTIRQ_ENTRY:
	case LKST_EV_SOFTIRQ_EXIT:
		level->where = LA_IN_SOFTIRQ;
		*entry = event->id == LKST_EV_SOFTIRQ_ENTRY;
		return 1;
	default:
		return 0;
	}
}

void la_context_event(struct la_context *context, const struct lkst_event *event)
{
	struct la_level level;
	unsigned int i;
	int entry;

	if (event->id == LKST_EV_PROCESS_CONTEXTSWITCH) {
		memset(context, 0, sizeof(*context));
		return;
	}
	if (!edge(event, &level, &entry))
		return;
	if (entry) {
		if (context->depth == LA_LEVELS)
			context->depth = 0;
		context->level[++context->depth] = level;
		return;
	}
	for (i = context->depth; i; i--)
		if (context->level[i].where == level.where && context->level[i].number == level.number) {
			context->depth = i - 1;
			return;
		}
}
