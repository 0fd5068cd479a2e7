#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record.sh - guest: 'lkst record' and commands, processes, signals, names and files that are not as usual.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH

fails 4 "without the module: exit 4, and what to type" 'insmod|modprobe' lkst record -o $T/t -- touch $T/ran
[ ! -e $T/ran ] && [ ! -e $T/t ]
ok $? "nothing was run, no file made"
fails 4 "lkst live too" 'insmod|modprobe' lkst live
fails 4 "and lkstlogd" 'insmod|modprobe' lkstlogd -d $T/none
[ ! -e $T/none ]
ok $? "which makes no directory then"
insmod $LKST_KO breaker=0 || exit 1

# recording PID: wait until that process's recording has begun
is_recording() {
	lkst status >$T/status && grep -q "^owner: *process $1:" $T/status && grep -q '^state: *running' $T/status
}
recording() {
	wait_for 20 is_recording "$1"
}
# ends PID SECONDS: waits so long; sets $rc to its status
ends() {
	wait_for "$2" sh -c "! kill -0 $1 2>/dev/null || grep -q '^State:.*Z' /proc/$1/status"
	_in_time=$?
	[ $_in_time = 0 ] || kill -9 "$1"
	rc=0
	wait "$1" || rc=$?
	return $_in_time
}

# ---- commands that cannot be run ----
lkst record -q -e PROCESS -o $T/t -- load nothing
cp $T/t $T/old
fails 1 "a command that is not there" "running 'nosuch': No such file" lkst record -o $T/t -- nosuch
cmp $T/t $T/old
ok $? "leaves the old trace alone"
echo words >$T/words
fails 1 "nor does one that may not be run" "running '$T/words': Permission denied" lkst record -o $T/t -- $T/words
cmp $T/t $T/old
ok $? "touch it"
fails 1 "and no file is made" "running" lkst record -o $T/fresh -- nosuch
is "$(cd $T && echo fresh* t.*)" "fresh* t.*" "not even one with another name"
fails 1 "a command that fails" "status 7" lkst record -o $T/t -- sh -c 'exit 7'
! cmp -s $T/t $T/old
ok $? "is recorded all the same"

lkstm new -n ENDS -e PROCESS_EXEC -H 0x03 >/dev/null
fails 3 "a recording that something else ends" 'ended early: stopped' lkst record -m ENDS -o $T/t -- sh -c 'load nothing; sleep 1'
lkstm delete -m ENDS

# ---- files ----
fails 1 "FILE is a directory" 'Is a directory' lkst record -o $T -- touch $T/ran
mkdir $T/ro
mount -t tmpfs none $T/ro && mount -o remount,ro $T/ro
fails 1 "FILE on a read-only file system" 'Read-only' lkst record -o $T/ro/t -- touch $T/ran
fails 1 "FILE in a directory that is not there" 'No such file' lkst record -o $T/no/t -- touch $T/ran
ln -s $T/t $T/link
fails 1 "FILE is a link" 'symbolic link' lkst record -o $T/link -- touch $T/ran
fails 1 "FILE is something else" '--force' lkst record -o $T/words -- touch $T/ran
is "$(cat $T/words)" words "and stays"
[ ! -e $T/ran ]
ok $? "none of them ran the command"
lkst record -q -e SYSCALL_ENTRY -o - -- load getppid >$T/piped 2>$T/values
is "$(lkstla print $T/piped | grep -c 'SYSCALL_ENTRY nr=110')" 23 "standard output is a trace, too"
grep -q '^pid=' $T/values
ok $? "of which the command's own output is no part"
mkfifo $T/fifo
cat $T/fifo >$T/piped &
lkst record -q -e SYSCALL_ENTRY -o $T/fifo -- load getppid >/dev/null 2>$T/log
wait $!
is "$(lkstla print $T/piped | grep -c 'SYSCALL_ENTRY nr=110')" 23 "and a pipe that has a name"
rc=0
lkst record -q -m RALL -o - -- sh -c 'load pingpong >/dev/null' 2>$T/log | true
ok 0 "a reader that goes away"
like "does not leave a recording behind" '^state: +stopped' lkst status
# A reader that does not read. in_writev PID: is it blocked in writev(2)?
in_writev() {
	grep -q '^20 ' "/proc/$1/syscall"
}
sleep 1000 <>$T/fifo &
idle=$!
(while load pingpong; do :; done) >/dev/null 2>&1 &
noise=$!
lkst record -m RALL -o $T/fifo 2>$T/said &
stuck=$!
recording $stuck && wait_for 20 in_writev $stuck
ok $? "lkst record waits for a reader that is slow"
kill -INT $stuck
sleep 1
in_writev $stuck
ok $? "after ^C too"
kill -INT $stuck
ends $stuck 10
ok $? "a second ^C ends that"
cp $T/said $T/log
grep -q "writing '$T/fifo': Interrupted" $T/said
ok $? "and it says what is missing"
is $rc 3 "exit 3"
like "nothing is left behind" '^state: +stopped' lkst status
kill $noise $idle

