#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# panic.t - a panic of an old kernel while everything is recorded: PANIC is an event, and freezes the buffers (the guest
# suite's panic.sh).
#
# Usage: panic.t [NAME]
#   NAME  as tests/legacy/build had it (smp)
console=$(mktemp)
trap 'rm -f "$console"' EXIT
tests/legacy/run "${1:-smp}" panic.sh --smp 2 --allow-oops --console "$console" >/dev/null
rc=$?
echo "1..1"
if [ $rc = 0 ] && grep -q 'lkst_test: 1 PANIC events, 0 events after it' "$console"; then
	echo "ok 1 - PANIC was handled, and nothing after it"
else
	echo "not ok 1 - PANIC was handled, and nothing after it"
	tail -n 20 "$console" | tr -d '\r' | sed 's/^/# /'
fi
