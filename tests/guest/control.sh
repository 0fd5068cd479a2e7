#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# control.sh - guest: masksets, handlers, buffers, marks and rights through the commands; LKST_MARK, LKST_MASKSET, LKST_BREAKER.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 && insmod $TEST_KO && insmod /t/lkst_watchdog.ko timeout_ms=300 || exit 1

# printed FILE EVENT: how many of it are in a trace
printed() {
	lkstla print "$1" 2>>$T/log | grep -c " $2 "
}

# attached: events that are attached now, but for those that always are
attached() {
	awk '$5 == "attached" && $3 != "OOPS" && $3 != "LKST" { printf "%s ", $2 }' /proc/lkst_etypes
}

# ---- masksets ----
like "lkst status without a recording" 'state: +stopped' lkst status
is "$(attached)" "" "nothing is attached before anything is asked for"
for c in 'lkst status' 'lkst status --json' 'lkst status --cpus' 'lkstm list' 'lkstm read -m RALL' 'lkstbuf list' 'lkstbuf stat' \
	'lksteh list' 'lkst probe list'; do
	fails 1 "$c into a full disk" 'writing standard output: ' sh -c "$c >/dev/full"
done
lkst start -m RALL
sh -c "(lkst live -m RALL; echo \$? >$T/rc) 2>$T/log | head -n 3 >$T/three"
is "$(wc -l <$T/three | tr -d ' ') $(cat $T/rc)" "3 0" "lkst live | head ends, with status 0"
fails 1 "lkst live into a full disk" 'writing standard output: ' sh -c 'lkst live -m RALL >/dev/full'
like "RALL: what this kernel does not have is not among the armed" \
	'events: +([0-9]+) of this kernel, [0-9]+ armed, [0-9]+ attached, [0-9]+ pending; [0-9]+ asked for' lkst status
is "$(sed -n 's/^events: *\([0-9]*\) of this kernel, .*/\1/p' $T/said)" "$(sed -n 's/.* kernel, \([0-9]*\) armed,.*/\1/p' $T/said)" \
	"and all others are"
lkst stop
lkstm select -m RDEFAULT
like "RDEFAULT is selected" '2\*\(0x02\) 4096 RDEFAULT' lkstm list
passes "a maskset is read" lkstm read -m RDEFAULT -o $T/mask
sed 's/0x01$/0xff/; /PROCESS_FORK/s/0xff$/0x01/; /LKST_M/s/0xff$/0x01/' $T/mask >$T/mine
passes "edited and written under another name" lkstm write -n MINE -f $T/mine
lkstm read -m MINE >$T/again
is "$(grep -c '0x01$' $T/again)" 3 "it has what was left in it"
sed 's/PROCESS_FORK  *0x01/PROCESS_FORK 0x77/' $T/mine >$T/broken
fails 1 "a handler that does not exist is refused" 'there is no handler 0x77' lkstm write -n BROKEN -f $T/broken
fails 1 "by lkstm new too" "maskset 'BROKEN': there is no handler 0x33" lkstm new -n BROKEN -e SYSCALL -H 0x33
fails 1 "a text without events makes no maskset" 'no line names an event' sh -c 'lkstm write -n BROKEN </dev/null'
fails 1 "a name that is taken" 'that name is taken' lkstm new -n MINE
is "$(lkstm list | grep -c BROKEN)" 0 "nothing was made by these"
fails 1 "a built-in maskset cannot be deleted" . lkstm delete -m RALL
fails 2 "a maskset that does not exist cannot be selected" "maskset 'NOSUCH': there is none" lkstm select -m NOSUCH
passes "selected" lkstm select -m MINE
passes "started" lkst start
fails 1 "the selected maskset cannot be deleted" . lkstm delete -m MINE
is "$(attached)" "PROCESS_FORK " "only its event is attached"
passes "a mark" lkst mark twenty-three-characters
lkstm select -m RNOTHING
is "$(attached)" "" "RNOTHING detaches it"
lkstm select -m MINE
passes "snapshot" lkst snapshot -o $T/marks
is "$(printed $T/marks LKST_MARK)" 1 "LKST_MARK is in the trace"
lkstla print $T/marks | tr -d '\n' | grep -q 'text0=twenty-three-characters'
ok $? "with its text"
at_least "$(printed $T/marks LKST_MASKSET)" 1 "LKST_MASKSET tells of the selections"
lkst stop
is "$(attached)" "" "nothing is attached after the stop"

