# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-kutrace.sh - ci/bench kutrace: instructions counted in a guest of a kernel with KUtrace's patch,
# every tracer on that kernel. Sourced; prints table.awk's input. KUtrace is the user's checkout: nothing of it is here.
#
# KUtrace is a patch, with an option of its own, and a module. The kernel is built twice from Debian's source and from
# one tree: with the option and without it. What the option alone costs is the one less the other; what a tracer adds is
# counted on the kernel with the option, less the same load there without any tracer.

KUTRACE_PATCH=linux/linux-6.1.12/linux-6.1.12-patches.txt
KUTRACE_MODULE=linux/module/kutrace_mod.c
KUTRACE_LAYOUT=1	# raise it when what kutrace_kernel() makes changes: old kernels are then built anew

# kutrace_check DIR: is it a checkout of KUtrace? Before anything is installed or built.
kutrace_check() {
	[ -d "$1" ] ||
		die "$EX_USAGE" "reading the arguments: there is no directory $1 (--kutrace: KUtrace's checkout)"
	for _f in "$KUTRACE_PATCH" "$KUTRACE_MODULE"; do
		[ -f "$1/$_f" ] || die "$EX_USAGE" "reading the arguments: $1 is no checkout of KUtrace: it has no $_f"
	done
}

# The patch is for 6.1.12. Of what it touches, stable updates have since given the call of a system call and the end of
# a page fault other words; its own lines stay as they are.
kutrace_patch() {
	sed -e 's/\(regs->ax = \)sys_call_table\[u\{0,1\}nr\](regs);/\1x64_sys_call(regs, unr);/' \
		-e '/^@@ -1526,6 +1530,8 @@ handle_page_fault/,/^ DEFINE_IDTENTRY/{' -e 's/6 +1530,8/5 +1530,7/' \
		-e 's/^ \t\t/ \t/' -e '/^ \t}$/d' -e '}' "$kutrace/$KUTRACE_PATCH"
}

