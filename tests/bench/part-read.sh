# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-read.sh - ci/bench read: how fast traces are read. Sourced; prints table.awk's input.
#
# The peers read traces of system calls that they recorded themselves, all of one load in one guest, and so does lkstla
# for the bars beside them. What else it reads is made up: 10 million events of 16 tasks and 50 system calls
# (tests/unit/mksyscalls.c), and 4 million for each measure that pairs events (tests/unit/mkload.c). All are in the
# page cache. Rows of lkstla are of one CPU unless they say two.

# What mkload calls the events of a measure.
read_kind() {
	case $1 in
	softirqtime) echo softirq ;;
	wakeup) echo state ;;
	*) echo "$1" ;;
	esac
}

read_note() {
	case $1 in
	syscall) echo "50 calls" ;;
	softirq | softirqtime) echo "10 vectors" ;;
	irq) echo "64 interrupts" ;;
	timer | schedtime) echo "one CPU" ;;
	memalloc | memfree) echo "pairs that nest" ;;
	biotime) echo "1000 disks" ;;
	nettime) echo "one direction" ;;
	lockwait | lockhold) echo "1000 locks" ;;
	waitq) echo "1000 queues" ;;
	lifetime) echo "1000 tasks" ;;
	state | wakeup) echo "16 tasks" ;;
	esac
}

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
		line row $_t lkstla-all "lkstla all" "all measures in one pass"
		line row $_t lkstla-same "lkstla syscall, the peers' load" "measures"
		line row $_t lkstla-same-count "lkstla count, the peers' load" "counts"
		line row $_t babeltrace2-dummy "babeltrace2, sink.utils.dummy" "decodes only"
		line row $_t babeltrace2-counter "babeltrace2, sink.utils.counter" "counts"
		line row $_t babeltrace2-text "babeltrace2" "text"
		line row $_t trace-cmd "trace-cmd report" "text"
		line row $_t perf-script "perf script" "text"
		line row $_t perf-trace "perf trace --summary" "measures"
	done
	line table pairs "Events read a second of CPU time, by each measure that pairs events" "million events/s" "%.2f"
	line ref pairs lkstla-lockhold
	for _r in $read_pairs; do line row pairs "lkstla-$_r" "lkstla $_r" "$(read_note "$_r")"; done
	line row pairs lkstla-keys "lkstla lockhold, 10000 locks"
	line table cores "Events read a second of elapsed time, by one CPU and by two" "million events/s" "%.2f"
	line ref cores lkstla-all
	line row cores lkstla-all "lkstla all, one CPU"
	line row cores lkstla-all-two "lkstla all, two CPUs"
	line row cores lkstla-all-both "two of lkstla all, a CPU each" "what two CPUs give: nothing shared"
	line row cores lkstla-syscall "lkstla syscall, one CPU"
	line row cores lkstla-syscall-two "lkstla syscall, two CPUs"
	line table memory "Peak memory" "MiB" "%.1f"
	line ref memory lkstla-syscall
	line row memory lkstla-syscall "lkstla syscall"
	line row memory lkstla-all "lkstla all"
	line row memory lkstla-keys "lkstla lockhold, 10000 locks"
	line row memory babeltrace2-text "babeltrace2"
	line row memory trace-cmd "trace-cmd report"
	line row memory perf-script "perf script"
	line table length "Peak memory, by the length of the trace: events of all kinds, 1000 keys" "MiB" "%.1f"
	line ref length lkstla-syscall-1
	for _m in syscall all; do
		for _r in 1 10 100; do line row length lkstla-$_m-$_r "lkstla $_m, $(size ${_r}000000) events"; done
		line row length lkstla-$_m-four "lkstla $_m, $(size 100000000) of four CPUs" "which take turns"
	done
	line table page "lkst report: report.html" "MB" "%.2f"
	line ref page report-100
	for _r in 1 10 100; do line row page report-$_r "report.html, $(size ${_r}000000) events"; done
	line bar cpu lkstla-count at-least 20
	for _r in $read_pairs keys; do line bar pairs "lkstla-$_r" at-least 10; done
	line bar cpu lkstla-all at-least 3
	for _r in babeltrace2-text trace-cmd perf-script; do line bar cpu lkstla-same at-least 10 $_r; done
	for _r in babeltrace2-dummy babeltrace2-counter; do line bar cpu lkstla-same-count at-least 5 $_r; done
	line bar cores lkstla-all-two at-least 1.5 lkstla-all
	line bar memory lkstla-keys at-most 64
	line bar length lkstla-syscall-100 at-most 1.1 lkstla-syscall-1
	line bar length lkstla-all-100 at-most 1.25 lkstla-all-1
	line bar length lkstla-syscall-four at-most 1.1 lkstla-syscall-1
	line bar length lkstla-all-four at-most 1.1 lkstla-all-100
	line bar length lkstla-all-100 at-most 64
	line bar page report-100 at-most 10
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
	if make -s -C "$TOP" B="$B" module KERNEL="$kernel" >&2; then
		cp "$(built "kmod-$kernel/lkst.ko")" "$(built x86_64/lkst)" "$tmp/bench/"
	else
		echo "none lkst its module does not build for $kernel" >>"$tmp/record.log"
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
	for _t in cpu wall pairs cores memory; do line none $_t "$1" "$2"; done >>"$tmp/nones"
}

why_not() {
	sed -n "s/^none $1 //p" "$tmp/record.log" | tr '\t' ' ' | grep . || echo "no trace came out of the guest"
}

# Two readers at once, a CPU each. They share nothing: what they read is what the machine has to give,
# and two CPUs of a virtual machine are not always two.
read_both() {
	echo "taskset -c $read_cpu2 '$lkstla' all '$out/load-all.lkst' & taskset -c $read_cpu '$lkstla' all" \
		"'$out/load-all.lkst' && wait \$!"
}

