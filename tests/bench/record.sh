#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tests/bench/record.sh - in a guest: traces of one and the same load by the peers of lkstla, into /out, for ci/bench read.
# It prints for each that could not be made: none PEER REASON...
#
# Usage: record.sh CALLS [-]	with -, LTTng's modules are not there

calls=$1
export HOME=/root LTTNG_HOME=/tmp
LOAD="/bench/load getppid $calls"

lkst_record() {
	[ -f /bench/lkst.ko ] || return
	# shellcheck disable=SC2086
	{
		insmod /bench/lkst.ko breaker=0 &&
			/bench/lkst record -q -e SYSCALL_ENTRY,SYSCALL_EXIT -o /out/lkst.lkst -- $LOAD
	} >/tmp/log 2>&1 || echo "none lkst lkst record failed: $(tail -n 1 /tmp/log)"
	rmmod lkst
}

trace_cmd() {
	[ -x /usr/bin/trace-cmd ] || { echo "none trace-cmd trace-cmd is not installed"; return; }
	# shellcheck disable=SC2086
	trace-cmd record -q -b 16384 -e raw_syscalls -o /out/trace.dat $LOAD >/tmp/log 2>&1 ||
		echo "none trace-cmd trace-cmd record failed: $(tail -n 1 /tmp/log)"
	rm -f trace.dat.cpu*
}

perf_record() {
	[ -x /usr/bin/perf ] || { echo "none perf perf is not installed"; return; }
	# shellcheck disable=SC2086
	perf record -q -m 4096 -e raw_syscalls:sys_enter -e raw_syscalls:sys_exit -c 1 -o /out/perf.data $LOAD >/tmp/log 2>&1 ||
		echo "none perf perf record failed: $(tail -n 1 /tmp/log)"
}

lttng_session() {
	lttng-sessiond --daemonize &&
		lttng create bench --output=/out/lttng &&
		lttng enable-channel --kernel --subbuf-size=4194304 --num-subbuf=8 c &&
		lttng enable-event --kernel --channel=c --syscall --all &&
		lttng start
}

lttng_record() {
	[ "$1" != - ] || return
	mkdir -p /var/run
	if ! lttng_session >/tmp/log 2>&1; then
		echo "none lttng LTTng does not start: $(tail -n 1 /tmp/log)"
		return
	fi
	$LOAD >/tmp/log
	lttng stop >/tmp/log 2>&1
	lttng destroy bench >/tmp/log 2>&1
	kill "$(pidof lttng-sessiond)"
}

cd /tmp || exit 1
lkst_record
trace_cmd
perf_record
lttng_record "${2:-}"
exit 0
