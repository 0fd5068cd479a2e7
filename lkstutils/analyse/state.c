// SPDX-License-Identifier: GPL-2.0-only
/*
 * state.c - measure 18: how long tasks were in which state, from fork, context switch, wake-up and exit.
 *
 * A task's first state is not known before its first event. After a loss nothing is known of any task.
 */
#include "la.h"

const char *const la_state_names[] = {
	"running", "runnable", "sleeping", "uninterruptible", "stopped", "idle", "ended", NULL
};

/*
 * The kernel's numbers: 1 and 2 are the same everywhere, 2.4 has zombie 4 and stopped 8, later ones
 * stopped 4, traced 8.
 */
enum la_state la_state_of(const struct la *la, unsigned int bits)
{
	int is_24 = la->trace->header.release[0] == '2' && la->trace->header.release[2] == '4';

	if (bits & 2)
		return bits & 0x400 ? LA_IDLE : LA_UNINTERRUPTIBLE;
	if (bits & 1)
		return LA_SLEEPING;
	if (!bits)
		return LA_RUNNABLE;
	if (is_24 ? bits & 8 : bits & 0x4c)
		return LA_STOPPED;
	return bits & 0x100 ? LA_RUNNABLE : LA_ENDED;
}

static void leave(struct la *la, const struct lkst_open *old, const struct lkst_event *event)
{
	la_sample(la, old->aux, (lkst_u32)old->key, old->cpu, old->start, event->ns - old->start);
}

static void enter(struct la *la, lkst_u32 pid, unsigned int state, const struct lkst_event *event)
{
	struct lkst_open *old = lkst_pair_find(&la->pairs, pid);

	if (!pid)
		return;
	if (!old) {
		if (state != LA_ENDED)
			lkst_pair_push(&la->pairs, pid, event, state);
		return;
	}
	leave(la, old, event);
	if (state == LA_ENDED) {
		lkst_pair_take(&la->pairs, pid);
		return;
	}
	old->start = event->ns;
	old->cpu = event->cpu;
	old->aux = state;
}

static void wakeup(struct la *la, const struct lkst_event *event)
{
	const union lkst_args_PROCESS_WAKEUP *wakeup = (const union lkst_args_PROCESS_WAKEUP *)event->arg;
	lkst_u32 pid = (lkst_u32)wakeup->a.target_pid;
	const struct lkst_open *old = lkst_pair_find(&la->pairs, pid);

	/* A task woken before it had left the CPU goes on as it was. */
	if (!old || (old->aux != LA_RUNNING && old->aux != LA_RUNNABLE))
		enter(la, pid, LA_RUNNABLE, event);
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const union lkst_args_PROCESS_CONTEXTSWITCH *to;

	for (; n--; event++)
		switch (event->id) {
		case LKST_EV_PROCESS_CONTEXTSWITCH:
			to = (const union lkst_args_PROCESS_CONTEXTSWITCH *)event->arg;
			enter(la, event->pid, la_state_of(la, (unsigned int)to->a.prev_state), event);
			enter(la, (lkst_u32)to->a.next_pid, LA_RUNNING, event);
			break;
		case LKST_EV_PROCESS_WAKING:	/* as in wakeup.c: no longer asleep */
		case LKST_EV_PROCESS_WAKEUP:
		case LKST_EV_PROCESS_WAKEUP_NEW:
			wakeup(la, event);
			break;
		}
}

const struct la_measure la_state = {
	.name = "state", .number = 18, .what = "time that tasks spent running, runnable, sleeping...",
	.key_what = "state", .key = LA_KEY_LABEL, .label = la_state_names,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_PID | LA_BY_KEY,
	.needs = { LKST_EV_PROCESS_CONTEXTSWITCH },
	.also = { LKST_EV_PROCESS_WAKING, LKST_EV_PROCESS_WAKEUP, LKST_EV_PROCESS_WAKEUP_NEW },
	.batch = batch,
};
