#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# owner.sh - guest: what becomes of a recording when its program is killed, and of one that has no owner.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 maskset=RDEFAULT || exit 1

attached() {
	awk '$5 == "attached" && $3 != "OOPS" && $3 != "LKST"' /proc/lkst_etypes | wc -l
}
buffers() {
	lkst status | grep -c '^buffer:'
}
# is_owned PID: is it that process's recording, and has it begun?
is_owned() {
	lkst status >$T/status && grep -q "^owner: *process $1:" $T/status && grep -q '^state: *running' $T/status
}
owned() {
	wait_for 10 is_owned "$1"
}
# killed PID: kill it with -9 and wait until it is gone
killed() {
	kill -9 "$1"
	wait "$1" 2>/dev/null
	[ ! -d "/proc/$1" ]
}

like "a recording of the module's parameters has no owner" '^owner: +none' lkst status
points=$(attached)
lkst record -m RALL --buffer-size 4M -o $T/trace 2>$T/log &
first=$!
owned $first
ok $? "lkst status tells whose recording it is"
like "and its JSON" "\"owner\":$first," lkst status --json
fails 1 "a second recording is refused, and told by whom" "process $first" lkst record -o $T/second -- load nothing
fails 1 "so are lkst live" "process $first" lkst live -n 1
fails 1 "and lkstlogd -m" "process $first" lkstlogd -f -d $T/d -m RALL
who='it is lkst: '
[ $FAMILY = stock ] || who=''	# older kernels do not tell it so
fails 1 "nor may others stop it" "stopping: process $first is recording \\(${who}wait" lkst stop
fails 1 "start something else" "starting: process $first is recording" lkst start -m RALL
fails 1 "select another maskset" "process $first is recording" lkstm select -m RNOTHING
fails 1 "or buffer" "process $first is recording" lkstbuf select -b default
fails 1 "or set a handler" "process $first is recording" lksteh set -h 0x06 -v 1
lkstm new -n MINE -e PROCESS >/dev/null && lkstm read -m MINE >$T/mine
fails 1 "or write a maskset anew" "process $first is recording" lkstm write -f $T/mine
lkstm delete -m MINE
like "by the same maskset as it began" '^maskset: +1 RALL' lkst status
like "the first one goes on" "^owner: +process $first" lkst status
killed $first
ok $? "lkst record killed with -9"
like "what was recorded before is recorded again" '^state: +running' lkst status
like "by the same maskset" '^maskset: +2 RDEFAULT' lkst status
like "into the same buffer" '^buffer: .*default \(selected\)' lkst status
is "$(buffers)" 1 "the buffer of the killed one is gone"
is "$(attached)" "$points" "the same points are attached"

passes "stopped" lkst stop
lkst record -e SYSCALL -p 1 -o $T/trace -f 2>$T/log &
second=$!
owned $second
killed $second
ok $? "killed once more, with a maskset of its own"
like "recording is stopped, and says why" '^state: +stopped \(the program that recorded has ended\)' lkst status
is "$(attached)" 0 "nothing is attached"
is "$(buffers)" 1 "no buffer is left"
is "$(lkstm list | wc -l)" 4 "no maskset is left"
is "$(lksteh list | awk '$5 == "pid" { print $4 }')" - "and no process is chosen"

lkst live -m RALL >/dev/null 2>$T/log &
third=$!
owned $third
killed $third
ok $? "lkst live killed"
lkstlogd -f -d $T/d -m RALL 2>$T/log &
fourth=$!
owned $fourth
killed $fourth
ok $? "lkstlogd killed"
is "$(buffers)" 1 "no buffer is left of them"

free_kb() {
	awk '/^MemFree/ { print $2 }' /proc/meminfo
}
before=$(free_kb)
i=0
while [ $i -lt 11 ]; do
	lkst record -m RALL --buffer-size 8M -o $T/trace -f 2>$T/log &
	pid=$!
	owned "$pid" || break
	killed "$pid" || break
	i=$((i + 1))
done
is $i 11 "killed 11 times"
at_least $(($(free_kb) - before + 65536)) 0 "the memory of 11 x 2 CPUs x 8 MiB came back, within 64 MiB"

passes "lkst start" lkst start
like "a recording by command goes on without its program" '^state: +running' lkst status
lkst record -o $T/trace -f -- load fork >/dev/null 2>$T/log
ok $? "lkst record in between"
like "does not end it" '^state: +running' lkst status
is "$(buffers)" 1 "and leaves nothing"
rmmod lkst
ok $? "module removed"
done_testing
