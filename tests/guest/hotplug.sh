#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hotplug.sh - guest: CPUs go and come while everything is recorded. Wants 4 CPUs.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 && insmod $TEST_KO || exit 1
cpu=/sys/devices/system/cpu

echo 0 >$cpu/cpu3/online
passes "a buffer made while a CPU is away" lkstbuf create -n plug -s 1M --mode discard
is "$(lkstbuf stat -b plug | grep -c '^ *[0-9]')" 3 "has no part for it"
lkst start -m RDEFAULT -b plug
i=0
while [ $i -lt 3 ]; do
	echo 1 >$cpu/cpu3/online
	load migrate >/dev/null
	echo 0 >$cpu/cpu2/online
	usleep 100000
	echo 1 >$cpu/cpu2/online
	[ $i = 2 ] || echo 0 >$cpu/cpu3/online
	i=$((i + 1))
done
is "$(cat $cpu/online)" 0-3 "CPUs taken away and brought back while recording"
is "$(lkstbuf stat -b plug | grep -c '^ *[0-9]')" 4 "the CPU that came has a part now"
lkst stop
rc=0
lkst snapshot -o $T/trace >$T/log 2>&1 || rc=$?
[ $rc = 0 ] || [ $rc = 3 ]
ok $? "all of it is read"
at_least "$(lkstla print -c 3 $T/trace 2>/dev/null | grep -vc '^#')" 20 "records of CPU 3"
at_least "$(lkstla print -c 2 $T/trace 2>/dev/null | grep -vc '^#')" 20 "records of CPU 2"
lkstbuf stat -b plug | awk '/^ *[0-9]/ && $3 != $6 + $7 + $5 { bad = 1 } END { exit bad }'
ok $? "stored == read + unread + overwritten on every CPU"

# Accounts with 4 CPUs, one of which goes away and comes back.
(sleep 1; echo 0 >$cpu/cpu3/online; sleep 1; echo 1 >$cpu/cpu3/online) &
passes "accounts balance while a CPU goes" sh -c "/t/accounts -m overwrite -w 8 -e 60000 -n 16 >$T/counts"
sed 's/^/# /' $T/counts
wait
rmmod lkst_test && rmmod lkst
ok $? "modules removed"
done_testing
