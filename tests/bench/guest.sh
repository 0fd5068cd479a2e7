#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tests/bench/guest.sh - in a guest of 'ci/boot --icount': every load under every tracer, in turn, several times over.
# Run by ci/bench, which makes the table. It prints lines for it:
#
#	run LOAD WAY REPETITION COUNT TICKS SWITCHES EVENTS	EVENTS: recorded, '-' where nobody says
#	none LOAD WAY REASON...
#	note KEY TEXT...
#
# Usage: guest.sh REPETITIONS COUNT SWITCHES [-] [OWN]
#   -    LTTng is not there
#   OWN  yes: only LKST is measured; bare: the loads without any tracer
# A kernel with KUtrace's patch (its module is there, too) has no use for the probes: what they cost is in another part.

set -u
reps=$1 count=$2 switches=$3 lttng=${4:-} own=${5:-no}
K=/sys/kernel/debug/kprobes
B=/bench
failed=0
export HOME=/root LTTNG_HOME=/tmp PATH="$B:$PATH"
# shellcheck source=tests/bench/tracers.sh
. $B/tracers.sh

complain() {
	echo "guest.sh: $*" >&2
	failed=1
}

# run LOAD WAY: time it once. $before, $after: the tracer's own count around it, or empty.
run() {
	_n=$count
	[ "$1" != switch ] || _n=$switches
	_line=$($B/load "$1" "$_n") || { complain "running $1 under $2: it failed"; return 1; }
	# shellcheck disable=SC2086
	set -- "$1" "$2" $_line
	took="$4 $5 $6"
}

tell() {
	echo "run $1 $2 $rep $took $3"
}

# ---- no tracer ----

bare() {
	run "$1" bare && tell "$1" bare -
}

# empty LOAD POINT [WAY]
empty() {
	insmod $B/lkst_bench_empty.ko point="$2" || {
		echo "none $1 ${3:-empty} the kernel refuses the empty probe"
		return
	}
	run "$1" "${3:-empty}" && tell "$1" "${3:-empty}" -
	rmmod lkst_bench_empty
}

# ---- LKST ----

# lkst LOAD WAY EVENT...
lkst() {
	_load=$1 _way=$2
	shift 2
	if ! control record "$@"; then
		control stop
		echo "none $_load $_way it cannot be attached here"
		return
	fi
	_before=$(stored)
	run "$_load" "$_way" && recorded=$(($(stored) - _before)) && tell "$_load" "$_way" "$recorded"
	control stop
}

lkst_off() {
	control nothing stop
	run "$1" masked-stopped && tell "$1" masked-stopped -
	control nothing run
	run "$1" masked-running && tell "$1" masked-running -
	control nothing stop
}

# lkst_probe WAY OFFSET: a probe made at run time on getppid's function, measured if the kernel made it the WAY we want.
lkst_probe() {
	for _name in __do_sys_getppid __x64_sys_getppid __ia32_sys_getppid ""; do
		[ -n "$_name" ] || return 1
		_id=$(control probe $_name "$2" 2>/dev/null) && break
	done
	# Armed by the maskset that asks for it; optimising is a worker's job, later.
	control record LKST_PROBE
	sleep 1
	_how=$(grep "sys_getppid+" $K/list)
	case $_how in
	*FTRACE*) _how=ftrace ;;
	*OPTIMIZED*) _how=optimised ;;
	*) _how=int3 ;;
	esac
	control stop
	[ "$1" != "$_how" ] || lkst getppid "probe-$_how" LKST_PROBE
	control unprobe "$_id"
	[ "$1" = "$_how" ]
}

# probe_somewhere WAY OFFSET...: at the first of these places where it can be had.
probe_somewhere() {
	_want=$1
	shift
	for _off; do
		! lkst_probe "$_want" "$_off" || return 0
	done
	echo "none getppid probe-$_want the kernel makes no such probe in getppid's function"
}

lkst_probes() {
	probe_somewhere ftrace 0 4
	probe_somewhere optimised 5 9 10 11 12 13 14 15 16 17 18 19 20
	echo 0 >/proc/sys/debug/kprobes-optimization
	probe_somewhere int3 5 9 10 11 12 13 14 15 16 17 18 19 20
	echo 1 >/proc/sys/debug/kprobes-optimization
}

all_lkst() {
	insmod $B/lkst.ko || { complain "loading lkst.ko: insmod failed"; return; }
	lkst_off getppid
	[ "$own" = yes ] || lkst_off switch
	lkst getppid lkst SYSCALL_ENTRY SYSCALL_EXIT
	lkst switch lkst PROCESS_CONTEXTSWITCH
	if [ -e $B/kutrace_mod.ko ]; then
		lkst switch lkst-all SYSCALL_ENTRY SYSCALL_EXIT PROCESS_WAKEUP PROCESS_CONTEXTSWITCH
		echo "note lkst-switch $recorded records of 16 bytes"
		rmmod lkst || complain "unloading lkst.ko: rmmod failed"
		return
	fi
	lkst sendto lkst-kprobe SOCK_SEND_ENTRY
	lkst sendto lkst-kretprobe SOCK_SEND_EXIT
	lkst sendto lkst-pair SOCK_SEND_ENTRY SOCK_SEND_EXIT
	lkst_probes
	rmmod lkst || complain "unloading lkst.ko: rmmod failed"
}

