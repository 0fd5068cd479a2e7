#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# unload.sh - guest, 2.4: the module is not let go while a CPU does not schedule, and goes on meanwhile; it goes when
# that does, whatever else there is to do, with hooks that fire and NMIs that pass one. Wants --nmi-every; what is
# refused is looked at on 2 CPUs.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH
NMI=/proc/lkst_test_nmi

nmi() {
	sed -n "s/^$1=//p" $NMI
}

# spins: as soon as a process does. Not by sleeping: who spins may have the CPU that counts time.
spins() {
	_n=0
	until [ "$(nmi spinning)" = 1 ]; do
		_n=$((_n + 1))
		[ $_n -lt 20000 ] || return 1
	done
}

# refused NAME: while that is so
refused() {
	dmesg -c >/dev/null
	fails 1 "$1: rmmod is refused" 'esource busy' rmmod lkst
	like "... with the reason" 'lkst: not unloaded: CPU [01] has not scheduled for 2 s; end what' dmesg
}

# records: all that is asked for
records() {
	like "recording goes on" 'state: +(running|recording)' lkst status
	load getppid >$T/values
	lkst snapshot -o $T/trace >$T/log 2>&1
	is "$(lkstla print $T/trace 2>>$T/log | awk -v p="$(sed -n 's/^pid=//p' $T/values)" \
		'$3 == p && /SYSCALL_ENTRY nr=64/ { n++ } END { print n }')" 23 "and records"
}

# busy COMMAND NAME: 25 times, and as long as 25 NMIs take to come, it goes while another process does that all the time
busy() {
	sh -c "while :; do $1; done" &
	_busy=$!
	_n=0 _before=$(nmi nmis)
	while [ $_n -lt 25 ] || [ $(($(nmi nmis) - _before)) -lt 25 ]; do
		insmod $LKST_KO maskset=RALL breaker=0 2>>$T/log || break
		rmmod lkst 2>>$T/log || break
		_n=$((_n + 1))
	done
	kill $_busy
	wait
	at_least $_n 25 "times loaded, recording, and removed beside $2"
	at_least $(($(nmi nmis) - _before)) 25 "NMIs meanwhile"
}

insmod /t/lkst_test_nmi.$KO || exit 1
if [ "$(grep -c ^processor /proc/cpuinfo)" -gt 1 ]; then
	insmod $LKST_KO maskset=RALL breaker=0 || exit 1
	echo spin 1 >$NMI &
	spins
	ok $? "one CPU does not leave the kernel"
	refused "then"
	records
	echo spin 0 >$NMI
	wait
	passes "the module goes when that CPU is back" rmmod lkst

	insmod $LKST_KO maskset=RALL breaker=0 || exit 1
	load hog >$T/hog &
	hog=$!
	wait_for 20 grep -q hogs=1 $T/hog
	ok $? "a process of fixed priority has one CPU for itself"
	refused "then"
	records
	kill -9 $hog
	wait
	passes "the module goes when that process does" rmmod lkst
fi
busy : "a process that computes"
busy ': </dev/null' "one that wants the big kernel lock"
rmmod lkst_test_nmi
ok $? "and the module that hooks NMIs goes"
done_testing
