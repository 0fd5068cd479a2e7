// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-hook-io.c - hooks of block I/O, the network and sockets.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "attach-hook.h"

/* ---- block I/O ---- */

#define REQUEST(arg)	((struct request *)(arg))

LKST_ON_HOOK(BLOCK_QUEUE)
{
	lkst_emit(BLOCK_QUEUE, hook_io_device(args), hook_io_bytes(args), hook_io_sector(args), hook_io_write(args));
}

LKST_ON_HOOK(BLOCK_INSERT)
{
	struct request *rq = REQUEST(args[0]);

	lkst_emit(BLOCK_INSERT, hook_rq_device(rq), hook_rq_bytes(rq), hook_rq_sector(rq), args[0]);
}

LKST_ON_HOOK(BLOCK_ISSUE)
{
	struct request *rq = REQUEST(args[0]);

	if (!hook_rq_issued(rq))
		lkst_emit(BLOCK_ISSUE, hook_rq_device(rq), hook_rq_bytes(rq), hook_rq_sector(rq), args[0], hook_rq_write(rq));
}

/* What was done before the last part of a request is not counted in it any more. */
LKST_ON_HOOK(BLOCK_COMPLETE)
{
	struct request *rq = REQUEST(args[0]);

	lkst_emit(BLOCK_COMPLETE, hook_rq_device(rq), hook_rq_bytes(rq), hook_rq_sector(rq), args[0], rq->errors);
}

#ifdef LKST_ID_BLOCK_BIO_COMPLETE
LKST_ON_HOOK(BLOCK_BIO_COMPLETE)
{
	lkst_emit(BLOCK_BIO_COMPLETE, hook_io_device(args), hook_io_bytes(args), hook_io_sector(args), (int)args[1]);
}
#endif

LKST_ON_HOOK(BLOCK_MERGE)
{
	lkst_emit(BLOCK_MERGE, hook_io_device(args), hook_io_bytes(args), hook_io_sector(args));
}

LKST_ON_HOOK_64(BLOCK_PLUG)

LKST_ON_HOOK(BLOCK_UNPLUG)
{
	lkst_emit(BLOCK_UNPLUG, args[0], hook_rq_held((const request_queue_t *)args[0]));
}

/* ---- packets ---- */

#define SKB(arg)	((const struct sk_buff *)(arg))

static inline int skb_ifindex(const struct sk_buff *skb)
{
	return skb->dev ? skb->dev->ifindex : 0;
}

LKST_ON_HOOK(NET_SEND)
{
	lkst_emit_64_32_32(NET_SEND, args[0], SKB(args[0])->len, skb_ifindex(SKB(args[0])));
}

/* A packet that the driver took may be gone: its address only. */
LKST_ON_HOOK(NET_XMIT)
{
	lkst_emit_64_32_32(NET_XMIT, args[1], args[0] ? SKB(args[1])->len : 0, args[0]);
}

LKST_ON_HOOK(NET_RECEIVE)
{
	lkst_emit_64_32_32(NET_RECEIVE, args[0], SKB(args[0])->len, skb_ifindex(SKB(args[0])));
}

LKST_ON_HOOK(NET_RX)
{
	lkst_emit_64_32_32(NET_RX, args[0], SKB(args[0])->len, skb_ifindex(SKB(args[0])));
}

LKST_ON_HOOK_64_64(NET_COPY)
LKST_ON_HOOK_64(NET_CONSUME)

/* What a device may receive in a turn is its weight; its quota is what is left of it. */
LKST_ON_HOOK(NET_POLL)
{
	const struct net_device *dev = (const struct net_device *)args[1];

	lkst_emit_32_32(NET_POLL, dev->weight - dev->quota, dev->weight);
}

/* ---- sockets ---- */

LKST_ON_HOOK_64_64(SOCK_SEND_ENTRY)
LKST_ON_HOOK_64_64(SOCK_RECV_ENTRY)
LKST_ON_HOOK_S64(SOCK_SEND_EXIT)
LKST_ON_HOOK_S64(SOCK_RECV_EXIT)

LKST_ON_HOOK(SOCK_STATE)
{
	const struct sock *sk = (const struct sock *)args[0];

	lkst_emit(SOCK_STATE, args[0], hook_sock_state(sk), args[1], hook_sock_sport(sk), hook_sock_dport(sk));
}

static const struct lkst_hooked rows[] = {
	LKST_ROW(BLOCK_QUEUE), LKST_ROW(BLOCK_INSERT), LKST_ROW(BLOCK_ISSUE), LKST_ROW(BLOCK_COMPLETE),
#ifdef LKST_ID_BLOCK_BIO_COMPLETE
	LKST_ROW(BLOCK_BIO_COMPLETE),
#endif
	LKST_ROW(BLOCK_MERGE), LKST_ROW(BLOCK_PLUG), LKST_ROW(BLOCK_UNPLUG),
	LKST_ROW(NET_SEND), LKST_ROW(NET_XMIT), LKST_ROW(NET_RECEIVE), LKST_ROW(NET_RX), LKST_ROW(NET_COPY),
	LKST_ROW(NET_CONSUME), LKST_ROW(NET_POLL),
	LKST_ROW(SOCK_SEND_ENTRY), LKST_ROW(SOCK_SEND_EXIT), LKST_ROW(SOCK_RECV_ENTRY), LKST_ROW(SOCK_RECV_EXIT),
	LKST_ROW(SOCK_STATE),
};
LKST_HOOK_TABLE(lkst_hooks_io, rows);
