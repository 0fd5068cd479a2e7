#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# stock.t - on a stock kernel: install, use, replace while it records, go back, remove, all by rpm.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

# A handler that is built with what two packages bring: the headers, the versions of the module's symbols.
mkdir "$tmp/devel"
for f in "$pkg"/1/lkstutils-devel-*.x86_64.rpm "$pkg"/1/kmod-lkst-*.x86_64.rpm; do
	rpm2cpio "$f" | (cd "$tmp/devel" && cpio -id --quiet '*.h' '*.def' '*.symvers')
done >"$tmp/log" 2>&1
cp -R "$top/tests/packages/handler" "$tmp/handler"
headers=$("$top/ci/kernel" "$kernel" | sed -n 's/^headers=//p')
# No type information: what makes it must be as new as the kernel's was, and nobody reads it.
make -s -C "$headers" M="$tmp/handler" DEVEL="$tmp/devel" KCFLAGS=-Werror CONFIG_DEBUG_INFO_BTF_MODULES='' \
	KBUILD_EXTRA_SYMBOLS="$(ls "$tmp"/devel/lib/modules/*/extra/lkst.symvers)" modules >>"$tmp/log" 2>&1
ok $? "an event handler is built with lkstutils-devel and kmod-lkst"

both_releases --out "$tmp/out" --add "$(ls "$pkg"/1/lkst-dkms-*.noarch.rpm):/rpms/" \
	--add "$tmp/handler/failed.ko:/t/" -- "$top/tests/packages/stock.sh" >"$tmp/tap" 2>"$tmp/log"
ok $? "the guest ran"
tell_again "$tmp/tap"
whole_logs 3 "$tmp/out"
echo "1..$tests"
