#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# abi.t - the kernel with the series is what it was, for modules and for who does not trace: the symbols and structures
# are those of the kernel without it, modules built for that one run in it, and a hook that is off costs no more than it
# may.
#
# Usage: abi.t [up|smp]
#   version  (environment) of the kernel (2.6.9): its family's series in patches/
# shellcheck source=tests/legacy/lib.sh
. "${0%/*}/lib.sh"

# base NAME OPTION...: the kernel without the series; sets $base
base() {
	_name=$1
	shift
	# shellcheck disable=SC2086
	base=$("$top/ci/legacy-kernel" $debug "$@" "$version" 2>"$tmp/log" | sed -n 's/^dir=//p')
	[ -n "$base" ] && [ -f "$base/vmlinuz" ]
	ok $? "$_name: the kernel without the series builds"
}

# compare NAME: what is exported, and all structures. 2.4 cannot say with symbol versions that one is for GPL modules.
compare() {
	_all=2
	[ "$family" != 2.4 ] || _all=6
	_rc=0
	"$b/host/lkst-abi-check" --reasons "$top/patches/$family/abi.reasons" --hooks "$top/patches/$family/series" "$base" \
		"$dir" >"$tmp/log" 2>&1 || _rc=$?
	[ $_rc = 0 ] && grep -q '^symbols: .* 0 changed, 0 lost, 6 added$' "$tmp/log" &&
		grep -q '^structures and unions: .* 0 changed, 0 lost, 0 added$' "$tmp/log" &&
		grep -q '^enums: .* 0 changed, 0 lost, 0 added$' "$tmp/log" &&
		grep -q 'inline-hook.*include/linux/wait.h' "$tmp/log" &&
		[ "$(grep -A 1 'symbol-added' "$tmp/log" | grep -c 'for all modules')" = $_all ]
	_rc=$?
	_sums=$(grep -E '^(symbols|structures)' "$tmp/log" | tr '\n' ' ')
	ok $_rc "$1: no symbol and no structure differs, six symbols are new, $_all of them for all: $_sums"
}

# off NAME: what hooks that are off add. To see it red: put two instructions behind LKST_HOOK1(PROCESS_WAKEUP, p) in
# hook-the-scheduler.patch; one more than the hook's own two is allowed.
off() {
	"$top/patches/check-off-path" --worst 10 "$base" "$dir" >"$tmp/log" 2>&1
	_rc=$?
	sed 's/^/# /' "$tmp/log"
	ok $_rc "$1: a hook that is off adds at most three instructions: $(tail -n 1 "$tmp/log")"
}

# third_party NAME [FLAGS SYMVERS]: build it for the kernel without the series, as $tmp/NAME.ko; with these versions, which
# takes modpost once more, for make has it prefer those of vmlinux. 2.4 finds them among the headers.
third_party() {
	rm -rf "$tmp/third"
	mkdir "$tmp/third"
	cp "$top/tests/legacy/third/third.c" "$tmp/third/"
	cp "$top/tests/legacy/third/Kbuild" "$tmp/third/Makefile"
	_cc=$(sed -n "s/.*CROSS_COMPILE='\([^']*\)'.*/\1gcc/p" "$base/make")
	_where=M
	[ "$family" != 2.4 ] || _where=SUBDIRS
	MAKEFLAGS='' "$base/make" -s $_where="$tmp/third" ${2:+CC="$_cc $2"} modules >"$tmp/log" 2>&1 || return 1
	if [ "$family" = 2.4 ]; then
		mv "$tmp/third/third.o" "$tmp/$1.o"
		return
	fi
	[ -z "${3:-}" ] || (
		cd "$base/build" && scripts/mod/modpost -m -i "$3" "$tmp/third/third.o" &&
			eval "$(sed -n 's/^cmd_.*third.mod.o := //p' "$tmp/third/.third.mod.o.cmd")" &&
			eval "$(sed -n 's/^cmd_.*third.ko := //p' "$tmp/third/.third.ko.cmd")"
	) >>"$tmp/log" 2>&1 || return 1
	mv "$tmp/third/third.ko" "$tmp/$1.ko"
}

