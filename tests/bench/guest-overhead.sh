#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tests/bench/guest-overhead.sh - in a guest of 'ci/boot --icount', stock or old: every load of /bench/loads once under
# every way, or once for each event alone. Run by ci/bench, which makes the tables. It prints lines for it:
#
#	run LOAD WAY COUNT TICKS EVENTS BASE		EVENTS: recorded; '-' where nobody says
#	hit LOAD EVENT COUNT HITS BASE			under way count
#	one LOAD EVENT COUNT PLAIN-TICKS TICKS EVENTS BASE
#	none WAY REASON...
# BASE is what a run of the same program with next to nothing to do has of them: what lies outside the time that is
# counted.
#
# Usage: guest-overhead.sh ways ROUND WAY...
#        guest-overhead.sh events EVENT:LOAD...
#   WAY  none norec RDEFAULT nolock logtools ALL count same ftrace perf idle (LTTng's daemon, recording nothing) lttng
set -u
B=/bench
failed=0 loaded=no events="- -"
export HOME=/root LTTNG_HOME=/tmp PATH="$B:$PATH"
# shellcheck source=tests/bench/tracers.sh
. $B/tracers.sh

complain() {
	echo "guest-overhead.sh: $*" >&2
	failed=1
}

# command_of LOAD [least]: its line of the table; least: with next to nothing to do
command_of() {
	if [ "${2:-}" = least ]; then
		sed -n "s/^$1 [0-9]* //p" $B/loads | sed 's/^load run .*/load dhrystone 1/; s/ [0-9]*$/ 1/'
	else
		sed -n "s/^$1 [0-9]* //p" $B/loads
	fi
}

# run LOAD [least]: sets $took to its count and ticks
run() {
	_command=$(command_of "$@")
	_line=$($_command) || { complain "running $1: it failed"; return 1; }
	# shellcheck disable=SC2086
	set -- $_line
	took="$2 $3"
}

recorded() {
	case $way in
	RDEFAULT | nolock | logtools | ALL | same | event) stored ;;
	ftrace) ftrace_count ;;
	count) control hits | awk '{ n += $2 } END { print n + 0 }' ;;
	*) echo - ;;
	esac
}

# measure LOAD: sets $took, and $events to "EVENTS BASE"
measure() {
	_zero=$(recorded)
	run "$1" least || return
	_one=$(recorded)
	run "$1" || return
	_two=$(recorded)
	events="- -"
	[ "$_zero" = - ] || events="$((_two - _one)) $((_one - _zero))"
}

# often LOAD [plain]: measured as often as the table says, plain: run only; $took and $events are the means of the
# cheaper half of the runs, for what comes between them only adds
often() {
	_n=$(sed -n "s/^$1 \([0-9]*\) .*/\1/p" $B/loads)
	_k=0
	while [ $_k -lt "$_n" ]; do
		if [ $# = 2 ]; then run "$1"; else measure "$1"; fi || return
		echo "$took $events"
		_k=$((_k + 1))
	done >/tmp/runs
	# shellcheck disable=SC2046
	set -- $(sort -n -k 2 /tmp/runs | head -n $(((_n + 1) / 2)) | awk '
		{ count = $1; ticks += $2; e += $3; base += $4 }
		END {
			printf "%d %.0f ", count, ticks / NR
			if ($3 == "-") print "- -"
			else printf "%.0f %.0f\n", e / NR, base / NR
		}')
	took="$1 $2" events="$3 $4"
}

count_hits() {
	control hits | sed 's/^/0 /' >/tmp/hits
	run "$1" least
	control hits | sed 's/^/1 /' >>/tmp/hits
	run "$1"
	control hits | sed 's/^/2 /' >>/tmp/hits
	awk -v load="$1" -v count="${took% *}" '{ n[$1, $2] = $3; seen[$2] = 1 } END {
		for (e in seen)
			if (n[2, e] > n[1, e])
				print "hit", load, e, count, n[2, e] - n[1, e], n[1, e] - n[0, e]
	}' /tmp/hits
}

# list WAY: the events that it records
list() {
	case $1 in
	ALL | count | norec) control names ;;
	RDEFAULT) control names RDEFAULT ;;
	# Events of the measures that this kernel does not have are none.
	*) control names | grep -xF -f "$B/events.$1" ;;
	esac
}

