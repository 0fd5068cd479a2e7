#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record-path.t - no lock, cli or pushf in the object code of the record path (tests/check-record-path).
cd "$(dirname "$0")/../.." || exit 1
n=0
for how in --self-test "${KMOD_DIR:-build/kmod-6.1}/kmod"; do
	n=$((n + 1))
	if said=$(tests/check-record-path "$how" 2>&1); then
		echo "ok $n - tests/check-record-path $how"
	else
		echo "not ok $n - tests/check-record-path $how"
		echo "$said" | sed 's/^/# /'
	fi
done
echo "1..$n"
