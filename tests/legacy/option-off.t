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

# compile OBJECT SED-SCRIPT: a file with hooks as it was compiled there, but for that
compile() {
	_name=arch/i386/mm/fault.c
	[ "$family" != 2.4 ] || _name=fault.c
	{ echo "#line 1 \"$_name\""; sed "$2" "$dir/build/arch/i386/mm/fault.c"; } >"$tmp/fault.c"
	_said=$dir/build/arch/i386/mm/.fault.o
	if [ "$family" = 2.4 ]; then
		_flags=$(sed -n '1s/^ifeq (\([^,]*\),.*/\1/p' "$_said.flags")
		_cc="$(sed -n "s/.* CC='\([^']*\)'.*/\1/p" "$dir/make") $_flags -DKBUILD_BASENAME=fault"
	else
		_cc=$(sed -n 's/-Wp,-MD,[^ ]*//; s/^cmd_[^ ]*fault.o := \(.*\) -c -o .*/\1/p' "$_said.cmd")
	fi
	(cd "$dir/build" && LKST_WITH_LINES=$tmp/with-lines && export LKST_WITH_LINES &&
		eval "$_cc -c -o '$1' '$tmp/fault.c'") >"$tmp/log" 2>&1
}

# A hook that leaves an instruction behind when it is off.
compile "$tmp/same.o" '' && "$top/tests/legacy/compare-objects" --instead ./arch/i386/mm/fault.o "$tmp/same.o" \
	"$base" "$dir" >"$tmp/log" 2>&1
ok $? "so is one that is compiled once more"
rc=0
compile "$tmp/stray.o" 's/^	mm = tsk->mm;/&__asm__ __volatile__("nop");/' || rc=$?
! "$top/tests/legacy/compare-objects" --instead ./arch/i386/mm/fault.o "$tmp/stray.o" "$base" "$dir" >"$tmp/log" 2>&1 &&
	[ "$(grep -c '^differs' "$tmp/log")" = 1 ] || rc=1
grep -q '^differs: ./arch/i386/mm/fault.o: .*\.text' "$tmp/log" || rc=1
ok $rc "a stray instruction is seen in it: $(tail -n 1 "$tmp/log")"
echo "1..$tests"
