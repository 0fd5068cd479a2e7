#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# case.t - 'make case-skbuff': every stage of a packet's way in is measured, and the largest gap is where it waits for
# the process.

set -u
# shellcheck source=tests/klasy/lib.sh
. "${0%/*}/lib.sh"
lkstla=${B:-build}/x86_64/lkstla
ci/case-skbuff "$kernel" "$T/case" >"$T/out" 2>"$log"
ok $? 'the case study comes to its end'

previous=
for stage in napi_gro_receive netif_receive_skb_list_internal __netif_receive_skb_core ip_rcv_core ip_rcv_finish_core \
	ip_local_deliver tcp_v4_rcv tcp_v4_do_rcv tcp_rcv_established; do
	[ -z "$previous" ] || awk -v s="$previous>$stage" '$2 == s { n = $3 } END { exit n < 50 }' "$T/case/stages.txt"
	ok $? "packets pass${previous:+ from $previous} to $stage" "$(cut -c1-90 "$T/case/stages.txt")"
	previous=$stage
done
# Data waits for its process: in no other stage packets of the connection do so longer in all.
grep -q '^# largest gap: [a-z_]*>__skb_datagram_iter, ' "$T/case/stages.txt"
ok $? 'the largest gap lies before the copy to the process' "$(grep '^# largest' "$T/case/stages.txt")"
[ "$(awk '$6 ~ />__skb_datagram_iter$/' "$T/case/list.txt" | wc -l)" -gt 20 ]
ok $? 'it is known of more than 20 packets' "$(head -n 20 "$T/case/list.txt")"
awk 'NR > 2 && $1 ~ /^[0-9]+$/ { n[$1]++ } END { for (o in n) if (n[o] >= 8) whole++; exit whole < 20 }' \
	"$T/case/packets.txt"
ok $? 'more than 20 packets have eight stages or more, one by one' "$(head -n 20 "$T/case/packets.txt" | cut -c1-90)"
[ "$(sed -n 's/ hits by packets of ARP//p' "$T/case/arp.txt")" -ge 3 ]
ok $? 'packets of ARP come to its places' "$(cat "$T/case/arp.txt")"
! "$lkstla" print "$T/case/arp.lkst" 2>>"$log" |
	grep -E 'KLASY_DATA.* ip=(napi_gro_receive|__netif_receive_skb_core)[+]' >>"$log"
ok $? 'and are ignored'
head -c 5 "$T/case/stages.svg" | grep -q '<?xml'
ok $? 'the graph is drawn'
done_testing