need_module() {
	[ $loaded = no ] || return 0
	insmod $B/lkst.*o breaker=0 || { complain "loading lkst.ko: insmod failed"; exit 1; }
	loaded=yes
}

drop_module() {
	[ $loaded = yes ] || return 0
	rmmod lkst || complain "unloading lkst.ko: rmmod failed"
	loaded=no
}

# way_on WAY: fails when it is not to be had, and has said so
way_on() {
	case $1 in
	none | ftrace | idle | lttng | perf) drop_module ;;
	*) need_module ;;
	esac
	# Lists of events are words.
	# shellcheck disable=SC2046
	case $1 in
	# Everything attached once and taken away again: what is left behind is what is measured.
	norec)
		control record $(list ALL) || complain "recording everything: not attached"
		control stop ;;
	count)
		control count $(list count) || complain "counting everything: not attached" ;;
	RDEFAULT | nolock | logtools | ALL | same)
		control record $(list "$1") || complain "recording $1: not attached" ;;
	ftrace) ftrace_on 1 $(cat $B/events.ftrace) ;;
	perf)
		[ -x /usr/bin/perf ] || { echo "none perf perf is not installed"; return 1; }
		perf_on $(sed 's,/,:,' $B/events.ftrace) ;;
	idle)
		command -v lttng >/dev/null || { echo "none lttng its modules are not there"; return 1; }
		lttng_start || { echo "none lttng $why"; return 1; } ;;
	lttng)
		pidof lttng-sessiond >/dev/null || return
		lttng_on yes "$(tr '\n' ',' <$B/events.lttng | sed 's/,$//')" ;;
	esac || return
	# The kernel optimises probes a while after they came, and cleans up behind those that went.
	sleep 2
}

way_off() {
	case $1 in
	count | RDEFAULT | nolock | logtools | ALL | same) control stop ;;
	ftrace) ftrace_off ;;
	perf) perf_off ;;
	lttng)
		lttng_off "$LKST_OUT/lttng"
		lttng_stop ;;
	esac
}

all_ways() {
	for way; do
		way_on "$way" || continue
		for load in $loads; do
			if [ "$way" = count ]; then
				count_hits "$load"
			elif often "$load"; then
				echo "run $load $way $took $events"
			fi
		done
		way_off "$way"
	done
}

# Each alone; the run without it right before, the module being there.
each_event() {
	way=event
	need_module
	for pair; do
		load=${pair#*:}
		control nothing stop
		often "$load" plain || continue
		_plain=${took#* }
		if control record "${pair%:*}" && often "$load"; then
			echo "one $load ${pair%:*} ${took% *} $_plain ${took#* } $events"
		fi
		control stop
	done
}

# The number that the next process has
next_pid() {
	sh -c 'echo $$'
}

# The kernel keeps what it likes of free pages at hand, and gives back much at once when there are more: one load then
# pays for those before it. With an eighth of the memory, the most there is, it does not come to that.
[ ! -e /proc/sys/vm/percpu_pagelist_high_fraction ] || echo 8 >/proc/sys/vm/percpu_pagelist_high_fraction
mkdir -p /tmp/work
cd /tmp/work || exit 1
what=$1
shift
# Nothing here is by chance, and a round would be the same as another to the last instruction: each has its own order.
turn=0
[ "$what" != ways ] || { turn=$1; shift; }
loads=$(awk -v turn="$turn" '{ l[NR - 1] = $1 }
	END { for (i = 0; i < NR; i++) print l[(i + 4 * turn) % NR] }' $B/loads)
# A program that goes by /proc/self/exe finds its number there as text: an exec of 2.4 costs 66 instructions more with
# five digits than with four. Stock kernels use up their numbers many times over in a round.
case $(uname -r) in
2.*) [ "$(next_pid)" -ge 10000 ] || load fork 10000 >/dev/null ;;
esac
# Once untimed: files come into memory, caches of the kernel fill.
for load in $loads; do run "$load"; done
case $what in
ways)
	first=$(next_pid)
	all_ways "$@"
	case $(uname -r) in
	2.*) [ "$(next_pid)" -gt "$first" ] || complain "running the loads: process numbers began anew" ;;
	esac ;;
events) each_event "$@" ;;
esac
drop_module
exit $failed
