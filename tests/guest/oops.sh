#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# oops.sh - guest: an oops that kills one process freezes the buffers; the trace read afterwards ends with the OOPS record.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 && insmod $TEST_KO || exit 1
lkst start -m RALL
load getppid >/dev/null
sh -c 'echo oops >/proc/lkst_test' 2>/dev/null
load getppid >$T/after
like "the buffers are frozen" '[Ff]rozen' lkst status
passes "the trace is read" lkst snapshot -o $T/trace
lkstla print $T/trace >$T/out 2>$T/log
is "$(grep -c ' OOPS ' $T/out)" 1 "OOPS is in it"
place=follow_null
[ $FAMILY != 2.4 ] || place='\[lkst_test\]'	# it has the names of exported functions only
grep ' OOPS ' $T/out | tee $T/log | grep -q "$place"
ok $? "with the place of the fault"
pid=$(sed -n 's/^pid=//p' $T/after)
is "$(awk -v p="$pid" '$3 == p' $T/out | wc -l | tr -d ' ')" 0 "nothing after it"
last=$(grep -v '^#' $T/out | tail -n 1)
case $last in
*" OOPS "*) ok 0 "it is the last record" ;;
*) echo "$last" >$T/log; ok 1 "it is the last record" ;;
esac
passes "a command records again" lkst start
like "it does" 'state: +(running|recording)' lkst status
lkst stop
done_testing
