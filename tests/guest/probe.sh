#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# probe.sh - guest: events chosen at run time (LKST_PROBE), and a cross-check of counts with ftrace in the same run.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 || exit 1

like "a probe is added" '^[0-9]+$' lkst probe add do_nanosleep
id=$(cat $T/said)
lkst record -f -o $T/trace -e LKST_PROBE -- load nanosleep >$T/values 2>$T/log
pid=$(sed -n 's/^pid=//p' $T/values)
lkstla print -p "$pid" $T/trace >$T/out 2>>$T/log
is "$(grep -c "LKST_PROBE probe=$id " $T/out)" 23 "LKST_PROBE: 23 of the load"
is "$(grep -c 'do_nanosleep' $T/out)" 23 "with its place"
lkst probe list | awk -v id="$id" '$1 == id && $2 >= 23 { good = 1 } END { exit !good }'
ok $? "lkst probe list counts them"
passes "removed" lkst probe del "$id"
fails 1 "not twice" "removing probe $id: there is none .*lkst probe list" lkst probe del "$id"
fails 1 "a function that is not there" . lkst probe add no_such_function
fails 1 "the middle of an instruction, or beyond the end" . lkst probe add do_nanosleep+0x100000
fails 1 "a function that must not be probed" . lkst probe add exc_nmi

# Both tracers look at the same context switches.
tracing=/sys/kernel/tracing
: >$tracing/trace
echo 1 >$tracing/events/sched/sched_switch/enable
echo 1 >$tracing/events/sched/sched_wakeup/enable
/t/peek -o $T/seen PROCESS_CONTEXTSWITCH,PROCESS_WAKEUP -- load pingpong >$T/values
echo 0 >$tracing/events/enable
pid=$(sed -n 's/^pid=//p' $T/values)
kid=$(sed -n 's/^kid=//p' $T/values)
for p in "$pid" "$kid"; do
	is "$(grep -c "^PROCESS_CONTEXTSWITCH .* next_pid=$p " $T/seen)" "$(grep -c "sched_switch:.*next_pid=$p " $tracing/trace)" \
		"as many switches to $p as ftrace saw"
	is "$(grep -c "^PROCESS_WAKEUP .* target_pid=$p " $T/seen)" "$(grep -c "sched_wakeup:.* pid=$p " $tracing/trace)" \
		"as many wakeups of $p as ftrace saw"
done
rmmod lkst
ok $? "module removed"
done_testing
