#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# dkms.t - what lkst-dkms brings is built by dkms for another kernel of ci/kernels than the one kmod-lkst is for.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"
where=$("$top/ci/kernel" 6.12) || { rc=$?; [ $rc != 4 ] || echo "1..0 # SKIP no kernel 6.12 here"; exit $rc; }
release=$(printf '%s\n' "$where" | sed -n 's/^release=//p')
headers=$(printf '%s\n' "$where" | sed -n 's/^headers=//p')
mkdir -p "$tmp/root" "$tmp/dkms" "$tmp/modules/$release"
(cd "$tmp/root" && rpm2cpio "$pkg"/1/lkst-dkms-*.noarch.rpm | cpio -id --quiet)
ok $? "unpacked"

# with COMMAND...: dkms on trees of our own
with() {
	dkms "$@" -m lkst -v "$lkst_version" -k "$release" -a x86_64 --dkmstree "$tmp/dkms" --sourcetree "$tmp/root/usr/src" \
		--installtree "$tmp/modules" --kernelsourcedir "$headers" >"$tmp/log" 2>&1
}
with add
ok $? "dkms add"
with build
ok $? "dkms build for $release"
find "$tmp/dkms" -name 'lkst*.ko*' >"$tmp/log"
[ "$(wc -l <"$tmp/log")" = 2 ]
ok $? "both modules are there"
with remove
ok $? "dkms remove"
echo "1..$tests"