# A struct timer_list with one member more, and the versions that its symbols have then.
change_timers() {
	mkdir -p "$tmp/changed/linux"
	sed 's/^struct timer_list {/&\n	int one_more;/' "$base/build/include/linux/timer.h" >"$tmp/changed/linux/timer.h"
	! cmp -s "$tmp/changed/linux/timer.h" "$base/build/include/linux/timer.h" || return 1
	if [ "$family" = 2.4 ]; then
		change_timers_24
		return
	fi
	_cc=$(sed -n 's/^cmd_kernel\/timer.o := \(.*\) -c -o .*/\1/p' "$base/build/kernel/.timer.o.cmd" |
		sed 's/-Wp,-MD,[^ ]*//')
	(
		cd "$base/build" || exit 1
		# shellcheck disable=SC2086
		eval "${_cc%% *}" -I"$tmp/changed" "${_cc#* }" -E -D__GENKSYMS__ kernel/timer.c | scripts/genksyms/genksyms
	) 2>"$tmp/log" | sed -n 's/^__crc_\([^ ]*\) = \(0x[0-9a-f]*\) *;.*/\1 \2/p' >"$tmp/crcs"
	awk 'NR == FNR { crc[$1] = $2; next } { if ($2 in crc) { n += $1 != crc[$2]; $1 = crc[$2] } print $1 "\t" $2 "\t" $3 }
		END { exit n < 3 }' "$tmp/crcs" "$base/Module.symvers" >"$tmp/changed/Module.symvers"
}

change_timers_24() {
	mkdir -p "$tmp/versions-2.4" "$tmp/changed/linux/modules"
	cp "$top/tests/legacy/third/versions-2.4.mk" "$tmp/versions-2.4/Makefile"
	MAKEFLAGS='' "$base/make" -s SUBDIRS="$tmp/versions-2.4" CHANGED="$tmp/changed" modules >"$tmp/log" 2>&1 ||
		return 1
	mv "$tmp/versions-2.4/ksyms.ver" "$tmp/changed/linux/modules/"
	[ "$(diff "$base/build/include/linux/modules/ksyms.ver" "$tmp/changed/linux/modules/ksyms.ver" |
		grep -c '^> .*__ver_.*timer')" -ge 3 ]
}

# The versions of third.ko's symbols, "SUM NAME", in $tmp/versions; in $tmp/log the symbols without. 2.4 has them in
# the names; what it exports without (EXPORT_SYMBOL_NOVERS) is a string there as it is.
find_versions() {
	: >"$tmp/versions"
	[ "$family" = 2.4 ] || modprobe --dump-modversions "$tmp/third.ko" >"$tmp/versions" 2>"$tmp/log"
	[ "$family" != 2.4 ] || strings -a "$base/build/vmlinux" >"$tmp/strings"
	nm -u "$tmp"/third.*o | awk '{ print $2 }' | while read -r _s; do
		if [ "$family" != 2.4 ]; then
			grep -q "	$_s\$" "$tmp/versions" || echo "$_s has no version"
		elif echo "$_s" | grep -Eq '_R(smp_)?[0-9a-f]{8}$'; then
			echo "$_s" | sed 's/\(.*\)_R\(.*\)/\2	\1/' >>"$tmp/versions"
		else
			grep -qxF "$_s" "$tmp/strings" || echo "$_s has no version"
		fi
	done >>"$tmp/log"
}

modules() {
	third_party third
	ok $? "$1: a third party's module builds against the kernel without the series"
	find_versions
	[ "$(wc -l <"$tmp/versions")" -gt 25 ] && [ ! -s "$tmp/log" ]
	ok $? "$1: ... with a version for every symbol"
	change_timers
	ok $? "$1: with one member more in struct timer_list its symbols have other versions"
	third_party changed "-I$tmp/changed" "$tmp/changed/Module.symvers"
	ok $? "$1: ... and the module builds for that"
	cp "$(find "$base/lib/modules" -name 'dummy.*o')" "$tmp/" 2>"$tmp/log"
	ok $? "$1: so did dummy.ko, the kernel's own"
}

up=up
[ "$family" != 2.4 ] || up=24-up
which=${1:-up smp}
for n in $which; do
	set --
	[ "$n" = up ] || set -- --smp
	# That for two CPUs has more options where the other tests use it.
	if [ "$n" = up ]; then built "$up"; else kernel "$n" "$@"; fi
	base "$n" "$@"
	compare "$n"
	off "$n"
	modules "$n"
	[ "$n" = up ] || set -- --smp 2
	boot "$n" third.sh "$@" --add "$(echo "$tmp"/third.*o)" --add "$(echo "$tmp"/changed.*o)" \
		--add "$(echo "$tmp"/dummy.*o)"
	seen "$n" TIMER_ENTRY 1
	seen "$n" NET_SEND 1
done
echo "1..$tests"
