#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# stock.t - on a stock kernel: install, use, replace while it records, go back, remove, all by rpm.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

both_releases --out "$tmp/out" --add "$(ls "$pkg"/1/lkst-dkms-*.noarch.rpm):/rpms/" -- \
	"$top/tests/packages/stock.sh" >"$tmp/tap" 2>"$tmp/log"
ok $? "the guest ran"
tell_again "$tmp/tap"
whole_logs 3 "$tmp/out"
echo "1..$tests"
