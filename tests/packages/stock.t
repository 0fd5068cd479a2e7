#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# stock.t - on a stock kernel: install, use, replace while it records, go back, remove, all by rpm.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"
guest --add "$(ls "$pkg"/1/lkstutils-[0-9]*.x86_64.rpm):/rpms/" --add "$(ls "$pkg"/1/kmod-lkst-*.x86_64.rpm):/rpms/" \
	--add "$(ls "$pkg"/1/lkst-dkms-*.noarch.rpm):/rpms/" --add "$(ls "$pkg"/2/lkstutils-[0-9]*.x86_64.rpm):/rpms2/" \
	--add "$(ls "$pkg"/2/kmod-lkst-*.x86_64.rpm):/rpms2/" -- "$top/tests/packages/stock.sh"
