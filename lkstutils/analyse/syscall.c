// SPDX-License-Identifier: GPL-2.0-only
/*
 * syscall.c - measure 1: processing time of system calls, from entry to exit, by number.
 *
 * A signal handler's return has no number at its exit (0xffff) and belongs to whatever the task had entered.
 * Calls that end the task never return; they are dropped without being counted as unpaired, and so is a new
 * task's return from fork.
 */
#include "la.h"

#define NO_NUMBER	0xffff
#define BORN		0x10000		/* no call: a new task, whose first exit is from its parent's fork */

static void finish(struct la *la, const struct lkst_event *event)
{
	const union lkst_args_SYSCALL_EXIT *exit = (const union lkst_args_SYSCALL_EXIT *)event->arg;
	const struct lkst_open *begin = lkst_pair_end(&la->pairs, event->pid);

	if (!begin || begin->aux == BORN)
		return;
	if (exit->a.nr == begin->aux || exit->a.nr == NO_NUMBER) {
		la_span(la, begin->aux, begin, event);
	} else {
		la->pairs.no_begin++;
		la->pairs.no_end++;
	}
}

/* A thread other than the first that calls exec takes over the first one's pid. */
static void exec(struct la *la, const struct lkst_event *event)
{
	const union lkst_args_PROCESS_EXEC *e = (const union lkst_args_PROCESS_EXEC *)event->arg;
	const struct lkst_open *begin;
	struct lkst_event old = *event;

	if (e->a.old_pid == event->pid)
		return;
	begin = lkst_pair_take(&la->pairs, e->a.old_pid);
	lkst_pair_take(&la->pairs, event->pid);
	if (begin) {
		old.ns = begin->start;
		old.cpu = begin->cpu;
		lkst_pair_push(&la->pairs, event->pid, &old, begin->aux);
	}
}

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	for (; n--; event++)
		switch (event->id) {
		case LKST_EV_SYSCALL_ENTRY:
		case LKST_EV_SYSCALL_SYSENTER:
			lkst_pair_begin(&la->pairs, event->pid, event, event->arg[0] & 0xffff);
			break;
		case LKST_EV_SYSCALL_EXIT:
		case LKST_EV_SYSCALL_SYSEXIT:
			finish(la, event);
			break;
		case LKST_EV_PROCESS_EXEC:
			exec(la, event);
			break;
		case LKST_EV_PROCESS_FORK:
			lkst_pair_take(&la->pairs, event->arg[0] & 0xffffffff);
			lkst_pair_push(&la->pairs, event->arg[0] & 0xffffffff, event, BORN);
			break;
		case LKST_EV_PROCESS_EXIT:
			lkst_pair_take(&la->pairs, event->pid);
			break;
		}
}

const struct la_measure la_syscall = {
	.name = "syscall", .number = 1, .what = "processing time of system calls",
	.key_what = "system call", .key = LA_KEY_SYSCALL,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_SYSCALL_ENTRY, LKST_EV_SYSCALL_EXIT },
	.also = { LKST_EV_SYSCALL_SYSENTER, LKST_EV_SYSCALL_SYSEXIT, LKST_EV_PROCESS_EXEC, LKST_EV_PROCESS_FORK,
		  LKST_EV_PROCESS_EXIT },
	.batch = batch,
};
