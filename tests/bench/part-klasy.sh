# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-klasy.sh - ci/bench klasy: instructions counted in one guest, at one place that a system call passes
# once, on the way of a packet, and while modules are woven; and what klasy takes on this machine. Sourced; prints
# table.awk's input. The price of a way is its run less that without any probe in the same repetition.

klasy_symbol=__task_pid_nr_ns
klasy_member=task_struct.signal
klasy_symbol2=tcp_v4_rcv

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
	line table weave "Weaving a module, by the guest's clock: waiting counts, too" "ms" "%.2f"
	line ref weave few
	line row weave few "klasy weave of few places" "$(klasy_places few) of them"
	line row weave state "klasy weave of set(task_struct.__state)" "$(klasy_places state) places"
	line row weave receive "klasy weave of doc/examples/receive.aspect" "$(klasy_places receive) places"
	line row weave each "each further place, all over the kernel" "the first from the second"
	line row weave last "each further place, in the code of the network" "the first from the third"
	line row weave kernel \
		"register_kprobe() alone, in $klasy_symbol2()" "the kernel's own part, far back in its code"
	line row weave early "register_kprobe() alone, in $klasy_symbol()" "the same, near the beginning"
	line row weave unweave "klasy unweave of doc/examples/receive.aspect"
	line bar weave each at-most 4
	line table running "klasy weave of an aspect with few places: kernel indexed, page cache warm" "s" "%.2f"
	line ref running all
	line row running cpu "making the module" "CPU time"
	line row running build "making the module" "elapsed"
	line row running weave "weaving it" "as above"
	line row running all "from the aspect to running" "the last two"
	line bar running all at-most 3
	line table index "klasy index of the whole kernel, its file in the page cache" "s" "%.2f"
	line ref index elapsed
	line row index elapsed "elapsed"
	line row index cpu "CPU time"
	line bar index elapsed at-most 10
	line table memory "... and its peak memory" "MB" "%.0f"
	line row memory index "klasy index"
	line bar memory index at-most 400
}

# klasy_places ASPECT
klasy_places() {
	awk -v a="$1" '$1 == "weave" && $2 == a { print $4; exit }' "$out/klasy.log"
}

klasy_values() {
	awk -v OFS="$TAB" '
	$1 == "segment" { print "val", "packet", $2, $5 / $4; next }
	$1 == "weave" { took[$2] = $5 / 1e6; places[$2] = $4 }
	$1 == "unweave" && $2 == "receive" {
		print "val", "weave", "few", took["few"]
		print "val", "weave", "state", took["state"]
		print "val", "weave", "receive", took["receive"]
		print "val", "weave", "each", (took["state"] - took["few"]) / (places["state"] - places["few"])
		more = places["receive"] - places["few"]
		print "val", "weave", "last", (took["receive"] - took["few"]) / more
		print "val", "weave", "unweave", $5 / 1e6
		print "val", "running", "weave", took["few"] / 1e3
		print "val", "running", "all", made[++rep] + took["few"] / 1e3
	}
	$1 == "placing" { print "val", "weave", $2 == "last" ? "kernel" : "early", $4 / 1e6 }
	$1 == "build" {
		print "val", "running", "cpu", $3
		print "val", "running", "build", $2
		made[++builds] = $2
	}
	$1 == "index" {
		print "val", "index", "elapsed", $2
		print "val", "index", "cpu", $3
		print "val", "memory", "index", $4 * 1.048576
	}
	$1 != "run" { next }
	$2 == "bare" { bare[$3] = $5; next }
	# Each call reaches the place once, and a hundredth more of them are not timed.
	$6 != "-" && ($6 < $4 * 1.01 || $6 > $4 * 1.02) {
		print "none", "hit", $2, "it was reached " $6 " times by " $4 " calls"
		next
	}
	{ print "val", $2 == "unwoven" ? "off" : "hit", $2, ($5 - bare[$3]) / $4 }' "$1"
}

# klasy_place FUNCTION MEMBER: how far in the function it is read first
klasy_place() {
	cat >"$tmp/place.aspect" <<-END
	<aspect><advice><pointcut>get($2) AND within_function($1)</pointcut><before> </before></advice></aspect>
	END
	"$klasy" match -q -j -o "$vmlinux" "$tmp/place.aspect" |
		sed -n "/\"function\":\"$1\"/s/.*\"offset\":\([0-9]*\).*/\1/p" | head -n 1
}

