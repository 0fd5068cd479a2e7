#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# loads24.sh - guest, patched 2.4.37.11: a trace of each of the guest suite's loads that 2.4 can run; the module
# stays while it is used.
set -eu
insmod /lkst.o breaker=0
for load in fork exec signal handover pingpong getppid sem msg shm tcp connect blockread blockwrite itimer fault \
	traps; do
	lkst record -f -m RALL --buffer-size 4M -o "$LKST_OUT/$load" -- load "$load"
done
exec 3</dev/lkst
if rmmod lkst 2>/dev/null; then
	echo "unloaded while /dev/lkst was open" >&2
	exit 1
fi
exec 3<&-
rmmod lkst
