// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-hook-io.c - hooks of block I/O, the network and sockets.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/genhd.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/ip.h>
#include <net/sock.h>
#include "attach-hook.h"

/* ---- block I/O ---- */

#define BIO(arg)	((const struct bio *)(arg))
#define REQUEST(arg)	((struct request *)(arg))

/* dev_t inside the kernel is major << 20 | minor, as in the record. */
static inline u32 bio_device(const struct bio *bio)
{
	return bio->bi_bdev ? bio->bi_bdev->bd_dev : 0;
}

/* Requests that belong to no disk have no device number. */
static inline u32 rq_device(const struct request *rq)
{
	return rq->rq_disk ? (u32)rq->rq_disk->major << MINORBITS | rq->rq_disk->first_minor : 0;
}

static inline u32 rq_bytes(struct request *rq)
{
	return blk_fs_request(rq) ? rq->hard_nr_sectors << 9 : rq->data_len;
}

static inline u64 rq_place(struct request *rq)
{
	return blk_fs_request(rq) ? rq->hard_sector : 0;
}

LKST_ON_HOOK(BLOCK_QUEUE)
{
	const struct bio *bio = BIO(args[0]);

	lkst_emit(BLOCK_QUEUE, bio_device(bio), bio->bi_size, bio->bi_sector, bio_data_dir(bio));
}

LKST_ON_HOOK(BLOCK_INSERT)
{
	struct request *rq = REQUEST(args[0]);

	lkst_emit(BLOCK_INSERT, rq_device(rq), rq_bytes(rq), rq_place(rq), args[0]);
}

/* A driver may look at the head of its queue many times: only the first look gives it the request. */
LKST_ON_HOOK(BLOCK_ISSUE)
{
	struct request *rq = REQUEST(args[0]);

	if (!(rq->flags & REQ_STARTED))
		lkst_emit(BLOCK_ISSUE, rq_device(rq), rq_bytes(rq), rq_place(rq), args[0], rq_data_dir(rq));
}

/* What was done before the last part of a request is not counted in it any more. */
LKST_ON_HOOK(BLOCK_COMPLETE)
{
	struct request *rq = REQUEST(args[0]);

	lkst_emit(BLOCK_COMPLETE, rq_device(rq), rq_bytes(rq), rq_place(rq), args[0], rq->errors);
}

LKST_ON_HOOK(BLOCK_BIO_COMPLETE)
{
	const struct bio *bio = BIO(args[0]);

	lkst_emit(BLOCK_BIO_COMPLETE, bio_device(bio), bio->bi_size, bio->bi_sector, (int)args[1]);
}

LKST_ON_HOOK(BLOCK_MERGE)
{
	const struct bio *bio = BIO(args[0]);

	lkst_emit(BLOCK_MERGE, bio_device(bio), bio->bi_size, bio->bi_sector);
}

LKST_ON_HOOK_1(BLOCK_PLUG)

LKST_ON_HOOK(BLOCK_UNPLUG)
{
	const request_queue_t *q = (const request_queue_t *)args[0];

	lkst_emit(BLOCK_UNPLUG, args[0], q->rq.count[READ] + q->rq.count[WRITE]);
}

/* ---- packets ---- */

#define SKB(arg)	((const struct sk_buff *)(arg))

static inline int skb_ifindex(const struct sk_buff *skb)
{
	return skb->dev ? skb->dev->ifindex : 0;
}

LKST_ON_HOOK(NET_SEND)
{
	lkst_emit(NET_SEND, args[0], SKB(args[0])->len, skb_ifindex(SKB(args[0])));
}

/* A packet that the driver took may be gone: its address only. */
LKST_ON_HOOK(NET_XMIT)
{
	lkst_emit(NET_XMIT, args[1], args[0] ? SKB(args[1])->len : 0, args[0]);
}

LKST_ON_HOOK(NET_RECEIVE)
{
	lkst_emit(NET_RECEIVE, args[0], SKB(args[0])->len, skb_ifindex(SKB(args[0])));
}

LKST_ON_HOOK(NET_RX)
{
	lkst_emit(NET_RX, args[0], SKB(args[0])->len, skb_ifindex(SKB(args[0])));
}

LKST_ON_HOOK_2(NET_COPY)
LKST_ON_HOOK_1(NET_CONSUME)

/* What a device may receive in a turn is its weight; its quota is what is left of it. */
LKST_ON_HOOK(NET_POLL)
{
	const struct net_device *dev = (const struct net_device *)args[1];

	lkst_emit(NET_POLL, dev->weight - dev->quota, dev->weight);
}

/* ---- sockets ---- */

LKST_ON_HOOK_2(SOCK_SEND_ENTRY)
LKST_ON_HOOK_2(SOCK_RECV_ENTRY)

LKST_ON_HOOK(SOCK_SEND_EXIT)
{
	lkst_emit(SOCK_SEND_EXIT, (int)args[0]);
}

LKST_ON_HOOK(SOCK_RECV_EXIT)
{
	lkst_emit(SOCK_RECV_EXIT, (int)args[0]);
}

LKST_ON_HOOK(SOCK_STATE)
{
	const struct sock *sk = (const struct sock *)args[0];

	lkst_emit(SOCK_STATE, args[0], sk->sk_state, args[1], ntohs(inet_sk(sk)->sport), ntohs(inet_sk(sk)->dport));
}

static const struct lkst_hooked rows[] = {
	LKST_ROW(BLOCK_QUEUE), LKST_ROW(BLOCK_INSERT), LKST_ROW(BLOCK_ISSUE), LKST_ROW(BLOCK_COMPLETE),
	LKST_ROW(BLOCK_BIO_COMPLETE), LKST_ROW(BLOCK_MERGE), LKST_ROW(BLOCK_PLUG), LKST_ROW(BLOCK_UNPLUG),
	LKST_ROW(NET_SEND), LKST_ROW(NET_XMIT), LKST_ROW(NET_RECEIVE), LKST_ROW(NET_RX), LKST_ROW(NET_COPY),
	LKST_ROW(NET_CONSUME), LKST_ROW(NET_POLL),
	LKST_ROW(SOCK_SEND_ENTRY), LKST_ROW(SOCK_SEND_EXIT), LKST_ROW(SOCK_RECV_ENTRY), LKST_ROW(SOCK_RECV_EXIT),
	LKST_ROW(SOCK_STATE),
};
LKST_HOOK_TABLE(lkst_hooks_io, rows);
