# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034
# tests/bench/part-lttng.sh - LTTng for ci/bench: its modules built for the guest, its session daemon for the native part.
# Sourced.

LTTNG_CONSUMER=/usr/lib/x86_64-linux-gnu/lttng/libexec/lttng-consumerd
LTTNG_XML=/usr/share/xml/lttng

# lttng_modules HEADERS: print the directory of the built modules, or fail with the reason in $tmp/lttng.why.
# Debian's lttng-modules 2.13.9 does not build on kernels that took the changed hrtimer tracepoints: its timer probe is left out.
lttng_modules() {
	_src=$("$CI/unpack" lttng-modules-dkms 2>"$tmp/lttng.why") || return 1
	_ver=$(cat "$_src/VERSION")
	_dir=$LKST_CACHE/bench/lttng-modules-$_ver-$(basename "$1")
	if [ ! -e "$_dir/done" ]; then
		say "building LTTng's modules $_ver, once (2 minutes)"
		rm -rf "$_dir"
		mkdir -p "$_dir/mod"
		cp -r "$_src"/usr/src/lttng-modules-*/. "$_dir/mod/"
		sed -i '/lttng-probe-timer\.o/d' "$_dir/mod/src/probes/Kbuild"
		if ! make -s -C "$1" M="$_dir/mod" CONFIG_LTTNG=m -j"$(nproc)" modules >"$_dir/log" 2>&1; then
			echo "lttng-modules $_ver does not build here: $(grep -m 1 -E 'error|Error' "$_dir/log")" >"$tmp/lttng.why"
			return 1
		fi
		mkdir -p "$_dir/ko"
		find "$_dir/mod" -name '*.ko' -exec cp {} "$_dir/ko/" \;
		strip --strip-debug "$_dir"/ko/*.ko
		rm -rf "$_dir/mod"
		echo "$_ver" >"$_dir/done"
	fi
	echo "$_dir/ko"
}

# lttng_guest DIR RELEASE HEADERS MODULES: lay out LTTng for a guest in DIR (usr, lib). Fails as lttng_modules() does.
lttng_guest() {
	for _t in /usr/bin/lttng /usr/bin/lttng-sessiond "$LTTNG_CONSUMER"; do
		[ -x "$_t" ] || { echo "$_t is not installed (ci/deps bench)" >"$tmp/lttng.why"; return 1; }
	done
	_ko=$(lttng_modules "$3") || return 1
	_m=$1/lib/modules/$2
	mkdir -p "$_m/extra" "$1/usr/bin" "$1${LTTNG_CONSUMER%/*}" "$1${LTTNG_XML%/*}"
	cp "$_ko"/*.ko "$_m/extra/"
	cp "$4"/modules.builtin* "$4/modules.order" "$_m/"
	depmod -b "$1" "$2" || { echo "depmod failed" >"$tmp/lttng.why"; return 1; }
	cp /usr/bin/lttng /usr/bin/lttng-sessiond "$1/usr/bin/"
	cp "$LTTNG_CONSUMER" "$1${LTTNG_CONSUMER%/*}/"
	cp -r "$LTTNG_XML" "$1${LTTNG_XML%/*}/"
}

lttng_why() {
	tail -n 1 "$tmp/lttng.why" 2>/dev/null | tr '\t' ' '
}

# A session daemon for this run on the host, if none answers. Sets $why when there is none to be had.
lttng_start() {
	if ! command -v lttng-sessiond >/dev/null || ! command -v lttng >/dev/null; then
		why="lttng-tools is not installed"
		return 1
	fi
	! lttng list >/dev/null 2>&1 || return 0
	lttng-sessiond --no-kernel >"$tmp/sessiond.log" 2>&1 &
	session_daemon=$!
	_tries=0
	until lttng list >/dev/null 2>&1; do
		_tries=$((_tries + 1))
		if [ $_tries -ge 50 ] || ! kill -0 $session_daemon 2>/dev/null; then
			why="lttng-sessiond does not start: $(tail -n 1 "$tmp/sessiond.log")"
			return 1
		fi
		sleep 0.2
	done
}

lttng_stop() {
	[ -n "${session_daemon:-}" ] || return 0
	kill "$session_daemon" 2>/dev/null && wait "$session_daemon" 2>/dev/null
	session_daemon=
}
