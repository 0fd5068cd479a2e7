// SPDX-License-Identifier: GPL-2.0-only
/*
 * nettime.c - measure 9: processing time of network I/O: sending and receiving through sockets.
 */
#include "la.h"

static const char *const labels[] = { "send", "receive", NULL };

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const struct lkst_open *begin;
	lkst_u64 kind;

	for (; n--; event++) {
		kind = event->id == LKST_EV_SOCK_RECV_ENTRY || event->id == LKST_EV_SOCK_RECV_EXIT;
		if (event->id == LKST_EV_SOCK_SEND_ENTRY || event->id == LKST_EV_SOCK_RECV_ENTRY) {
			lkst_pair_push(&la->pairs, la_task_key(event) << 1 | kind, event, 0);
			continue;
		}
		begin = lkst_pair_end(&la->pairs, la_task_key(event) << 1 | kind);
		if (begin)
			la_span(la, kind, begin, event);
	}
}

const struct la_measure la_nettime = {
	.name = "nettime", .number = 9, .what = "processing time of network I/O through sockets",
	.key_what = "direction", .key = LA_KEY_LABEL, .label = labels,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_SOCK_SEND_ENTRY, LKST_EV_SOCK_SEND_EXIT, LKST_EV_SOCK_RECV_ENTRY, LKST_EV_SOCK_RECV_EXIT },
	.batch = batch,
};
