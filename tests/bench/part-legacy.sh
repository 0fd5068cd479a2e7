# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-legacy.sh - ci/bench legacy, legacy24: instructions counted in guests of 2.6.9 and 2.4.37.11, i386,
# UP: the kernel as it is, with the series and its option off, with the series, recording. Sourced; prints table.awk's
# input. The trees are the user's.
#
# Under 'ci/boot --icount' one tick of the counter is one guest instruction. Each kernel is a boot of its own; a row is a run less
# the run of the same load and repetition on the kernel without the series, or with the module loaded, divided by what was counted.

legacy_rows() {
	line part "$legacy_part" \
		"What the series costs $legacy_version, in guest instructions; i386, UP, one boot a kernel"
	line meta kernel "$legacy_version"
	line meta qemu "$(qemu-system-i386 --version | head -n 1), tcg, pentium3, -icount"
	line meta kernel-compiler "GCC 3.4.6 (ci/toolchain)"
	line meta counts "$legacy_count calls, a tenth of it bytes through pipes, a hundredth forks and pages, $legacy_reps repetitions"
	line meta plain "$legacy_plain"
	line table recorded "Recording" "a recorded event" "%.1f"
	line row recorded getppid "getppid, its entry and exit: more than without the series" "16 bytes an event"
	line row recorded getppid-loaded "getppid, its entry and exit: more than loaded, not recording"
	line row recorded switch-loaded "a switch, PROCESS_CONTEXTSWITCH: more than loaded, not recording" "16 bytes an event"
	line row recorded fault-loaded "a page fault, PAGEFAULT_USER: more than loaded, not recording" "24 bytes an event"
	line bar recorded getppid at-most 90
	line bar recorded switch-loaded at-most 90
	line bar recorded fault-loaded at-most 90
	for _way in on loaded; do
		_what="The series, no module: more than without it"
		[ $_way = on ] || _what="The module loaded, nothing recorded: more than without the series"
		line table "$_way" "$_what" "a load" "%.2f"
		line row "$_way" getppid "getppid" "two hooks"
		line row "$_way" pipe "a byte through a pipe: write, read"
		line row "$_way" switch "a byte handed over to another process: write, read, a switch"
		line row "$_way" fork "fork, exit, wait"
		line row "$_way" fault "a page fault, the page being in the page cache"
	done
	line bar on getppid at-most 6
	line bar loaded getppid at-most 6
	line table text "The kernel's text" "bytes" "%.0f"
	line row text bare "without the series"
	line row text off "with the series, CONFIG_LKST off"
	line row text on "with the series, CONFIG_LKST on"
	line ref text bare
}

# legacy_values LOG...: the guests' lines to table.awk's
legacy_values() {
	cat "$@" | awk -v OFS="$TAB" '
	$1 != "run" { next }
	$3 == "bare" { bare[$2, $4] = $6 / $5; next }
	$3 == "loaded" { loaded[$2, $4] = $6 / $5 }
	!(($2, $4) in bare) { next }
	$3 != "recording" { print "val", $3, $2, $6 / $5 - bare[$2, $4]; next }
	{
		e = $5 * ($2 == "getppid" ? 2 : 1)
		if ($8 < e) {
			print "none", "recorded", $2 "-loaded", "it recorded " $8 " of " e " events"
			next
		}
		if ($2 == "getppid")
			print "val", "recorded", $2, ($6 - bare[$2, $4] * $5) / e
		print "val", "recorded", $2 "-loaded", ($6 - loaded[$2, $4] * $5) / e
	}'
}

# legacy_kernel NAME OPTION...: build it, and its text; sets $dir
legacy_kernel() {
	_name=$1
	shift
	dir=$("$CI/legacy-kernel" "$@" "${tree:-$legacy_version}" | sed -n 's/^dir=//p')
	[ -n "$dir" ] || die "$EX_SKIP" "building $legacy_version: ci/legacy-kernel $* did not (its words are above)"
	line val text "$_name" "$(command size -A "$dir/build/vmlinux" | awk '$1 == ".text" { print $2 }')" >>"$tmp/text"
}

# legacy_guest WAY ADD-OPTION...
legacy_guest() {
	_way=$1
	shift
	_log=$out/$legacy_part-$_way.log
	"$CI/boot" "$dir" --icount --timeout 3600 --stall 1200 --console "${_log%.log}.console" --add "$out/load-i386" \
		"$@" -- "$TOP/tests/bench/guest-legacy.sh" "$_way" "$legacy_reps" "$legacy_count" >"$_log" ||
		{ cat "$_log" >&2; return 1; }
}

# Each kernel has its table and its baseline.
measure_legacy() {
	measure_old legacy 2.6.9 ko
}

measure_legacy24() {
	measure_old legacy24 2.4.37.11 o
}

# measure_old PART VERSION EXTENSION-OF-MODULES: or, with --tree, that one
measure_old() {
	legacy_part=$1 legacy_version=$2 legacy_ext=$3 legacy_series=${series:-$TOP/patches/${2%"${2#2.?}"}/series}
	[ -z "$tree" ] || legacy_version=${tree##*/}
	legacy_count=$(size 200000) legacy_reps=${reps:-3}
	"$CI/deps" build-i386 legacy || true
	need_tools boot qemu-system-i386 cpio
	make_programs "$B/bench/load-i386" "$B/bench/control-i386"
	: >"$tmp/text"
	legacy_kernel off --series "$legacy_series"
	legacy_kernel bare
	legacy_guest bare
	legacy_kernel on --series "$legacy_series" --set CONFIG_LKST=y
	"$CI/build-kmod" "$dir" "$out/kmod-$legacy_part" >&2
	legacy_guest on --add "$out/kmod-$legacy_part/lkst.$legacy_ext" --add "$out/control-i386"
	legacy_plain=$(awk '$1 == "run" && $3 == "bare" { s[$2] += $6 / $5; n[$2]++; if (!($2 in at)) { at[$2] = ++k; name[k] = $2 } }
		END { for (i = 1; i <= k; i++) printf "%s%s %.1f", (i > 1 ? ", " : "without the series: "), name[i], s[name[i]] / n[name[i]] }' \
		"$out/$legacy_part-bare.log")
	legacy_rows
	cat "$tmp/text"
	legacy_values "$out/$legacy_part-bare.log" "$out/$legacy_part-on.log" | tee "$tmp/values"
	! grep -q "it recorded " "$tmp/values" || { say "measuring: a way did not do what its row says (see the table)"; return 1; }
}
