# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-guest.sh - ci/bench guest: instructions counted in one guest. Sourced; prints table.awk's input.
#
# Under 'ci/boot --icount' one tick of the counter is one guest instruction. The price of a way is its run less the run of the
# same load without any tracer in the same repetition, divided by the events that the load is.

guest_meta() {
	line meta qemu "$(qemu-system-x86_64 --version | head -n 1), tcg, qemu64, -icount"
	line meta counts "$guest_count calls, $guest_switches switches, $guest_reps repetitions"
	line meta buffers "1 MiB each, overwrite; LKST: raw TSC, accounts on; ftrace: local clock; LTTng: snapshot session"
	line meta lttng "$(version_of lttng-tools), modules $(cat "$LKST_CACHE/unpacked/lttng-modules-dkms/VERSION" 2>/dev/null ||
		echo none) without their timer probe"
	line meta systemtap "$(version_of systemtap)"
}

guest_off_rows() {
	line table off "Loaded, nothing recorded: instructions a getppid (plain: $plain)" "a call" "%.2f"
	line row off masked-stopped "LKST loaded, RNOTHING, stopped"
	line row off masked-running "LKST loaded, RNOTHING, recording started"
	line bar off masked-stopped at-most 1
	line bar off masked-running at-most 1
}

guest_getppid_rows() {
	line table getppid "System calls: getppid, its entry and its exit recorded" "a recorded event" "%.1f"
	line ref getppid lkst
	line row getppid empty "an empty probe" "the kernel's own share"
	line row getppid lkst "LKST, SYSCALL_ENTRY and SYSCALL_EXIT" "16 bytes an event"
	line row getppid kutrace "KUtrace, which records all it has" "8 bytes for both events"
	line row getppid ftrace-no-cmd "ftrace, raw_syscalls, record-cmd off"
	line row getppid ftrace "ftrace, raw_syscalls"
	line row getppid lttng "LTTng, all system calls"
	line row getppid systemtap "SystemTap, sys_enter and sys_exit" "16 bytes an event"
	line bar getppid lkst at-most 100
}

guest_rows() {
	line part guest "What an event costs a stock kernel, in guest instructions; one boot, one CPU, the ways take turns"
	line meta kernel "$release, Debian's, $(awk -v n="$kernel" '$1 == "deb" && $2 == n { print $4; exit }' "$CI/kernels")"
	guest_meta
	guest_off_rows
	guest_getppid_rows
	line table switch "Switches: a byte to and fro through pipes between two processes" "a recorded event" "%.1f"
	line ref switch lkst
	line row switch empty "an empty probe" "the kernel's own share"
	line row switch lkst "LKST, PROCESS_CONTEXTSWITCH" "16 bytes an event"
	line row switch kutrace "KUtrace, which records all it has"
	line row switch ftrace-no-cmd "ftrace, sched_switch, record-cmd off"
	line row switch ftrace "ftrace, sched_switch"
	line row switch lttng "LTTng, sched_switch"
	line row switch systemtap "SystemTap, sched_switch" "16 bytes an event"
	line bar switch lkst at-most 90
	line table kprobe "Events that come from kprobes" "a recorded event" "%.1f"
	line ref kprobe lkst-kprobe
	line row kprobe empty-kprobe "an empty kprobe" "the kernel's own share"
	line row kprobe empty-kretprobe "an empty kretprobe" "the kernel's own share"
	line row kprobe lkst-kprobe "LKST, SOCK_SEND_ENTRY, a kprobe" "24 bytes an event"
	_exit="a kretprobe"
	case $release in
	5.* | 6.[0-2].*) ;;
	*) _exit="a tracepoint, from 6.3 on" ;;
	esac
	line row kprobe lkst-kretprobe "LKST, SOCK_SEND_EXIT, $_exit" "16 bytes an event"
	line row kprobe lkst-pair "LKST, both: each of the pair"
	line row kprobe probe-ftrace "lkst probe, at a function's first instruction" "on ftrace, 40 bytes an event"
	line row kprobe probe-optimised "lkst probe, inside a function, optimised" "the kernel made it a jump"
	line row kprobe probe-int3 "lkst probe, inside a function, not optimised" "a breakpoint"
}

# The guest's lines to table.awk's: 'run LOAD WAY REP COUNT TICKS SWITCHES EVENTS'. A way that claims fewer events than there
# were has not been measured, and that is said.
guest_values() {
	awk -v OFS="$TAB" '
	function table(load, way) {
		return way ~ /^masked/ ? "off" : way ~ /^probe/ || load == "sendto" ? "kprobe" : load
	}
	# how many events one of the load is
	function events(load, way) {
		return way ~ /^masked|^probe/ ? 1 : load == "getppid" || way == "lkst-pair" ? 2 : 1
	}
	$1 == "none" {
		t = table($2, $3); way = $3
		$1 = $2 = $3 = ""
		sub(/^[ \t]+/, "")
		gsub(/\t/, " ")
		print "none", t, way, $0
	}
	$1 != "run" { next }
	$3 == "bare" { bare[$2, $4] = $6; next }
	table($2, $3) == "off" && $2 != "getppid" { next }
	!(($2, $4) in bare) { next }
	{
		e = events($2, $3)
		if ($8 != "-" && $8 < $5 * e) {
			print "none", table($2, $3), $3, "it recorded " $8 " of " $5 * e " events"
			next
		}
		price = ($6 - bare[$2, $4]) / $5 / e
		# What is attached costs something: a price of nothing means that it was never reached.
		if (table($2, $3) != "off" && price < 1) {
			print "none", table($2, $3), $3, "it was never reached: nothing was measured"
			next
		}
		print "val", table($2, $3), $3, price
	}' "$1"
}