# Two masksets that both record LKST_TEST, and differ in the rest: not one record may be lost or torn by 1000 switches.
passes "masksets switched 1000 times while events fire: the accounts balance" \
	sh -c "/t/accounts -m discard -w 4 -e 100000000 -p 200 -n 256 -S 1000 >$T/counts"
at_least "$(sed -n 's/^turns=//p' $T/counts)" 1000 "switches"
at_least "$(sed -n 's/^seen=//p' $T/counts)" 10000 "records between them"

# ---- handlers ----
handler_id() {
	lksteh list | awk -v n="$1" '$5 == n { print $1 }'
}
handler_count() {
	lksteh list | awk -v n="$1" -v f="$2" '$5 == n { print $f }'
}
hits() {
	lkst events --json "$1" | sed -n 's/.*"hits":\([0-9]*\).*/\1/p'
}
lkst snapshot -o $T/drop >/dev/null 2>&1
lkstm new -n COUNT -e PROCESS_FORK -H 0x02 >/dev/null
before=$(handler_count count 2)
lkst start -m COUNT
load fork >/dev/null
lkst stop
at_least $(($(handler_count count 2) - before)) 23 "count: calls"
lkst snapshot -o $T/none >/dev/null 2>&1
is "$(printed $T/none PROCESS_FORK)" 0 "count: nothing recorded"
lkstm new -n STOP -e PROCESS_EXEC -H 0x03 >/dev/null
lkst start -m STOP
load nothing
like "stop: recording is stopped" 'stopped.*stop handler' lkst status
lkst snapshot -o $T/stop >/dev/null 2>&1
is "$(printed $T/stop PROCESS_EXEC)" 1 "stop: its event is the last record"
lkstbuf create -n second -s 64K >/dev/null
lksteh set -h 0x04 -v second
lkstm new -n SWITCH -e PROCESS_EXEC -H 0x04 >/dev/null
lkst start -m SWITCH
load nothing
like "switch: the other buffer is selected" 'buffer: .*second' lkst status
lkst stop
lkstbuf select -b default
lkst snapshot -o $T/switch >/dev/null 2>&1
at_least "$(printed $T/switch PROCESS_EXEC)" 1 "switch: its event is in the buffer of before"
lkstm new -n DETAIL -e SYSCALL >/dev/null
lksteh set -h 0x05 -v DETAIL
lkstm new -n TRIGGER -e PROCESS_EXEC -H 0x05 >/dev/null
lkst start -m TRIGGER
load getppid >$T/values
like "maskset: the other maskset is selected" 'maskset: .*DETAIL' lkst status
lkst stop
lkst snapshot -o $T/detail >/dev/null 2>&1
pid=$(sed -n 's/^pid=//p' $T/values)
is "$(lkstla print -p "$pid" $T/detail | grep -c "$CALL nr=$GETPPID")" 23 "maskset: its points were armed at once"
lksteh set -h 0x05 -v -1
lksteh set -h 0x06 -v 1
lkstm new -n ONLY -e SYSCALL -H 0x06 >/dev/null
lkst start -m ONLY
load getppid >/dev/null
lkst stop
lkst snapshot -o $T/only >/dev/null 2>&1
is "$(lkstla print $T/only 2>/dev/null | grep SYSCALL | awk '$3 != 1' | wc -l)" 0 "pid: nothing of another process"
fails 1 "handler without a parameter takes none" "handler '0x01': it has none" lksteh set -h 0x01 -v 1
lkstm new -n WATCH -e PROCESS_EXEC -H "$(handler_id watchdog)" >/dev/null
lkst start -m WATCH
load nothing
sleep 1
lkst stop
at_least "$(cat /sys/module/lkst_watchdog$PARAMS/complaints)" 1 "watchdog: says that its event stays away"
rmmod lkst_watchdog
ok $? "a handler's module is removed while a maskset names it"
lkst start -m WATCH
load nothing
lkst stop
like "and its events go nowhere" . lkst status

