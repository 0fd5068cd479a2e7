#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# panic.t - a panic while everything is recorded: the kernel says all it has to say and ends, and the module froze the buffers.
console=$(mktemp)
trap 'rm -f "$console"' EXIT
tests/guest/run panic.sh --allow-oops --console "$console" >/dev/null
rc=$?
echo "1..2"
if [ $rc = 0 ] && grep -q 'Kernel panic - not syncing: sysrq triggered crash' "$console"; then
	echo "ok 1 - it panicked"
else
	echo "not ok 1 - it panicked"
fi
if grep -q 'lkst_test: 1 PANIC events, 0 events after it' "$console"; then
	echo "ok 2 - PANIC was handled, and nothing after it"
else
	echo "not ok 2 - PANIC was handled, and nothing after it"
	tail -n 20 "$console" | tr -d '\r' | sed 's/^/# /'
fi
