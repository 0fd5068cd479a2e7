#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# lowmem.sh - guest, 2.6.9 with CONFIG_HIGHMEM and more than 896 MB: buffers are made of low memory, the part that is
# mapped always and everywhere, however much high memory is free; when there is not enough of it, they are refused.
#
# Wants 1536 MB and 2 CPUs.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH

# free_of Low|High: in MB
free_of() {
	awk -v what="$1Free:" '$1 == what { print int($2 / 1024) }' /proc/meminfo
}

# measure: what has become less since the last time, in MB, as $low_less and $high_less
measure() {
	_low=$(free_of Low) _high=$(free_of High)
	low_less=$((${low:-0} - _low)) high_less=$((${high:-0} - _high))
	low=$_low high=$_high
}

# between GOT LEAST MOST NAME
between() {
	[ "$1" -ge "$2" ] && [ "$1" -le "$3" ] || echo "got $1, wanted $2 to $3: low $low, high $high MB free" >>$T/log
	[ ! -s $T/log ]
	ok $? "$4 ($1)"
}

measure
at_least "$high" 500 "MB of high memory are free"
at_least "$low" 500 "and of low memory"
passes "the module is loaded" insmod $LKST_KO breaker=0
measure
passes "a buffer of 128 MB on each CPU" lkstbuf create -n big -s 128M --subbuf 256K
measure
between $low_less 256 270 "MB of low memory are taken"
between $high_less -4 4 "MB of high memory"
lkst start -m RALL -b big
load pingpong >/dev/null
load fault >/dev/null
lkst stop
lkst snapshot -b big -o $T/trace >$T/log 2>&1
at_least "$(lkstla print $T/trace 2>>$T/log | grep -c PAGEFAULT_)" 46 "it takes records"
rm $T/trace
measure
fails 1 "more than there is low memory is refused" 'that much memory cannot be had' \
	lkstbuf create -n huge -s 512M --subbuf 256K
measure
between $low_less -20 4 "MB of low memory are kept of it"
between $high_less -20 4 "MB of high memory"
rmmod lkst
ok $? "module removed"
measure
between $((-low_less)) 256 275 "MB of low memory come back"
done_testing