# guest_layout DIR: what every guest has, in $tmp/bench; LKST's module is built in $out/DIR.
guest_layout() {
	make_programs "$B/bench/load" "$B/bench/control"
	mkdir -p "$tmp/bench" "$tmp/empty"
	cp "$out/load" "$out/control" "$TOP/tests/bench/tracers.sh" "$tmp/bench/"
	"$CI/build-kmod" "$headers" "$out/$1" >"$tmp/kmod.log" 2>&1 || {
		cat "$tmp/kmod.log" >&2
		die "$EX_FAIL" "building lkst.ko: ci/build-kmod failed"
	}
	cp "$TOP"/tests/bench/kmod/* "$tmp/empty/"
	# As ci/build-kmod has it: pahole need not be as new as the kernel.
	MAKEFLAGS='' make -s -C "$headers" M="$tmp/empty" CONFIG_DEBUG_INFO_BTF_MODULES='' modules \
		>"$tmp/empty.log" 2>&1 || {
		cat "$tmp/empty.log" >&2
		die "$EX_FAIL" "building the empty probes: make failed"
	}
	cp "$out/$1/kmod/lkst.ko" "$tmp/empty/lkst_bench_empty.ko" "$tmp/bench/"
	strip --strip-debug "$tmp"/bench/*.ko
}

# Is what LTTng recorded what was asked for?
guest_lttng_check() {
	command -v babeltrace2 >/dev/null || return 0
	for _load in getppid switch; do
		[ -d "$tmp/out/lttng-$_load" ] || continue
		_n=$(babeltrace2 "$tmp/out/lttng-$_load" 2>/dev/null | grep -cE 'syscall_e.*_getppid|sched_switch') || true
		line meta "lttng-check-$_load" "its snapshot holds $_n of the events"
		[ "$_n" -gt 0 ] || { say "checking LTTng: its snapshot of $_load holds no event of the bench"; return 1; }
	done
}

guest_sizes() {
	guest_count=$(size 1000000) guest_switches=$(size 200000) guest_reps=${reps:-3}
	# What else runs meanwhile is some 100,000 instructions a run: spread over few switches it would hide one.
	[ "$own" = no ] || guest_switches=300000
	need_tools boot qemu-system-x86_64 cpio
}

# guest_log_of NAME KERNEL ARG...: boot it with guest.sh ARG...; its words are $out/NAME.log
guest_log_of() {
	_log=$out/$1 _kernel=$2 _rc=0
	shift 2
	set -- -- "$TOP/tests/bench/guest.sh" "$@"
	[ ! -d "$tmp/systemtap/usr" ] || set -- --add "$tmp/systemtap/usr:/usr" --add "$tmp/systemtap/bench:/bench" "$@"
	[ ! -d "$tmp/lttng/usr" ] || set -- --add "$tmp/lttng/usr:/usr" --add "$tmp/lttng/lib:/lib" "$@"
	"$CI/boot" "$_kernel" --icount --mem 1024 --timeout 3600 --stall 600 --out "$tmp/out" --console "$_log.console" \
		--add "$tmp/bench:/bench" "$@" >"$_log.log" 2>"$tmp/guest.err" || _rc=1
	grep -v 'in the future$' "$tmp/guest.err" >&2 || true
	! grep '^guest.sh:' "$_log.log" >&2 || _rc=1
	return $_rc
}

# guest_boot KERNEL NAME: every way, in one boot. Sets $lttng_why and $systemtap_why, empty where they are there, and
# $plain, a getppid without any tracer.
guest_boot() {
	lttng_why='' systemtap_why=''
	if [ "$own" = yes ]; then
		lttng_why="not asked for" systemtap_why="not asked for"
	else
		lttng_guest "$tmp/lttng" "$release" "$headers" "$modules" || lttng_why=$(lttng_why)
		systemtap_guest "$tmp/systemtap" || systemtap_why=$(tr '\t' ' ' <"$tmp/systemtap.why")
	fi
	[ -z "$lttng_why" ] || rm -rf "$tmp/lttng"
	[ -z "$systemtap_why" ] || rm -rf "$tmp/systemtap"
	_rc=0
	guest_log_of "$2" "$1" "$guest_reps" "$guest_count" "$guest_switches" "${lttng_why:+-}" "$own" || _rc=1
	plain=$(awk '$1 == "run" && $2 == "getppid" && $3 == "bare" { s += $6 / $5; n++ }
		END { if (n) printf "%.2f", s / n }' "$out/$2.log")
	return $_rc
}

# guest_none WAY REASON: it is in neither table; nothing to say without REASON
guest_none() {
	[ -z "$2" ] || { line none getppid "$1" "$2"; line none switch "$1" "$2"; }
}

# guest_judged NAME: the values of $out/NAME.log, and what is not there
guest_judged() {
	_rc=0
	guest_values "$out/$1.log" | tee "$tmp/values"
	if grep -qE "it was never reached|it recorded " "$tmp/values"; then
		say "measuring in the guest: a way did not do what its row says (see the table)"
		_rc=1
	fi
	guest_none lttng "$lttng_why"
	guest_none systemtap "$systemtap_why"
	guest_lttng_check || _rc=1
	return $_rc
}

measure_guest() {
	guest_sizes
	where=$("$CI/kernel" "$kernel") || exit $?
	release=$(echo "$where" | sed -n 's/^release=//p')
	headers=$(echo "$where" | sed -n 's/^headers=//p')
	modules=$(echo "$where" | sed -n 's/^modules=//p')
	guest_layout kmod
	_ok=0
	guest_boot "$kernel" guest || _ok=1
	guest_rows
	guest_judged guest || _ok=1
	guest_none kutrace "not given (its patch makes a kernel of its own: ci/bench --kutrace DIR kutrace)"
	return $_ok
}