# ---- names ----
lkst record -q -e SYSCALL_ENTRY -o $T/t -- load getppid >$T/values 2>$T/log
is "$(lkstla print $T/t | grep 'nr=110' | awk '{ print $4 }' | sort -u)" load "the command has its name without process events"
# shellcheck disable=SC2016
lkst record -q -e SYSCALL_ENTRY -o $T/t -- sh -c 'sleep 3 & echo pid=$!; wait' >$T/values 2>$T/log
pid=$(sed -n 's/^pid=//p' $T/values)
is "$(lkstla print -p "$pid" $T/t | grep -v '^#' | awk '{ print $4 }' | sort -u)" sleep "so has a child of its own that lived for seconds"

# ---- signals ----
lkst record -q -e PROCESS -o $T/t -- sleep 100 2>$T/log &
recording $!
kill -INT $!
ends $! 5
ok $? "^C ends a command that lets it"
is $rc 0 "with success"
lkst record -e PROCESS -o $T/t -- sh -c 'trap "" INT TERM HUP; echo $$ >/tmp/t/stubborn; while :; do sleep 1; done' 2>$T/said &
recording $!
wait_for 5 test -s $T/stubborn
kill -INT $!
sleep 2
kill -0 $!
ok $? "a command that ignores ^C is waited for"
kill -INT $!
ends $! 5
ok $? "a second ^C leaves it"
is $rc 0 "with success"
cp $T/said $T/log
grep -q "goes on as process $(cat $T/stubborn)" $T/said
ok $? "and says that it goes on"
kill -9 "$(cat $T/stubborn)"
passes "the trace is whole" lkstla print $T/t
# shellcheck disable=SC2016
lkst record -q -t 1 -e PROCESS -o $T/t -- sh -c 'trap "" TERM; echo $$ >/tmp/t/stubborn; i=0; while [ $i -lt 60 ]; do sleep 1; i=$((i + 1)); done' 2>$T/log &
ends $! 30
ok $? "-t 1 does not wait for ever either"
kill -9 "$(cat $T/stubborn)"

# ---- how long, what of it stays ----
passes "-t takes parts of a second" lkst record -q -t 0.5 -e PROCESS -o $T/t
fails 2 "but not none" 'seconds, with up to 3 decimals' lkst record -t 0 -o $T/t
lkst record -q -f -e PROCESS_FORK -e SYSCALL_EXIT -o $T/both -- /t/load fork >$T/log 2>&1
is "$(lkstla print $T/both | grep -oE ' (PROCESS_FORK|SYSCALL_EXIT) ' | sort -u | tr -d '\n')" " PROCESS_FORK  SYSCALL_EXIT " \
	"-e given again adds to the list"
fails 2 "nor an empty list of events" "list of events ''" lkst record -e '' -o $T/t
fails 2 "a maskset that is nearly there" "did you mean RALL" lkst record -m RAL -o $T/t
fails 2 "lkstlogd -m, of none there is" "maskset 'NOPE'" lkstlogd -f -m NOPE -d $T/no/such/directory
lkst record -q -e SYSCALL -o $T/cut -- sh -c 'load getppid; sleep 100' >/dev/null 2>$T/log &
recording $!
usleep 700000
kill -9 $!
wait $!
lkstla print $T/cut 2>/dev/null >$T/out
at_least "$(grep -c 'nr=110' $T/out)" 23 "what was recorded half a second before kill -9 is in the file"

# ---- an older trace ----
lkst record -q -e PROCESS -o $T/two -- load nothing
cp $T/two $T/one
like "an older trace is kept, and that is said" 'there before is .*/two.old now' lkst record -e PROCESS -o $T/two -- load nothing
cmp $T/one $T/two.old
ok $? "as it was"
passes "lkst snapshot makes room, too" lkst snapshot -q -b default -o $T/two
cmp $T/one $T/two.old
[ $? = 1 ]
ok $? "one is kept, no more"
echo words >$T/two.old
fails 1 "not in the place of another file" "two.old'" lkst record -e PROCESS -o $T/two -- load nothing
is "$(cat $T/two.old)" words "which stays"
passes "with -f nothing is kept" lkst record -q -f -e PROCESS -o $T/two -- load nothing
is "$(cat $T/two.old)" words "nor touched"

