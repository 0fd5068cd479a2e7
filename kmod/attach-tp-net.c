// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach-tp-net.c - tracepoints of the network.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/version.h>
#include <net/inet_sock.h>
#include <trace/events/napi.h>
#include <trace/events/net.h>
#include <trace/events/skb.h>
#include <trace/events/sock.h>
#include "attach-tp.h"

static __always_inline int skb_ifindex(const struct sk_buff *skb)
{
	return skb->dev ? skb->dev->ifindex : 0;
}

LKST_TP_PROBE(net_dev_queue, struct sk_buff *skb)
{
	lkst_emit(NET_SEND, (unsigned long)skb, skb->len, skb_ifindex(skb));
}

/* The packet may be gone: its address only. */
LKST_TP_PROBE(net_dev_xmit, struct sk_buff *skb, int rc, struct net_device *dev,
	      unsigned int skb_len)
{
	lkst_emit(NET_XMIT, (unsigned long)skb, skb_len, rc);
}

LKST_TP_PROBE(netif_receive_skb, struct sk_buff *skb)
{
	lkst_emit(NET_RECEIVE, (unsigned long)skb, skb->len, skb_ifindex(skb));
}

LKST_TP_PROBE(netif_rx, struct sk_buff *skb)
{
	lkst_emit(NET_RX, (unsigned long)skb, skb->len, skb_ifindex(skb));
}

LKST_TP_PROBE(skb_copy_datagram_iovec, const struct sk_buff *skb, int len)
{
	lkst_emit(NET_COPY, (unsigned long)skb, len);
}

LKST_TP_PROBE(consume, struct sk_buff *skb)
{
	lkst_emit(NET_CONSUME, (unsigned long)skb);
}

/* 6.3 on */
LKST_TP_PROBE(consume_location, struct sk_buff *skb, void *location)
{
	lkst_emit(NET_CONSUME, (unsigned long)skb);
}

static __always_inline void emit_drop(const struct sk_buff *skb, const void *location, unsigned int reason)
{
	lkst_emit(NET_DROP, (unsigned long)skb, reason, (long)location);
}

/* up to 5.16 */
LKST_TP_PROBE(drop, struct sk_buff *skb, void *location)
{
	emit_drop(skb, location, 0);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
LKST_TP_PROBE(drop_reason, struct sk_buff *skb, void *location, enum skb_drop_reason reason)
{
	emit_drop(skb, location, reason);
}

/* 6.11 on */
LKST_TP_PROBE(drop_reason_sock, struct sk_buff *skb, void *location, enum skb_drop_reason reason,
	      struct sock *rx_sk)
{
	emit_drop(skb, location, reason);
}

/* 7.2 has const */
LKST_TP_PROBE(drop_reason_const_sock, struct sk_buff *skb, void *location, enum skb_drop_reason reason,
	      const struct sock *rx_sk)
{
	emit_drop(skb, location, reason);
}
#endif

LKST_TP_PROBE(poll, struct napi_struct *napi, int work, int budget)
{
	lkst_emit(NET_POLL, work, budget);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
/* Until then attach-kp.c has them. What the security modules refuse ends without. */
LKST_TP_PROBE(sock_sent, struct sock *sk, int ret, int flags)
{
	lkst_emit(SOCK_SEND_EXIT, ret);
}

LKST_TP_PROBE(sock_received, struct sock *sk, int ret, int flags)
{
	lkst_emit(SOCK_RECV_EXIT, ret);
}
#endif

LKST_TP_PROBE(inet_sock_set_state, const struct sock *sk, const int oldstate, const int newstate)
{
	const struct inet_sock *inet = inet_sk(sk);

	lkst_emit(SOCK_STATE, (unsigned long)sk, oldstate, newstate, ntohs(inet->inet_sport),
		  ntohs(inet->inet_dport));
}

static struct lkst_point rows[] = {
	LKST_TP(NET_SEND, net_dev_queue, net_dev_queue),
	LKST_TP(NET_XMIT, net_dev_xmit, net_dev_xmit),
	LKST_TP(NET_RECEIVE, netif_receive_skb, netif_receive_skb),
	LKST_TP(NET_RX, netif_rx, netif_rx),
	LKST_TP(NET_COPY, skb_copy_datagram_iovec, skb_copy_datagram_iovec),
	LKST_TP(NET_CONSUME, consume_skb, consume),
	LKST_TP(NET_CONSUME, consume_skb, consume_location),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	LKST_TP(NET_DROP, kfree_skb, drop_reason),
	LKST_TP(NET_DROP, kfree_skb, drop_reason_sock),
	LKST_TP(NET_DROP, kfree_skb, drop_reason_const_sock),
#endif
	LKST_TP(NET_DROP, kfree_skb, drop),
	LKST_TP(NET_POLL, napi_poll, poll),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	LKST_TP(SOCK_SEND_EXIT, sock_send_length, sock_sent),
	LKST_TP(SOCK_RECV_EXIT, sock_recv_length, sock_received),
#endif
	LKST_TP(SOCK_STATE, inet_sock_set_state, inet_sock_set_state),
};
LKST_POINTS(lkst_points_net, rows);
