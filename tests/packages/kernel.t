#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.t - kernel and kernel-smp from the user's 2.6.9: built as packages, installed into a root by rpm;
# that root boots, with the kernel and the modules that lie in it, and records.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"
if ! LKST_REQUIRE_TREES='' "$top/tests/legacy/need-tree" 2.6.9 2>"$tmp/log"; then
	echo "1..0 # SKIP $(cat "$tmp/log")"
	exit 0
fi

# make_kernel OUT VARIABLE=VALUE...
make_kernel() {
	_out=$1
	shift
	make -s -C "$top" rpm-kernel TREE=2.6.9 B="$b" RPMS="$_out" "$@" >"$tmp/log" 2>&1
}

make_kernel "$pkg/kernel"
ok $? "kernel and kernel-devel are built"
make_kernel "$pkg/kernel" SMP=yes
ok $? "kernel-smp and kernel-smp-devel are built"
make_kernel "$tmp/again" B="$tmp/build"
ok $? "kernel is built in another folder"
for f in "$tmp"/again/*.rpm; do
	cmp "$f" "$pkg/kernel/${f##*/}" >"$tmp/log" 2>&1
	ok $? "${f##*/} is the same from both folders"
done
rpm -qp --requires "$pkg"/kernel/*.rpm 2>/dev/null | sed -n 's/^rpmlib(\(.*\)).*/\1/p' |
	grep -vxE 'CompressedFileNames|PayloadFilesHavePrefix|VersionedDependencies' >"$tmp/log"
[ ! -s "$tmp/log" ]
ok $? "they are for any rpm"
rpmlint -c "$top/spec/rpmlint.toml" "$pkg"/kernel/*.rpm >"$tmp/log" 2>&1 && grep -q ' 0 errors, 0 warnings' "$tmp/log"
ok $? "rpmlint finds nothing but what spec/rpmlint.toml excepts"

"$top/ci/rpmroot" --old "$tmp/old" >"$tmp/log" 2>&1
ok $? "a root for old kernels"
cp -RPp "$pkg/root/root" "$tmp/root"
cp -RPp "$tmp/old/root" "$tmp/root/old"
set --
for f in "$pkg"/1/lkstutils-[0-9]*.i686.rpm "$pkg"/kernel/kernel-2*.rpm "$pkg"/kernel/kernel-smp-2*.rpm; do
	set -- "$@" --add "$f:/rpms/"
done
"$top/ci/boot" "$kernel" --mem 768 --timeout 900 --root "$tmp/root" --out "$tmp/installed" \
	--add "$top/tests/guest/lib.sh:/t/" --add "$tmp/old/lkst-test-distribution-2-1.i686.rpm:/dist/" "$@" -- \
	"$top/tests/packages/install26.sh" >"$tmp/tap" 2>"$tmp/log"
ok $? "packages are installed in a guest"
tell_again "$tmp/tap"

# boot NAME RELEASE OPTION...: what rpm installed is the kernel and the system
boot() {
	_name=$1 _release=$2
	shift 2
	"$top/ci/boot" "$tmp/installed/$_name" --root "$tmp/installed/$_name" --timeout 600 --out "$tmp/$_name" \
		--add "$b/guest26/load26" "$@" -- "$top/tests/packages/record26.sh" "$_release" >"$tmp/log" 2>&1
	ok $? "$_name: the root boots as $_release, the daemon runs, a load is recorded"
	for _e in 'PROCESS_FORK 23' 'PROCESS_SIGSEND 23' 'SYSCALL_SYSENTER 46' 'IPC_SEMOP 23'; do
		"$b/x86_64/lkstla" print "$tmp/$_name/trace" 2>"$tmp/log" | grep -c " ${_e% *} " >"$tmp/count"
		[ "$(cat "$tmp/count")" -ge "${_e#* }" ]
		ok $? "$_name: ${_e% *} seen on the host ($(cat "$tmp/count"), at least ${_e#* })"
	done
	"$b/x86_64/lkstla" print "$tmp/$_name/log" >"$tmp/log" 2>&1
	ok $? "$_name: the daemon's log is whole"
}
boot up 2.6.9-1.lkst1
boot smp 2.6.9-1.lkst1smp --smp 2
echo "1..$tests"
