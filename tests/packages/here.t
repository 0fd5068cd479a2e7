#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# here.t - today's packages installed by rpm into a root on this machine: the maintainer's commands and klasy work from
# there, systemd takes the unit and makes the group.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

"$top/ci/rpmroot" --here "$tmp/here" >"$tmp/log" 2>&1
ok $? "a root"
root=$tmp/here/root
install_here "$root" "$tmp/here"/lkst-test-distribution-*.rpm >"$tmp/log" 2>&1
ok $? "the package that stands for the distribution"
set --
for f in lkstutils lkstutils-devel lkstutils-debuginfo lkst-kernel-tools klasy; do
	set -- "$@" "$(ls "$pkg/1/$f"-[0-9]*.x86_64.rpm)"
done
! install_here "$root" "$pkg"/1/lkst-kernel-patches-[0-9]*.noarch.rpm >"$tmp/log" 2>&1 &&
	grep -q 'lkst-kernel-tools is needed' "$tmp/log"
ok $? "lkst-kernel-patches alone is refused: it wants lkst-kernel-tools"
install_here "$root" "$@" "$pkg"/1/lkst-kernel-patches-[0-9]*.noarch.rpm >"$tmp/log" 2>&1
ok $? "all are installed"

for f in 2.4 2.6; do
	LC_ALL=C diff -r "$top/patches/$f" "$root/usr/share/lkst/patches/$f" >"$tmp/log" 2>&1
	ok $? "the series for $f and its configurations are there, all of them"
done
ls "$root"/usr/share/doc/lkst-kernel-patches*/porting.md >"$tmp/log" 2>&1
ok $? "doc/porting.md is there"

# Nothing of the source tree is near.
series=$root/usr/bin/lkst-series
cd "$tmp" || exit 1
"$series" status --dry-run . >"$tmp/log" 2>&1
[ $? = 1 ] && grep -q 'this is no kernel tree' "$tmp/log"
ok $? "lkst-series says what is no kernel tree"
for v in 2.6.9 2.4.37.11; do
	LKST_REQUIRE_TREES='' "$top/tests/legacy/need-tree" $v 2>"$tmp/log" || {
		ok 0 "lkst-series status on $v # SKIP $(cat "$tmp/log")"
		continue
	}
	dir=$root/usr/share/lkst/patches/${v%"${v#2.?}"}
	# 3 where a patch takes lines away besides what it adds, as that of 2.4 does: that is nothing of a hook.
	"$series" status $v >"$tmp/log" 2>&1
	[ $? != 1 ] && tail -n 1 "$tmp/log" | grep -Eqx \
		'([0-9]+) hooks in [0-9]+ patches: \1 clean, 0 offset, 0 fuzz, 0 three-way, 0 already, 0 conflict'
	ok $? "lkst-series status: every hook of the series stands in $v"
	"$series" check -s "${dir##*/}" -b $v >"$tmp/log" 2>&1
	ok $? "lkst-series check $v"
	"$series" rebase $v "$tmp/rebased-$v" >"$tmp/log" 2>&1
	[ $? != 1 ] && diff -I '^# base ' "$dir/series" "$tmp/rebased-$v/series" >>"$tmp/log"
	ok $? "lkst-series rebase carries over every letter to $v"
	"$series" spec -s "${dir##*/}" 2>"$tmp/log" | grep -c '^Patch' >"$tmp/count"
	[ "$(cat "$tmp/count")" = "$(grep -c '^[^#]' "$dir/series")" ]
	ok $? "lkst-series spec names $(cat "$tmp/count") patches"
done
if [ -d "$tmp/rebased-2.4.37.11" ]; then
	"$series" apply 2.4.37.11 "$tmp/tree" >"$tmp/log" 2>&1 && "$series" refresh "$tmp/tree" >>"$tmp/log" 2>&1 &&
		"$series" pop "$tmp/tree" >>"$tmp/log" 2>&1
	ok $? "lkst-series apply, refresh and pop"
	LC_ALL=C diff -r "$top/patches/2.4" "$root/usr/share/lkst/patches/2.4" >"$tmp/log" 2>&1
	ok $? "... leave the series as it was"
	rm -rf "$tmp/tree"
