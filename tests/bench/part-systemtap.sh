# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
# tests/bench/part-systemtap.sh - SystemTap for ci/bench: its modules made on the host for the guest. Sourced.
#
# What it is given is the cheapest that holds what LKST's records hold: 16 bytes, the raw counter first, a buffer for
# each CPU that overwrites, no watch over the time that probes take.

# The kernel's build tree as stap wants it; of its tracepoints only the headers that are asked for: it compiles each.
systemtap_tree() {
	_common=$(sed -n 's/^include \(.*\)\/Makefile$/\1/p' "$headers/Makefile")
	mkdir -p "$1/tree" "$1/source/include/trace/events"
	for _f in "$headers"/* "$headers"/.[a-z]*; do ln -s "$_f" "$1/tree/"; done
	ln -sfn "$1/source" "$1/tree/source"	# a tree that was built has one
	for _f in syscalls sched; do ln -s "$_common/include/trace/events/$_f.h" "$1/source/include/trace/events/"; done
}

# A stable update of 6.1 gave the runtime's task_work_cancel() another name and its own to something else.
systemtap_runtime() {
	cp -r /usr/share/systemtap/runtime "$1/runtime"
	! grep -q task_work_cancel_func "$_common/include/linux/task_work.h" ||
		sed -i -e 's/&task_work_cancel)/\&task_work_cancel_func)/' \
			-e 's/define task_work_cancel /define task_work_cancel_func /' \
			-e 's/= task_work_cancel(/= task_work_cancel_func(/' \
			-e 's/"task_work_cancel"/"task_work_cancel_func"/' "$1/runtime/stp_task_work.c"
}

# systemtap_guest DIR: lay out SystemTap for a guest in DIR (usr, bench), or fail with the reason in $tmp/systemtap.why.
systemtap_guest() {
	for _t in /usr/bin/stap /usr/bin/staprun /usr/lib/systemtap/stapio; do
		[ -x "$_t" ] || { echo "$_t is not installed (ci/deps bench)" >"$tmp/systemtap.why"; return 1; }
	done
	_dir=$tmp/systemtap.build
	systemtap_tree "$_dir"
	systemtap_runtime "$_dir"
	mkdir -p "$1/bench" "$1/usr/bin" "$1/usr/lib/systemtap"
	for _load in getppid switch; do
		(cd "$_dir" && stap -b -s 1 -DSTP_NO_OVERLOAD -p4 -R "$_dir/runtime" -r "$_dir/tree" -m "stap_$_load" \
			"$TOP/tests/bench/$_load.stp") >"$tmp/stap.log" 2>&1 || {
			echo "it does not build here: $(grep -m 1 error "$tmp/stap.log")" >"$tmp/systemtap.why"
			return 1
		}
		cp "$_dir/stap_$_load.ko" "$1/bench/"
	done
	cp /usr/bin/staprun "$1/usr/bin/"
	cp /usr/lib/systemtap/stapio "$1/usr/lib/systemtap/"
}
