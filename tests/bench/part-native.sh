# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-native.sh - ci/bench native: the record path in user space. Sourced; prints table.awk's input.

native_rows() {
	line part native "The record path in user space, one thread on one CPU, CPU time; the ways take turns"
	line meta lttng-ust "$(version_of liblttng-ust1), snapshot session, 4 sub-buffers of 256 KiB a CPU"
	line meta events "$native_events a repetition, $native_reps repetitions"
	line meta buffers "1 MiB each, overwrite"
	line table native "an event stored" "ns" "%.2f"
	line ref native lkst-two
	line row native clock "rdtsc alone"
	line row native store "rdtsc and a store of 16 bytes into a ring" "the least there is"
	line row native lkst-off "LKST, event masked off"
	line row native lkst-one "LKST, one 64-bit field, inline" "16 bytes"
	line row native lkst-two "LKST, two 64-bit fields, lkst_event()" "24 bytes"
	line row native ust "LTTng-UST, two 64-bit fields"
	line bar native lkst-two at-most 0.25 ust
	line bar native lkst-two at-most 1.5 store
	line bar native lkst-one at-most 1.5 store
}

# The session, recording what the program at $out/native says, around it.
native_session() {
	lttng create lkst-bench --snapshot --output="$tmp/ust" &&
		lttng enable-channel --userspace --subbuf-size=262144 --num-subbuf=4 c &&
		lttng enable-event --userspace --channel=c lkst_bench:two &&
		lttng start
}

measure_native() {
	native_reps=${reps:-15} native_events=$(size 5000000) why=
	make_programs "$B/bench/native"
	native_rows
	if [ -z "$(pkg-config --libs lttng-ust 2>/dev/null)" ]; then
		why="liblttng-ust-dev is not installed"
	elif lttng_start; then
		native_session >"$tmp/lttng.log" 2>&1 || why="the session could not be made: $(tail -n 1 "$tmp/lttng.log")"
	fi
	LTTNG_UST_REGISTER_TIMEOUT=10000 "$out/native" "$native_reps" "$native_events" >"$tmp/native.tsv" ||
		die "$EX_FAIL" "measuring the record path: the program failed (its words are above)"
	if [ -n "$why" ]; then
		grep -v "^none" "$tmp/native.tsv" || true
		line none native ust "$why"
		return 0
	fi
	cat "$tmp/native.tsv"
	native_check
}

# Did LTTng-UST have the events? Its last ones are in the snapshot.
native_check() {
	{
		lttng stop
		lttng snapshot record
		lttng destroy lkst-bench
	} >"$tmp/lttng.log" 2>&1 || say "taking LTTng-UST's snapshot: $(tail -n 1 "$tmp/lttng.log")"
	if command -v babeltrace2 >/dev/null; then
		_n=$(babeltrace2 "$tmp/ust" 2>/dev/null | grep -c lkst_bench:two) || true
		line meta lttng-ust-check "its snapshot holds $_n of the events"
		[ "$_n" -gt 0 ] || { say "checking LTTng-UST: its snapshot holds no event of the bench"; return 1; }
	fi
	lttng_stop
}
