# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# lib.sh - what the tests of old kernels share: build the patched kernel and the module for it, boot it, count what was seen.

top=$(cd "$(dirname "$0")/../.." && pwd -P)
b=${B:-build}
case $b in
/*) ;;
*) b=$top/$b ;;
esac
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
tests=0

# ok STATUS NAME: one test; a failed one shows the end of $tmp/log
ok() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		[ ! -s "$tmp/log" ] || tail -n 30 "$tmp/log" | sed 's/^/# /'
	fi
	: >"$tmp/log"
}

# kernel NAME OPTION...: the patched 2.6.9 and the module for it; sets $dir and $kmod
kernel() {
	_name=$1
	shift
	dir=$("$top/ci/legacy-kernel" --exact --series "$top/patches/2.6/series" --set CONFIG_LKST=y "$@" 2.6.9 2>"$tmp/log" |
		sed -n 's/^dir=//p')
	[ -n "$dir" ] && [ -f "$dir/vmlinuz" ]
	ok $? "$_name: the whole series applies without offset, and builds"
	kmod=$b/kmod-2.6.9-$_name
	"$top/ci/build-kmod" "$dir" "$kmod" >"$tmp/log" 2>&1
	ok $? "$_name: the module builds"
	[ ! -s "$tmp/log" ]
	ok $? "$_name: without a warning"
}

# boot NAME SCRIPT OPTION...: run a guest script of this folder, whose TAP is told again; its files come to $tmp/NAME
boot() {
	_name=$1 _script=$2
	shift 2
	_rc=0
	"$top/ci/boot" "$dir" "$@" --out "$tmp/$_name" --add "$kmod/lkst.ko" --add "$b/i386/lkst" --add "$b/i386/lkstm" \
		--add "$b/guest26/load26" -- "$top/tests/legacy/$_script" >"$tmp/log" 2>&1 || _rc=$?
	ok $_rc "$_name: $_script in the guest"
}

# seen NAME EVENT LEAST [PATTERN]: in the trace of boot NAME
seen() {
	"$b/x86_64/lkstla" print "$tmp/$1/trace" 2>"$tmp/log" | grep " $2 " | grep -c -- "${4:-.}" >"$tmp/count"
	_n=$(cat "$tmp/count")
	echo "seen $_n, wanted $3" >>"$tmp/log"
	[ "$_n" -ge "$3" ]
	ok $? "$1: $2 ${4:-} seen on the host ($_n, at least $3)"
}
