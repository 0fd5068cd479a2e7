#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# record.sh - guest, patched 2.4.37.11 or 2.6.9: load, record everything over a load that is known, and go again.
set -eu
n=0
while [ $n -lt 3 ]; do
	insmod /lkst.*o breaker=0
	lkst record -f -m RALL --buffer-size 4M -o "$LKST_OUT/trace" -- sh -c 'load26 && sleep 1'
	lkst events --json >"$LKST_OUT/events"
	rmmod lkst
	n=$((n + 1))
done
# Unloaded while it records.
insmod /lkst.*o maskset=RALL breaker=0
load26
rmmod lkst
[ "$(lkst status >/dev/null 2>&1 || echo $?)" = 4 ]
