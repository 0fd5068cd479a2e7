// SPDX-License-Identifier: GPL-2.0-only
/*
 * syscallcount.c - measure 2: usage tendency of system calls: how many of each, as time goes by.
 */
#include "la.h"

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	for (; n--; event++)
		la_sample(la, event->arg[0] & 0xffff, event->pid, event->cpu, event->ns, 1);
}

const struct la_measure la_syscallcount = {
	.name = "syscallcount", .number = 2, .what = "usage of system calls: how many of each",
	.key_what = "system call", .key = LA_KEY_SYSCALL,
	.value = LA_USES, .value_name = "so_far", .by = LA_BY_KEY,
	.needs = { LKST_EV_SYSCALL_ENTRY }, .also = { LKST_EV_SYSCALL_SYSENTER },
	.batch = batch,
};
