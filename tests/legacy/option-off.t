#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# option-off.t - with the series and its option off, a kernel is byte for byte the one without the series: built with
# the same line numbers (all 0), date and host. And one instruction more is seen.
#
# Usage: option-off.t [up|smp]
#   version  (environment) of the kernel (2.6.9)
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

# comparable NAME OPTION...: sets $dir
comparable() {
	_name=$1
	shift
	dir=$("$top/ci/legacy-kernel" --comparable "$@" 2>"$tmp/log" | sed -n 's/^dir=//p')
	[ -n "$dir" ] && [ -f "$dir/vmlinuz" ]
	ok $? "$_name builds"
}

smp=
[ "${1:-up}" = up ] || smp=--smp
# shellcheck disable=SC2086
comparable "the kernel without the series" $smp "$version"
base=$dir
# shellcheck disable=SC2086
comparable "with the series, its option off" $smp --exact --series "$top/patches/$family/series" "$version"
! grep -q '^CONFIG_LKST' "$dir/config" && grep -q 'CONFIG_LKST is not set' "$dir/config"
ok $? "the option is there, and off"
"$top/tests/legacy/compare-objects" "$base" "$dir" >"$tmp/log" 2>&1
rc=$?
ok $rc "every object is the same: $(tail -n 1 "$tmp/log")"
[ ! -e "$dir/with-lines" ] || sort -u "$dir/with-lines" | sed 's/^/# with its line numbers: /'

# A hook that leaves an instruction behind when it is off, in a copy of that kernel: only one file is compiled again.
mkdir "$tmp/series"
cp "$top/patches/$family"/*.patch "$top/patches/$family/series" "$tmp/series/"
sed -i 's/^+	LKST_HOOK1(PANIC, .*/& __asm__ __volatile__("nop");/' "$tmp/series/hook-oops-and-panic.patch"
mkdir -p "${LKST_CACHE:-$HOME/.cache/lkst}/legacy"
scratch=$(mktemp -d "${LKST_CACHE:-$HOME/.cache/lkst}/legacy/stray.XXXXXX")
trap 'rm -rf "$tmp" "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cp -a "$dir/." "$scratch/"
# shellcheck disable=SC2086
comparable "a stray instruction" $smp --exact --series "$tmp/series/series" "$version" "$scratch"
! "$top/tests/legacy/compare-objects" "$base" "$scratch" >"$tmp/log" 2>&1
rc=$?
grep -q '^differs: ./kernel/panic.o: .*\.text' "$tmp/log" || rc=1
ok $rc "... is seen in kernel/panic.o: $(tail -n 1 "$tmp/log")"
echo "1..$tests"
