#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record-path.t - no lock, cli or pushf in the object code of the record path (tests/check-record-path), and nothing of
# the tests.
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
# The hook at the steps of the ring is the test build's alone; that the search can find it is seen there.
named() {
	nm -A "$1"/kmod/*.o | grep -c lkst_step_hook
}
dir=${KMOD_DIR:-build/kmod-6.1}
n=$((n + 1))
if [ "$(named "$dir")" = 0 ] && [ "$(named "$dir-steps")" -gt 0 ]; then
	echo "ok $n - the product's objects have no hook at the steps of the ring, the test build's have"
else
	echo "not ok $n - objects with a hook at the steps: of the product $(named "$dir"), of the test build $(named "$dir-steps")"
fi
echo "1..$n"