# kutrace_apply TREE [OPTION-OF-PATCH]: or die with the hunks that do not fit
kutrace_apply() {
	kutrace_patch | patch -d "$1" -p1 -F2 --no-backup-if-mismatch -r - ${2:+"$2"} >"$tmp/patch.log" 2>&1 && return 0
	die "$EX_FAIL" "applying KUtrace's patch to 6.1: $(awk '
		/^(patching|checking) file / { f = $3 }
		/^Hunk .* FAILED/ { sub(/#/, "", $2); why = why (why == "" ? "" : ", ") "hunk " $2 " of " f }
		{ last = $0 }
		END { print why == "" ? last : why ": does not fit" }' "$tmp/patch.log")"
}

# The module of 2024 counts what the patch of 2023 has no member for.
kutrace_add_member() {
	grep -q prior_llc_misses "$1" || sed -i 's/^\([ \t]*u64 \)prior_inst_retired;.*/&\n\1prior_llc_misses;/' "$1"
}

# The links are to what nobody writes to: patch puts new files in the place of those that it changes.
kutrace_tree() {
	rm -rf "$kdir/source.new"
	cp -al "$source" "$kdir/source.new" 2>/dev/null || {
		rm -rf "$kdir/source.new"
		cp -r "$source" "$kdir/source.new"
	} || die "$EX_FAIL" "copying the kernel's source to $kdir: cp failed"
	kutrace_apply "$kdir/source.new"
	kutrace_add_member "$kdir/source.new/include/linux/kutrace.h"
	mkdir -p "$kdir/source.new/Documentation"
	rm -f "$kdir/source.new/Documentation/Kconfig"
	: >"$kdir/source.new/Documentation/Kconfig"
	mv "$kdir/source.new" "$kdir/source"
}

kutrace_make() {
	MAKEFLAGS='' nice make -C "$kdir/source" O="$headers" -j"$(nproc)" "$@" >>"$kdir/log" 2>&1 || {
		grep -E -B 3 '[Ee]rror|\*\*\*' "$kdir/log" | tail -n 25 >&2
		die "$EX_FAIL" "building a kernel with KUtrace's patch: make failed (the errors of $kdir/log are above)"
	}
}

# kutrace_build DIR OPTION: into kdir/DIR, as ci/boot wants a kernel; OPTION is the line of the configuration.
kutrace_build() {
	mkdir -p "$headers"
	{ sed 's/^\(CONFIG_.*\)=m$/# \1 is not set/' "$config" "$TOP/tests/bench/kutrace.config"; echo "$2"; } \
		>"$headers/.config"
	kutrace_make olddefconfig
	grep -qxF "$2" "$headers/.config" ||
		die "$EX_FAIL" "building a kernel with KUtrace's patch: the tree does not take $2"
	kutrace_make bzImage modules
	_m=$kdir/$1.new/lib/modules/$(cat "$headers/include/config/kernel.release")
	rm -rf "${kdir:?}/$1" "$kdir/$1.new"
	mkdir -p "$_m"
	cp "$headers/arch/x86/boot/bzImage" "$kdir/$1.new/vmlinuz"
	cp "$headers"/modules.builtin* "$_m/"
	: >"$_m/modules.order"
	depmod -b "$kdir/$1.new" "${_m##*/}" || die "$EX_FAIL" "listing the modules of $kdir/$1: depmod failed"
	mv "$kdir/$1.new" "$kdir/$1"
}

# The kernels, in the cache: sets $kdir, $headers, $modules and $release. The one with the option is built last: modules
# are built for it, and fit the other, too, which has the same release and the same exports but KUtrace's.
kutrace_kernel() {
	_where=$("$CI/kernel" --source 6.1) || exit $?
	source=$(echo "$_where" | sed -n 's/^source=//p')
	config=$(echo "$_where" | sed -n 's/^config=//p')
	kutrace_apply "$source" --dry-run
	_key=$({ echo "$KUTRACE_LAYOUT"; gcc --version | head -n 1; kutrace_patch
		cat "$source/stamp" "$config"; grep CONFIG_ "$TOP/tests/bench/kutrace.config"; } |
		sha256sum | cut -c1-16)
	kdir=$(cd "$LKST_CACHE" && pwd -P)/bench/kutrace-$_key
	headers=$kdir/linux-$_key
	mkdir -p "$kdir"
	exec 8>"$kdir/lock"
	flock 8
	if [ ! -e "$kdir/done" ]; then
		say "building two kernels with KUtrace's patch, once (20 minutes)"
		: >"$kdir/log"
		[ -d "$kdir/source" ] || kutrace_tree
		kutrace_build off '# CONFIG_KUTRACE is not set' 8>&-
		kutrace_build on CONFIG_KUTRACE=y 8>&-
		: >"$kdir/done"
	fi
	exec 8>&-
	modules=$(echo "$kdir"/on/lib/modules/*)
	release=${modules##*/}
}

# Its module; not by its Makefile, which builds for the host's processor.
kutrace_module() {
	mkdir -p "$tmp/kutrace"
	cp "$kutrace/$KUTRACE_MODULE" "$tmp/kutrace/"
	echo 'obj-m := kutrace_mod.o' >"$tmp/kutrace/Makefile"
	MAKEFLAGS='' make -s -C "$headers" M="$tmp/kutrace" modules >"$tmp/kutrace.log" 2>&1 || {
		cat "$tmp/kutrace.log" >&2
		die "$EX_FAIL" "building KUtrace's module: make failed"
	}
	make_programs "$B/bench/kutrace"
	cp "$tmp/kutrace/kutrace_mod.ko" "$out/kutrace" "$tmp/bench/"
}

# kutrace_sum FILE: which one it is
kutrace_sum() {
	sha256sum <"$kutrace/$1" | cut -c1-12
}

kutrace_rows() {
	line part kutrace \
		"What an event costs beside KUtrace, in guest instructions; a kernel with its patch, one CPU"
	line meta kernel "$release of Debian's source $(awk '/^linux-source/ { print $2 }' "$source/stamp"), cut down"
	line meta kutrace \
		"patch for 6.1.12 $(kutrace_sum "$KUTRACE_PATCH"), module $(kutrace_sum "$KUTRACE_MODULE"), no IPC"
	guest_meta
	line table patch "The patch with its option, no module: more than without the option" "a load" "%.2f"
	line row patch getppid "getppid"
	line row patch switch "a switch: a byte through a pipe"
	guest_off_rows
	line row off masked-kutrace "KUtrace's module loaded, tracing off"
	guest_getppid_rows
	line table switch "Switches: a byte to and fro through pipes between two processes" "a switch" "%.1f"
	line ref switch lkst-all
	line row switch empty "an empty probe of the switch" "the kernel's own share"
	line row switch lkst "LKST, PROCESS_CONTEXTSWITCH"
	line row switch lkst-all "LKST, what KUtrace records: calls, wake-up, switch"
	line row switch kutrace "KUtrace, which records all it has"
	line row switch ftrace-no-cmd "ftrace, sched_switch, record-cmd off"
	line row switch ftrace "ftrace, sched_switch"
	line row switch lttng "LTTng, sched_switch"
	line row switch systemtap "SystemTap, sched_switch"
}

# The kernels are two boots.
kutrace_patch_values() {
	awk -v OFS="$TAB" '
		$1 != "run" || $3 != "bare" { next }
		FNR == NR { off[$2, $4] = $6 / $5; next }
		($2, $4) in off { print "val", "patch", $2, $6 / $5 - off[$2, $4] }' "$@"
	# The last repetition's; the others are judged by the same counts.
	awk -v OFS="$TAB" '$1 == "note" { k = $2; sub(/^note [^ ]* /, ""); text[k] = $0 }
		END { for (k in text) print "meta", k, text[k] }' "$2" | sort
}

measure_kutrace() {
	need_tools bench patch flock
	kutrace_kernel
	guest_sizes
	guest_layout kmod-kutrace
	kutrace_module
	_ok=0
	guest_boot "$kdir/on" kutrace || _ok=1
	guest_log_of kutrace-off "$kdir/off" "$guest_reps" "$guest_count" "$guest_switches" - bare || _ok=1
	kutrace_rows
	guest_judged kutrace || _ok=1
	kutrace_patch_values "$out/kutrace-off.log" "$out/kutrace.log"
	return $_ok
}
