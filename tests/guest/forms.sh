#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# forms.sh - guest: the commands as they were printed in 2005, and one event stream seen by two readers.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 || exit 1

lkstm list >$T/list 2>$T/log
is "$(head -n 1 $T/list)" "maskset_id     length     name" "lkstm list: headline"
is "$(sed -n '2,4p' $T/list | tr '\n' '|')" "  0 (0x00) 4096 RNOTHING|  1 (0x01) 4096 RALL|  2*(0x02) 4096 RDEFAULT|" "lkstm list: three masksets"
lkstm read -m 2 >$T/read 2>$T/log
is "$(head -n 4 $T/read | tr '\n' '|')" \
	"# ID=2|# maskset name=RDEFAULT|# length=4096|# event_type   event_name   event_handler_ID|" "lkstm read: head"
grep -Eq '^  0x001 PROCESS_CONTEXTSWITCH +0x01$' $T/read && grep -Eq '^  0x002 PROCESS_WAKEUP +0x01$' $T/read
ok $? "lkstm read: lines"
sed 's/0x01$/0xff/; /SYSCALL/s/0xff$/0x01/; /BLOCK/s/0xff$/0x01/' $T/read >$T/mask
passes "lkstm write" lkstm write -n NARROW -f $T/mask
passes "lkstm select" lkstm select -m NARROW
mkdir -p $T/log.d
lkstlogd -d $T/log.d -m NARROW --pidfile $T/pid
ok $? "lkstlogd"
sleep 1
load blockread >$T/values
load getppid >>$T/values
sleep 1
kill "$(cat $T/pid)"
n=0
while [ -d "/proc/$(cat $T/pid 2>/dev/null || echo none)" ] && [ $n -lt 50 ]; do usleep 100000; n=$((n + 1)); done
cd $T/log.d || exit 1
set -- lkstlogdata-*
[ -s "$1" ]
ok $? "files named lkstlogdata-*"
pid=$(sed -n 's/^pid=//p' $T/values | head -n 1)
lkstla syscall -l lkstlogdata-* >$T/syscall.log 2>$T/log
ok $? "lkstla syscall -l lkstlogdata-* > syscall.log"
grep -v '^#' $T/syscall.log | awk -v p="$pid" '$2 == p && $1 == k' k=$PREAD >$T/reads
is "$(wc -l <$T/reads | tr -d ' ')" 23 "23 samples of pread64 by the load"
start=$(sed -n 5p $T/reads | awk '{ print $3 }')
took=$(sed -n 5p $T/reads | awk '{ print $4 }')
lkstla syscall -k $PREAD -t"$start+$took" -l lkstlogdata-* 2>$T/log | grep -v '^#' | awk -v p="$pid" '$2 == p' >$T/one
is "$(cat $T/one)" "$(sed -n 5p $T/reads)" "-k and -t cut to the one"
lkstla biotime -t"$start+$took" -l lkstlogdata-* >$T/biotime-trim.log 2>$T/log
ok $? "lkstla biotime -t... -l lkstlogdata-* > biotime-trim.log"
is "$(grep -vc '^#' $T/biotime-trim.log)" 1 "one block I/O in that system call"
awk -v s="$took" '!/^#/ { exit !($4 > 0 && $4 <= s) }' $T/biotime-trim.log
ok $? "which took no longer than the call"
cd / || exit 1

# The project's tools against the tests' own reader, and the loads' own knowledge, for one event of each group.
for e in getppid:$CALL:nr=$GETPPID signal:SIGNAL_DELIVER:sig=10 sem:IPC_SEMOP:nsops=2 exec:PROCESS_EXEC:tgid= tcp:SOCK_SEND_ENTRY:size=1001 \
	traps:EXCEPTION_ENTRY:trap=0 blockread:BLOCK_QUEUE:bytes=4096 nanosleep:$SLEEP: name:PROCESS_NAME:name0=lkst-nam; do
	load=${e%%:*} event=${e#*:}
	match=${event#*:} event=${event%%:*}
	lkst record -f -o $T/trace -e "$event" -- load "$load" >$T/values 2>$T/log
	rc=$?
	pid=$(sed -n 's/^pid=//p' $T/values)
	kids=$(sed -n 's/^kids=//p' $T/values)
	n=$(lkstla print $T/trace 2>>$T/log | awk -v p="$pid" -v k=",$kids," '$3 == p || index(k, "," $3 ",")' | grep " $event " | grep -c -- "$match")
	at_least "$n" 23 "lkst record -e $event -- load $load (exit $rc)"
done
# The requests have one layout for both sizes of word.
[ $FAMILY = stock ] || ln -s /t/lkst /t/lkst-i386	# no other size of word there
passes "a 32-bit lkst records" lkst-i386 record -f -o $T/trace32 -e $CALL -- load getppid
n=$(lkstla print $T/trace32 | grep -c "$CALL nr=$GETPPID")
at_least "$n" 23 "and what it recorded is read by a 64-bit lkstla"
rmmod lkst
ok $? "module removed"
done_testing
