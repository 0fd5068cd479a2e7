# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-read.sh - ci/bench read: how fast traces are read. Sourced; prints table.awk's input.
#
# The peers read traces of system calls that they recorded themselves, all of one load in one guest; lkstla reads a made-up one
# of 10 million events, 16 tasks and 50 system calls (tests/unit/mksyscalls.c), which is harder. All are in the page cache.

read_rows() {
	line part read "Reading traces of system calls, page cache warm; the ways take turns; output to /dev/null"
	line meta versions "babeltrace2 $(version_of babeltrace2), trace-cmd $(version_of trace-cmd), perf $(version_of linux-perf)"
	line meta traces "LKST $(size 10000000) events; the others $((2 * read_calls)) of their own; $read_reps repetitions"
	for _t in cpu wall; do
		case $_t in
		cpu) line table cpu "Events read a second of CPU time" "million events/s" "%.2f" ;;
		wall) line table wall "Events read a second of elapsed time" "million events/s" "%.2f" ;;
		esac
		line ref $_t lkstla-syscall
		line row $_t lkstla-syscall "lkstla syscall" "measures"
		line row $_t lkstla-print "lkstla print" "text"
		line row $_t lkstla-count "lkstla count" "all kinds of events"
		line row $_t lkstla-lockhold "lkstla lockhold" "1000 locks"
		line row $_t lkstla-memalloc "lkstla memalloc" "pairs that nest"
		line row $_t lkstla-biotime "lkstla biotime" "1000 disks"
		line row $_t lkstla-state "lkstla state" "16 tasks"
		line row $_t lkstla-all "lkstla all" "all measures in one pass"
		line row $_t babeltrace2-dummy "babeltrace2, sink.utils.dummy" "decodes only"
		line row $_t babeltrace2-text "babeltrace2" "text"
		line row $_t trace-cmd "trace-cmd report" "text"
		line row $_t perf-script "perf script" "text"
		line row $_t perf-trace "perf trace --summary" "measures"
	done
	line table memory "Peak memory" "MiB" "%.1f"
	line ref memory lkstla-syscall
	line row memory lkstla-syscall "lkstla syscall"
	line row memory lkstla-all "lkstla all"
	line row memory lkstla-keys "lkstla lockhold" "10000 locks"
	line row memory babeltrace2-text "babeltrace2"
	line row memory trace-cmd "trace-cmd report"
	line row memory perf-script "perf script"
	line bar cpu lkstla-syscall at-least 10
	line bar cpu lkstla-count at-least 20
	for _r in lockhold memalloc biotime state; do line bar cpu lkstla-$_r at-least 10; done
	line bar cpu lkstla-all at-least 3
	line bar memory lkstla-keys at-most 64
}

# The guest that records for the peers; its traces come to $traces.
read_record() {
	where=$("$CI/kernel" "$kernel") || exit $?
	set --
	for _p in trace-cmd perf; do
		[ ! -x "/usr/bin/$_p" ] || set -- "$@" --add "/usr/bin/$_p:/usr/bin/$_p"
	done
	mkdir -p "$tmp/bench"
	cp "$out/load" "$tmp/bench/"
	if lttng_guest "$tmp/lttng" "$(echo "$where" | sed -n 's/^release=//p')" "$(echo "$where" | sed -n 's/^headers=//p')" \
		"$(echo "$where" | sed -n 's/^modules=//p')"; then
		set -- "$@" --add "$tmp/lttng/usr:/usr" --add "$tmp/lttng/lib:/lib"
		_no=
	else
		echo "none lttng $(lttng_why)" >"$tmp/record.log"
		_no=-
	fi
	"$CI/boot" "$kernel" --mem 3072 --timeout 900 --stall 600 --out "$traces" --add "$tmp/bench:/bench" "$@" \
		-- "$TOP/tests/bench/record.sh" "$read_calls" $_no >>"$tmp/record.log" 2>"$tmp/record.err" || {
		grep -v 'in the future$' "$tmp/record.err" >&2
		say "recording the peers' traces: the guest failed"
	}
}

# way ROW EVENTS COMMAND...: one more reader, if it has anything to read.
way() {
	[ "$2" -gt 0 ] || { none "$1" "its trace holds nothing"; return; }
	line "$@" >>"$tmp/ways"
}

none() {
	for _t in cpu wall memory; do line none $_t "$1" "$2"; done >>"$tmp/nones"
}

why_not() {
	sed -n "s/^none $1 //p" "$tmp/record.log" | tr '\t' ' ' | grep . || echo "no trace came out of the guest"
}