# klasy_build NAME BODIES [OPTION...]: a module in $tmp/bench, for the one place
klasy_build() {
	_name=$1 _bodies=$2
	shift 2
	cat >"$tmp/$_name.aspect" <<-END
	<aspect><advice><pointcut>get($klasy_member) AND within_function($klasy_symbol) $_bodies</advice></aspect>
	END
	"$klasy" build -q --object "$vmlinux" --build "$headers" "$@" -o "$tmp/bench/$_name.ko" \
		"$tmp/$_name.aspect" ||
		die "$EX_FAIL" "building the aspect $_name: klasy failed (its words are above)"
}

# klasy_timed NAME COMMAND...: "NAME SECONDS CPU-SECONDS MIB", as often as there are repetitions
klasy_timed() {
	_name=$1 _n=0
	shift
	while [ $_n -lt "$klasy_reps" ]; do
		echo "$_name $("$out/timed" "$@")" || return 1
		_n=$((_n + 1))
	done
}

# The index of the kernel, and an aspect with at most 20 places: few.ko. Once untimed, so that all files are in memory.
klasy_host() {
	KLASY_CACHE=$tmp/cache
	export KLASY_CACHE
	mkdir -p "$KLASY_CACHE"
	cat >"$tmp/few.aspect" <<-'END'
	<aspect><advice>
	  <pointcut> access(sk_buff.%) AND target(skb) AND (within_function(tcp_v4_do_rcv) OR
	    within_function(ip_protocol_deliver_rcu)) </pointcut>
	  <before> STORE_DATA($pc$); STORE_DATA(skb); </before>
	</advice></aspect>
	END
	set -- build -q --max-sites 20 --object "$vmlinux" --build "$headers" -o "$tmp/bench/few.ko" "$tmp/few.aspect"
	"$klasy" "$@" || die "$EX_FAIL" "building the aspect few: klasy failed (its words are above)"
	klasy_timed build "$klasy" "$@" && klasy_timed index "$klasy" index -f -q -o "$vmlinux"
}

measure_klasy() {
	klasy=$(built host/klasy)
	klasy_count=$(size 200000) klasy_reps=${reps:-3}
	"$CI/deps" klasy || true
	need_tools boot qemu-system-x86_64 cpio
	where=$("$CI/kernel" --debug "$kernel") || exit $?
	release=$(echo "$where" | sed -n 's/^release=//p')
	headers=$(echo "$where" | sed -n 's/^headers=//p')
	vmlinux=$(echo "$where" | sed -n 's/^vmlinux=//p')
	make_programs "$B/bench/load" "$B/bench/control" "$B/bench/timed" klasy
	guest_layout
	klasy_build body '</pointcut><before> </before>'
	klasy_build target 'AND target(t)</pointcut><before> </before>'
	klasy_build trusted 'AND target(t)</pointcut><before> </before>' --trusted
	klasy_build after '</pointcut><after> </after>'
	"$klasy" build -q --object "$vmlinux" --build "$headers" -o "$tmp/bench/receive.ko" \
		"$TOP/doc/examples/receive.aspect" || die "$EX_FAIL" "building receive.aspect: klasy failed"
	klasy_host >"$tmp/klasy.host" || return 1
	# At places that run at boot only nothing is woven, which is said by 3.
	cat >"$tmp/state.aspect" <<-'END'
	<aspect><advice>
	  <pointcut> set(task_struct.__state) </pointcut>
	  <before> STORE_DATA($pc$); </before>
	</advice></aspect>
	END
	"$klasy" build -q --object "$vmlinux" --build "$headers" -o "$tmp/bench/state.ko" "$tmp/state.aspect" ||
		[ $? = 3 ] || die "$EX_FAIL" "building the aspect state: klasy failed (its words are above)"
	klasy_segments=$((klasy_count / 20))
	_place=$(klasy_place "$klasy_symbol" "$klasy_member")
	_place2=$(klasy_place "$klasy_symbol2" sk_buff.len)
	"$CI/boot" "$kernel" --icount --mem 1024 --timeout 3600 --stall 600 --console "$out/klasy.console" \
		--add "$tmp/bench:/bench" --add "$(built host/klasy):/bin/klasy" \
		-- "$TOP/tests/bench/guest-klasy.sh" "$klasy_reps" "$klasy_count" "$klasy_symbol" "$_place" \
		"$klasy_segments" "$klasy_symbol2" "$_place2" \
		>"$out/klasy.log" || {
		cat "$out/klasy.log" >&2
		return 1
	}
	cat "$out/klasy.log" >>"$tmp/klasy.host"
	cp "$tmp/klasy.host" "$out/klasy.log"
	klasy_rows
	klasy_values "$out/klasy.log"
}