# ---- buffers ----
fails 1 "a buffer that cannot be had is refused" 'memory|cannot' lkstbuf create -n toobig -s 4G --subbuf 1M
is "$(lkstbuf list | grep -c toobig)" 0 "and not made"
fails 1 "two buffers of a name are refused" . lkstbuf create -n second -s 64K
like "an odd size is rounded up, and that is said" 'has 128K for each CPU' lkstbuf create -n odd -s 100000
is "$(lkstbuf list | awk '$NF == "odd" { print $(NF - 5) }')" 131072 "and so it is"
lkstbuf delete -b odd
fails 1 "a CPU that is not there" "choosing CPU 99: .*lkstbuf stat" lkst snapshot -c 99 -o $T/none
lkst start -m RALL -b default
fails 1 "the selected buffer cannot be deleted" . lkstbuf delete -b default
i=0
while [ $i -lt 23 ]; do
	lkstbuf create -n "b$i" -s 64K >/dev/null || break
	lkstbuf select -b "b$i" || break
	[ $i = 0 ] || lkstbuf delete -b "b$((i - 1))" || break
	i=$((i + 1))
done
is $i 23 "buffers created, selected and deleted while everything is recorded"
lkst stop
like "the last one has records" . lkstbuf read -b b22 -o $T/b22

# ---- who may ----
echo 'nobody:x:65534:65534::/:/bin/sh' >>/etc/passwd
echo 'nogroup:x:65534:' >>/etc/group
[ $FAMILY = stock ] || chmod 640 /dev/lkst	# who makes the node gives it its mode: here ci/guest-make-nodes
is "$(stat -c %a /dev/lkst)" 640 "the device's mode"
fails 1 "a stranger is told that he may not" '[Pp]ermission|root|lkst' su nobody -c "/t/lkst status"
chgrp lkst /dev/lkst
sed -i 's/^lkst:x:999:.*/lkst:x:999:nobody/' /etc/group
like "a member of the group may look" state su nobody -c "/t/lkst status"
fails 1 "but not control" '[Pp]ermission|root|permitted' su nobody -c "/t/lkst start"

# ---- what the module shows ----
like "/proc/lkst_etypes" '^0x001 PROCESS_CONTEXTSWITCH PROCESS RDEFAULT available '"$ORIGIN" cat /proc/lkst_etypes
is "$(grep -c '^0x' /proc/lkst_etypes)" "$(lkst events | grep -c 0x)" "the commands and the module have the same events"

# ---- the overload breaker ----
echo 1 >/sys/module/lkst$PARAMS/breaker
lkstm new -n TEST -e LKST_TEST,LKST_BREAKER >/dev/null
lkstbuf create -n broken -s 4M >/dev/null
lkst start -m TEST -b broken
echo "accounts 2 200000 0" >/proc/lkst_test
while [ "$(result running)" = 1 ]; do sleep 1; done
like "the breaker stops a recording that takes too much" 'state: +tripped|breaker' lkst status
lkst snapshot -o $T/breaker >/dev/null 2>&1
is "$(printed $T/breaker LKST_BREAKER)" 1 "LKST_BREAKER is in the trace"
sleep 1
dmesg | grep -q 'overload breaker'
ok $? "and the log says so"
echo 0 >/sys/module/lkst$PARAMS/breaker
passes "a command resumes" lkst start
like "it does" 'state: +(running|recording)' lkst status
lkst stop
rmmod lkst_test && rmmod lkst
ok $? "modules removed"
done_testing
