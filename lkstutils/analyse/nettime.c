// SPDX-License-Identifier: GPL-2.0-only
/*
 * nettime.c - measure 9: processing time of network I/O: sending and receiving through sockets.
 */
#include "la.h"

static const char *const labels[] = { "send", "receive", NULL };

const struct la_measure la_nettime = {
	.name = "nettime", .number = 9, .what = "processing time of network I/O through sockets",
	.key_what = "direction", .key = LA_KEY_LABEL, .label = labels,
	.value = LA_TIME, .value_name = "time", .by = LA_BY_KEY,
	.needs = { LKST_EV_SOCK_SEND_ENTRY, LKST_EV_SOCK_SEND_EXIT, LKST_EV_SOCK_RECV_ENTRY, LKST_EV_SOCK_RECV_EXIT },
	.batch = la_batch_of_tasks,
};
