#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# third.sh - guest, patched kernel: modules that were built for the kernel without the series are loaded, and do what they
# are for, with the hooks off and while everything is recorded; one whose structures differ is refused.
#
# Usage: third.sh [use]
#   use   only use them, as is done while it is recorded
#   /third.ko and /dummy.ko were built for the other kernel, /changed.ko for one with another struct timer_list
set -eu

fail() {
	echo "third.sh: $*" >&2
	exit 1
}

# Packets that dummy0 sent.
sent() {
	sed -n 's/^ *dummy0://p' /proc/net/dev | awk '{ print $10 }'
}

use_third() {
	insmod /third.*o || fail "loading third.ko: refused"
	n=0
	while [ $n -lt 3 ]; do
		got=$(cat /proc/third)
		[ "$got" = "timers 102 works 1 tasklets 1 slab 23 skb 27 task cat 1" ] ||
			fail "third.ko: it does not do what it should: $got"
		n=$((n + 1))
	done
	rmmod third || fail "unloading third.ko: refused"
}

use_dummy() {
	insmod /dummy.*o || fail "loading dummy.ko: refused"
	ifconfig dummy0 10.9.8.1 netmask 255.255.255.0 up || fail "dummy.ko: it cannot be set up"
	before=$(sent)
	ping -c 1 -w 2 10.9.8.7 >/dev/null 2>&1 || true
	[ "$(sent)" -gt "$before" ] || fail "dummy.ko: nothing was sent: $(cat /proc/net/dev)"
	ifconfig dummy0 down
	rmmod dummy || fail "unloading dummy.ko: refused"
}

use_third
use_dummy
[ "${1:-}" != use ] || exit 0
! insmod /changed.*o 2>/tmp/why || fail "loading changed.ko: it was not refused"
# 2.6 says so in the log; in 2.4 a symbol's version is part of its name.
grep -q 'nresolved symbol .*_timer' /tmp/why || dmesg | grep -q 'disagrees about version of symbol' ||
	fail "loading changed.ko: refused for another reason: $(cat /tmp/why; dmesg | tail -n 3)"
# No word about versions for the others: what has none is let in with a complaint only.
! dmesg | grep 'no version for' || fail "a module has symbols without versions"
insmod /lkst.*o breaker=0
lkst record -f -m RALL --buffer-size 4M -o "$LKST_OUT/trace" -- sh "$0" use
rmmod lkst
