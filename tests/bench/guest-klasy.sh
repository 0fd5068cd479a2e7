#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tests/bench/guest-klasy.sh - in a guest of 'ci/boot --icount': a system call on whose way one place is, under every
# kind of probe there, in turn, several times over. Run by ci/bench, which makes the table. It prints lines for it:
#
#	run WAY REPETITION COUNT TICKS HITS	HITS: '-' where nobody counts
#
#	segment WAY REPETITION COUNT TICKS HITS	the same of a TCP segment
#	weave ASPECT REPETITION PLACES TICKS	weaving a module; unweave: taking it out again
#
#	placing PLACE REPETITION TICKS	what of that the kernel's own register_kprobe() takes at one place
#
# Usage: guest-klasy.sh REPETITIONS COUNT SYMBOL OFFSET SEGMENTS SYMBOL2 OFFSET2
set -u
reps=$1 count=$2 symbol=$3 offset=$4 segments=$5 symbol2=$6 offset2=$7
B=/bench
export PATH="$B:$PATH"
failed=0

complain() {
	echo "guest-klasy.sh: $*" >&2
	failed=1
}

# run WAY: prints the line but for the hits
run() {
	_line=$(load getppid "$count") || complain "running under $1: it failed"
	# shellcheck disable=SC2086
	set -- "$1" $_line
	printf 'run %s %s %s %s' "$1" "$rep" "$3" "$4"
}

# optimised ASPECT: waits until its one probe is a jump. (What the kernel's own list calls optimised may still be a
# breakpoint: it is queued.)
optimised() {
	_n=0
	until klasy status "$1" | grep -q ' jump '; do
		_n=$((_n + 1))
		[ $_n -lt 100 ] || { complain "the probe did not become a jump"; return; }
		sleep 1
	done
}

# woven WAY MODULE
woven() {
	klasy weave -q --breaker 0 "$B/$2.ko" || { complain "weaving $2: it failed"; return; }
	optimised "$2"
	run "$1"
	klasy list | awk -v n="$2" '$NF == n { print " " $4 }'
	klasy unweave "$2" || complain "unweaving $2: it failed"
}

hits() {
	klasy list | awk -v n="$1" '$NF == n { print $4 }'
}

# segment WAY: with the hits of the aspect, when it is woven
segment() {
	_before=$(hits receive)
	_line=$(load segment "$segments") || complain "sending segments under $1: it failed"
	_after=$(hits receive)
	# shellcheck disable=SC2086
	set -- "$1" $_line
	# A hundredth more of them are not timed.
	printf 'segment %s %s %s %s %s\n' "$1" "$rep" "$3" "$4" \
		"$(((${_after:-0} - ${_before:-0}) * 100 / 101))"
}

# As many as 85 of 100.
mostly_optimised() {
	_n=0
	until klasy status "$1" |
		awk '$7 == "jump" { j++ } $7 == "trap" { t++ } END { exit 100 * j < 85 * (j + t) }'; do
		_n=$((_n + 1))
		[ $_n -lt 100 ] || { complain "the probes of $1 did not become jumps"; return; }
		sleep 1
	done
}

# timed WHAT ASPECT COMMAND...: what a command took by the guest's clock, waiting included
timed() {
	_what=$1 _aspect=$2
	shift 2
	_line=$(load run elapsed 0 "$@") || complain "$* failed"
	_places=${_places:-$(klasy list | awk -v n="$_aspect" '$NF == n { print $3 }')}
	# shellcheck disable=SC2086
	set -- $_line
	printf '%s %s %s %s %s\n' "$_what" "$_aspect" "$rep" "$_places" "$3"
}

# placing PLACE SYMBOL OFFSET
placing() {
	insmod $B/lkst_bench_empty.ko point=placing symbol="$2" offset="$3" ||
		complain "the kernel refuses a probe in $2"
	echo "placing $1 $rep $(cat /sys/module/lkst_bench_empty/parameters/took)"
	rmmod lkst_bench_empty
}

weaving() {
	for _w in few state receive; do
		_places=
		timed weave $_w klasy weave -q --breaker 0 $B/$_w.ko
		timed unweave $_w klasy unweave $_w
		# What the kernel frees of a probe it frees later, by itself.
		sleep 10
	done
}

packets() {
	segment plain
	klasy weave -q --breaker 0 $B/receive.ko || { complain "weaving receive.ko: it failed"; return; }
	mostly_optimised receive
	segment woven
	control record KLASY_DATA || complain "the recording does not start"
	segment recorded
	control stop
	klasy unweave receive
	sleep 10
	segment unwoven
}

insmod $B/lkst.ko breaker=0 || complain "loading lkst.ko: insmod failed"
rep=1
while [ $rep -le "$reps" ]; do
	run bare
	echo ' -'
	insmod $B/lkst_bench_empty.ko point=inside symbol="$symbol" offset="$offset" ||
		complain "the kernel refuses the empty probe"
	run empty
	echo ' -'
	rmmod lkst_bench_empty
	for way in body target trusted after; do
		woven $way $way
	done
	# What the kernel frees of a probe it frees later, by itself.
	sleep 10
	run unwoven
	echo ' -'
	weaving
	placing first "$symbol" "$offset"
	placing last "$symbol2" "$offset2"
	packets
	rep=$((rep + 1))
done
exit $failed
