#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# nest.sh - guest: records forced into the middle of others at every numbered step of the ring, by calls, by interrupts and by NMIs;
# the accounts stay exact. Wants the test build (STEPS=yes tests/guest/run), --nmi-every and 2 CPUs.

# shellcheck source=tests/guest/lib.sh
. /t/lib.sh
insmod /t/lkst_steps.ko || exit 1

# made STEP HOW: records forced in there, by one way or by all ('.*')
made() {
	sed -n "s/^step$1_$2=//p" $T/steps | awk '{ n += $1 } END { print n + 0 }'
}

# nest MODE LEAST LEAST-BY-NMI STEPS-NOT-PASSED OPTION...
nest() {
	_mode=$1 _least=$2 _nmi=$3 _not=$4
	shift 4
	echo "steps on" >/proc/lkst_test
	passes "$_mode: the accounts balance" sh -c '/t/accounts "$@" >/tmp/t/counts' accounts "$@"
	sed 's/^/# /' $T/counts
	grep '^step' /proc/lkst_test >$T/steps
	echo "steps off" >/proc/lkst_test
	_step=0
	while [ $((_step += 1)) -le 18 ]; do
		case " $_not " in
		*" $_step "*) is "$(made $_step '.*')" 0 "$_mode: step $_step is not passed"; continue ;;
		esac
		at_least "$(made $_step '.*')" "$_least" "$_mode: records forced into step $_step"
		at_least "$(made $_step nmi)" "$_nmi" "$_mode: into step $_step by NMI"
		# These are mostly done for a flush, inside an interrupt between CPUs: no other comes there.
		case $_step in
		6 | 13 | 14) ;;
		*) at_least "$(made $_step interrupt)" "$((_nmi / 2))" "$_mode: into step $_step by interrupt" ;;
		esac
	done
}

insmod $LKST_KO breaker=0 clock=tsc && insmod $TEST_KO || exit 1
nest overwrite 23 1 18 -m overwrite -w 4 -e 50000 -n 8 -s 4096 -f
nest discard 5 1 5 -m discard -w 4 -e 50000 -n 4 -s 4096 -f -M
rmmod lkst_test && rmmod lkst && insmod $LKST_KO breaker=0 clock=mono && insmod $TEST_KO || exit 1
# Nested records go round the whole ring, into the slot of the one they interrupt: those are lost.
nest "two sub-buffers" 23 1 '1 2' -m overwrite -w 4 -e 30000 -n 2 -s 4096 -f
at_least "$(awk '/^cpu/ { n += $7 } END { print n + 0 }' $T/counts)" 5 "two sub-buffers: lost"
rmmod lkst_test && rmmod lkst && rmmod lkst_steps
ok $? "modules removed"
done_testing
