# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-klasy.sh - ci/bench klasy: instructions counted in one guest, at one place that a system call passes
# once. Sourced; prints table.awk's input. The price of a way is its run less that without any probe in the same
# repetition.

klasy_symbol=__task_pid_nr_ns
klasy_member=task_struct.signal

klasy_rows() {
	line part klasy "What a place of an aspect costs, in guest instructions; one boot, one CPU, the ways take turns"
	line meta kernel "$release, Debian's, $(awk -v n="$kernel" '
		$1 == "deb" && $2 == n { print $4; exit }' "$CI/kernels")"
	line meta qemu "$(qemu-system-x86_64 --version | head -n 1), tcg, qemu64, -icount"
	line meta counts "$klasy_count getppid, which read $klasy_member once in $klasy_symbol(), $klasy_reps times"
	line meta plain "a getppid without any probe: $(awk '
		$2 == "bare" { s += $5 / $4; n++ } END { printf "%.1f", s / n }' "$out/klasy.log")"
	line table hit "A place that is reached" "a hit" "%.1f"
	line ref hit empty
	line row hit empty "an empty kprobe, optimised" "the kernel's own share"
	line row hit body "klasy, an empty body" "a jump"
	line row hit trusted "klasy --trusted, an empty body with a target" "a jump"
	line row hit target "klasy, an empty body with a target" "a jump; the target's pages are tried first"
	line row hit after "klasy, an empty body behind the access" "a jump, at the next instruction"
	line bar hit body at-most 1.3 empty
	line table off "Nothing woven (any more): more than before anything was" "a getppid" "%.3f"
	line row off unwoven "after five probes had come and gone"
	line bar off unwoven at-most 0.05
	line table packet "A TCP segment of 100 bytes through the loopback device, with its acknowledgements" \
		"a segment" "%.0f"
	line ref packet plain
	line row packet plain "before anything was woven"
	line row packet woven "doc/examples/receive.aspect woven, no recording" "$(awk '
		$1 == "segment" && $2 == "woven" { n += $6 / $4; k++ } END { printf "%.0f hits", k ? n / k : 0 }' \
		"$out/klasy.log") a segment"
	line row packet recorded "the same, recording to one buffer"
	line row packet unwoven "after it had gone"
	line bar packet unwoven at-most 1.005 plain
}

klasy_values() {
	awk -v OFS="$TAB" '
	$1 == "segment" { print "val", "packet", $2, $5 / $4; next }
	$1 != "run" { next }
	$2 == "bare" { bare[$3] = $5; next }
	# Each call reaches the place once, and a hundredth more of them are not timed.
	$6 != "-" && ($6 < $4 * 1.01 || $6 > $4 * 1.02) {
		print "none", "hit", $2, "it was reached " $6 " times by " $4 " calls"
		next
	}
	{ print "val", $2 == "unwoven" ? "off" : "hit", $2, ($5 - bare[$3]) / $4 }' "$1"
}

# klasy_build NAME BODIES [OPTION...]: a module in $tmp/bench, for the one place
klasy_build() {
	_name=$1 _bodies=$2
	shift 2
	cat >"$tmp/$_name.aspect" <<-END
	<aspect><advice><pointcut>get($klasy_member) AND within_function($klasy_symbol) $_bodies</advice></aspect>
	END
	"$(built host/klasy)" build -q --object "$vmlinux" --build "$headers" "$@" -o "$tmp/bench/$_name.ko" \
		"$tmp/$_name.aspect" ||
		die "$EX_FAIL" "building the aspect $_name: klasy failed (its words are above)"
}

measure_klasy() {
	klasy_count=$(size 200000) klasy_reps=${reps:-3}
	"$CI/deps" klasy || true
	need_tools boot qemu-system-x86_64 cpio
	where=$("$CI/kernel" --debug "$kernel") || exit $?
	release=$(echo "$where" | sed -n 's/^release=//p')
	headers=$(echo "$where" | sed -n 's/^headers=//p')
	vmlinux=$(echo "$where" | sed -n 's/^vmlinux=//p')
	make_programs "$B/bench/load" "$B/bench/control" klasy
	guest_layout
	klasy_build body '</pointcut><before> </before>'
	klasy_build target 'AND target(t)</pointcut><before> </before>'
	klasy_build trusted 'AND target(t)</pointcut><before> </before>' --trusted
	klasy_build after '</pointcut><after> </after>'
	"$(built host/klasy)" build -q --object "$vmlinux" --build "$headers" -o "$tmp/bench/receive.ko" \
		"$TOP/doc/examples/receive.aspect" || die "$EX_FAIL" "building receive.aspect: klasy failed"
	klasy_segments=$((klasy_count / 20))
	_place=$("$(built host/klasy)" match -q -j -o "$vmlinux" "$tmp/body.aspect" |
		sed -n 's/.*"offset":\([0-9]*\).*/\1/p')
	"$CI/boot" "$kernel" --icount --mem 1024 --timeout 3600 --stall 600 --console "$out/klasy.console" \
		--add "$tmp/bench:/bench" --add "$(built host/klasy):/bin/klasy" \
		-- "$TOP/tests/bench/guest-klasy.sh" "$klasy_reps" "$klasy_count" "$klasy_symbol" "$_place" \
		"$klasy_segments" \
		>"$out/klasy.log" || {
		cat "$out/klasy.log" >&2
		return 1
	}
	klasy_rows
	klasy_values "$out/klasy.log"
}
