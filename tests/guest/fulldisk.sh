#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# fulldisk.sh - guest: the disk fills while 'lkst record', 'snapshot', 'live' and lkstlogd write to it.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 || exit 1
D=$T/disk
mkdir -p $D

# status COMMAND...: its exit status; what it says is in $T/said
status() {
	_rc=0
	"$@" >$T/out 2>$T/said || _rc=$?
	cp $T/said $T/log
	echo $_rc
}
# number FILE: the first number in it
number() {
	sed -n "s/.*: \([0-9]*\) records could not be written.*/\1/p" "$1" | head -n 1
}
# shellcheck disable=SC2016
busy='i=0; while [ $i -lt 12 ]; do load getppid; load pingpong; i=$((i + 1)); done >/dev/null'

mount -t tmpfs -o size=256k tmpfs $D
is "$(status lkst record -q -m RALL --buffer-size 8M -o $D/trace -- sh -c "$busy")" 3 "lkst record -q on a full disk: exit 3"
grep -q 'No space left' $T/said
ok $? "and says why"
wrote=$(number $T/said)
at_least "$wrote" 1000 "records that could not be written"
is "$(status lkstla print $D/trace)" 3 "lkstla: exit 3"
is "$(number $T/said)" "$wrote" "the trace tells the same number"
! grep -q 'did not close' $T/said
ok $? "and was closed in order"
at_least "$(grep -vc '^#' $T/out)" 100 "whole packets are there"
grep -q ' SYSCALL_ENTRY nr=110' $T/out
ok $? "and are records"

# What a full disk cannot take is not begun, and the old trace stays.
rm $D/trace
passes "a small trace" lkst record -q -e PROCESS -o $D/old -- load nothing
cp $D/old $T/old
passes "and a maskset" lkstm read -m RDEFAULT -o $D/list
cp $D/list $T/list
dd if=/dev/zero of=$D/fill bs=1k count=1000 2>/dev/null
is "$(status lkst record -q -o $D/old -- touch $T/ran)" 1 "no room at all: exit 1"
grep -q "writing '$D/old': No space left" $T/said
ok $? "and why"
[ ! -e $T/ran ]
ok $? "the command was not run"
cmp $D/old $T/old
ok $? "the old trace is as it was"
is "$(cd $D && echo *)" "fill list old" "nothing half-written is left"

is "$(status lkstm read -m RALL -o $D/mask)" 1 "a maskset on a full disk: exit 1"
is "$(status lkstm read -m RALL -o $D/list)" 1 "over another file"
cmp $D/list $T/list
ok $? "which stays"
is "$(cd $D && echo *)" "fill list old" "and nothing half-written"

# A snapshot leaves what it cannot write where it is.
lkstbuf create -n past -s 2M >/dev/null
lkst start -m RALL -b past
sh -c "$busy"
lkst stop
unread() {
	lkst status --json | sed 's/.*"name":"past"[^}]*"unread":\([0-9]*\).*/\1/'
}
before=$(unread)
is "$(status lkst snapshot -q -o $D/new)" 1 "lkst snapshot without room: exit 1"
is "$(unread)" "$before" "the buffer keeps all it had"
rm $D/fill
is "$(status lkst snapshot -q -o $D/new)" 3 "with room for some of it: exit 3"
grep -q 'No space left' $T/said
ok $? "and says why"
wrote=$(number $T/said)
at_least "$wrote" 1 "records that could not be written"
at_least "$(unread)" 1000 "the rest is in the buffer still"
status lkstla print $D/new >/dev/null
is "$(number $T/said)" "$wrote" "the trace tells the same number"
umount $D
is "$(status lkst snapshot -q -o $T/rest)" 0 "the rest goes to another disk"
is "$(unread)" 0 "all of it"

mount -t tmpfs -o size=256k tmpfs $D
lkstlogd -f -d $D -m RALL --buffer-size 8M >$T/logd 2>&1 &
daemon=$!
wait_for 10 sh -c 'lkst status | grep -q "^state: *running"'
sh -c "$busy"
sleep 1
kill $daemon
wait $daemon
rc=$?
cp $T/logd $T/log
is $rc 3 "lkstlogd: exit 3"
status lkstla print $D/lkstlogdata-* >/dev/null
is "$(number $T/said)" "$(sed -n 's/.* lost, \([0-9]*\) not written.*/\1/p' $T/logd)" "its file tells how many it could not write"
! grep -q 'did not close' $T/said
ok $? "and was closed in order"
umount $D

is "$(status sh -c 'lkst live -n 1000 -m RALL >/dev/full')" 1 "lkst live to a full disk: exit 1"
grep -q 'disk full\|No space left' $T/said
ok $? "and why"
rmmod lkst
ok $? "module removed"
done_testing
