#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# measures.sh - guest, 2.6.9: record everything over a load of every kind; measures.t reads it on the host. Wants a disk, 2 CPUs.
set -eu
PATH=/t:$PATH
insmod /t/lkst.ko breaker=0
insmod /t/lkst_test.ko
# shellcheck disable=SC2016
lkst record -f -m RALL --buffer-size 16M -o "$LKST_OUT/trace.lkst" -- sh -c '
	for l in getppid pingpong fork exec tcp udp blockread writeback timer softirq waitq kmalloc pages spinlock; do
		load $l >"$LKST_OUT/$l" || exit 1
	done'
rmmod lkst_test
rmmod lkst