# ---- ftrace ----

# ftrace LOAD WAY EVENT...: into its ring, overwrite mode, the local clock.
ftrace() {
	_load=$1 _way=$2
	shift 2
	case $_way in
	*no-cmd*) ftrace_on 0 "$@" ;;
	*) ftrace_on 1 "$@" ;;
	esac
	_before=$(ftrace_count)
	run "$_load" "$_way" && tell "$_load" "$_way" $(($(ftrace_count) - _before))
	ftrace_off
}

# ---- LTTng ----

# lttng_run LOAD WAY SYSCALLS TRACEPOINTS
lttng_run() {
	lttng_on "$3" "$4" || return
	run "$1" "$2" && tell "$1" "$2" -
	if [ "$rep" = "$reps" ]; then lttng_off "/out/lttng-$1"; else lttng_off; fi
}

# ---- SystemTap ----

systemtap_run() {
	systemtap_on "$B/stap_$1.ko" || return
	run "$1" systemtap && tell "$1" systemtap -
	systemtap_off "stap_$1"
}

# ---- KUtrace ----

# Its buffer has room for all of a run: it is read, and counted, to its end.
kutrace_run() {
	kutrace start || { complain "starting KUtrace: it did not"; return; }
	run "$1" kutrace
	kutrace stop >/tmp/kutrace || { complain "stopping KUtrace: it did not"; return; }
	read -r _calls _switches _bytes _full </tmp/kutrace
	[ "$_full" = 0 ] || complain "KUtrace's buffer was full"
	_events=$_calls
	[ "$1" = getppid ] || _events=$_switches
	tell "$1" kutrace "$_events"
	echo "note kutrace-$1 $_events events of the load found in its buffer, $_bytes bytes in all"
}

all_kutrace() {
	insmod $B/kutrace_mod.ko tracemb=64 check=0 || { complain "loading kutrace_mod.ko: insmod failed"; return; }
	run getppid masked-kutrace && tell getppid masked-kutrace -
	kutrace_run getppid
	kutrace_run switch
	rmmod kutrace_mod || complain "unloading kutrace_mod.ko: rmmod failed"
}

# ---- all of it ----

# Kernels go on with what they put off while they booted: 7.2 for a billion instructions, in the first loads of a bench
# that did not wait. Hundredths of a second that this CPU had to do something.
busy() {
	awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat
}

wait_for_quiet() {
	_n=0
	while [ $_n -lt 60 ]; do
		_was=$(busy)
		sleep 1
		[ $(($(busy) - _was)) -gt 3 ] || return
		_n=$((_n + 1))
	done
	complain "waiting for the kernel to be done with its boot: it is busy after a minute"
}

wait_for_quiet
[ -e /dev/lkst ] && complain "looking round: lkst.ko is loaded already"
lttng_ok=no
[ "$lttng" = - ] || ! lttng_start || lttng_ok=yes
[ $lttng_ok = yes ] || [ "$lttng" = - ] || { echo "none getppid lttng $why"; echo "none switch lttng $why"; }
rep=1
while [ $rep -le "$reps" ]; do
	for load in getppid switch sendto; do
		bare $load
	done
	[ "$own" != bare ] || { rep=$((rep + 1)); continue; }
	all_lkst
	[ ! -e $B/kutrace_mod.ko ] || all_kutrace
	if [ "$own" = yes ]; then
		rep=$((rep + 1))
		continue
	fi
	empty getppid syscall
	empty switch switch
	if [ ! -e $B/kutrace_mod.ko ]; then
		empty sendto kprobe empty-kprobe
		empty sendto kretprobe empty-kretprobe
	fi
	ftrace getppid ftrace-no-cmd raw_syscalls/sys_enter raw_syscalls/sys_exit
	ftrace getppid ftrace raw_syscalls/sys_enter raw_syscalls/sys_exit
	ftrace switch ftrace-no-cmd sched/sched_switch
	ftrace switch ftrace sched/sched_switch
	if [ $lttng_ok = yes ]; then
		lttng_run getppid lttng yes ""
		lttng_run switch lttng no sched_switch
	fi
	if [ -e $B/stap_getppid.ko ]; then
		systemtap_run getppid
		systemtap_run switch
	fi
	rep=$((rep + 1))
done
[ $lttng_ok = no ] || lttng_stop
exit $failed
