#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# unload.sh - guest, 2.4, SMP: the module is not let go while a CPU does not schedule, and goes on meanwhile; it goes
# when that does, whatever else the other CPU has to do. Wants 2 CPUs.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
# Threads of the module.
threads() {
	ps >$T/ps
	grep -c 'lkst/[01]' $T/ps
}

insmod $LKST_KO maskset=RALL breaker=0 || exit 1
is "$(threads)" 2 "a thread for each CPU"
load hog >$T/hog &
hog=$!
wait_for 20 grep -q hogs=1 $T/hog
ok $? "a process has one CPU for itself"
fails 1 "rmmod is refused then" 'esource busy' rmmod lkst
like "with the reason" 'lkst: not unloaded: CPU [01] has not scheduled' dmesg
like "recording goes on" 'state: +(running|recording)' lkst status
load getppid >$T/values
lkst snapshot -o $T/trace >$T/log 2>&1
pid=$(sed -n 's/^pid=//p' $T/values)
is "$(lkstla print $T/trace 2>>$T/log | awk -v p="$pid" '$3 == p && /SYSCALL_ENTRY nr=64/' | wc -l | tr -d ' ')" 23 \
	"and records"
kill -9 $hog
wait
passes "the module goes when that process does" rmmod lkst

# busy COMMAND NAME: 10 of 10 times it goes while another process does that
busy() {
	sh -c "while :; do $1; done" &
	_busy=$!
	_n=0
	while [ $_n -lt 10 ]; do
		insmod $LKST_KO maskset=RALL breaker=0 || break
		rmmod lkst 2>>$T/log || break
		_n=$((_n + 1))
	done
	kill $_busy
	wait
	is $_n 10 "$2"
}
busy : "a process that computes is no reason to stay"
busy ': </dev/null' "nor one that wants the big kernel lock all the time"
is "$(threads)" 0 "no thread is left"
done_testing
