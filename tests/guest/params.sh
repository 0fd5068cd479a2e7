#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# params.sh - guest: module parameters, and the module removed while events fire. Wants 2 CPUs.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
PATH=/t:$PATH

# refused NAME WORDS PARAMETER...
refused() {
	_name=$1 _words=$2
	shift 2
	if insmod $LKST_KO "$@" 2>$T/log; then
		rmmod lkst
		ok 1 "$_name"
	else
		dmesg | tail -n 3 | grep -q -- "$_words"
		ok $? "$_name"
	fi
}

insmod $LKST_KO maskset=RDEFAULT buffer_kb=256 mode=discard
ok $? "insmod maskset=RDEFAULT buffer_kb=256 mode=discard"
like "recording has begun" 'state: +(running|recording)' lkst status
like "into a buffer of that mode" 'discard, 2 CPUs x 16 x 16384' lkst status
load fork >/dev/null
lkst stop
lkst snapshot -o $T/trace >/dev/null 2>&1
at_least "$(lkstla print $T/trace 2>/dev/null | grep -c PROCESS_FORK)" 23 "and it recorded"
rmmod lkst
ok $? "rmmod"
refused "an unknown maskset is refused" 'maskset=NOSUCH' maskset=NOSUCH
refused "an unknown mode is refused" 'mode=sideways' mode=sideways
refused "a buffer beyond all memory is refused" 'buffer_kb' buffer_kb=60000000
refused "an unknown clock is refused" 'clock=sundial' clock=sundial
insmod $LKST_KO buffer_kb=0
ok $? "no first buffer"
dmesg | tail -n 3 | grep -q 'buffer_kb=0: there is no buffer'
ok $? "and the log says so"
like "none" 'state: +stopped' lkst status
rmmod lkst
insmod $LKST_KO clock=tsc maskset=RDEFAULT
ok $? "the TSC as the clock"
lkst stop
rmmod lkst

(while [ ! -e $T/enough ]; do load pingpong; load getppid; load fork; done >/dev/null 2>&1) &
busy=$!
i=0
while [ $i -lt 7 ]; do
	insmod $LKST_KO maskset=RALL breaker=0 || break
	usleep 300000
	rmmod lkst || break
	i=$((i + 1))
done
is $i 7 "loaded, recording everything, and removed under load, 7 times"
insmod $LKST_KO maskset=RALL breaker=0
gone() {
	! grep -q '^lkst ' /proc/modules
}
if [ $FAMILY = stock ]; then
	exec 9</dev/lkst
	! rmmod lkst 2>/dev/null
	ok $? "it is not removed while somebody has the device open"
	exec 9<&-
	rmmod lkst
	ok $? "but after"
else
	# rmmod of 2.6.9 waits whatever it is told, and says then that it could not.
	for how in closed killed; do
		# shellcheck disable=SC2217
		sleep 1000 </dev/lkst &
		holder=$!
		[ $how = killed ] || exec 9</dev/lkst
		(exec 9<&-; rmmod lkst) 2>/dev/null &
		remover=$!
		usleep 500000
		! gone && kill -0 $remover
		ok $? "it is not removed while somebody has the device open"
		kill $holder
		[ $how = killed ] || { wait $holder 2>/dev/null; usleep 300000; kill -0 $remover; ok $? "nor while another still has"; exec 9<&-; }
		wait_for 10 gone
		ok $? "but after: $how"
		[ $how = killed ] || insmod $LKST_KO maskset=RALL breaker=0
	done
fi
touch $T/enough
wait $busy
done_testing
