#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# exit-status.t - a script's exit status comes out of a guest of 2.6.9 although it leaves children, whose end interrupts writes.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
tests/legacy/run smp leave-children.sh --smp 2 --nmi-every 5 >"$log" 2>&1
rc=$?
echo "1..1"
if [ $rc = 3 ]; then
	echo "ok 1 - exit status 3"
else
	echo "not ok 1 - exit status 3, not $rc"
	head -n 20 "$log" | tr -d '\r' | sed 's/^/# /'
fi
