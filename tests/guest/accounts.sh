#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# accounts.sh MODE - guest: produced == read + lost + overwritten, no LKST_TEST record twice, torn or missing without being
# reported; MODE: overwrite, counter, discard, idle, lossless, handler. Wants --nmi-every and 2 CPUs or more.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
# QEMU's counter is left out by clock=auto when there are several CPUs, though it is one for all of them.
clock=mono
[ "$1" != counter ] || clock=tsc
insmod $LKST_KO breaker=0 clock=$clock && insmod $TEST_KO || exit 1

# accounts NAME MIN-TIMER-NESTED MIN-NMI-NESTED OPTION...
accounts() {
	_what=$1 _timer=$((($2 + NEST_LESS - 1) / NEST_LESS)) _nmi=$((($3 + NEST_LESS - 1) / NEST_LESS))
	shift 3
	passes "$_what: the accounts balance" sh -c '/t/accounts "$@" >/tmp/t/counts' accounts "$@"
	# A host that has little time for its monitor injects few NMIs.
	for _more in 1 2 3; do
		[ "$(result nmi_nested)" -lt "$_nmi" ] || break
		passes "$_what: ... once more, for want of NMIs" sh -c '/t/accounts "$@" >/tmp/t/counts' accounts "$@"
	done
	sed 's/^/# /' $T/counts
	grep NMI: /proc/interrupts | sed 's/^/# /'
	at_least "$(result timer_nested)" "$_timer" "$_what: records from interrupts in the middle of a record"
	at_least "$(result nmi_nested)" "$_nmi" "$_what: records from NMIs in the middle of a record"
}

count() {
	sed -n "s/^$1=//p" $T/counts
}

case $1 in
counter)
	# A record takes less time than with the other clock, so fewer are interrupted.
	accounts "overwrite, the raw counter" 100 10 -m overwrite -w 20 -e 100000 -n 16 ;;
overwrite)
	accounts "overwrite, 20 writers, reader" 500 10 -m overwrite -w 20 -e 100000 -n 16
	at_least "$(count reported)" 1000 "overwriting happened" ;;
discard)
	accounts "discard, 20 writers, reader by mmap" 500 10 -m discard -w 20 -e 100000 -n 4 -s 4096 -M
	at_least "$(count reported)" 1000 "loss happened" ;;
idle)
	accounts "overwrite, nobody reads until the end" 50 1 -m overwrite -w 20 -e 100000 -n 4 -i ;;
lossless)
	accounts "a reader that keeps up" 50 1 -m discard -w 20 -e 100000 -p 500 -n 512 -l
	is "$(count reported)" 0 "nothing lost" ;;
handler)
	echo "handler on" >/proc/lkst_test
	accounts "a handler that fails" 300 5 -m discard -w 20 -e 100000 -n 64 -H testerror
	errors=$(/t/lksteh list | awk '$5 == "testerror" { print $3 }')
	at_least "$errors" 1000000 "the handler returned an error"
	# Removed and brought back again and again while it is called: each event that it was called for is accounted for.
	accounts "a handler that comes and goes" 50 1 -m discard -w 8 -e 100000 -p 500 -n 64 -H testerror \
		-x "handler off" -x "handler on"
	at_least "$(count turns)" 6 "it came and went"
	at_least "$(count produced)" 50000 "events that it was called for"
	echo "handler off" >/proc/lkst_test ;;
esac
rmmod lkst_test && rmmod lkst
ok $? "modules removed"
# At boot 2.4 calls it a bug of the BIOS when a busy host started the counters apart, and puts it right (as in ci/boot).
dmesg | grep -E 'WARNING|BUG|lkst.*(error|stopped)' | grep -v 'TSC skew! FIXED' >$T/log
[ ! -s $T/log ]
ok $? "the kernel has nothing to complain of"
done_testing
