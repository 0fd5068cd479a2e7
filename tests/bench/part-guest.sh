# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-guest.sh - ci/bench guest: instructions counted in one guest. Sourced; prints table.awk's input.
#
# Under 'ci/boot --icount' one tick of the counter is one guest instruction. The price of a way is its run less the run of the
# same load without any tracer in the same repetition, divided by the events that the load is.

guest_rows() {
	line part guest "What an event costs a stock kernel, in guest instructions; one boot, one CPU, the ways take turns"
	line meta kernel "$release, Debian's, $(awk -v n="$kernel" '$1 == "deb" && $2 == n { print $4; exit }' "$CI/kernels")"
	line meta qemu "$(qemu-system-x86_64 --version | head -n 1), tcg, qemu64, -icount"
	line meta counts "$guest_count calls, $guest_switches switches, $guest_reps repetitions"
	line meta buffers "1 MiB each, overwrite; LKST: raw TSC, accounts on; ftrace: local clock; LTTng: snapshot session"
	line meta lttng "$(version_of lttng-tools), modules $(cat "$LKST_CACHE/unpacked/lttng-modules-dkms/VERSION" 2>/dev/null ||
		echo none) without their timer probe"
	line meta systemtap "$(version_of systemtap)"
	line table off "Loaded, nothing recorded: instructions a getppid (plain: $plain)" "a call" "%.2f"
	line row off masked-stopped "LKST loaded, RNOTHING, stopped"
	line row off masked-running "LKST loaded, RNOTHING, recording started"
	line bar off masked-stopped at-most 1
	line bar off masked-running at-most 1
	line table getppid "System calls: getppid, its entry and its exit recorded" "a recorded event" "%.1f"
	line ref getppid lkst
	line row getppid empty "an empty probe" "the kernel's own share"
	line row getppid lkst "LKST, SYSCALL_ENTRY and SYSCALL_EXIT" "16 bytes an event"
	line row getppid ftrace-no-cmd "ftrace, raw_syscalls, record-cmd off"
	line row getppid ftrace "ftrace, raw_syscalls"
	line row getppid lttng "LTTng, all system calls"
	line row getppid systemtap "SystemTap, sys_enter and sys_exit" "16 bytes an event"
	line bar getppid lkst at-most 100
	line table switch "Switches: a byte to and fro through pipes between two processes" "a recorded event" "%.1f"
	line ref switch lkst
	line row switch empty "an empty probe" "the kernel's own share"
	line row switch lkst "LKST, PROCESS_CONTEXTSWITCH" "16 bytes an event"
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

guest_layout() {
	mkdir -p "$tmp/bench" "$tmp/empty"
	cp "$out/load" "$out/control" "$TOP/tests/bench/tracers.sh" "$tmp/bench/"
	"$CI/build-kmod" "$kernel" "$out/kmod" >"$tmp/kmod.log" 2>&1 || {
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
	cp "$out/kmod/kmod/lkst.ko" "$tmp/empty/lkst_bench_empty.ko" "$tmp/bench/"
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

measure_guest() {
	guest_count=$(size 1000000) guest_switches=$(size 200000) guest_reps=${reps:-3}
	# What else runs meanwhile is some 100,000 instructions a run: spread over few switches it would hide one.
	[ "$own" = no ] || guest_switches=300000
	need_tools boot qemu-system-x86_64 cpio
	where=$("$CI/kernel" "$kernel") || exit $?
	release=$(echo "$where" | sed -n 's/^release=//p')
	headers=$(echo "$where" | sed -n 's/^headers=//p')
	make_programs "$B/bench/load" "$B/bench/control"
	guest_layout
	set -- --add "$tmp/bench:/bench"
	lttng_why=
	if [ "$own" = yes ]; then
		lttng_why="not asked for"
	elif lttng_guest "$tmp/lttng" "$release" "$headers" "$(echo "$where" | sed -n 's/^modules=//p')"; then
		set -- "$@" --add "$tmp/lttng/usr:/usr" --add "$tmp/lttng/lib:/lib"
	else
		lttng_why=$(lttng_why)
	fi
	systemtap_why=
	if [ "$own" = yes ]; then
		systemtap_why="not asked for"
	elif systemtap_guest "$tmp/systemtap"; then
		set -- "$@" --add "$tmp/systemtap/usr:/usr" --add "$tmp/systemtap/bench:/bench"
	else
		systemtap_why=$(tr '\t' ' ' <"$tmp/systemtap.why")
	fi
	_ok=0
	"$CI/boot" "$kernel" --icount --mem 1024 --timeout 3600 --stall 600 --out "$tmp/out" --console "$out/guest.console" "$@" \
		-- "$TOP/tests/bench/guest.sh" "$guest_reps" "$guest_count" "$guest_switches" \
		"${lttng_why:+-}" "$own" >"$out/guest.log" 2>"$tmp/guest.err" || _ok=1
	grep -v 'in the future$' "$tmp/guest.err" >&2 || true
	plain=$(awk '$1 == "run" && $2 == "getppid" && $3 == "bare" { s += $6 / $5; n++ }
		END { if (n) printf "%.2f", s / n }' "$out/guest.log")
	grep '^guest.sh:' "$out/guest.log" >&2 && _ok=1
	guest_rows
	guest_values "$out/guest.log" | tee "$tmp/values"
	if grep -qE "it was never reached|it recorded " "$tmp/values"; then
		say "measuring in the guest: a way did not do what its row says (see the table)"
		_ok=1
	fi
	[ -z "$lttng_why" ] || { line none getppid lttng "$lttng_why"; line none switch lttng "$lttng_why"; }
	[ -z "$systemtap_why" ] || {
		line none getppid systemtap "$systemtap_why"
		line none switch systemtap "$systemtap_why"
	}
	guest_lttng_check || _ok=1
	return $_ok
}
