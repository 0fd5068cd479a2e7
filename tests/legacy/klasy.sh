#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# klasy.sh - guest, 2.6.9: aspects are woven and removed. What their bodies count and record is what the load did.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
if [ "${1:-}" = owners ]; then	# 1 to 23 one after the other: before each, the owner that stat tells
	n=1
	while [ $n -le 23 ]; do
		stat -c %u $T/file
		chown $n $T/file
		n=$((n + 1))
	done
	exit
fi
insmod $LKST_KO breaker=0 || exit 1

# weave NAME [PARAMETER]: a module that klasy build made
weave() {
	insmod /t/klasy_"$1".ko ${2:+"$2"} 2>$T/log
}

# hits NAME PLACE: of the place, by the file that the module shows
hits() {
	awk -F '\t' -v place="$2" '$1 == "site" && $9 == place { print $4 }' /proc/klasy_"$1"
}

# all_are NAME HOW: every place of the aspect
all_are() {
	awk -F '\t' -v how="$2" '$1 == "site" { n++; bad += $10 != how || $3 } END { exit !n || bad }' /proc/klasy_"$1"
}

# recorded LOAD...: its values to $T/values, what the bodies recorded to $T/records
recorded() {
	lkst record -f -o $T/trace -e KLASY_DATA -- "$@" >$T/values 2>$T/log
	_rc=$?
	lkstla print $T/trace 2>>$T/log | grep ' KLASY_DATA ' >$T/records
	return $_rc
}

# ---- execution and argument ----

weave calls
ok $? "calls: woven"
all_are calls trap
ok $? "calls: every place has its breakpoint"
recorded load getppid
ok $? "the load is recorded"
pid=$(printf '%x' "$(sed -n 's/^pid=//p' $T/values)")
is "$(grep -c " ip=sys_getppid+0x0 site=0 values=1 value0=0x$pid\$" $T/records)" 23 \
	"execution: 23 calls of the load, recorded by its body"
before=$(hits calls sys_kill+0x0)
recorded load signal
pid=$(printf '%x' "$(sed -n 's/^pid=//p' $T/values)")
is $(($(hits calls sys_kill+0x0) - before)) 46 "execution: 46 calls of kill are counted"
is "$(grep -c " ip=sys_kill+0x0 site=1 values=4 value0=0x$pid value1=0xa " $T/records)" 23 \
	"argument: pid and signal of 23 calls"
is "$(grep -c " ip=sys_kill+0x0 site=1 values=4 value0=0x$pid value1=0xc " $T/records)" 23 \
	"argument: ... and of 23 others"
# shellcheck disable=SC2016 # $pc$ is the aspect's
is "$(sed -n 's/.* value2=0x\([0-9a-f]*\) .*/\1/p' $T/records | sort -u)" \
	"$(awk '$3 == "sys_kill" { print $1 }' /t/System.map)" \
	'$pc$ is the address of the function'
# rmmod would wait, and the status of insmod is the error's number.
is "$(awk '$1 == "lkst" { print $3 }' /proc/modules)" 1 "the tracer is held while an aspect is woven"
fails 17 "the same aspect twice" . insmod /t/klasy_calls.ko
rmmod klasy_calls
ok $? "calls: unwoven"
[ ! -e /proc/klasy_calls ]
ok $? "calls: nothing of it is shown any more"
recorded load getppid
is "$(wc -l <$T/records)" 0 "calls: nothing of it runs any more"

# ---- access ----

: >$T/file
weave inode
ok $? "inode: the published aspect, as it stands, is woven"
recorded sh "$0" owners
cp $T/values $T/owners
sed -n 's/.* KLASY_DATA .* site=0 values=3 value0=0x\([0-9a-f]*\).*/\1/p' $T/records |
	while read -r uid; do echo $((0x$uid)); done >$T/seen
cp $T/records $T/log
is "$(wc -l <$T/owners)" 23 "inode: 23 owners by stat"
cmp $T/owners $T/seen >>$T/log 2>&1
ok $? "access: the owners that the body read at the access are those of stat"
first=$(awk -F '\t' '$1 == "site" { print $9; exit }' /proc/klasy_inode)
is "$(hits inode "$first")" 23 "access: as many hits"
rmmod klasy_inode
ok $? "inode: unwoven"

# Packets to itself: what one says of the packet all say, at every place that one comes through.
weave packets
ok $? "packets: woven at $(grep -c ^site /proc/klasy_packets) places"
ping -c 7 -s 100 127.0.0.1 >$T/log 2>&1	# one a second
awk -F '\t' '$1 == "site" && $4 > 0 { sub(/\+.*/, "", $9); print $9 }' /proc/klasy_packets | sort -u >$T/reached
is "$(tr '\n' ' ' <$T/reached)" \
	"__kfree_skb icmp_rcv ip_rcv netif_receive_skb " "access: all four functions are come through"
most=$(awk -F '\t' '$1 == "site" && $9 ~ /^icmp_rcv\+/ { if ($4 > n) n = $4 } END { print n }' /proc/klasy_packets)
is "$most" 14 \
	"access: 14 packets, 7 there and 7 back"
recorded ping -c 3 -s 100 127.0.0.1
# 128 bytes behind the header of the link: 20 of IP, 8 of ICMP, 100.
is "$(grep -c ' ip=ip_rcv.* value1=0x80 value2=0x8\( \|$\)' $T/records)" "$(grep -c ' ip=ip_rcv' $T/records)" \
	"target: length and protocol of the packet, at all places of ip_rcv"
at_least "$(grep -c ' ip=ip_rcv' $T/records)" 6 "target: so many of them"
is "$(awk -F '\t' '$1 == "site" { n += $5 + $6 + $7 } END { print n }' /proc/klasy_packets)" 0 \
	"target: none was NULL or could not be read"
all_are packets trap
ok $? "packets: none was taken off"

# ---- coming and going under load, and what is there already ----

while :; do ping -c 1 127.0.0.1 >/dev/null 2>&1; done &
load=$!
rmmod klasy_packets
ok $? "packets: unwoven while packets come"
round=0
while [ $round -lt 10 ] && weave packets && weave calls && rmmod klasy_packets && rmmod klasy_calls; do
	round=$((round + 1))
done
kill $load
is $round 10 "ten times woven and unwoven: each time all bytes are the file's again"
lkst probe add sys_kill >$T/id
fails 84 "another probe's place is not taken" . insmod /t/klasy_calls.ko
dmesg | grep -q 'klasy: calls: other code than expected at sys_kill+0x0 (site 1): another probe is there'
ok $? "... which is said with the place"
lkst probe del "$(cat $T/id)"
fails 84 "no place inside of an instruction is taken, though its bytes are right" . insmod /t/klasy_inside.ko
dmesg | grep -q 'klasy: inside: no instruction begins at '
ok $? "... which is said with the place"
weave calls
ok $? "... and is when it is gone"
rmmod klasy_calls

# ---- the breaker ----

weave long breaker=5
ok $? "long: woven"
tries=0
while [ $tries -lt 600 ] && ! grep -q '^state	stopped' /proc/klasy_long; do
	load getppid >/dev/null
	tries=$((tries + 1))
done
grep -q '^state	stopped' /proc/klasy_long
ok $? "a body that takes too much is stopped"
tries=0
while [ $tries -lt 100 ] && ! all_are long none; do
	sleep 1
	tries=$((tries + 1))
done
all_are long none
ok $? "... and its probe is taken away"
rmmod klasy_long
ok $? "... and it can be unwoven"
rmmod lkst
ok $? "module removed"
done_testing
