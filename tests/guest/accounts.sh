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
	_what=$1 _timer=$2 _nmi=$3
	shift 3
	passes "$_what: the accounts balance" sh -c '/t/accounts "$@" >/tmp/t/counts' accounts "$@"
	sed 's/^/# /' $T/counts
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
	accounts "overwrite, nobody reads until the end" 50 1 -m overwrite -w 20 -e 10000 -n 4 -i ;;
lossless)
	accounts "a reader that keeps up" 50 1 -m discard -w 20 -e 10000 -p 500 -n 256 -l
	is "$(count reported)" 0 "nothing lost" ;;
handler)
	echo "handler on" >/proc/lkst_test
	accounts "a handler that fails" 300 5 -m discard -w 20 -e 50000 -n 64 -H testerror
	errors=$(/t/lksteh list | awk '$5 == "testerror" { print $3 }')
	at_least "$errors" 1000000 "the handler returned an error"
	echo "handler off" >/proc/lkst_test
	# Removed and brought back again and again while it is called: what then is not recorded was not produced for the buffer.
	/t/lkstm new -n FAIL -e LKST_TEST -H 0x10 >/dev/null 2>&1
	echo "handler on" >/proc/lkst_test
	/t/lkstm new -n FAIL -e LKST_TEST -H 0x10 >/dev/null 2>$T/log
	/t/lkst start -m FAIL -b default
	echo "accounts 8 50000 200" >/proc/lkst_test
	i=0
	while [ $i -lt 50 ]; do
		echo "handler off" >/proc/lkst_test || break
		echo "handler on" >/proc/lkst_test || break
		i=$((i + 1))
	done
	is $i 50 "removed 50 times while it runs"
	while [ "$(result running)" = 1 ]; do usleep 100000; done
	/t/lkst stop
	/t/lkstbuf stat -b default | awk '/^ *[0-9]/ && $3 != $5 + $6 + $7 { bad = 1 } END { exit bad }'
	ok $? "stored == overwritten + read + unread"
	echo "handler off" >/proc/lkst_test ;;
esac
rmmod lkst_test && rmmod lkst
ok $? "modules removed"
dmesg | grep -E 'WARNING|BUG|lkst.*(error|stopped)' >$T/log
[ ! -s $T/log ]
ok $? "the kernel has nothing to complain of"
done_testing
