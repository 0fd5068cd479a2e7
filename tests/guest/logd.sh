#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# logd.sh - guest: lkstlogd killed, on a full disk, rotating.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
insmod $LKST_KO breaker=0 || exit 1

# gone PID: wait until a process has ended
gone() {
	n=0
	while [ -d "/proc/$1" ] && [ $n -lt 100 ]; do
		usleep 100000
		n=$((n + 1))
	done
	[ ! -d "/proc/$1" ]
}

# at_work: wait until the daemon records
at_work() {
	n=0
	until lkst status 2>/dev/null | grep -q 'state: *\(running\|recording\)' || [ $n -ge 100 ]; do
		usleep 100000
		n=$((n + 1))
	done
}

# have_read RECORDS: wait until the daemon has taken so many
have_read() {
	n=0
	until [ "$(lkstbuf stat | awk '/^ *[0-9]/ { sum += $6 } END { print sum + 0 }')" -ge "$1" ] || [ $n -ge 100 ]; do
		usleep 100000
		n=$((n + 1))
	done
}

busy() {
	i=0
	while [ $i -lt "$1" ]; do
		load getppid >/dev/null
		load pingpong >/dev/null
		i=$((i + 1))
	done
}

mkdir -p $T/first $T/kill $T/full $T/rotate
# The module was just loaded: a buffer is selected, and nothing records into it.
lkstlogd -f -d $T/first >$T/log 2>&1 &
daemon=$!
at_work
busy 2
kill $daemon
gone $daemon
ok $? "lkstlogd on a module at rest ends when told"
lkstla print $T/first/lkstlogdata-* >$T/out 2>$T/log
at_least "$(grep -c ' PROCESS_CONTEXTSWITCH ' $T/out)" 50 "what RDEFAULT has was recorded"
like "nothing records any more" 'state: *stopped' lkst status

lkstlogd -f -d $T/kill -m RALL --buffer-size 8M >$T/log 2>&1 &
daemon=$!
at_work
busy 8
have_read 2000
kill -9 $daemon
gone $daemon
ok $? "lkstlogd killed with -9"
rc=0
lkstla print $T/kill/lkstlogdata-* >$T/out 2>$T/log || rc=$?
is $rc 3 "its file is read, and said to be incomplete"
at_least "$(grep -vc '^#' $T/out)" 1000 "whole packets are there"
like "the buffer is still known" . lkstbuf list
lkst stop

mount -t tmpfs -o size=256k tmpfs $T/full
lkstlogd -f -d $T/full -m RALL --buffer-size 4M >$T/full.log 2>&1 &
daemon=$!
at_work
busy 12
sleep 1
kill $daemon 2>/dev/null
gone $daemon
ok $? "lkstlogd on a full disk ends when told"
grep -qi 'space\|full' $T/full.log
ok $? "and has said so"
rc=0
lkstla print $T/full/lkstlogdata-* >$T/out 2>$T/log || rc=$?
[ $rc = 0 ] || [ $rc = 3 ]
ok $? "what it wrote is read"
at_least "$(grep -vc '^#' $T/out)" 100 "whole packets are there"
umount $T/full
lkst stop 2>/dev/null

# Not system calls and memory: a new file's state dump makes more of those than such small files hold.
lkstm new -n ROTATE -e PROCESS,SCHED,TIMER >/dev/null
lkstlogd -f -d $T/rotate -m ROTATE --buffer-size 8M --size 192K --keep 3 >$T/log 2>&1 &
daemon=$!
at_work
busy 10
kill -HUP $daemon
busy 10
kill -0 $daemon
ok $? "lkstlogd survives SIGHUP"
kill $daemon
gone $daemon
ok $? "and ends by SIGTERM"
n=0
for f in "$T"/rotate/lkstlogdata-*; do
	[ ! -e "$f" ] || n=$((n + 1))
done
[ "$n" -ge 2 ] && [ "$n" -le 3 ]
ok $? "files rotated, the newest kept ($n)"
for f in "$T"/rotate/*; do
	rc=0
	lkstla print "$f" >/dev/null 2>$T/log || rc=$?
	[ $rc = 0 ] || [ $rc = 3 ]
	ok $? "one of them alone is readable"
done
rmmod lkst
ok $? "module removed"
done_testing