# ---- -p ----
sleep 3 &
sleeper=$!
lkst record -q -p $sleeper -e SYSCALL -o $T/t 2>$T/log &
ends $! 15
ok $? "-p without a command ends with the process"
at_least "$(lkstla print $T/t | grep -c " sleep .*SYSCALL")" 1 "and has its last system calls"
fails 1 "-p and nobody there" 'no such process' lkst record -p 4000000 -o $T/t
lkst live -p $$ SYSCALL >$T/out 2>$T/log &
recording $!
kill $!
ends $! 5
ok $? "lkst live -p ends by a signal"
sleep 2 &
lkst live -p $! SYSCALL >$T/out 2>$T/log &
ends $! 15
ok $? "and with the process"

# ---- what it says ----
like "a size that is rounded is told" 'buffer has 4096K' lkst record -e PROCESS -o $T/t --buffer-size 3M -- load nothing
is "$(hexdump -s 112 -n 16 -v -e '16/1 "%02x"' $T/t)" "$(tr -d - </proc/sys/kernel/random/boot_id)" \
	"a trace says which start of the machine it is of"
is "$(lkst record -q -e PROCESS -o $T/t --buffer-size 3M -- load nothing 2>&1)" "" "not with -q"
! lkst record -e PROCESS -o $T/t --buffer-size 4M -- load nothing 2>&1 | grep -q 'buffer has'
ok $? "nor when it is as asked"
pty lkst record -e PROCESS -o $T/t -- sleep 3 >$T/tty
tr '\r' '\n' <$T/tty >$T/log
grep -q '[123] s, [0-9]* records, .* MB written, 0 lost' $T/log
ok $? "a terminal sees progress"
! lkst record -e PROCESS -o $T/t -- sleep 3 2>&1 | grep -q ' s, '
ok $? "a pipe does not"
is "$(pty lkst record -q -e PROCESS -o $T/t -- sleep 3)" "" "nor a terminal with -q"
# The terminal is so before the recording begins: a busy guest does not get its stty through within the first second.
! pty sh -c "stty -icanon; /t/lkst record -e PROCESS -o $T/t -- sleep 3; stty icanon" | grep -q ' s, '
ok $? "nor one that the command uses as an editor does"

# ---- who asked for memory, while kretprobes watch those functions ----
lkst record -q -m RALL -o $T/t -- load pingpong >/dev/null 2>$T/log
lkstla print $T/t | grep -E ' MEM_(KMALLOC|KFREE) ' >$T/callers
at_least "$(grep -c 'caller=[a-z_]' $T/callers)" 10 "MEM_KMALLOC and MEM_KFREE with a function that called"
grep trampoline $T/callers | head -n 5 >$T/log
[ ! -s $T/log ]
ok $? "which is never the kretprobes' own"

# ---- lkst live ----
is "$(lkst live --self -n 23 SYSCALL 2>$T/log | wc -l)" 23 "lkst live -n"
is "$(lkst live --self -m RALL -c 1 -n 230 2>$T/log | awk '$2 != 1' | wc -l)" 0 "lkst live -c"
like "lkst live --buffer-size" 'SYSCALL' lkst live --self --buffer-size 2M -n 5 SYSCALL
like "lkst live -m, and an event besides" 'SYSCALL_E' lkst live --self -m RNOTHING -n 5 SYSCALL
fails 2 "lkst live -m, unknown" 'NOSUCH' lkst live -m NOSUCH
fails 2 "lkst live, unknown event" 'NOSUCH' lkst live NOSUCH
lkst live SYSCALL >$T/out 2>$T/said &
recording $!
sleep 1
kill $!
ends $! 10
is "$(awk -v pid=$! '$3 == pid' $T/out | wc -l)" 0 "lkst live does not show itself"
cp $T/said $T/log
grep -q 'records of this program itself are not shown' $T/said
ok $? "and says so"
at_least "$(lkst live --self -n 23 SYSCALL 2>$T/log | grep -c ' lkst ')" 1 "unless it is asked to"
lkst live --self SYSCALL 2>$T/log | head -n 3 >$T/out
is "$(wc -l <$T/out)" 3 "lkst live | head"
like "leaves nothing behind" '^state: +stopped' lkst status

# ---- who may ----
echo 'nobody:x:65534:65534::/:/bin/sh' >>/etc/passwd
chgrp lkst /dev/lkst
sed -i 's/^lkst:x:999:.*/lkst:x:999:nobody/' /etc/group
chmod 1777 /tmp $T
fails 1 "a member of the group may not record" 'needs root' su nobody -c "/t/lkst record -o $T/n -- /t/load nothing"
lkst start -m RALL
load getppid >/dev/null
lkst stop
like "but save what was recorded" 'records in' su nobody -c "/t/lkst snapshot -o $T/n"
(exec 9</dev/lkst; ! rmmod lkst 2>/dev/null)
ok $? "the module stays while it is used"
rmmod lkst
ok $? "module removed"
done_testing
