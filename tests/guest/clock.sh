#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# clock.sh CLOCK - guest: that the module takes this clock by itself (as lkst status names it), and that times are right: they are
# those of CLOCK_MONOTONIC, and in order across CPUs.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 || exit 1
like "the clock is the $*" "clock: +$*" lkst status

# moments TRACE PID...: "TIME PID CPU NUMBER" of each getppid of theirs, in the order that lkstla prints
moments() {
	_trace=$1
	shift
	lkstla print "$_trace" | awk -v pids=" $* " '
		index(pids, " " $3 " ") && /SYSCALL_ENTRY nr=110\(getppid\)/ { sub(/.*arg0=/, "", $NF); print $1, $3, $2, $NF }'
}

lkst record -f -o $T/trace -e SYSCALL_ENTRY -- load relay >$T/values 2>$T/log
moments $T/trace "$(sed -n 's/^pid=//p' $T/values)" "$(sed -n 's/^kid=//p' $T/values)" >$T/moments
is "$(wc -l <$T/moments | tr -d ' ')" "$(($(sed -n 's/^last=//p' $T/values) + 1))" "relay: each step is in the trace"
awk '$4 != NR - 1 { print "step", $4, "stands at", NR - 1 ": " $0; bad = 1 } END { exit bad }' $T/moments >$T/log
ok $? "in the order in which they were done"
is "$(awk '{ print $3 }' $T/moments | sort -u | wc -l | tr -d ' ')" "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc)" \
	"on each CPU some"

lkst record -f -o $T/trace -e SYSCALL_ENTRY -- load second >$T/values 2>$T/log
moments $T/trace "$(sed -n 's/^pid=//p' $T/values)" >$T/moments
{ cat $T/values; cat $T/moments; } >$T/log
awk -F'[ =]' '
/^at/ { want[substr($1, 3)] = $2; next }
/^pid/ { next }
{ got[$4] = $1 }
END {
	rate = (got[2] - got[1]) / (want[2] - want[1])
	printf "rate %.5f, late %.6f s\n", rate, got[1] - want[1]
	exit !(rate > 0.995 && rate < 1.005 && got[1] >= want[1] - 0.002 && got[1] < want[1] + 0.02)
}' $T/values $T/moments >$T/rate
ok $? "a second is a second, at its place on CLOCK_MONOTONIC ($(cat $T/rate))"
rmmod lkst
ok $? "module removed"
done_testing