# Every reader once, untimed: it counts its events, and warms the page cache.
read_ways() {
	: >"$tmp/ways"
	: >"$tmp/nones"
	way lkstla-syscall "$(size 10000000)" "$lkstla" syscall "$out/syscalls.lkst"
	way lkstla-print "$(size 10000000)" "$lkstla" print "$out/syscalls.lkst"
	# On one CPU: these are for what a core does.
	way lkstla-count "$read_load" taskset -c "$read_cpu" "$lkstla" count "$out/load-all.lkst"
	for _r in $read_kinds; do
		way "lkstla-$_r" "$read_load" taskset -c "$read_cpu" "$lkstla" "$_r" "$out/load-$_r.lkst"
	done
	way lkstla-all "$read_load" taskset -c "$read_cpu" "$lkstla" all "$out/load-all.lkst"
	way lkstla-keys "$read_load" "$lkstla" lockhold "$out/load-keys.lkst"
	if [ -d "$traces/lttng" ] && command -v babeltrace2 >/dev/null; then
		_n=$(babeltrace2 "$traces/lttng" 2>/dev/null | wc -l)
		way babeltrace2-dummy "$_n" babeltrace2 "$traces/lttng" -c sink.utils.dummy
		way babeltrace2-text "$_n" babeltrace2 "$traces/lttng"
	else
		for _r in babeltrace2-dummy babeltrace2-text; do none $_r "$(why_not lttng)"; done
	fi
	if [ -f "$traces/trace.dat" ]; then
		way trace-cmd "$(trace-cmd report -i "$traces/trace.dat" 2>/dev/null | grep -c ' sys_e')" \
			trace-cmd report -i "$traces/trace.dat"
	else
		none trace-cmd "$(why_not trace-cmd)"
	fi
	if [ -f "$traces/perf.data" ]; then
		_n=$(perf script --force -i "$traces/perf.data" 2>/dev/null | grep -c 'raw_syscalls:') || true
		way perf-script "$_n" perf script --force -i "$traces/perf.data"
		way perf-trace "$_n" perf trace --force --summary -i "$traces/perf.data"
	else
		for _r in perf-script perf-trace; do none $_r "$(why_not perf)"; done
	fi
}

# time_way REPETITION ROW EVENTS COMMAND...
time_way() {
	_row=$2 _events=$3
	shift 3
	_took=$("$out/timed" "$@") || { say "reading with $_row: it failed"; return 1; }
	echo "$_took" | awk -v OFS="$TAB" -v row="$_row" -v n="$_events" '{
		print "val", "cpu", row, n / $2 / 1e6
		print "val", "wall", row, n / $1 / 1e6
		print "val", "memory", row, $3
	}'
}

measure_read() {
	read_calls=$(size 500000) read_reps=${reps:-5} traces=$out/traces
	read_load=$(size 4000000) read_kinds='lockhold memalloc biotime state'
	read_cpu=$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')
	make_programs "$B/bench/load" "$B/bench/timed" "$B/bench/mksyscalls" "$B/bench/mkload" "$B/x86_64/lkstla"
	lkstla=$TOP/$B/x86_64/lkstla
	[ "${B#/}" = "$B" ] || lkstla=$B/x86_64/lkstla
	rm -rf "$traces"
	: >"$tmp/record.log"
	if command -v qemu-system-x86_64 >/dev/null; then
		read_record
	else
		for _p in lttng trace-cmd perf; do echo "none $_p QEMU is not installed"; done >"$tmp/record.log"
	fi
	"$out/mksyscalls" "$(size 10000000)" 1 "$out/syscalls.lkst" || die "$EX_FAIL" "making a trace: mksyscalls failed"
	for _r in all $read_kinds; do
		"$out/mkload" "$_r" "$read_load" 1000 "$out/load-$_r.lkst" ||
			die "$EX_FAIL" "making a trace: mkload failed"
	done
	"$out/mkload" lockhold "$read_load" 10000 "$out/load-keys.lkst" ||
		die "$EX_FAIL" "making a trace: mkload failed"
	read_rows
	read_ways
	line meta events-read "$(awk -F "$TAB" '{ printf "%s%s %d", n++ ? ", " : "", $1, $2 }' "$tmp/ways")"
	cat "$tmp/nones"
	_rep=0 _bad=0
	while [ $_rep -lt "$read_reps" ]; do
		_rep=$((_rep + 1))
		while IFS= read -r _way; do
			_ifs=$IFS
			IFS=$TAB
			# shellcheck disable=SC2086
			set -- $_way
			IFS=$_ifs
			time_way $_rep "$@" </dev/null || _bad=1
		done <"$tmp/ways"
	done
	rm -rf "$traces" "$out/syscalls.lkst" "$out"/load-*.lkst
	return $_bad
}