fi
"$series" abi-check --help >"$tmp/log" 2>&1 && "$root/usr/libexec/lkst/lkst-abi-check" --version >"$tmp/log" 2>&1
ok $? "lkst-abi-check runs"
cp /bin/true "$tmp/vmlinux"
"$series" off-path "$tmp/vmlinux" "$tmp/vmlinux" >"$tmp/log" 2>&1
[ $? = 1 ] && grep -q 'no ELF file of 32 bits' "$tmp/log"
ok $? "check-off-path runs, and finds lkst-blank-bugs"

"$root/usr/bin/klasy" --version >"$tmp/log" 2>&1
ok $? "klasy runs"
rpm -qp --requires "$pkg"/1/klasy-[0-9]*.rpm 2>/dev/null | tee "$tmp/log" | grep -q '^libdw\.so' &&
	grep -q '^libsqlite3\.so' "$tmp/log" && grep -q '^libZydis\.so' "$tmp/log"
ok $? "klasy asks for its libraries"

# The library: a program that reads a trace, and one that writes it, have nothing else of ours.
with_library() {
	musl-gcc -static -std=gnu11 -D_GNU_SOURCE -Wall -Werror -I"$root/usr/include" -I"$root/usr/include/lkst/lib" \
		-o "$@" "$root/usr/lib64/liblkst.a" -lm
}
with_library "$tmp/count" "$top/tests/packages/count.c" >"$tmp/log" 2>&1 &&
	with_library "$tmp/write" "$top/tests/unit/mksyscalls.c" "$top/tests/unit/mktrace.c" >"$tmp/log" 2>&1
ok $? "programs are built with lkstutils-devel"
"$tmp/write" 1000 2 "$tmp/trace" >"$tmp/log" 2>&1
[ "$("$tmp/count" "$tmp/trace" 2>>"$tmp/log")" = 1000 ]
ok $? "... write a trace of 1000 events and read it"

# What a debugger is told of a program leads to its source.
for f in "$root"/usr/lib/debug/usr/*bin/*.debug; do
	prog=${f#"$root/usr/lib/debug"} prog=${prog%-"$lkst_version"-*}
	_id=$(eu-readelf -n "$root$prog" | grep 'Build ID') &&
		[ "$_id" = "$(eu-readelf -n "$f" | grep 'Build ID')" ] && eu-addr2line -e "$f" main >"$tmp/log" 2>&1 &&
		grep -q '^int main(' "$root$(sed 's/:.*//' "$tmp/log")"
	ok $? "debuginfo of $prog leads to its source: $(cat "$tmp/log")"
done

# systemd, of this machine's distribution, looks at what is in the root.
mkdir -p "$root/usr/lib/systemd/system"
cp -RPn /usr/lib/systemd/system/. "$root/usr/lib/systemd/system/"
verify() {
	systemd-analyze verify --man=no --recursive-errors=no --root="$root" lkstlogd.service
}
verify >"$tmp/log" 2>&1 && [ ! -s "$tmp/log" ]
ok $? "systemd-analyze verify finds nothing to say of the unit"
chmod 644 "$root/usr/sbin/lkstlogd"
! verify >"$tmp/log" 2>&1
ok $? "... but that the daemon cannot be run, when it cannot"
grep -q '^lkst:' "$root/etc/group"
ok $? "the package made the group"
sed -i '/^lkst:/d' "$root/etc/group" "$root/etc/gshadow"
systemd-sysusers --root="$root" >"$tmp/log" 2>&1 && grep -q '^lkst:' "$root/etc/group"
ok $? "... and systemd-sysusers makes it by the package's line"
echo "1..$tests"
