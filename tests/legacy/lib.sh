# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# lib.sh - what the tests of old kernels share: build the patched kernel and the module for it, boot it, count what was seen.
# Who sources it says which kernel: version=2.4.37.11; else it is 2.6.9.

top=$(cd "$(dirname "$0")/../.." && pwd -P)
b=${B:-build}
case $b in
/*) ;;
*) b=$top/$b ;;
esac
. "$top/tests/host.sh"
tmp=$T
. "$top/tests/legacy/kernels.sh"
is_version "${version:-$(base_of 2.6)}"

# kernel NAME OPTION...: the patched kernel and the module for it; sets $dir and $kmod
kernel() {
	_name=$1
	shift
	# shellcheck disable=SC2086
	dir=$("$top/ci/legacy-kernel" --exact --series "$top/patches/$family/series" $debug --set CONFIG_LKST=y "$@" \
		"$version" 2>"$tmp/log" |
		sed -n 's/^dir=//p')
	[ -n "$dir" ] && [ -f "$dir/vmlinuz" ]
	ok $? "$_name: the whole series applies without offset, and builds"
	kmod=$b/kmod-$version-$_name-$(basename "$0" .t)	# two tests at a time may want the same
	_rc=0
	"$top/ci/build-kmod" "$dir" "$kmod" >"$tmp/words" 2>&1 || _rc=$?
	cp "$tmp/words" "$tmp/log"
	ok $_rc "$_name: the module builds"
	cp "$tmp/words" "$tmp/log"
	[ ! -s "$tmp/words" ]
	ok $? "$_name: without a warning"
}

# built NAME: the kernel and the module that tests/legacy/build made before; sets $dir and $kmod
built() {
	dir=$b/legacy/$1/kernel
	kmod=$b/legacy/$1/kmod
}

# boot NAME SCRIPT OPTION...: run a guest script of this folder; its files come to $tmp/NAME
boot() {
	_name=$1 _script=$2
	shift 2
	_rc=0
	"$top/ci/boot" "$dir" "$@" --out "$tmp/$_name" --add "$(echo "$kmod"/lkst.*o)" --add "$b/i386/lkst" \
		--add "$b/i386/lkstm" --add "$b/guest26/load26" --add "$b/guest26/load" -- \
		"$top/tests/legacy/$_script" >"$tmp/log" 2>&1 || _rc=$?
	ok $_rc "$_name: $_script in the guest"
}

# seen NAME EVENT LEAST [PATTERN [FILE]]: in the trace of boot NAME
seen() {
	"$b/x86_64/lkstla" print "$tmp/$1/${5:-trace}" 2>"$tmp/log" | grep " $2 " | grep -c -- "${4:-.}" >"$tmp/count"
	_n=$(cat "$tmp/count")
	echo "seen $_n, wanted $3" >>"$tmp/log"
	[ "$_n" -ge "$3" ]
	ok $? "$1: $2 ${4:-} seen on the host ($_n, at least $3)"
}
