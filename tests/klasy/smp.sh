#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# smp.sh - guest with 4 CPUs: an aspect comes and goes while its places are reached on all of them.
# Usage: smp.sh ROUNDS

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
rounds=$1
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
switch=/proc/sys/debug/kprobes-optimization
kprobes() {
	grep -c . /sys/kernel/debug/kprobes/list
}
hits() {
	klasy list | awk -v n="$1" '$NF == n { print $4 }'
}
has_hits() {
	[ "$(hits smp)" -ge "$1" ]
}

is "$(grep -c ^processor /proc/cpuinfo)" 4 'four CPUs'
insmod $LKST_KO breaker=0 || exit 1
before=$(kprobes)
for cpu in 1 2 4 8; do
	taskset $cpu ping -q -i 0.02 127.0.0.1 >/dev/null &
	pings="${pings:-} $!"
done
# On each CPU, also with the probes of a second aspect in the same places.
klasy weave -q --breaker 0 /t/smp.ko && klasy weave -q --breaker 0 /t/smp2.ko
ok $? 'woven, two aspects in the same places'
all_cpus() {
	lkst record -f -q -o $T/trace -e KLASY_DATA -- sleep 1 2>>$T/log
	for a in smp smp2; do
		lkstla print $T/trace | sed -n "s/.* KLASY_DATA .*($a) .* value0=\([^ ]*\).*/\1/p" |
			sort -u >$T/$a.cpus
	done
	[ "$(cat $T/smp.cpus $T/smp2.cpus | tr '\n' ' ')" = '0x0 0x1 0x2 0x3 0x0 0x1 0x2 0x3 ' ]
}
wait_for 60 all_cpus
ok $? 'bodies of both run on every CPU'
klasy unweave smp smp2
is "$(kprobes)" "$before" 'gone again'

bad=0 round=0
while [ $round -lt "$rounds" ]; do
	round=$((round + 1))
	klasy weave -q --breaker 0 /t/smp.ko || bad=$((bad + 1))
	# In turns unwoven at once, when it was hit, and when the kernel had the time to make jumps of the probes.
	case $((round % 3)) in
	1) wait_for 60 has_hits 1 || bad=$((bad + 1)) ;;
	2) wait_for 60 has_hits 1000 || bad=$((bad + 1)) ;;
	esac
	klasy unweave smp || bad=$((bad + 1))
	[ "$(kprobes)" = "$before" ] || bad=$((bad + 1))
	[ "$(cat $switch)" = 1 ] || bad=$((bad + 1))
done >>$T/log 2>&1
is $bad 0 "woven and unwoven $rounds times while four CPUs reach its places"
# shellcheck disable=SC2086
kill -0 $pings
ok $? 'packets went all the time'
# shellcheck disable=SC2086
kill $pings
wait
ping -q -c 1 127.0.0.1 >$T/log
ok $? 'and still do'
rmmod lkst
ok $? 'module removed'
done_testing