# Every reader once, untimed: it counts its events, and warms the page cache.
read_ways() {
	: >"$tmp/ways"
	: >"$tmp/nones"
	set -- taskset -c "$read_cpu" "$lkstla"
	way lkstla-syscall "$(size 10000000)" "$@" syscall "$out/syscalls.lkst"
	way lkstla-print "$(size 10000000)" "$@" print "$out/syscalls.lkst"
	way lkstla-count "$read_load" "$@" count "$out/load-all.lkst"
	for _r in $read_pairs; do
		[ "$_r" = syscall ] || way "lkstla-$_r" "$read_load" "$@" "$_r" "$out/load-$(read_kind "$_r").lkst"
	done
	way lkstla-keys "$read_load" "$@" lockhold "$out/load-keys.lkst"
	way lkstla-all "$read_load" "$@" all "$out/load-all.lkst"
	if [ "$read_cpus" -gt 1 ]; then
		way lkstla-all-two "$read_load" "$lkstla" all "$out/load-all.lkst"
		way lkstla-all-both $((2 * read_load)) sh -c "$(read_both)"
		way lkstla-syscall-two "$(size 10000000)" "$lkstla" syscall "$out/syscalls.lkst"
	else
		for _r in all-two all-both syscall-two; do none lkstla-$_r "there is one CPU"; done
	fi
	if [ -s "$traces/lkst.lkst" ]; then
		_n=$("$lkstla" count "$traces/lkst.lkst" | awk '!/^#/ { n += $3 } END { print n + 0 }')
		way lkstla-same "$_n" "$@" syscall "$traces/lkst.lkst"
		way lkstla-same-count "$_n" "$@" count "$traces/lkst.lkst"
	else
		for _r in lkstla-same lkstla-same-count; do none $_r "$(why_not lkst)"; done
	fi
	if [ -d "$traces/lttng" ] && command -v babeltrace2 >/dev/null; then
		_n=$(babeltrace2 "$traces/lttng" 2>/dev/null | wc -l)
		way babeltrace2-dummy "$_n" babeltrace2 "$traces/lttng" -c sink.utils.dummy
		way babeltrace2-counter "$_n" babeltrace2 "$traces/lttng" -c sink.utils.counter
		way babeltrace2-text "$_n" babeltrace2 "$traces/lttng"
	else
		for _r in babeltrace2-dummy babeltrace2-counter babeltrace2-text; do none $_r "$(why_not lttng)"; done
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
		print "val", "pairs", row, n / $2 / 1e6
		print "val", "cores", row, n / $1 / 1e6
		print "val", "memory", row, $3
	}'
}

# What these are does not hang on what else the machine does; but the kernel counts resident pages in batches, and one
# run's peak is 0.1 MiB more or less.
read_length() {
	for _i in 1 2 3; do
		_took=$("$out/timed" taskset -c "$read_cpu" "$lkstla" "$1" "$out/load-long.lkst") || return 1
		line val length "lkstla-$1-$2" "${_took##* }"
	done
}

read_lengths() {
	for _n in 1 10 100; do
		"$out/mkload" all "$(size ${_n}000000)" 1000 "$out/load-long.lkst" || return 1
		for _m in syscall all; do read_length $_m $_n || return 1; done
		"$(built x86_64/lkst)" report -f -o "$out/report.html" "$out/load-long.lkst" >&2 || return 1
		line val page report-$_n "$(wc -c <"$out/report.html" | awk '{ print $1 / 1e6 }')"
	done
	"$out/mkload" all "$(size 100000000)" 1000 "$out/load-long.lkst" 4 || return 1
	for _m in syscall all; do read_length $_m four || return 1; done
}

measure_read() {
	read_calls=$(size 500000) read_reps=${reps:-7} traces=$out/traces
	read_load=$(size 4000000)
	read_pairs='syscall softirq softirqtime irq timer memalloc memfree biotime nettime lockwait lockhold waitq'
	read_pairs="$read_pairs schedtime lifetime state wakeup"
	read_kinds=$(for _r in $read_pairs; do read_kind "$_r"; done | grep -v syscall | sort -u)
	_list=$(taskset -cp $$ | sed 's/.*: *//')
	read_cpu=${_list%%[-,]*}
	case $_list in
	"$read_cpu"-*) read_cpu2=$((read_cpu + 1)) ;;
	*) read_cpu2=${_list#*,} && read_cpu2=${read_cpu2%%[-,]*} ;;
	esac
	read_cpus=$(nproc)
	make_programs "$B/bench/load" "$B/bench/timed" "$B/bench/mksyscalls" "$B/bench/mkload" "$B/x86_64/lkstla" \
		"$B/x86_64/lkst"
	lkstla=$(built x86_64/lkstla)
	rm -rf "$traces"
	: >"$tmp/record.log"
	if command -v qemu-system-x86_64 >/dev/null; then
		read_record
	else
		for _p in lkst lttng trace-cmd perf; do echo "none $_p QEMU is not installed"; done >"$tmp/record.log"
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
	line meta events-read "$(awk -F "$TAB" -v load="$read_load" '$2 != load {
		printf "%s%s %d", n++ ? ", " : "", $1, $2
	}' "$tmp/ways"), all others $read_load"
	cat "$tmp/nones"
	read_lengths || die "$EX_FAIL" "reading long traces: it failed"
	# Others at work spoil it: whoever reads the table should know.
	line meta load "$(cut -d' ' -f1-2 /proc/loadavg) running before (1 and 5 minutes)"
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
	rm -rf "$traces" "$out/syscalls.lkst" "$out"/load-*.lkst "$out/report.html"
	return $_bad
}
