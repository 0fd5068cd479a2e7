#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tests/bench/guest-legacy.sh - in a guest of 'ci/boot --icount' on an old kernel: every load, several times over. Run by ci/bench,
# which makes the table. It prints lines for it:
#
#	run LOAD WAY REPETITION COUNT TICKS SWITCHES EVENTS	EVENTS: recorded, '-' where nobody says
#
# Usage: guest-legacy.sh WAY REPETITIONS COUNT
#   WAY  what this kernel is called in the table. 'on' has the module loaded too: loaded, and recording one kind of event.
set -u
way=$1 reps=$2 count=$3
failed=0

complain() {
	echo "guest-legacy.sh: $*" >&2
	failed=1
}

# size LOAD: how many of it take about as long as $count calls
size() {
	case $1 in
	getppid) echo "$count" ;;
	pipe | switch) echo $((count / 10)) ;;
	*) echo $((count / 100)) ;;
	esac
}

# run LOAD WAY
run() {
	_line=$(load-i386 "$1" "$(size "$1")") || { complain "running $1: it failed"; return 1; }
	# shellcheck disable=SC2086
	set -- "$1" "$2" $_line
	took="$4 $5 $6"
}

stored() {
	control-i386 stored | cut -d' ' -f1
}

# record LOAD EVENT...
record() {
	_load=$1
	shift
	control-i386 record "$@" || { complain "recording $*: not attached"; control-i386 stop; return; }
	_before=$(stored)
	run "$_load" recording && echo "run $_load recording $rep $took $(($(stored) - _before))"
	control-i386 stop
}

rep=1
while [ $rep -le "$reps" ]; do
	for l in getppid pipe switch fork fault; do
		run $l "$way" && echo "run $l $way $rep $took -"
	done
	if [ "$way" = on ]; then
		insmod /lkst.*o breaker=0 || complain "loading lkst.ko: insmod failed"
		for l in getppid pipe switch fork fault; do
			run $l loaded && echo "run $l loaded $rep $took -"
		done
		record getppid SYSCALL_ENTRY SYSCALL_EXIT
		record switch PROCESS_CONTEXTSWITCH
		record fault PAGEFAULT_USER
		rmmod lkst || complain "unloading lkst.ko: rmmod failed"
	fi
	rep=$((rep + 1))
done
exit $failed
