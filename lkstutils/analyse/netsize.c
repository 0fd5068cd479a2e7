// SPDX-License-Identifier: GPL-2.0-only
/*
 * netsize.c - measure 10: transfer size tendency of network I/O, by device and direction.
 */
#include "la.h"

static void batch(struct la *la, const struct lkst_event *event, unsigned int n)
{
	const union lkst_args_NET_SEND *packet;

	for (; n--; event++) {
		/* Both have the same arguments. */
		packet = (const union lkst_args_NET_SEND *)event->arg;
		la_sample(la, packet->a.ifindex << 1 | (event->id == LKST_EV_NET_RECEIVE), event->pid, event->cpu,
			  event->ns,
			  packet->a.len);
	}
}

const struct la_measure la_netsize = {
	.name = "netsize", .number = 10, .what = "size of network packets",
	.key_what = "2 * device, + 1 when received", .key = LA_KEY_NET,
	.value = LA_BYTES, .value_name = "bytes", .by = LA_BY_KEY,
	.needs = { LKST_EV_NET_SEND, LKST_EV_NET_RECEIVE },
	.batch = batch,
};
