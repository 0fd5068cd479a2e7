#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# systemd.t - today's packages where systemd is process 1 and udevd makes the devices.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"
"$top/ci/rpmroot" --systemd "$kernel" "$tmp/systemd" >"$tmp/log" 2>&1
ok $? "a root with systemd and udev"
both_releases --out "$tmp/out" --root "$tmp/systemd/root" --systemd -- \
	"$top/tests/packages/systemd.sh" >"$tmp/tap" 2>"$tmp/log"
ok $? "the guest ran"
tell_again "$tmp/tap"
whole_logs 2 "$tmp/out"
echo "1..$tests"
